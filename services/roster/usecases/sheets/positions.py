"""A sheet of positions: who may hold one depends on who else does, so the pieces are kept and the whole is thought about.

What a position gives is given with it, and what decides waits for the superior: no sheet confirms (X45).
"""
import hashlib
from collections import defaultdict
from collections.abc import Sequence

from services.roster.domain import hint, position_lines, roll, tree, words
from services.roster.domain.position_lines import Ground
from services.roster.domain.grant import Grant
from services.roster.domain.policy import SheetPolicy
from services.roster.domain.position import Position, room_for
from services.roster.domain.reading import Odd, name
from services.roster.domain.refusals import Refusal
from services.roster.domain.sheet import CHANGED, NEW, Line, Sheet, TooManyLines
from services.roster.usecases.appointing import grants_of
from services.roster.usecases.finding import name_of
from services.roster.usecases.sheets.staged import Staged
from services.roster.usecases.telling import announce_grant, remember_position
from wire.contracts.ports import Unit
from wire.contracts.roster import POSITIONS, Appoint, PositionRow

DECIDED = "导入之后这个职务又有变动（例如已免职），所以不能整批撤销；任错的请在“职务”页面逐个办理。"
CONFIRMED = "上级已经确认了这个职务的权限，不能整批撤销；如任错了，请在“职务”页面免职。"
FILLED = "免职之后这里又任命了别人，或本人已不在册，不能恢复；请先核对现任。"
#: what is remembered of a position that stood before
SAID = {"held": "reinstated", "ended": "ended", "taken_back": "taken_back"}
#: positions prepared at a time
PIECE = 1000


def stage(unit: Unit, sheet: Sheet, piece: int, rows: tuple[PositionRow, ...]) -> Staged:
    """Keep the lines; asks for the standing organisations they name.  What they would do is seen in ``settle``."""
    unit.books.sheets.keep_rows(sheet.id, piece, rows)
    return [o.id for o in tree.highest(unit.books.organisations.by_codes_or_ids(roll.places(rows), ()))], (), ()


def settle(unit: Unit, sheet: Sheet) -> Staged:
    """What the lines would do, prepared; the roster is held, so that the ground kept is the one looked at."""
    root = unit.books.organisations.root(hold=True)
    rows, ground = _looked_at(unit, sheet)
    most = unit.policy(SheetPolicy, root.id if root else "").most_positions
    if len(rows) > most:
        raise TooManyLines(most, "个职务，请分成几个文件。")
    unit.books.sheets.keep_ground(sheet.id, _edition(ground))
    made = position_lines.plan(rows, ground, labels=POSITIONS, words=words.POSITIONS, today=unit.today, new_id=unit.new_id,
                             oneself={unit.actor.person_id, unit.actor.member_id} - {""})
    unit.books.persons.prepare(sheet.id, made.persons)
    unit.books.sheets.keep_hints(sheet.id, 0, hint.of_months(
        made.lines, rows, {"from_on": position_lines.FROM, "until_on": position_lines.UNTIL}))
    _prepare(unit, sheet.id, 0, [*made.ended, *made.new])
    return [o.id for o in made.targets], made.lines, made.faults


def write(unit: Unit, sheet: Sheet, batch: str) -> bool:
    """Hold the roster, see whether everything is as it was looked at, pour, and remember."""
    books = unit.books
    books.organisations.root(hold=True)
    if batch == sheet.id and _edition(_looked_at(unit, sheet)[1]) != books.sheets.ground(sheet.id):
        return False
    books.persons.release(batch)
    for position in books.positions.release(batch):
        remember_position(unit, position, "appointed" if position.version == 1 else SAID[position.state])
    books.grants.release(batch)
    return not books.sheets.missed(sheet.id, books.positions)


def obstacles(unit: Unit, sheet: Sheet) -> list[tuple[int, str, str]]:
    """Positions changed since, those whose grants the superior confirmed, and ended ones whose place is taken."""
    books = unit.books
    return sorted({(row, code, DECIDED) for row, code in books.sheets.moved_on(sheet.id, books.positions)} | {
        (row, code, CONFIRMED) for row, code in books.sheets.confirmed(sheet.id)} | {
        (line.row, line.code, FILLED) for line in _filled(unit, sheet)})


def take_back(unit: Unit, batch: str, piece: int, lines: Sequence[Line]) -> None:
    """Prepare: what was new never was, what was ended is held as before, its deciding grants waiting again."""
    standing = {p.id: p for p in unit.books.positions.get_many([line.subject for line in lines])}
    _prepare(unit, batch, piece, [
        standing[line.subject].take_back() if line.verdict == NEW else standing[line.subject].reinstate() for line in lines])


def _looked_at(unit: Unit, sheet: Sheet) -> tuple[list[PositionRow], Ground]:
    """The lines, and all they are judged against."""
    books = unit.books
    rows = [PositionRow(**row) for row in books.sheets.rows(sheet.id)]
    places, names = books.organisations.by_codes_or_ids(roll.places(rows), ()), _names(rows)
    return rows, Ground(
        places={o.code: o for o in places}, members=books.members.by_codes(roll.codes(rows)),
        positions=tuple(books.positions.at_any(o.id for o in places)), namesakes=books.members.codes_by_name(names),
        acting={person.name: _where(unit, organisation_id) for person, organisation_id in books.persons.acting(names)})


def _where(unit: Unit, organisation_id: str) -> str:
    """The organisation by name, for whoever may appoint there."""
    return name_of(unit, organisation_id) if unit.may(Appoint, organisation_id) else "别的党组织"


def _names(rows: Sequence[PositionRow]) -> set[str]:
    """Who is named without a code."""
    found = set()
    for row in rows:
        if not row.code.strip():
            try:
                found.add(name(row.name))
            except Odd:
                continue
    return found


def _edition(ground: Ground) -> str:
    """What changes whenever something changes that the lines were judged against."""
    seen = [(one.id, one.version) for group in (ground.places.values(), ground.members.values(), ground.positions) for one in group]
    return hashlib.sha256(repr((sorted(seen), sorted(ground.namesakes), sorted(ground.acting))).encode()).hexdigest()


def _filled(unit: Unit, sheet: Sheet) -> list[Line]:
    """Lines that ended a position which cannot be held again: its place is taken, or its holder has left."""
    books = unit.books
    written = {line.subject: line for line in books.sheets.written_lines(sheet.id, 0, sheet.total)}
    ours = {id_: line for id_, line in written.items() if line.verdict == CHANGED}
    standing = [p for p in books.positions.at_any({line.place_id for line in ours.values()}) if p.state == "held" and p.id not in written]
    here = books.positions.get_many(ours)
    active = {m.id for m in books.members.get_many({p.member_id for p in here if p.member_id}) if m.state == "active"}
    return [ours[p.id] for p in here if p.member_id and p.member_id not in active or not _room(p, standing)]


def _room(position: Position, standing: Sequence[Position]) -> bool:
    there = [p for p in standing if p.organisation_id == position.organisation_id]
    try:
        room_for(position.kind, there, POSITIONS)
    except Refusal:
        return False
    return not any((p.kind, p.person_id) == (position.kind, position.person_id) for p in there)


def _prepare(unit: Unit, batch: str, piece: int, positions: Sequence[Position]) -> None:
    """Positions and what follows for their grants: a held one gives its own, any other none."""
    books = unit.books
    gone = {p.id for p in positions if p.state != "held"}
    places = {o.id: o for o in books.organisations.get_many({p.organisation_id for p in positions})}
    ending: dict[str, list[Grant]] = defaultdict(list)
    for grant in books.grants.held_by({p.person_id for p in positions if p.id in gone}):
        ending[grant.position_id].append(grant.end())
    for number, start in enumerate(range(0, len(positions), PIECE), piece):
        some = positions[start:start + PIECE]
        grants = [grant for p in some for grant in (ending[p.id] if p.id in gone else grants_of(unit, p, places[p.organisation_id]))]
        books.positions.prepare(batch, number, some)
        books.grants.prepare(batch, number, grants)
        with unit.prepare(batch, number):
            for grant in grants:
                announce_grant(unit, grant)
