"""What the rules leave to each county about signing in, with defaults; it holds for the whole county.

Every figure has bounds on both sides: no office can lock its county out by a slip, or switch protection off.
"""
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

#: GB/T 22239 asks for several kinds of characters and a change by age, OWASP ASVS forbids both and asks for length
ProfileName = Literal["gb", "asvs"]
#: roles people hold, as the contracts name them
RoleName = Literal["member", "clerk", "secretary", "superior", "liaison", "office", "auditor", "operator"]
#: who can change what everybody may do, or read all of it: never without a second factor
ADMINISTRATORS: tuple[RoleName, ...] = ("office", "auditor", "operator")


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInPolicy:
    """Which passwords pass (X2–X3), when guessing locks (X6), when a session ends (X9), who shows a one-time code (X13, X47)."""

    title: ClassVar[str] = "登录和密码"
    version: str = "default-1"
    password_profile: Annotated[ProfileName, "密码要求"] = "gb"
    tries: Annotated[int, "连续几次不对就暂停登录"] = 5
    lock_minutes: Annotated[int, "暂停登录多少分钟"] = 15
    idle_minutes: Annotated[int, "多少分钟不用就自动退出"] = 30
    absolute_hours: Annotated[int, "一次登录最长多少小时"] = 12
    second_factor: Annotated[tuple[RoleName, ...], "登录须用动态口令的角色"] = ("secretary", "superior", *ADMINISTRATORS)

    def __post_init__(self) -> None:
        for name, (least, most) in BOUNDS.items():
            if not least <= getattr(self, name) <= most:
                raise ValueError(f"应在 {least} 到 {most} 之间，请改正。", name)
        if self.idle_minutes > self.absolute_hours * 60:
            raise ValueError("不能比一次登录最长的时间还长，请改短。", "idle_minutes")
        if not set(ADMINISTRATORS) <= set(self.second_factor):
            raise ValueError("县级管理员、操作日志查阅、系统运维三种角色必须使用动态口令，请都选上。", "second_factor")
        if len(set(self.second_factor)) != len(self.second_factor):
            raise ValueError("每种角色只选一次。", "second_factor")


#: fewer tries lock people out who mistype, more are an invitation to guess; and so on for each
BOUNDS = {"tries": (3, 10), "lock_minutes": (5, 120), "idle_minutes": (5, 120), "absolute_hours": (1, 24)}
