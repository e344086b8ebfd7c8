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

    @property
    def higher(self) -> tuple[str, ...]:
        """What leading cadres are held to and others are not: a county may ask of everybody what is asked of leaders by default."""
        return tuple(one for one in self.criteria_for_leaders if one not in self.criteria)

    def criteria_of(self, *, leader: bool) -> tuple[str, ...]:
        """What a pledge is held to, each once: for a leading cadre's the others, and then the higher ones."""
        return (*self.criteria, *self.higher) if leader else self.criteria

    def __post_init__(self) -> None:
        if not self.criteria or len(set(self.criteria)) != len(self.criteria):
            raise ValueError("至少写一条标准，每条只写一次。", "criteria")
        if len(set(self.criteria_for_leaders)) != len(self.criteria_for_leaders):
            raise ValueError("另加的标准每条只写一次。", "criteria_for_leaders")
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


#: kinds of post 岗位类别 as roster names them
PostKind = Literal["leader", "staff", "without", "retired", "student", "elder", "owner"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """So many items are usual for somebody of this kind of post (A1)."""

    post_kind: Annotated[PostKind, "岗位类别"]
    items: Annotated[int, "一般几项"]


_USUAL: tuple[tuple[PostKind, int], ...] = (
    ("leader", 6), ("staff", 5), ("owner", 5), ("without", 3), ("student", 3), ("retired", 2), ("elder", 2))


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftingPolicy:
    """What drafting is measured by: how many pledges and items one may have, which words make an item hard to check, how much is
    what one can do (A1), and what is asked for by post (A10, A11)."""

    title: ClassVar[str] = "提诺"
    version: str = "default-2"
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
    #: more than these is hinted at, never refused; a kind that is not named here has no measure
    usual_items: Annotated[tuple[Usual, ...], "各类党员一般几项以内"] = tuple(Usual(post_kind=kind, items=items) for kind, items in _USUAL)
    own_items: Annotated[int, "党组织的承诺一般几项以内"] = 10
    able_items: Annotated[int, "口头承诺、力所能及一般几项以内"] = 2
    same_month: Annotated[int, "同一个月到期一般几项以内"] = 3
    fixed_posts: Annotated[tuple[PostKind, ...], "应立足岗位承诺的岗位类别"] = ("leader", "staff", "owner")
    social_responsibility: Annotated[str, "履行社会责任的事项，类别写作"] = "履行社会责任"
    duty_first: Annotated[bool, "无职党员没有设岗定责、也没有履行社会责任的事项，就不能提交"] = False

    def usual(self, post_kind: str) -> int:
        """How many items are usual; empty: for an organisation's own pledge; as many as there may be where nothing is said."""
        if not post_kind:
            return self.own_items
        return next((one.items for one in self.usual_items if one.post_kind == post_kind), self.most_items)

    def __post_init__(self) -> None:
        if not 1 <= self.most_items <= 100:
            raise ValueError("一份承诺应为 1 到 100 项。", "most_items")
        if self.annual_pledges < 1:
            raise ValueError("每人每年至少可有一份年度承诺。", "annual_pledges")
        if not 1 <= self.alike_percent <= 100:
            raise ValueError("应在 1 到 100 之间。", "alike_percent")
        kinds = [one.post_kind for one in self.usual_items]
        if len(set(kinds)) != len(kinds) or any(one.items < 1 for one in self.usual_items):
            raise ValueError("每类岗位只写一次，至少 1 项。", "usual_items")
        for name in ("own_items", "able_items", "same_month"):
            if getattr(self, name) < 1:
                raise ValueError("至少为 1。", name)
        if not 0 < len(self.social_responsibility.strip()) <= 40:
            raise ValueError("请写 1 到 40 个字。", "social_responsibility")
