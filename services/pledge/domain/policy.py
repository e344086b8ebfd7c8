"""What the rules leave to each county: figures and word lists of drafting and review, with their defaults.

Every number or list a rule does not fix for all is a field here; ``version`` is printed with what was decided by it.
"""
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPolicy:
    """How a pledge is reviewed 审诺: the criteria of C4, those a leading cadre's pledge is held to besides (A12), and how many
    people must pass each item (C2 asks for two)."""

    title: ClassVar[str] = "审诺"
    version: str = "default-2"
    criteria: Annotated[tuple[str, ...], "审诺标准"] = ("体现先进性", "围绕中心工作", "符合岗位实际", "符合群众意愿", "切实可行")
    criteria_for_leaders: Annotated[tuple[str, ...], "领导干部的承诺另加的标准"] = ("内容和标准高于普通党员",)
    reviewers_needed: Annotated[int, "每项须几人审过"] = 1

    def criteria_of(self, *, leader: bool) -> tuple[str, ...]:
        """What a pledge is held to: for a leading cadre's the others, and then those of leaders."""
        return (*self.criteria, *self.criteria_for_leaders) if leader else self.criteria

    def __post_init__(self) -> None:
        if not self.criteria or len(set(self.criteria)) != len(self.criteria):
            raise ValueError("至少写一条标准，每条只写一次。", "criteria")
        both = self.criteria_of(leader=True)
        if len(set(both)) != len(both):
            raise ValueError("另加的标准每条只写一次，也不要与审诺标准重复。", "criteria_for_leaders")
        if self.reviewers_needed < 1:
            raise ValueError("至少要有一人审过。", "reviewers_needed")


#: kinds of people 人员身份 as roster names them
Kind = Literal["member", "probationary", "activist", "cadre"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveragePolicy:
    """Who should pledge 应承诺: activists and other participants may, and are never in the denominator (A2, A3).  Who is exempt
    免诺 (A4) is not asked, and leaves it too unless a county says otherwise; beside it they are always shown."""

    title: ClassVar[str] = "应承诺的范围"
    version: str = "default-2"
    expected: Annotated[tuple[Kind, ...], "应承诺的人员"] = ("member", "probationary")
    exempt_counted: Annotated[bool, "免诺的也算应承诺"] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ExemptionPolicy:
    """Exemption 免诺 (A4): on which grounds, for how long, and by which meetings a branch decides."""

    title: ClassVar[str] = "免诺"
    version: str = "default-1"
    grounds: Annotated[tuple[str, ...], "免诺的事由"] = ("年老", "患病")
    longest_months: Annotated[int, "一次最长几个月"] = 12
    needs_meeting: Annotated[bool, "须经会议决定"] = True
    meetings: Annotated[tuple[str, ...], "由哪些会议决定"] = ("支委会", "支部党员大会")
    #: why somebody was exempt is about their health: so long it can be looked up again
    words_months: Annotated[int, "结束后事由保留几个月"] = 12

    def __post_init__(self) -> None:
        for name, said in (("grounds", self.grounds), ("meetings", self.meetings)):
            if not said or len(set(said)) != len(said) or any(not word.strip() or len(word) > 40 for word in said):
                raise ValueError("至少写一项，每项只写一次，最多 40 字。", name)
        if not 1 <= self.longest_months <= 120:
            raise ValueError("最长期限应为 1 到 120 个月。", "longest_months")
        if not 0 <= self.words_months <= 120:
            raise ValueError("事由保留应为 0 到 120 个月。", "words_months")


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerPolicy:
    """What the ledger 践诺台账 calls soon: an open item whose deadline is at most so many days away."""

    title: ClassVar[str] = "践诺台账"
    version: str = "default-1"
    due_soon_days: Annotated[int, "几天内到期算快到期"] = 30

    def __post_init__(self) -> None:
        if not 0 <= self.due_soon_days <= 3660:
            raise ValueError("快到期的天数应在 0 到 3660 之间。", "due_soon_days")


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftingPolicy:
    """What drafting is measured by: how many pledges and items one may have, and which words make an item hard to check."""

    title: ClassVar[str] = "提诺"
    version: str = "default-1"
    most_items: Annotated[int, "一份承诺最多几项"] = 100
    #: annual pledges 年度承诺 one pledgor may have in one organisation and year; immediate ones are not counted
    annual_pledges: Annotated[int, "每人每年几份年度承诺"] = 1
    empty_words: Annotated[tuple[str, ...], "难以检验的空话"] = (
        "进一步加强", "进一步提高", "进一步提升", "进一步推进", "进一步改进", "大力推进", "大力加强", "大力发展", "不断提高", "不断加强",
        "不断提升", "切实加强", "切实做好", "切实提高", "认真落实", "认真做好", "积极推进", "积极参与", "努力做好", "努力提高",
        "全面提升", "全面加强", "扎实推进", "高度重视", "着力提升", "增强意识", "提高认识")
    duty_words: Annotated[tuple[str, ...], "属于本职的说法"] = (
        "按时上下班", "按时上班", "不迟到", "不早退", "遵纪守法", "遵守纪律", "遵守法律", "服从安排", "服从领导", "完成本职工作",
        "做好本职工作", "履行岗位职责", "履行本职", "按时缴纳党费", "按时交纳党费", "按期交纳党费", "参加组织生活", "参加三会一课")
    #: items whose pairs of characters agree to at least this share of all pairs, in per cent, look like one matter twice
    alike_percent: Annotated[int, "多少百分比算雷同"] = 60

    def __post_init__(self) -> None:
        if not 1 <= self.most_items <= 100:
            raise ValueError("一份承诺应为 1 到 100 项。", "most_items")
        if self.annual_pledges < 1:
            raise ValueError("每人每年至少可有一份年度承诺。", "annual_pledges")
        if not 1 <= self.alike_percent <= 100:
            raise ValueError("应在 1 到 100 之间。", "alike_percent")
