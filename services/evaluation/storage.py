"""The tables of evaluation and its books: evaluations, peers' ratings, the copy of published pledges.

A rating is a row of its own under its rater, so that a later one replaces it; it carries no time, and nothing but the
bare scores is ever read out of it, in order of the score.
"""
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger, Boolean, Column, Connection, Index, Integer, MetaData, Table, Select, Text, and_, func, select, tuple_, update,
)

from services.evaluation import written
from services.evaluation.domain.evaluation import Evaluation
from services.evaluation.domain.pledged import Pledged
from wire.bus.tables import INSERTS, Exact, Instant, Json, upsert
from wire.contracts.calls import Stale

metadata = MetaData()
AGAIN = "别人刚刚改动过这次评诺，请刷新后核对，再提交一次。"

evaluation = Table(
    "evaluation", metadata,
    Column("id", Text, primary_key=True), Column("version", Integer, nullable=False),
    Column("organisation_id", Text, nullable=False), Column("member_id", Text, nullable=False),
    Column("member_name", Text, nullable=False), Column("pledge_id", Text, nullable=False),
    Column("year", Integer, nullable=False), Column("state", Text, nullable=False),
    Column("policy_version", Text, nullable=False), Column("acted_by", Text, nullable=False),
    Column("acted_by_name", Text, nullable=False), Column("acted_at", Instant, nullable=False),
    Column("self_report", Json), Column("comment", Json), Column("appraisal", Json), Column("result", Json),
    Column("score", Exact), Column("grade", Text),
    Index("evaluation_of_pledge", "pledge_id", unique=True),
    Index("evaluation_of_year", "organisation_id", "year"))

peer_rating = Table(
    "peer_rating", metadata,
    Column("evaluation_id", Text, primary_key=True), Column("rater_id", Text, primary_key=True),
    Column("score", Exact, nullable=False))

pledged = Table(
    "pledged", metadata,
    Column("pledge_id", Text, primary_key=True), Column("epoch", BigInteger, nullable=False),
    Column("version", Integer, nullable=False), Column("lost", Boolean, nullable=False, default=False),
    Column("organisation_id", Text, nullable=False), Column("member_id", Text, nullable=False),
    Column("pledgor_name", Text, nullable=False), Column("year", Integer, nullable=False),
    Column("commitment", Text, nullable=False), Column("state", Text, nullable=False), Column("items", Json, nullable=False),
    Index("pledged_place", "organisation_id", "year"))

#: the lines of one page, how many there are in all, where the next one goes on
Page = tuple[list[dict[str, Any]], int, str]
LINE = (evaluation.c.id.label("evaluation_id"), evaluation.c.pledge_id, evaluation.c.organisation_id,
        evaluation.c.member_id, evaluation.c.member_name, evaluation.c.year, evaluation.c.state, evaluation.c.score, evaluation.c.grade)


class EvaluationBook:
    def __init__(self, sql: Connection):
        self._sql = sql

    def get(self, evaluation_id: str) -> Evaluation | None:
        """The evaluation, its row held until the unit ends: a rating and a decision cannot pass each other unseen."""
        return self._one(select(evaluation).where(evaluation.c.id == evaluation_id).with_for_update())

    def peek(self, evaluation_id: str) -> Evaluation | None:
        """The evaluation, for reading."""
        return self._one(select(evaluation).where(evaluation.c.id == evaluation_id))

    def of_pledge(self, pledge_id: str) -> Evaluation | None:
        return self._one(select(evaluation).where(evaluation.c.pledge_id == pledge_id))

    def hold(self, organisation_id: str, year: int) -> None:
        """Hold the evaluations of a branch and year, in the order of their ids, until the unit ends."""
        self._sql.execute(
            select(evaluation.c.id).where(evaluation.c.organisation_id == organisation_id, evaluation.c.year == year)
            .order_by(evaluation.c.id).with_for_update()).all()

    def excellent(self, organisation_id: str, year: int, *, but: str) -> int:
        """How many others of the branch stand completed with 优秀 for this year."""
        return self._sql.execute(select(func.count()).select_from(evaluation).where(
            evaluation.c.organisation_id == organisation_id, evaluation.c.year == year, evaluation.c.state == "completed",
            evaluation.c.grade == "excellent", evaluation.c.id != but)).scalar_one()

    def of_year(self, organisation_ids: Iterable[str], year: int, *, member_id: str = "", state: str = "", search: str = "",
                after: str = "", limit: int = 500) -> Page:
        """Lines for a list, by name; ``after``: name and id of the line before, with a | between them."""
        where = [evaluation.c.organisation_id.in_(list(organisation_ids)), evaluation.c.year == year]
        where += [evaluation.c.member_id == member_id] if member_id else []
        where += [evaluation.c.state == state] if state else []
        return _page(self._sql, select(*LINE).where(*where), (evaluation.c.member_name, evaluation.c.id), search, after, limit)

    def add(self, new: Evaluation) -> None:
        """Keep a new evaluation.  Raises Stale where somebody opened one for the same pledge in the meantime."""
        added: Any = INSERTS[self._sql.dialect.name](evaluation).on_conflict_do_nothing(index_elements=["pledge_id"])
        if self._sql.execute(added.values(written.row(new))).rowcount != 1:
            raise Stale(AGAIN)

    def save(self, changed: Evaluation) -> None:
        """Keep a change.  Raises Stale where somebody else changed it since it was read."""
        done = self._sql.execute(update(evaluation).where(and_(
            evaluation.c.id == changed.id, evaluation.c.version == changed.version - 1)).values(written.row(changed)))
        if done.rowcount != 1:
            raise Stale(AGAIN)

    def _one(self, query: Any) -> Evaluation | None:
        found = self._sql.execute(query).mappings().first()
        return None if found is None else written.evaluation(dict(found))


class RatingBook:
    def __init__(self, sql: Connection):
        self._sql = sql

    def put(self, evaluation_id: str, rater_id: str, score: Decimal) -> None:
        """Keep a peer's score; a later one replaces it."""
        upsert(self._sql, peer_rating, ("evaluation_id", "rater_id"),
               [{"evaluation_id": evaluation_id, "rater_id": rater_id, "score": score}])

    def scores(self, evaluation_id: str) -> list[Decimal]:
        """The bare scores, lowest first: their order tells nothing of who came when."""
        return sorted(self._sql.scalars(select(peer_rating.c.score).where(peer_rating.c.evaluation_id == evaluation_id)))

    def rated(self, evaluation_id: str, rater_id: str) -> bool:
        return self._sql.execute(select(peer_rating.c.rater_id).where(
            peer_rating.c.evaluation_id == evaluation_id, peer_rating.c.rater_id == rater_id)).first() is not None


class PledgedBook:
    def __init__(self, sql: Connection):
        self._sql = sql

    def get(self, pledge_id: str) -> Pledged | None:
        """The published pledge as it was last heard."""
        found = self._sql.execute(select(pledged).where(pledged.c.pledge_id == pledge_id)).mappings().first()
        return None if found is None else written.pledged(dict(found))

    def unopened(self, organisation_ids: Iterable[str], year: int, states: Iterable[str], *, search: str = "", after: str = "",
                 limit: int = 500) -> Page:
        """Members' pledges in these states that have no evaluation, by name; as ``EvaluationBook.of_year``."""
        query = select(
            pledged.c.pledge_id, pledged.c.organisation_id, pledged.c.member_id, pledged.c.pledgor_name.label("member_name"),
            pledged.c["items"]).where(
            pledged.c.organisation_id.in_(list(organisation_ids)), pledged.c.year == year, pledged.c.member_id != "",
            pledged.c.state.in_(list(states)), pledged.c.lost.is_(False),
            ~select(evaluation.c.id).where(evaluation.c.pledge_id == pledged.c.pledge_id).exists())
        rows, total, following = _page(self._sql, query, (pledged.c.pledgor_name, pledged.c.pledge_id), search, after, limit)
        return [row | {"items": len(row["items"])} for row in rows], total, following


def _page(sql: Connection, query: Select, order: tuple[Column, Column], search: str, after: str, limit: int) -> Page:
    """One page by name and id, of what holds ``search`` in the name; how many that are in all, and where to go on."""
    name, id_ = order
    if search:
        query = query.where(name.icontains(search, autoescape=True))
    total = sql.execute(select(func.count()).select_from(query.subquery())).scalar_one()
    if after:
        last_name, _, last_id = after.rpartition("|")
        query = query.where(tuple_(name, id_) > tuple_(last_name, last_id))
    found = sql.execute(query.add_columns(name.label("_name"), id_.label("_id")).order_by(name, id_).limit(limit + 1)).mappings()
    rows = [dict(row) for row in found]
    shown, places = rows[:limit], [(row.pop("_name"), row.pop("_id")) for row in rows]
    return shown, total, "|".join(places[limit - 1]) if len(rows) > limit else ""


class Books:
    """The books of one unit."""

    def __init__(self, sql: Connection):
        self.evaluations, self.ratings, self.pledged = EvaluationBook(sql), RatingBook(sql), PledgedBook(sql)
