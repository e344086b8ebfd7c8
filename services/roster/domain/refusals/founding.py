"""What setting up the county says no to."""
from services.roster.domain.refusals.refusal import Refusal


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


class SamePerson(Refusal):
    """The three administrations of a new county are three people (X19)."""

    code = "same_person"

    def __init__(self, name: str, label: str):
        super().__init__(f"{name}已经是“{label}”。业务、系统、审计三位管理员必须是三个人，请由另一位同志打开这个邀请。")
