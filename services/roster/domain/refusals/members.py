"""What the roll says no to: entering, moving, merging, following a member through life."""
from services.roster.domain.refusals.refusal import Refusal


class MemberCodeTaken(Refusal):
    """A code belongs to one person for ever."""

    code = "code_taken"

    def __init__(self, code: str, holder: str):
        super().__init__(f"编号“{code}”已是{holder}的编号。如是同一个人，请打开这一条更正；如是另一个人，请换一个编号。")
        self.errors = {"code": ["编号已有人使用。"]}


class NoRoomForMembers(Refusal):
    """A dissolved organisation, or of a kind that has branches and not members of its own."""

    code = "no_room_for_members"

    def __init__(self, name: str, because: str):
        super().__init__(f"{name}{because}，不能放党员，请改选一个党支部或党小组。")


class NoSuchStep(Refusal):
    code = "no_such_step"

    def __init__(self, name: str, now: str, wanted: str):
        super().__init__(f"{name}现在是{now}，不能直接转为{wanted}，请先办理中间的手续，或核对后重选。")


class OffTheRoll(Refusal):
    code = "off_the_roll"

    def __init__(self, name: str):
        super().__init__(f"{name}已不在册，不能再办理；如确需恢复，请先由上级办理“恢复在册”。")


class OnTheRoll(Refusal):
    code = "on_the_roll"

    def __init__(self, name: str):
        super().__init__(f"{name}现在在册，不需要恢复，请核对后重选。")


class SamePlace(Refusal):
    code = "same_place"

    def __init__(self, name: str):
        super().__init__(f"{name}的组织关系已经在这个党组织，请另选一个。")


class TransferUnderWay(Refusal):
    code = "transfer_under_way"

    def __init__(self, name: str, to: str):
        super().__init__(f"{name}的组织关系正在转往{to}，请等对方接收，或先撤回再另转。")


class NoTransfer(Refusal):
    code = "no_transfer"

    def __init__(self, name: str):
        super().__init__(f"{name}没有正在办理的组织关系转接，请刷新后再看。")


class NoReport(Refusal):
    code = "no_report"

    def __init__(self, name: str):
        super().__init__(f"{name}没有到社区报到，或报到已经撤回，请先由本人所在支部登记报到。")


class NotFloating(Refusal):
    code = "not_floating"

    def __init__(self) -> None:
        super().__init__("没有流动或失联的党员不登记“四无”情形，请先选流动去向，或清空四无情形。")


class OnePerson(Refusal):
    """Merging somebody with themselves, or with an entry that is not on the roll."""

    code = "one_person"

    def __init__(self) -> None:
        super().__init__("保留的和并入的应是两条在册的记录，请核对后重选。")


class NamesDiffer(Refusal):
    """Two entries with different names are not merged: which of them is wrong is said first."""

    code = "names_differ"

    def __init__(self, kept: str, second: str, code: str):
        super().__init__(f"编号 {code} 是{second}，与{kept}姓名不同，不能合并。请核对编号；确是同一个人的，先更正姓名，再合并。")
