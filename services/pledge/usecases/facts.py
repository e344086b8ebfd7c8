"""A pledge told to others: its full shared state as facts, and the view the people concerned get."""
from collections.abc import Iterable
from typing import Any, TypeVar

from services.pledge.domain.hints import hints
from services.pledge.domain.history import Line, details, stands
from services.pledge.domain.item import Item
from services.pledge.domain.leading import leads
from services.pledge.domain.pledge import EDITABLE, PUBLIC, Pledge
from services.pledge.domain.policy import DraftingPolicy, LedgerPolicy, ReviewPolicy
from services.pledge.domain.situation import hints as situated
from services.pledge.domain.workload import hints as measured
from services.pledge.usecases.linking import served
from services.pledge.usecases.pledgor import Member, member_of, name_of, pledgor, situation
from wire.contracts.pledge import (
    DEEDS, CriterionVerdict, GateVerdict, Hint, HistoryLine, ItemFacts, ItemReview, PledgeFacts, PledgeView,
)
from wire.contracts.ports import Unit
from wire.contracts.shape import dump

F = TypeVar("F", bound=PledgeFacts)

AGGREGATE = "pledge.pledge"
DRAFTED, SAVED, REVIEWED = "pledge.pledge.drafted", "pledge.pledge.draft_saved", "pledge.pledge.item_reviewed"


def facts(unit: Unit, kind: type[F], pledge: Pledge, *, by: tuple[str, str] | None = None, **more: Any) -> F:
    """The pledge as ``kind``.  What is public is told to society 社会, everything before that to the branch 本支部.

    ``by``: id and name of who acted, where that is not the actor of the unit.
    """
    acted_by, acted_by_name = by or (unit.actor.person_id, unit.actor.name)
    told: dict[str, Any] = {
        "version": pledge.version, "acted_by": acted_by, "acted_by_name": acted_by_name, "acted_at": unit.now,
        "scope": "society" if pledge.state in PUBLIC else "branch", "pledge_id": pledge.id, "number": pledge.number,
        "organisation_id": pledge.organisation_id, "member_id": pledge.member_id, "pledgor_name": pledge.pledgor_name,
        "year": pledge.year, "kind": pledge.kind, "form": pledge.form, "commitment": pledge.commitment,
        "state": pledge.state, "items": tuple(map(_item, pledge.items)), "letter_hash": pledge.letter_hash,
        "submitted_at": pledge.submitted_at, "signed_at": pledge.signed_at, "published_at": pledge.published_at}
    return kind(**told | more)


def _item(item: Item) -> ItemFacts:
    return ItemFacts(
        item_id=item.id, position=item.position, matter=item.matter, category=item.category, source=item.source,
        measure=item.measure, target=item.target, responsible=item.responsible, deadline_on=item.deadline_on,
        state=item.state, progress=item.progress, note=item.note, evidence=item.evidence, claimed_at=item.claimed_at,
        fulfilled_at=item.fulfilled_at, verdict=item.verdict, serves_pledge_id=item.serves_pledge_id,
        serves_item_id=item.serves_item_id)


def remember(unit: Unit, what: str, pledge: Pledge) -> None:
    """A line of history for a change that is no event: the whole state as it is now."""
    unit.remember(AGGREGATE, pledge.id, pledge.version, what, dump(facts(unit, PledgeFacts, pledge)))


def view(unit: Unit, pledge: Pledge, done: str = "") -> PledgeView:
    """The facts with the review, gates, hints and history around them; who acted is who acted last.

    ``done``: what this unit did (a topic or one of the names above).  Its line is written when the unit ends; it is
    added here, so that the reply of a change shows the change.
    """
    lines = list(unit.books.history.of(pledge.id))
    if done or not lines:
        lines.append(Line(
            unit.now, unit.actor.person_id, unit.actor.name, done, stands(pledge.items), on_behalf_of=unit.acted_for))
    member = member_of(unit, pledge.member_id)
    return facts(
        unit, PledgeView, pledge, by=(lines[-1].person_id, lines[-1].by_name), acted_at=lines[-1].at,
        organisation_name=name_of(unit, pledge.organisation_id), returned_because=pledge.returned_because,
        pledgor=pledgor(unit, member), reviews=tuple(_reviews(unit, pledge)),
        criteria=unit.policy(ReviewPolicy, pledge.organisation_id).criteria_of(leader=leads(member)),
        gates=tuple(_gates(unit, pledge)), serves=tuple(served(unit, pledge)), hints=tuple(_hints(unit, pledge, member)),
        due_soon_days=unit.policy(LedgerPolicy, pledge.organisation_id).due_soon_days,
        history=tuple(
            HistoryLine(at=line.at, by_name=line.by_name, on_behalf_of=line.on_behalf_of, what=DEEDS.get(line.what, line.what),
                        detail=detail)
            for line, detail in zip(lines, details(lines), strict=True)))


def _reviews(unit: Unit, pledge: Pledge) -> Iterable[ItemReview]:
    for r in unit.books.reviews.of(pledge.id):
        yield ItemReview(
            item_id=r.item_id, reviewed_by_name=r.reviewer_name, reviewed_at=r.reviewed_at, passed=r.passed,
            verdicts=tuple(CriterionVerdict(criterion=v.criterion, met=v.met, note=v.note) for v in r.verdicts))


def _gates(unit: Unit, pledge: Pledge) -> Iterable[GateVerdict]:
    for g in unit.books.gates.of(pledge.id):
        yield GateVerdict(
            item_id=g.item_id, solved=g.solved, implemented=g.implemented, satisfied=g.satisfied, note=g.note,
            verified_by_name=g.verified_by_name, verified_at=g.verified_at)


def _hints(unit: Unit, pledge: Pledge, member: Member) -> Iterable[Hint]:
    """Until it is approved, of the pledge as a whole first; the reviewer sees them too."""
    if pledge.state in (*EDITABLE, "submitted"):
        policy, who = unit.policy(DraftingPolicy, pledge.organisation_id), situation(unit, pledge.organisation_id, member)
        for sentence in (*(situated(who, pledge.items, policy, commitment=pledge.commitment) if who else ()), *measured(
                pledge.items, policy, year=pledge.year, kind=pledge.kind, commitment=pledge.commitment, post_kind=who.post_kind if who else "")):
            yield Hint(item_id="", sentence=sentence)
        for item_id, sentence in hints(pledge.items, policy, commitment=pledge.commitment, today=unit.today):
            yield Hint(item_id=item_id, sentence=sentence)
