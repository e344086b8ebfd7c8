"""The calls of pledge: what may be asked of it, and by whom."""

from typing import Literal

from wire.contracts.actor import Reach
from wire.contracts.calls import call, grants
from wire.contracts.pledge.facts import Commitment, PledgeForm, PledgeKind
from wire.contracts.shape import bounded, text
from wire.contracts.pledge.views import ItemDraft, CriterionVerdict, Pledged, PledgeView, LetterView, LedgerPage, PledgePage, Coverage, Published

_AUTHORS = grants(member=Reach.SELF, clerk=Reach.OWN, secretary=Reach.OWN)
_DECIDERS = grants(secretary=Reach.OWN, superior=Reach.BELOW)
READERS = grants(member=Reach.SELF, clerk=Reach.OWN, secretary=Reach.OWN, superior=Reach.WITHIN, liaison=Reach.WITHIN,
                  office=Reach.WITHIN, auditor=Reach.WITHIN, system=Reach.WITHIN)
_STAFF = grants(clerk=Reach.OWN, secretary=Reach.OWN, superior=Reach.WITHIN, liaison=Reach.WITHIN, office=Reach.WITHIN,
                auditor=Reach.WITHIN, system=Reach.WITHIN)


@call("pledge.draft", reply=PledgeView, grants=_AUTHORS, writes=True)
class DraftPledge:
    """Begin a pledge.  ``member_id`` empty: the organisation's own.  A clerk drafts on behalf (代录), both names are kept."""

    organisation_id: str = text(80)
    member_id: str = text(80, default="")
    year: int = bounded(2000, 2200)
    kind: PledgeKind = "annual"
    form: PledgeForm = "individual"
    commitment: Commitment = "written"
    items: tuple[ItemDraft, ...] = ()


@call("pledge.save_draft", reply=PledgeView, grants=_AUTHORS, writes=True)
class SaveDraft:
    """Replace the items of a draft or of a returned pledge; ``version`` is the one that was read."""

    pledge_id: str = text(80)
    version: int
    commitment: Commitment = "written"
    items: tuple[ItemDraft, ...]


@call("pledge.submit", reply=PledgeView, grants=_AUTHORS, writes=True)
class SubmitPledge:
    pledge_id: str = text(80)


@call("pledge.review_item", reply=PledgeView, grants=_DECIDERS, writes=True, not_own=True)
class ReviewItem:
    """One item against every criterion of the policy (C4, C8).  Again: the later verdict replaces the earlier."""

    pledge_id: str = text(80)
    item_id: str = text(80)
    verdicts: tuple[CriterionVerdict, ...]


@call("pledge.approve", reply=PledgeView, grants=_DECIDERS, writes=True, not_own=True)
class ApprovePledge:
    """审定: refused until every item has passed every criterion."""

    pledge_id: str = text(80)


@call("pledge.return", reply=PledgeView, grants=_DECIDERS, writes=True, not_own=True)
class ReturnPledge:
    pledge_id: str = text(80)
    reason: str = text(1000, least=2, label="退回理由")


@call("pledge.sign", reply=PledgeView, grants=_DECIDERS, writes=True, not_own=True)
class SignPledge:
    """定诺: number and hash.  Again: the same number."""

    pledge_id: str = text(80)


@call("pledge.publish", reply=Published, grants=_DECIDERS, writes=True, not_own=True)
class PublishPledges:
    """亮诺, up to 200 at once, all or none.  Again: already published ones are counted and nothing is announced."""

    pledge_ids: tuple[str, ...]


@call("pledge.record_progress", reply=PledgeView, grants=_AUTHORS, writes=True)
class RecordProgress:
    pledge_id: str = text(80)
    item_id: str = text(80)
    progress: int = bounded(0, 100, label="进度")
    note: str = text(1000, default="", label="进展")


@call("pledge.claim_item", reply=PledgeView, grants=_AUTHORS, writes=True)
class ClaimItem:
    """申请销号 with evidence 佐证."""

    pledge_id: str = text(80)
    item_id: str = text(80)
    evidence: str = text(1000, least=2, label="佐证说明")


@call("pledge.verify_item", reply=PledgeView, grants=_DECIDERS, writes=True, not_own=True)
class VerifyItem:
    """三不通过 (F5): all three gates pass: 已销号; any one does not: open again, with the note.  Never by the pledgor."""

    pledge_id: str = text(80)
    item_id: str = text(80)
    solved: bool
    implemented: bool
    satisfied: bool
    note: str = text(500, default="", label="核验意见")


@call("pledge.read", reply=PledgeView, grants=READERS, scope="pledges:read")
class ReadPledge:
    pledge_id: str = text(80)


@call("pledge.letter", reply=LetterView, grants=READERS, scope="pledges:read")
class ReadLetter:
    """The text that was signed and hashed, to be printed; before 定诺 there is none."""

    pledge_id: str = text(80)


@call("pledge.list", reply=PledgePage, grants=READERS, scope="pledges:read")
class ListPledges:
    """Pledges of one organisation (``below``: and of those below it) by state; a member sees only their own, wherever they made
    them.  ``ended``: of these only what merged 并入 and dissolved organisations left, which have nobody of their own any
    more.

    ``to_decide``: only those that whoever asks may decide about, of organisations first, then the longest waiting: the first
    ``limit`` of them, without a next page.
    """

    organisation_id: str = text(80)
    member_id: str = text(80, default="")
    year: int = bounded(2000, 2200)
    state: str = text(20, default="")
    below: bool = False
    after: str = text(200, default="")
    limit: int = bounded(1, 500, default=100)
    to_decide: bool = False
    ended: bool = False


@call("pledge.pledged_among", reply=tuple[Pledged, ...], grants=grants(office=Reach.WITHIN))
class PledgedAmong:
    """Which of these members and organisations, a thousand of both at most, have a pledge or an exemption of any year and state:
    what the roster's sheet that entered them is not taken back over."""

    member_ids: tuple[str, ...] = ()
    organisation_ids: tuple[str, ...] = ()


@call("pledge.ledger", reply=LedgerPage, grants=_STAFF, scope="pledges:read")
class ReadLedger:
    """践诺台账 of one organisation and year (``below``: and of those below it, where a grant reaches them), item by item;
    searched by number, pledgor or matter, narrowed to a state; ``ended``: as in ``ListPledges``."""

    organisation_id: str = text(80)
    year: int = bounded(2000, 2200)
    below: bool = False
    #: only what is published: what the figures count
    public: bool = False
    state: Literal["", "open", "due", "late", "claimed", "fulfilled", "long"] = ""
    search: str = text(60, default="")
    order: Literal["number", "pressing"] = "number"
    after: str = text(2400, default="")
    limit: int = bounded(1, 500, default=100)
    ended: bool = False


@call("pledge.coverage", reply=Coverage, grants=_STAFF, scope="pledges:read")
class ReadCoverage:
    organisation_id: str = text(80)
    year: int = bounded(2000, 2200)
