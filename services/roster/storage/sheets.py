"""Sheets on their way into the roster: what each line would do, every fault, and what each line did.

Rule kept: set by set.  What is asked of fifty thousand lines is one statement.
"""
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column, Connection, Index, Integer, Select, Table, Text, and_, delete, func, insert, or_, select, tuple_, union, update,
)

from services.roster.domain.belonging import LetGo, Move
from services.roster.domain.hint import ORDER, Hint
from services.roster.domain.reading import Fault
from services.roster.domain.sheet import CHANGED, NEW, SAME, WRITES, WRONG, Line, Sheet
from services.roster.storage.book import Book, chunks, metadata, row_of
from services.roster.storage.grants import grants
from services.roster.storage.members import members
from services.roster.storage.organisations import organisations
from services.roster.storage.places import assignments
from services.roster.storage.positions import held, positions
from wire.bus import prepared
from wire.bus.tables import Instant, Json, add, drop_some, history

sheets = Table(
    "sheet", metadata,
    Column("id", Text, primary_key=True), Column("kind", Text, nullable=False), Column("state", Text, nullable=False),
    Column("person_id", Text, nullable=False), Column("targets", Json, nullable=False), Column("edition", Text, nullable=False),
    *(Column(name, Integer, nullable=False) for name in ("total", "new", "changed", "same", "wrong", "importable", "faults")),
    Column("created_at", Instant, nullable=False), Column("written_at", Instant))
Index("sheet_created", sheets.c.created_at)

lines = Table(
    "sheet_line", metadata,
    Column("sheet_id", Text, primary_key=True), Column("row", Integer, primary_key=True, autoincrement=False),
    Column("piece", Integer, nullable=False), Column("code", Text, nullable=False), Column("verdict", Text, nullable=False),
    Column("subject", Text, nullable=False), Column("version", Integer, nullable=False), Column("place_id", Text, nullable=False))
Index("sheet_line_code", lines.c.sheet_id, lines.c.code)

faults = Table(
    "sheet_fault", metadata,
    Column("sheet_id", Text, primary_key=True), Column("place", Integer, primary_key=True, autoincrement=False),
    Column("piece", Integer, nullable=False), Column("row", Integer, nullable=False), Column("column", Text, nullable=False),
    Column("value", Text, nullable=False), Column("sentence", Text, nullable=False))
#: what is worth a look; ``sort``: its number in the order in which sorts are told
hints = Table(
    "sheet_hint", metadata,
    Column("sheet_id", Text, primary_key=True), Column("place", Integer, primary_key=True, autoincrement=False),
    Column("sort", Integer, nullable=False), Column("row", Integer, nullable=False), Column("code", Text, nullable=False),
    Column("hint", Text, nullable=False))
Index("sheet_hint_order", hints.c.sheet_id, hints.c.sort, hints.c.row, hints.c.place)
#: faults and hints of one piece have the places from its number times this
APART = 100_000
ROWS, GROUND, MOVES, LET_GO = "line", "ground", "move", "let_go"


class SheetBook:
    """Sheets, their lines, faults and hints."""

    def __init__(self, sql: Connection):
        self._sql = sql

    def get(self, sheet_id: str, *, hold: bool = False) -> Sheet | None:
        """The sheet, or None; ``hold``: nobody else has to do with it until the transaction ends."""
        query = select(sheets).where(sheets.c.id == sheet_id)
        found = self._sql.execute(query.with_for_update() if hold else query).mappings().first()
        return None if found is None else _sheet(found)

    def save(self, sheet: Sheet) -> None:
        row = row_of(sheets, sheet) | {"targets": list(sheet.targets)}
        if not self._sql.execute(update(sheets).where(sheets.c.id == sheet.id).values(row)).rowcount:
            self._sql.execute(insert(sheets), row)

    def forget(self, sheet_id: str) -> None:
        """All there is about it.  A second call does nothing."""
        self._sql.execute(delete(sheets).where(sheets.c.id == sheet_id))
        for table in (lines, faults, hints):
            self._sql.execute(delete(table).where(table.c.sheet_id == sheet_id))
        self.clear(sheet_id)
        self.clear(self._followed(sheet_id))

    def clear(self, batch: str) -> None:
        """What was prepared for it; it is written, or nobody wants it any more."""
        prepared.drop(self._sql, batch)

    def keep(self, sheet_id: str, piece: int, found: Sequence[Line], wrong: Sequence[Fault]) -> None:
        """The lines and faults of a piece, in place of what it had."""
        for table in (lines, faults):
            self._sql.execute(delete(table).where(table.c.sheet_id == sheet_id, table.c.piece == piece))
        add(self._sql, lines, [
            {"sheet_id": sheet_id, "piece": piece, "row": line.row, "code": line.code, "verdict": line.verdict, "subject": line.subject,
             "version": line.version, "place_id": line.place_id} for line in found])
        add(self._sql, faults, [{"sheet_id": sheet_id, "place": piece * APART + n, "piece": piece, **asdict(fault)}
                                for n, fault in enumerate(wrong[:APART])])

    def keep_rows(self, sheet_id: str, piece: int, rows: Sequence[Any]) -> None:
        """The lines of a piece as they were read, for a kind that is judged as a whole."""
        prepared.keep(self._sql, sheet_id, piece, ROWS, [asdict(row) for row in rows])

    def rows(self, sheet_id: str) -> list[dict[str, Any]]:
        return [row for piece in prepared.kept(self._sql, sheet_id, ROWS) for row in piece]

    def keep_ground(self, sheet_id: str, edition: str) -> None:
        """What the sheet was judged against, as one word."""
        prepared.keep(self._sql, sheet_id, 0, GROUND, [{"edition": edition}])

    def ground(self, sheet_id: str) -> str:
        return next((row["edition"] for piece in prepared.kept(self._sql, sheet_id, GROUND) for row in piece), "")

    def keep_moves(self, sheet_id: str, piece: int, moves: Sequence[Move]) -> None:
        """Who moves by the lines of a piece, for as long as the sheet may be taken back."""
        prepared.keep(self._sql, self._followed(sheet_id), piece, MOVES, [asdict(move) for move in moves])

    def moves(self, sheet_id: str) -> list[Move]:
        return [Move(**row) for piece in prepared.kept(self._sql, self._followed(sheet_id), MOVES) for row in piece]

    def keep_let_go(self, sheet_id: str, let_go: Sequence[LetGo]) -> None:
        """What those who moved let go of."""
        prepared.keep(self._sql, self._followed(sheet_id), 0, LET_GO, [asdict(one) for one in let_go])

    def let_go(self, sheet_id: str) -> list[LetGo]:
        return [LetGo(**row) for piece in prepared.kept(self._sql, self._followed(sheet_id), LET_GO) for row in piece]

    def keep_hints(self, sheet_id: str, piece: int, found: Sequence[Hint]) -> None:
        """What is worth a look in a piece, without being wrong, in place of what it had."""
        start = piece * APART
        self._sql.execute(delete(hints).where(hints.c.sheet_id == sheet_id, hints.c.place >= start, hints.c.place < start + APART))
        add(self._sql, hints, [
            {"sheet_id": sheet_id, "place": start + n, "sort": ORDER.index(one.sort), "row": one.row, "code": one.code, "hint": one.sentence}
            for n, one in enumerate(found[:APART])])

    def codes_before(self, sheet_id: str, piece: int, codes: Iterable[str]) -> dict[str, int]:
        """Which of these codes earlier pieces have, and in which row first."""
        found: dict[str, int] = {}
        for some in chunks(sorted(codes)):
            query = select(lines.c.code, func.min(lines.c.row)).where(
                lines.c.sheet_id == sheet_id, lines.c.piece < piece, lines.c.code.in_(some)).group_by(lines.c.code)
            found |= dict(self._sql.execute(query).all())
        return found

    def counted(self, sheet: Sheet) -> Sheet:
        """The sheet with its counters."""
        by_verdict: dict[str, int] = dict(self._sql.execute(select(lines.c.verdict, func.count()).where(
            lines.c.sheet_id == sheet.id, lines.c.row > 0).group_by(lines.c.verdict)).all())
        new, changed = by_verdict.get(NEW, 0), by_verdict.get(CHANGED, 0)
        all_faults = self._sql.scalar(select(func.count()).where(faults.c.sheet_id == sheet.id)) or 0
        return replace(sheet, total=sum(by_verdict.values()), new=new, changed=changed, same=by_verdict.get(SAME, 0),
                       wrong=by_verdict.get(WRONG, 0), importable=new + changed, faults=all_faults)

    def missed(self, sheet_id: str, book: Book) -> int:
        """How many lines that write do not stand in this book's table as they were prepared."""
        there = select(func.count()).select_from(lines.join(book.table, and_(
            book.table.c.id == lines.c.subject, book.table.c.version == lines.c.version))).where(*_writing(sheet_id))
        return self.count_written(sheet_id) - (self._sql.scalar(there) or 0)

    def placeless(self, sheet_id: str) -> int:
        """How many lines that write find their organisation no more."""
        return self._sql.scalar(select(func.count()).select_from(lines.outerjoin(
            organisations, organisations.c.id == lines.c.place_id)).where(
            *_writing(sheet_id), or_(organisations.c.id.is_(None), organisations.c.state != "active"))) or 0

    def count_written(self, sheet_id: str) -> int:
        return self._sql.scalar(select(func.count()).where(*_writing(sheet_id))) or 0

    def written_lines(self, sheet_id: str, start: int, limit: int) -> list[Line]:
        """The lines that wrote, in order of row, from the ``start``-th on."""
        found = self._sql.execute(select(*(lines.c[name] for name in Line.__dataclass_fields__)).where(*_writing(sheet_id)).order_by(
            lines.c.row).offset(start).limit(limit)).mappings()
        return [Line(**line) for line in found]

    def advance(self, sheet_id: str) -> None:
        """Every line that wrote is a version further."""
        self._sql.execute(update(lines).where(*_writing(sheet_id)).values(version=lines.c.version + 1))

    def moved_on(self, sheet_id: str, book: Book) -> list[tuple[int, str]]:
        """Lines whose subject is no longer the version they wrote."""
        return self._told(select(lines.c.row, lines.c.code).select_from(lines.join(book.table, book.table.c.id == lines.c.subject)).where(
            *_writing(sheet_id), book.table.c.version != lines.c.version))

    def holders(self, sheet_id: str) -> list[tuple[int, str]]:
        """New lines whose person was given a grant."""
        return self._told(select(lines.c.row, lines.c.code).distinct().select_from(lines.join(
            grants, grants.c.person_id == lines.c.subject)).where(
            *_writing(sheet_id), lines.c.verdict == NEW, grants.c.state != "ended"))

    def occupied(self, sheet_id: str) -> list[tuple[int, str]]:
        """New lines whose person holds a position, or is assigned to an organisation."""
        busy = union(select(positions.c.person_id).where(held), select(assignments.c.person_id).where(assignments.c.until.is_(None)))
        return self._told(select(lines.c.row, lines.c.code).where(*_writing(sheet_id), lines.c.verdict == NEW, lines.c.subject.in_(busy)))

    def places_entered(self, sheet_id: str) -> list[str]:
        """The organisations of its new lines."""
        return list(self._sql.scalars(select(lines.c.place_id).distinct().where(*_writing(sheet_id), lines.c.verdict == NEW)))

    def lines_of(self, sheet_id: str, verdict: str, subjects: Iterable[str]) -> list[tuple[int, str]]:
        """Its lines of this verdict about these."""
        return [told for some in chunks(sorted(subjects)) for told in self._told(select(lines.c.row, lines.c.code).where(
            *_writing(sheet_id), lines.c.verdict == verdict, lines.c.subject.in_(some)))]

    def confirmed(self, sheet_id: str) -> list[tuple[int, str]]:
        """New positions of which a grant was confirmed."""
        return self._told(select(lines.c.row, lines.c.code).distinct().select_from(lines.join(
            grants, grants.c.position_id == lines.c.subject)).where(
            *_writing(sheet_id), lines.c.verdict == NEW, grants.c.state == "confirmed"))

    def governed(self, sheet_id: str) -> list[tuple[int, str]]:
        """New organisations over which somebody holds a grant."""
        return self._told(select(lines.c.row, lines.c.code).distinct().select_from(lines.join(
            grants, grants.c.organisation_id == lines.c.subject)).where(
            *_writing(sheet_id), lines.c.verdict == NEW, grants.c.state != "ended"))

    def lived_in(self, sheet_id: str) -> list[tuple[int, str]]:
        """New organisations with active members, or with active ones below that did not come with this sheet."""
        ours = select(lines.c.subject).where(*_writing(sheet_id), lines.c.verdict == NEW)
        new = (*_writing(sheet_id), lines.c.verdict == NEW)
        return self._told(select(lines.c.row, lines.c.code).distinct().select_from(lines.join(
            members, members.c.organisation_id == lines.c.subject)).where(*new, members.c.state == "active")) + self._told(
            select(lines.c.row, lines.c.code).distinct().select_from(lines.join(
                organisations, organisations.c.parent_id == lines.c.subject)).where(
                *new, organisations.c.state == "active", organisations.c.id.not_in(ours)))

    def told(self, aggregate: str, versions: Mapping[str, int]) -> list[tuple[str, str, str]]:
        """Subject, topic and data of what was said of these at that version."""
        found: list[tuple[str, str, str]] = []
        for some in chunks(sorted(versions)):
            query = select(history.c.aggregate_id, history.c.what, history.c.state).where(
                history.c.aggregate == aggregate,
                tuple_(history.c.aggregate_id, history.c.version).in_([(id_, versions[id_]) for id_ in some]))
            found += [(id_, what, state) for id_, what, state in self._sql.execute(query)]
        return found

    def begun(self, before: datetime) -> list[Sheet]:
        """Sheets begun before that instant, the oldest first; whoever has to do with one right now is left alone."""
        found = self._sql.execute(select(sheets).where(sheets.c.created_at < before).order_by(
            sheets.c.created_at).with_for_update(skip_locked=True)).mappings()
        return [_sheet(row) for row in found]

    @staticmethod
    def undoing(sheet_id: str) -> str:
        """The batch in which its taking back is prepared."""
        return f"undo-{sheet_id}"

    @staticmethod
    def _followed(sheet_id: str) -> str:
        """Under which is kept what follows for those who move."""
        return f"followed-{sheet_id}"

    def close(self, sheet_id: str) -> None:
        """The sheet is no more, nor what was prepared for it; its lines, faults and hints go piece by piece, by ``sweep``."""
        self._sql.execute(delete(sheets).where(sheets.c.id == sheet_id))
        for batch in (sheet_id, self.undoing(sheet_id), self._followed(sheet_id)):
            self.clear(batch)

    def sweep(self) -> int:
        """A piece of the lines, faults and hints whose sheet is no more; how many."""
        return sum(drop_some(self._sql, table, table.c.sheet_id.not_in(select(sheets.c.id))) for table in (lines, faults, hints))

    def _told(self, query: Select) -> list[tuple[int, str]]:
        return [(row, code) for row, code in self._sql.execute(query)]


def _sheet(row: Any) -> Sheet:
    return Sheet(**{**row, "targets": tuple(row["targets"])})


def _writing(sheet_id: str) -> tuple[Any, ...]:
    return lines.c.sheet_id == sheet_id, lines.c.verdict.in_(WRITES)
