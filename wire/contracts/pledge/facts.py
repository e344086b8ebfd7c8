"""The facts of pledge: its words, its events and their whole shared state."""
from datetime import date, datetime
from typing import Literal

from wire.contracts.event import Facts, event
from wire.contracts.shape import bounded, shape, text

PledgeKind = Literal["annual", "immediate"]
PledgeForm = Literal["individual", "collective", "with_masses", "organisation"]
Commitment = Literal["written", "oral", "one_sentence", "as_able"]
PledgeState = Literal["drafted", "submitted", "returned", "approved", "signed", "published", "evaluated", "settled",
                      "terminated"]
ItemState = Literal["open", "claimed", "fulfilled"]
ItemSource = Literal["annual_goal", "demand", "rectification", "post", "task", "own"]

KINDS = {"annual": "年度承诺", "immediate": "即时承诺"}
FORMS = {"individual": "个人承诺", "collective": "党员集体承诺", "with_masses": "带领群众共同承诺", "organisation": "党组织承诺"}
COMMITMENTS = {"written": "书面承诺", "oral": "口头承诺", "one_sentence": "一句话承诺", "as_able": "力所能及"}
STATES = {"drafted": "草拟", "submitted": "待审", "returned": "退回完善", "approved": "已审定", "signed": "已定诺",
          "published": "已亮诺", "evaluated": "已评诺", "settled": "已办结", "terminated": "终止"}
ITEM_STATES = {"open": "办理中", "claimed": "待核验", "fulfilled": "已兑现"}
SOURCES = {"annual_goal": "年度目标", "demand": "群众诉求", "rectification": "未完成的整改", "post": "岗位职责",
           "task": "上级任务", "own": "自己提出"}
#: how a line of the history reads: a topic, or the name of a change that is no event
DEEDS = {"pledge.pledge.drafted": "起草", "pledge.pledge.draft_saved": "修改草稿", "pledge.pledge.item_reviewed": "逐项审查"} | {
    f"pledge.pledge.{verb}.v1": words for verb, words in {
        "submitted": "提交审诺", "returned": "退回完善", "approved": "审定", "signed": "定诺，一式三份", "published": "亮诺公示",
        "item_progressed": "填报进展", "item_claimed": "申请销号", "item_fulfilled": "核验通过，销号", "item_refused": "核验未通过",
        "evaluated": "评诺"}.items()}
#: a letter has three copies 一式三份 (D2): who keeps which
COPIES = ("审定单位存档", "承诺人留存", "公示栏张贴")


@shape
class ItemFacts:
    """One promised matter 承诺事项 with its state.  No deadline: long-running 长期.  ``progress`` is a percentage."""

    item_id: str = text(80)
    position: int = bounded(1, 100)
    matter: str = text(500)
    category: str = text(40, default="")
    source: ItemSource = "own"
    measure: str = text(500, default="")
    target: str = text(200, default="")
    responsible: str = text(80)
    deadline_on: date | None = None
    state: ItemState = "open"
    progress: int = bounded(0, 100, default=0)
    note: str = text(1000, default="")
    evidence: str = text(1000, default="")
    claimed_at: datetime | None = None
    fulfilled_at: datetime | None = None
    #: at the end of the period 评诺: fulfilled 已兑现, unfulfilled 未兑现, carried 续办
    verdict: Literal["", "fulfilled", "unfulfilled", "carried"] = ""
    #: the item of an organisation's own pledge that this one serves (A13), and that pledge; empty for none
    serves_pledge_id: str = text(80, default="")
    serves_item_id: str = text(80, default="")


@shape
class PledgeFacts(Facts):
    """A pledge 承诺 with its items: the whole shared state.  ``member_id`` empty: the organisation's own pledge."""

    pledge_id: str = text(80)
    number: str = text(40, default="")
    organisation_id: str = text(80)
    member_id: str = text(80, default="")
    pledgor_name: str = text(100)
    year: int = bounded(2000, 2200)
    kind: PledgeKind = "annual"
    form: PledgeForm = "individual"
    commitment: Commitment = "written"
    state: PledgeState
    items: tuple[ItemFacts, ...]
    letter_hash: str = text(64, default="")
    submitted_at: datetime | None = None
    signed_at: datetime | None = None
    published_at: datetime | None = None


@event("pledge.pledge.submitted.v1", key="pledge_id")
class PledgeSubmitted(PledgeFacts):
    """提诺: handed to the reviewing organisation."""


@event("pledge.pledge.returned.v1", key="pledge_id")
class PledgeReturned(PledgeFacts):
    """审诺: returned for improvement, with reasons."""


@event("pledge.pledge.approved.v1", key="pledge_id")
class PledgeApproved(PledgeFacts):
    """审诺: every item has passed every criterion."""


@event("pledge.pledge.signed.v1", key="pledge_id")
class PledgeSigned(PledgeFacts):
    """定诺: the letter has its number and hash."""


@event("pledge.pledge.published.v1", key="pledge_id")
class PledgePublished(PledgeFacts):
    """亮诺: on the public board from now on."""


@event("pledge.pledge.item_progressed.v1", key="pledge_id")
class PledgeItemProgressed(PledgeFacts):
    """践诺: progress of an item was recorded."""


@event("pledge.pledge.item_claimed.v1", key="pledge_id")
class PledgeItemClaimed(PledgeFacts):
    """申请销号: the pledgor says an item is done."""


@event("pledge.pledge.item_fulfilled.v1", key="pledge_id")
class PledgeItemFulfilled(PledgeFacts):
    """销号: an item passed all three gates (F5)."""


@event("pledge.pledge.item_refused.v1", key="pledge_id")
class PledgeItemRefused(PledgeFacts):
    """A gate did not pass: the item is open again."""


@event("pledge.pledge.evaluated.v1", key="pledge_id")
class PledgeEvaluated(PledgeFacts):
    """评诺: each item has its verdict."""
