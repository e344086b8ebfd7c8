"""What the tree and its systems 条线 say no to."""
from services.roster.domain.refusals.refusal import Incomplete, Refusal


class CodeTaken(Incomplete):
    """A code says which organisation is meant, for ever: it is never given to another."""

    code = "code_taken"

    def __init__(self, code: str, name: str):
        Refusal.__init__(self, f"编号“{code}”已属于“{name}”，请换一个编号；如是同一个党组织，请打开它修改。")
        self.errors = {"code": [self.sentence]}


class NameTaken(Incomplete):
    code = "name_taken"

    def __init__(self, name: str):
        super().__init__("name", f"已经有“{name}”了，请直接使用，或换一个名称。")


class RootStays(Refusal):
    code = "root_stays"

    def __init__(self):
        super().__init__("这是全县最上级的党组织，不能撤销、并入或移到别处。")


class Ended(Refusal):
    """It was dissolved or merged: nothing is done with it any more."""

    code = "organisation_ended"

    def __init__(self, name: str):
        super().__init__(f"“{name}”已撤销或已并入其他党组织，不能再办理；请返回列表选择在册的党组织。")


class StillInUse(Refusal):
    """Somebody or something is still there; the sentence says what and what to do."""

    code = "still_in_use"

    def __init__(self, name: str, members: int, below: list[str]):
        there = [f"党员 {members} 人"] if members else []
        if below:
            there.append("下级党组织" + "、".join(f"“{one}”" for one in below[:3]) + (f"等 {len(below)} 个" if len(below) > 3 else ""))
        super().__init__(f"“{name}”还有{'，'.join(there)}，不能撤销；请先把他们转到别处，或改用“合并”整体并入另一个党组织。")


class CannotMerge(Refusal):
    code = "cannot_merge"


class SystemInUse(Refusal):
    code = "system_in_use"

    def __init__(self, name: str, organisations: int):
        super().__init__(f"“{name}”条线还有 {organisations} 个党组织，不能停用；请先把它们改到别的条线。")
