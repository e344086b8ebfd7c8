"""Exemption 免予承诺 (A4): decided by the branch, approved above; its facts, what is shown of it, and its calls.

Why somebody is exempt is about their age or health.  It stands in no event and in no reply of a call that writes, which
lies in other services' journals and among the replies kept for a repeat: only ``pledge.read_exemption`` tells it.
"""
from datetime import date, datetime
from typing import Literal

from wire.contracts.actor import Reach
from wire.contracts.calls import call, grants
from wire.contracts.event import Facts, event
from wire.contracts.shape import bounded, shape, text

ExemptionState = Literal["proposed", "granted", "refused", "ended"]
ExemptionEnd = Literal["", "withdrawn", "revoked", "expired", "moved", "left"]

EXEMPTION_STATES = {"proposed": "待上级批准", "granted": "免诺中", "refused": "上级未批准", "ended": "已结束"}
EXEMPTION_ENDS = {"withdrawn": "支部撤回", "revoked": "上级撤回", "expired": "期限已到", "moved": "转到别处承诺", "left": "已不在名册"}
EXEMPTION_DEEDS = {
    "pledge.exemption.proposed": "支部提出免诺", "pledge.exemption.refused": "上级未批准", "pledge.exemption.dropped": "批准前结束",
    "pledge.exemption.granted.v1": "上级批准免诺", "pledge.exemption.ended.v1": "免诺结束"}

# --- events ----------------------------------------------------------------------------------------------------------


@shape
class ExemptionFacts(Facts):
    """Who need not pledge where, from when until when, both days included; over from ``ended_on`` on.

    Scope branch 本支部: what counts members may count it, nobody shows it by name to the public.
    """

    exemption_id: str = text(80)
    organisation_id: str = text(80)
    member_id: str = text(80)
    state: Literal["granted", "ended"]
    from_on: date
    until_on: date
    ended_on: date | None = None
    ended_because: ExemptionEnd = ""


@event("pledge.exemption.granted.v1", key="exemption_id")
class ExemptionGranted(ExemptionFacts):
    """The superior organisation approved what the branch decided."""


@event("pledge.exemption.ended.v1", key="exemption_id")
class ExemptionEnded(ExemptionFacts):
    """Withdrawn by the branch, revoked above, past its day, or the member pledges elsewhere or left the roll."""


# --- what is shown ----------------------------------------------------------------------------------------------------


@shape
class ExemptionLine:
    """An exemption without why: a line of the list, and what a call that changed it answers."""

    exemption_id: str
    organisation_id: str
    member_id: str
    member_name: str
    state: ExemptionState
    until_on: date
    from_on: date | None
    ended_on: date | None
    ended_because: ExemptionEnd
    proposed_at: datetime
    version: int


@shape
class ExemptionPage:
    """``total`` counts what was found, on all pages; ``next`` is the ``after`` of the following page, empty at the end."""

    exemptions: tuple[ExemptionLine, ...]
    total: int
    next: str


@shape
class ExemptionView(ExemptionLine):
    """Everything about it.  ``note``: why it was refused or withdrawn.  ``meeting_kind`` empty: decided without a meeting.

    The words are taken out on ``forget_on``: ``ground``, ``reason``, ``conclusion`` and ``note`` are empty from then on.
    """

    ground: str
    reason: str
    meeting_kind: str
    meeting_on: date | None
    meeting_due: int
    meeting_present: int
    conclusion: str
    note: str
    proposed_by_name: str
    decided_by_name: str
    decided_at: datetime | None
    forget_on: date | None


@shape
class ExemptionRules:
    """What a proposal may say here: the words of the policy in force, and the last day it may name."""

    grounds: tuple[str, ...]
    meetings: tuple[str, ...]
    needs_meeting: bool
    latest_on: date
    words_months: int


# --- calls -----------------------------------------------------------------------------------------------------------

_BRANCH = grants(clerk=Reach.OWN, secretary=Reach.OWN)
_ABOVE = grants(superior=Reach.BELOW, office=Reach.WITHIN)
#: who works with persons, and the member; who only follows, reads logs or connects systems has the number of coverage
_READERS = grants(member=Reach.SELF, clerk=Reach.OWN, secretary=Reach.OWN, superior=Reach.WITHIN, office=Reach.WITHIN)


@call("pledge.propose_exemption", reply=ExemptionLine, grants=_BRANCH, writes=True, not_own=True)
class ProposeExemption:
    """The branch decided by a meeting 会议决定 that a member need not pledge; the secretary issues it or the clerk records it.

    ``meeting_due`` 应到, ``meeting_present`` 实到.  The same again: the same answer.  Refused while another one of the member
    is open, and for whoever does not pledge in this branch.
    """

    organisation_id: str = text(80)
    member_id: str = text(80)
    ground: str = text(40, least=1, label="事由")
    reason: str = text(1000, least=2, label="情况说明")
    until_on: date
    meeting_kind: str = text(40, default="", label="会议")
    meeting_on: date | None = None
    meeting_due: int = bounded(0, 100_000, default=0, label="应到人数")
    meeting_present: int = bounded(0, 100_000, default=0, label="实到人数")
    conclusion: str = text(1000, default="", label="会议结论")


@call("pledge.approve_exemption", reply=ExemptionLine, grants=_ABOVE, writes=True, not_own=True)
class ApproveExemption:
    """In force from today on.  Never by whoever decided in the branch.  Again: the same answer, announced once."""

    exemption_id: str = text(80)


@call("pledge.refuse_exemption", reply=ExemptionLine, grants=_ABOVE, writes=True, not_own=True)
class RefuseExemption:
    """The branch may propose anew.  Again: the same answer."""

    exemption_id: str = text(80)
    note: str = text(1000, least=2, label="不批准的理由")


@call("pledge.withdraw_exemption", reply=ExemptionLine, writes=True, not_own=True,
      grants=grants(secretary=Reach.OWN, superior=Reach.BELOW, office=Reach.WITHIN))
class WithdrawExemption:
    """Taken back: by the secretary of the branch (``withdrawn`` 支部撤回), approved or not yet; above (``revoked`` 上级撤回), where
    it was approved: what waits is approved or refused there.  Again: the same answer."""

    exemption_id: str = text(80)
    note: str = text(1000, least=2, label="撤回的理由")


@call("pledge.read_exemption", reply=ExemptionView, grants=_READERS)
class ReadExemption:
    """One exemption with why, for who works with persons, and for the member it is about."""

    exemption_id: str = text(80)


@call("pledge.list_exemptions", reply=ExemptionPage, grants=_READERS)
class ListExemptions:
    """Exemptions of one branch (``below``: and of those below, where a grant reaches them), the newest first; searched by name.

    ``to_decide``: only those that whoever asks may approve or refuse.
    """

    organisation_id: str = text(80)
    member_id: str = text(80, default="")
    state: Literal["", "proposed", "granted", "refused", "ended"] = ""
    below: bool = False
    to_decide: bool = False
    search: str = text(60, default="")
    after: str = text(200, default="")
    limit: int = bounded(1, 500, default=50)


@call("pledge.exemption_rules", reply=ExemptionRules, grants=_BRANCH)
class ReadExemptionRules:
    """By which words and up to which day this branch may propose today."""

    organisation_id: str = text(80)
