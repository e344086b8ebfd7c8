"""What the roster says no to.  Each has a stable code, a status and a Chinese sentence that says what to do next."""
from collections.abc import Mapping, Sequence
from datetime import date

#: so many people of one name are told apart in a sentence
NAMES_SHOWN = 3


class Refusal(Exception):
    """A no of the rules; it crosses to the caller with its code, status and sentence."""

    code = "refused"
    status = 409

    def __init__(self, sentence: str):
        self.sentence = sentence
        self.errors: dict = {}
        super().__init__(sentence)


class AlreadyFounded(Refusal):
    code = "already_founded"

    def __init__(self):
        super().__init__("本系统已经开通，不能再次开通；请用已有的管理员账号登录。")


class NotFounded(Refusal):
    code = "not_founded"

    def __init__(self):
        super().__init__("本县还没有设立。请业务管理员先用他的邀请设立本县，再打开这个邀请；邀请没有用掉。")


class AlreadyAppointed(Refusal):
    code = "already_appointed"

    def __init__(self, label: str):
        super().__init__(f"本县已经有“{label}”，不能再用开通邀请设立；需要增加时，请县级管理员在“权限”页办理。")


class NamesDiffer(Refusal):
    """Two entries with different names are not merged: which of them is wrong is said first."""

    code = "names_differ"

    def __init__(self, kept: str, second: str, code: str):
        super().__init__(f"编号 {code} 是{second}，与{kept}姓名不同，不能合并。请核对编号；确是同一个人的，先更正姓名，再合并。")


class SamePerson(Refusal):
    """The three administrations of a new county are three people (X19)."""

    code = "same_person"

    def __init__(self, name: str, label: str):
        super().__init__(f"{name}已经是“{label}”。业务、系统、审计三位管理员必须是三个人，请由另一位同志打开这个邀请。")


class Incomplete(Refusal):
    """A field is empty or does not fit; the sentence names it."""

    code, status = "invalid", 422

    def __init__(self, field: str, sentence: str):
        super().__init__(sentence)
        self.errors = {field: [sentence]}


class OffTheRoll(Refusal):
    code = "off_the_roll"

    def __init__(self, name: str):
        super().__init__(f"{name}已不在册，不能再办理；如确需恢复，请先由上级办理“恢复在册”。")


class OnTheRoll(Refusal):
    code = "on_the_roll"

    def __init__(self, name: str):
        super().__init__(f"{name}现在在册，不需要恢复，请核对后重选。")


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


class NameKnown(Refusal):
    """One human being as two persons would be two people to every rule (X50).

    ``errors``: under ``person_id`` those who can be chosen, who are no members: id and words.
    """

    code = "name_known"

    def __init__(self, names: Sequence[str], persons: Mapping[str, str], hidden: int = 0):
        told = "、".join(names[:NAMES_SHOWN]) + (" 等" if len(names) > NAMES_SHOWN else "")
        there = f"已经有同名的人：{told}。" if names else ""
        more = f"{'另外，' if names else ''}您看不到的党组织里有同名的人，如是同一个人，请由上级办理。" if hidden else ""
        same = "如是同一个人，请选这个人；" if names else ""
        super().__init__(f"{there}{more}{same}如是另一个人，请选“同名的另一个人”后再提交。")
        self.errors = {"person_name": ["请选是不是同一个人。"], "person_id": dict(persons)}


class NotForOneself(Refusal):
    code, status = "not_for_oneself", 403

    def __init__(self):
        super().__init__("不能为自己办理授权、任职、确认或认人，请由另一位有权限的同志办理。")


class NotAPerson(Refusal):
    code = "not_a_person"

    def __init__(self, name: str):
        super().__init__(f"“{name}”是数据接口，不是人，不能认作党员；不再使用时，请在“接口密钥”页停用它的密钥。")


class SeparateDuties(Refusal):
    """County administration, running the system and reading the operation log are three people (X19)."""

    code = "separate_duties"

    def __init__(self, held: str, wanted: str):
        super().__init__(f"此人已有“{held}”权限，按三员分设要求不能再有“{wanted}”权限，请改授他人，或先结束原有权限。")


class MemberGrantIsAutomatic(Refusal):
    code = "member_grant_is_automatic"

    def __init__(self):
        super().__init__("党员本人的权限随党员名册自动给予和收回，请通过党员名册调整其所在党组织。")


class LastOffice(Refusal):
    code = "last_office"

    def __init__(self):
        super().__init__("这是全县最后一位县级管理员，结束后将无人能管理；请先授权另一位县级管理员。")


class NotActive(Refusal):
    code = "not_active"

    def __init__(self, name: str):
        super().__init__(f"{name}已不在册，不能授权，请核对名册后重选。")


class PastDay(Refusal):
    """Results of past days name the version they were made by; nobody changes it afterwards."""

    code, status = "past_day", 422

    def __init__(self, today: date):
        super().__init__("政策只能从今天或以后执行，不能改动过去，请改写开始日期。")
        self.errors = {"starts_on": [f"最早填 {today.isoformat()}。"]}


class Faulty(Incomplete):
    """What was filled in does not fit, field by field."""

    def __init__(self, errors: dict[str, list[str]]):
        first = next(iter(errors.values()))[0]
        Refusal.__init__(self, first if len(errors) == 1 else "有的内容填写不对，请按提示改正后重新提交。")
        self.errors = errors


class CodeTaken(Incomplete):
    """A code says which organisation is meant, for ever: it is never given to another."""

    code = "code_taken"

    def __init__(self, code: str, name: str):
        Refusal.__init__(self, f"编号“{code}”已属于“{name}”，请换一个编号；如是同一个党组织，请打开它修改。")
        self.errors = {"code": [self.sentence]}


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


class NameTaken(Incomplete):
    code = "name_taken"

    def __init__(self, name: str):
        super().__init__("name", f"已经有“{name}”了，请直接使用，或换一个名称。")


class SystemInUse(Refusal):
    code = "system_in_use"

    def __init__(self, name: str, organisations: int):
        super().__init__(f"“{name}”条线还有 {organisations} 个党组织，不能停用；请先把它们改到别的条线。")
