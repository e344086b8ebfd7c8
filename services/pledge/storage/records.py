"""What is filed beside a pledge: reviews, verifications, signed letters, and the lines of its history."""
from collections.abc import Collection
from dataclasses import fields
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from services.pledge.domain.history import Line, Stand
from services.pledge.domain.item import Gates
from services.pledge.domain.letter import Letter
from services.pledge.domain.review import Review, Verdict
from services.pledge.storage.tables import exemptions, gates, letter_sequence, letters, pledges, reviews
from wire.bus import history
from wire.bus.tables import INSERTS, upsert
from wire.contracts.envelope import parse
from wire.contracts.pledge import ExemptionGranted, PledgePublished, ReadExemption, ReadPledge


_STAND = tuple(f.name for f in fields(Stand))


class ReviewBook:
    def __init__(self, sql: Connection):
        self._sql = sql

    def of(self, pledge_id: str) -> list[Review]:
        """The latest look of each reviewer at each item, the oldest first."""
        found = self._sql.execute(select(reviews).where(reviews.c.pledge_id == pledge_id).order_by(
            reviews.c.reviewed_at, reviews.c.item_id, reviews.c.reviewer_id))
        return [
            Review(item_id=row.item_id, reviewer_id=row.reviewer_id, reviewer_name=row.reviewer_name,
                   reviewed_at=row.reviewed_at, verdicts=tuple(Verdict(*verdict) for verdict in row.verdicts))
            for row in found]

    def put(self, pledge_id: str, review: Review) -> None:
        """File it; what the same reviewer said about the same item before is replaced."""
        upsert(self._sql, reviews, ("pledge_id", "item_id", "reviewer_id"), [{
            "pledge_id": pledge_id, "item_id": review.item_id, "reviewer_id": review.reviewer_id,
            "reviewer_name": review.reviewer_name, "reviewed_at": review.reviewed_at,
            "verdicts": [[v.criterion, v.met, v.note] for v in review.verdicts]}])

    def forget(self, pledge_id: str, item_ids: Collection[str]) -> None:
        """Drop what was said about items that read otherwise now, or are gone."""
        self._sql.execute(delete(reviews).where(reviews.c.pledge_id == pledge_id, reviews.c.item_id.in_(item_ids)))


class GateBook:
    _NAMES = ("item_id", "solved", "implemented", "satisfied", "note", "verified_by", "verified_by_name", "verified_at")

    def __init__(self, sql: Connection):
        self._sql = sql

    def of(self, pledge_id: str) -> list[Gates]:
        """Every verification of the pledge's items, the oldest first."""
        found = self._sql.execute(select(*(gates.c[n] for n in self._NAMES)).where(gates.c.pledge_id == pledge_id).order_by(
            gates.c.verified_at, gates.c.item_id))
        return [Gates(**row) for row in found.mappings()]

    def add(self, pledge_id: str, verified: Gates) -> None:
        self._sql.execute(insert(gates), {"pledge_id": pledge_id} | {n: getattr(verified, n) for n in self._NAMES})


class LetterBook:
    def __init__(self, sql: Connection):
        self._sql = sql

    def next_number(self, organisation_id: str, year: int) -> int:
        """The next running number of the organisation and year, from 1; gapless, since it commits with the letter."""
        first: Any = INSERTS[self._sql.dialect.name](letter_sequence).values(organisation_id=organisation_id, year=year, last=1)
        return self._sql.execute(first.on_conflict_do_update(
            index_elements=["organisation_id", "year"], set_={"last": letter_sequence.c.last + 1}).returning(
                letter_sequence.c.last)).scalar_one()

    def file(self, letter: Letter) -> None:
        """Keep the letter as it was signed.  A pledge has one."""
        self._sql.execute(insert(letters), {c.name: getattr(letter, c.name) for c in letters.c} | {"copies": list(letter.copies)})

    def of(self, pledge_id: str) -> Letter | None:
        row = self._sql.execute(select(letters).where(letters.c.pledge_id == pledge_id)).mappings().first()
        return None if row is None else Letter(**{**row, "copies": tuple(row["copies"])})


class HistoryBook:
    """The history the bus keeps of every version, as far as a pledge's page shows it."""

    def __init__(self, sql: Connection):
        self._sql = sql

    def of(self, pledge_id: str) -> list[Line]:
        """Who did what, the oldest first; what the running unit does is not in it yet."""
        found = []
        for line in reversed(history.lines(self._sql, PledgePublished.stream, pledge_id)):
            told = parse(line.state)
            items = {i["item_id"]: Stand(*(i[name] for name in _STAND)) for i in told["items"]}
            found.append(Line(line.at, told.get("acted_by") or line.person_id, told["acted_by_name"], line.what, items, line.on_behalf_of))
        return found


def belongs(unit: Any, aggregate: str, aggregate_id: str) -> history.Place | None:
    """Whose a pledge or an exemption is: who may read it may read its history, drafts and all; that it is public is not enough."""
    if aggregate == ExemptionGranted.stream:
        row = unit.sql.execute(select(exemptions.c.organisation_id, exemptions.c.member_id).where(exemptions.c.id == aggregate_id)).first()
        return None if row is None else history.Place(row.organisation_id, row.member_id, ReadExemption)
    if aggregate != PledgePublished.stream:
        return None
    found = unit.sql.execute(select(pledges.c.organisation_id, pledges.c.member_id).where(pledges.c.id == aggregate_id)).first()
    return None if found is None else history.Place(found.organisation_id, found.member_id, ReadPledge)
