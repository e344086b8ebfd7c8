"""What identity says no to."""
from wire.contracts.calls import Refusal


class NotSignedIn(Refusal):
    """The same words whether the name is unknown, the password wrong or the account disabled (X8)."""

    code, status = "sign_in_failed", 401

    def __init__(self, tries: int, minutes: int, opens: str = "") -> None:
        """``opens``: this was one too many; when one may try again, as people say it."""
        super().__init__(f"用户名或密码不对。已经连续 {tries} 次，暂停登录，{opens} 以后才能再试。" if opens else
                         f"用户名或密码不对，请核对后重新输入。连续 {tries} 次不对会暂停登录 {minutes} 分钟。")


class Locked(Refusal):
    """Too many failures of this name from this address; other addresses are not affected (X7)."""

    code, status = "sign_in_locked", 429

    def __init__(self, minutes: int, opens: str) -> None:
        super().__init__(f"登录失败次数太多，请 {minutes} 分钟后（{opens} 以后）再试，或联系县级管理员重新开通。")


class WeakPassword(Refusal):
    code, status = "weak_password", 422

    def __init__(self, sentence: str, field: str = "password") -> None:
        super().__init__(sentence, errors={field: sentence})


class WrongPassword(Refusal):
    code, status = "wrong_password", 422

    def __init__(self) -> None:
        super().__init__("原密码不对，请重新输入。", errors={"old_password": "原密码不对，请重新输入。"})


class BadUsername(Refusal):
    code, status = "bad_username", 422

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, errors={"username": sentence})


class BadInvitation(Refusal):
    """Unknown, spent and expired ones are told alike."""

    code, status = "invitation_invalid", 410

    def __init__(self) -> None:
        super().__init__("这个邀请已经用过、过期或不存在，请联系邀请您的人重新发一个。")


class HasAccount(Refusal):
    """One person signs in under one name (X50)."""

    code, status = "has_account", 409

    def __init__(self) -> None:
        super().__init__("这位同志已经有账号，请直接登录；忘记密码请联系县级管理员。")


class PlainHttp(Refusal):
    """Staff sign in over https or on this machine only (X44)."""

    code, status = "https_needed", 403

    def __init__(self) -> None:
        super().__init__("为了保护密码，请使用以 https 开头的地址登录。")
