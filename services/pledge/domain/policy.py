"""What the rules leave to each county: figures and word lists of drafting and review, with their defaults.

Every number or list a rule does not fix for all is a field here; ``version`` is printed with what was decided by it.
"""
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPolicy:
    """How a pledge is reviewed 审诺: the criteria of C4 and how many people must pass each item (C2 asks for two)."""

    version: str = "default-1"
    criteria: tuple[str, ...] = ("体现先进性", "围绕中心工作", "符合岗位实际", "符合群众意愿", "切实可行")
    reviewers_needed: int = 1

    def __post_init__(self) -> None:
        if not self.criteria or len(set(self.criteria)) != len(self.criteria):
            raise ValueError("the criteria must be there, each once")
        if self.reviewers_needed < 1:
            raise ValueError("somebody must review")


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveragePolicy:
    """Who should pledge 应承诺: activists and other participants may, and are never in the denominator (A2, A3)."""

    version: str = "default-1"
    expected: tuple[str, ...] = ("member", "probationary")


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftingPolicy:
    """What drafting is measured by: how many pledges and items one may have, and which words make an item hard to check."""

    version: str = "default-1"
    most_items: int = 100
    #: annual pledges 年度承诺 one pledgor may have in one organisation and year; immediate ones are not counted
    annual_pledges: int = 1
    empty_words: tuple[str, ...] = (
        "进一步加强", "进一步提高", "进一步提升", "进一步推进", "进一步改进", "大力推进", "大力加强", "大力发展", "不断提高", "不断加强",
        "不断提升", "切实加强", "切实做好", "切实提高", "认真落实", "认真做好", "积极推进", "积极参与", "努力做好", "努力提高",
        "全面提升", "全面加强", "扎实推进", "高度重视", "着力提升", "增强意识", "提高认识")
    duty_words: tuple[str, ...] = (
        "按时上下班", "按时上班", "不迟到", "不早退", "遵纪守法", "遵守纪律", "遵守法律", "服从安排", "服从领导", "完成本职工作",
        "做好本职工作", "履行岗位职责", "履行本职", "按时缴纳党费", "按时交纳党费", "按期交纳党费", "参加组织生活", "参加三会一课")
    #: items whose pairs of characters agree to at least this share of all pairs, in per cent, look like one matter twice
    alike_percent: int = 60

    def __post_init__(self) -> None:
        if not 1 <= self.most_items <= 100:
            raise ValueError("a pledge has between 1 and 100 items")
        if self.annual_pledges < 1:
            raise ValueError("everybody may have one annual pledge")
        if not 1 <= self.alike_percent <= 100:
            raise ValueError("alike_percent is a share in per cent")
