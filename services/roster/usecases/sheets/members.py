"""A sheet of members: every line can be judged by itself, so each piece is thought about and prepared as it arrives."""
from collections.abc import Mapping, Sequence
from dataclasses import replace

from services.roster.domain import hint, joining, roll
from services.roster.domain.belonging import BY_MISTAKE, Move, left, moves_in
from services.roster.domain.doubles import hints
from services.roster.domain.hint import Hint
from services.roster.domain.member import Member
from services.roster.domain.policy import RollPolicy
from services.roster.domain.sheet import CHANGED, NEW, SAME, Line, Sheet
from services.roster.names import pinyin
from services.roster.usecases import duties
from services.roster.usecases.following import grants_after
from services.roster.usecases.planning import planned_members
from services.roster.usecases.policy_parts import by_place
from services.roster.usecases.sheets import columns
from services.roster.usecases.sheets.staged import Staged, former
from services.roster.usecases.telling import announce_grant, announce_member
from wire.contracts.ports import Unit
from wire.contracts.roster import MEMBER_KINDS, ListMembers, MemberRow

DECIDED = "导入之后这名党员又有改动，所以不能整批撤销；导错的行请逐个改正，或改好表格重新上传。"
HOLDS = "导入之后给这名党员授过权，请先结束授权。"
OCCUPIED = "导入之后这名党员任了职务，或有了联系点、分工或责任区，请先免去或结束。"


def stage(unit: Unit, sheet: Sheet, piece: int, rows: tuple[MemberRow, ...]) -> Staged:
    """What the lines would do, prepared; lines with faults apart."""
    books = unit.books
    codes = roll.codes(rows)
    standing = books.members.by_codes(codes)
    organisations = books.organisations.by_codes_or_ids(roll.places(rows), {m.organisation_id for m in standing.values()})
    rules = by_place(unit, RollPolicy)
    plan = planned_members(unit, rows, organisations, standing, rules=rules,
                           seen=books.sheets.codes_before(sheet.id, piece, codes | {m.code for m in standing.values()}))
    _prepare(unit, sheet.id, piece, plan.new, plan.changed)
    books.sheets.keep_moves(sheet.id, piece, moves_in(plan.changed))
    books.sheets.keep_hints(sheet.id, piece, [
        *hint.of_changes(plan.lines, plan.changed, {o.id: o.name for o in organisations}, stands="organisation_id", verb="调动",
                         columns=columns.MEMBERS),
        *_doubles(unit, plan), *_probations(unit, plan, standing, {o.id: rules(o) for o in organisations}),
        *hint.of_months(plan.lines, rows, {"joined_on": roll.JOINED})])
    return [o.id for o in plan.targets], plan.lines, plan.faults


def write(unit: Unit, sheet: Sheet, batch: str) -> bool:
    """Pour, hold the roster, and see whether every member stands as prepared, in an organisation that stands; whoever moves
    lets go of what they looked after, and takes it up again where the move is taken back.

    The roster is held before any row that is there already is: whoever else changes several holds it first, too.
    """
    books = unit.books
    if sheet.changed or batch != sheet.id:
        books.organisations.root(hold=True)
    books.members.release(batch)
    books.grants.release(batch)
    books.organisations.root(hold=True)
    if books.sheets.missed(sheet.id, books.members) or books.sheets.placeless(sheet.id):
        return False
    moves = books.sheets.moves(sheet.id)
    if not moves:
        return True
    if batch != sheet.id:
        duties.leave_zones(unit, [Move(move.member_id, move.to_id, move.from_id) for move in moves])
        duties.take_up(unit, books.sheets.let_go(sheet.id))
    elif _bound(unit, moves):
        return False
    else:
        books.sheets.keep_let_go(sheet.id, duties.let_go(unit, moves))
    return True


def obstacles(unit: Unit, sheet: Sheet) -> list[tuple[int, str, str]]:
    """Members changed since; new ones given a grant, a position or something to look after, and those who came
    back by it; who sits on the committee of the organisation they were moved to."""
    books = unit.books
    keepers = duties.keepers_at(unit, books.sheets.places_entered(sheet.id))
    moves = books.sheets.moves(sheet.id)
    back = [move.member_id for move in moves if not move.from_id]
    busy = {*_bound(unit, [Move(move.member_id, move.to_id, move.from_id) for move in moves]),
            *(one.person_id for one in (*books.positions.held_by(back), *books.assignments.standing_of(back)))}
    return sorted({(row, code, DECIDED) for row, code in books.sheets.moved_on(sheet.id, books.members)} | {
        (row, code, HOLDS) for row, code in books.sheets.holders(sheet.id)} | {
        (row, code, OCCUPIED) for row, code in (*books.sheets.occupied(sheet.id), *books.sheets.lines_of(sheet.id, NEW, keepers),
                                                *books.sheets.lines_of(sheet.id, CHANGED, busy))})


def take_back(unit: Unit, batch: str, piece: int, lines: Sequence[Line]) -> None:
    """Prepare: who was new leaves, who was changed is as before."""
    standing = {m.id: m for m in unit.books.members.get_many([line.subject for line in lines])}
    before = former(unit, "roster.member", lines)
    pairs = []
    for line in lines:
        now = standing[line.subject]
        if line.verdict == NEW:
            pairs.append((now, left(now, BY_MISTAKE, unit.today)))
            continue
        facts = before[line.subject]
        sort_key, initials = pinyin(facts.name)
        told = {name: getattr(facts, name) for name in Member.__dataclass_fields__ if hasattr(facts, name)}
        pairs.append((now, replace(now, **told | {"sort_key": sort_key, "initials": initials, "version": now.version + 1})))
    _prepare(unit, batch, piece, [], pairs)


def _bound(unit: Unit, moves: Sequence[Move]) -> set[str]:
    """Who of these sits on the committee of an organisation they would belong to no more."""
    gone = duties.places_left(unit, moves)
    return {one.member_id for one in unit.books.positions.bound(gone) if one.organisation_id in gone[one.member_id]}


def _doubles(unit: Unit, plan: roll.Plan) -> list[Hint]:
    """Who may be here already under another code."""
    new = {member.id: member for member in plan.new}
    if not new:
        return []
    return hints([(line.row, new[line.subject]) for line in plan.lines if line.verdict == NEW],
                 unit.books.members.namesakes({member.name for member in plan.new}), lambda place: unit.may(ListMembers, place))


def _probations(unit: Unit, plan: roll.Plan, standing: Mapping[str, Member], rules: Mapping[str, RollPolicy]) -> list[Hint]:
    """Whose kind and joining date do not go together for long any more, or never did.  ``rules``: those of each organisation."""
    stand = {m.id: m for m in (*standing.values(), *plan.new, *(after for _, after in plan.changed))}
    told = [(line, stand[line.subject]) for line in plan.lines if line.verdict in (NEW, CHANGED, SAME)]
    return [Hint(line.row, line.code, sentence, hint.PROBATION) for line, one in told
            if (sentence := joining.look_at(one.name, one.kind, one.joined_on, unit.today, rules[one.organisation_id], MEMBER_KINDS))]


def _prepare(unit: Unit, batch: str, piece: int, new: list[Member], changed: list[tuple[Member, Member]]) -> None:
    grants = grants_after(unit, changed)
    members = new + [after for _, after in changed]
    unit.books.members.prepare(batch, piece, members)
    unit.books.grants.prepare(batch, piece, grants)
    with unit.prepare(batch, piece):
        for member in new:
            announce_member(unit, member)
        for before, after in changed:
            announce_member(unit, after, before)
        for grant in grants:
            announce_grant(unit, grant)
