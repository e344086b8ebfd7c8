"""What identity says no to."""
from wire.contracts.actor import SCOPES
from wire.contracts.calls import Refusal

NO_ORGANISATION = "没有找到这个党组织，请从列表重新选择。"


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
        super().__init__(f"登录失败次数太多，请 {minutes} 分钟后（{opens} 以后）再试，或联系县级管理员恢复登录。")


class WeakPassword(Refusal):
    code, status = "weak_password", 422

    def __init__(self, sentence: str, field: str = "password") -> None:
        super().__init__(sentence, errors={field: sentence})


class WrongPassword(Refusal):
    code, status = "wrong_password", 422

    def __init__(self) -> None:
        super().__init__("原密码不对，请重新输入。", errors={"old_password": "原密码不对，请重新输入。"})


class SamePassword(Refusal):
    code, status = "same_password", 422

    def __init__(self) -> None:
        sentence = "新密码和原密码一样，请换一个不同的。"
        super().__init__(sentence, errors={"new_password": sentence})


class BadUsername(Refusal):
    code, status = "bad_username", 422

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, errors={"username": sentence})


class BadInvitation(Refusal):
    """Unknown, spent and expired ones are told alike."""

    code, status = "invitation_invalid", 410

    def __init__(self) -> None:
        super().__init__("这个邀请已经用过、过期或不存在，请联系邀请您的人重新发一个。")


class CodeNeeded(Refusal):
    """The password is right, and a code of the second factor is still to be shown; ``ticket`` carries a browser there."""

    code, status = "code_needed", 401

    def __init__(self, ticket: str = "") -> None:
        self.ticket = ticket
        super().__init__("请再填动态口令：接口在同一请求里用 code 字段，一并发送用户名和密码。")


class WrongCode(Refusal):
    code, status = "wrong_code", 422

    def __init__(self) -> None:
        sentence = "动态口令不对，或者已经用过。请核对手机和电脑的时间是否准确，等下一个口令出来再填；手机不在身边可以填一个恢复码。"
        super().__init__(sentence, errors={"code": sentence})


class TicketEnded(Refusal):
    """The password was shown too long ago, or the account was changed since."""

    code, status = "sign_in_again", 401

    def __init__(self) -> None:
        super().__init__("输入密码后隔得太久，或者账号刚刚有变动，请从用户名和密码重新开始登录。")


class NothingEnrolled(Refusal):
    code, status = "nothing_enrolled", 409

    def __init__(self) -> None:
        super().__init__("还没有开始开通动态口令，或者已经开通，请刷新页面查看。")


class HasFactor(Refusal):
    code, status = "has_factor", 409

    def __init__(self) -> None:
        super().__init__("您已经开通动态口令。要换手机，请先用现在的口令或恢复码关闭它，再重新开通。")


class NoFactor(Refusal):
    code, status = "no_factor", 404

    def __init__(self) -> None:
        super().__init__("这个账号没有开通动态口令，不需要办理。")


class NoKey(Refusal):
    code, status = "no_key", 404

    def __init__(self, sentence: str = "没有找到这个密钥，请返回密钥列表重新选择。") -> None:
        super().__init__(sentence)


class BadScope(Refusal):
    """No such scope: what decides about people has none (X48)."""

    code, status = "bad_scope", 422

    def __init__(self, *, unknown: bool) -> None:
        known = "、".join(f"{scope}（{word}）" for scope, word in SCOPES.items())
        sentence = f"没有这样的范围，请在这些里选：{known}。" if unknown else "请至少选一个范围。审定、核验、计票、授权不能交给密钥。"
        super().__init__(sentence, errors={"scopes": sentence})


class NoAccount(Refusal):
    code, status = "no_account", 404

    def __init__(self, sentence: str = "没有找到这个账号，请返回账号列表重新选择。") -> None:
        super().__init__(sentence)


class NotYourOwn(Refusal):
    """Nobody manages their own account (X50)."""

    code, status = "not_for_oneself", 403

    def __init__(self) -> None:
        super().__init__("不能办理自己的账号，请由另一位县级管理员办理；改密码请到“我的账号”。")


class TooMany(Refusal):
    code, status = "too_many_rows", 422

    def __init__(self, most: int) -> None:
        super().__init__(f"一次最多 {most} 人，请分几次办理。")


class PlainHttp(Refusal):
    """Staff sign in over https or on this machine only (X44)."""

    code, status = "https_needed", 403

    def __init__(self) -> None:
        super().__init__("为了保护密码，请使用以 https 开头的地址登录。")
