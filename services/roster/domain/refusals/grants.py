"""What giving power says no to: who is meant, and what nobody may hold or end."""
from collections.abc import Mapping, Sequence

from services.roster.domain.refusals.refusal import Refusal

#: so many people of one name are told apart in a sentence
NAMES_SHOWN = 3


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


class NotActive(Refusal):
    code = "not_active"

    def __init__(self, name: str):
        super().__init__(f"{name}已不在册，不能授权，请核对名册后重选。")


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
