"""How boards are kept, as a policy document."""
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

#: kinds of people 人员身份 as roster names them
Kind = Literal["member", "probationary", "activist", "cadre"]


@dataclass(frozen=True)
class BoardPolicy:
    """What a board calls soon, how many notices it lists, and who is expected to pledge at all."""

    title: ClassVar[str] = "公开栏"
    version: str = "default-2"
    #: an open item whose deadline is at most so many days away is due soon
    due_soon_days: Annotated[int, "多少天内算快到期"] = 30
    notices: Annotated[int, "列出几条公告"] = 20
    #: in the denominator of 应承诺: 入党积极分子 and 非党干部 may pledge and are never expected to (A3)
    expected: Annotated[tuple[Kind, ...], "应承诺的人员"] = ("member", "probationary")
    #: who is exempt 免诺 is not asked and leaves the denominator; how many they are stands beside it (A4)
    exempt_counted: Annotated[bool, "免诺的也算应承诺"] = False

    def __post_init__(self) -> None:
        if self.due_soon_days < 0:
            raise ValueError("天数不能小于 0。", "due_soon_days")
        if self.notices < 0:
            raise ValueError("条数不能小于 0。", "notices")
