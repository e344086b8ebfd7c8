"""A sheet of members: every line can be judged by itself, so each piece is thought about and prepared as it arrives."""
from collections.abc import Sequence
from dataclasses import replace

from services.roster.domain import roll, words
from services.roster.domain.belonging import BY_MISTAKE, left
from services.roster.domain.grant import MEMBER
from services.roster.domain.member import Member
from services.roster.domain.policy import RollPolicy
from services.roster.domain.sheet import NEW, Line, Sheet
from services.roster.names import pinyin
from services.roster.usecases.appointing import bound_words
from services.roster.usecases.own_grants import own_grants
from services.roster.usecases.sheets.staged import Staged, former
from services.roster.usecases.telling import announce_grant, announce_member
from wire.contracts.ports import Unit
from wire.contracts.roster import LEAVINGS, MEMBER_KINDS, ORGANISATION_KINDS, POST_KINDS, MemberRow

DECIDED = "导入之后这名党员又有改动，请先核对。"
HOLDS = "导入之后给这名党员授过权，请先结束授权。"


def stage(unit: Unit, sheet: Sheet, piece: int, rows: tuple[MemberRow, ...]) -> Staged:
    """What the lines would do, prepared; lines with faults apart."""
    codes = roll.codes(rows)
    standing = unit.books.members.by_codes(codes)
    organisations = unit.books.organisations.by_codes_or_ids(roll.places(rows), {m.organisation_id for m in standing.values()})
    root = unit.books.organisations.root()
    plan = roll.plan(
        rows, organisations, standing, bound=bound_words(unit, standing.values()), kinds=MEMBER_KINDS,
        kind_words=words.MEMBER_KINDS, post_kinds=POST_KINDS,
        post_kind_words=words.POST_KINDS, place_kinds=ORGANISATION_KINDS, leavings=LEAVINGS,
        holds_members=unit.policy(RollPolicy, root.id if root else "").holds_members, pinyin=pinyin, new_id=lambda: unit.new_id("mem"),
        today=unit.today, seen=unit.books.sheets.codes_before(sheet.id, piece, codes | {m.code for m in standing.values()}))
    _prepare(unit, sheet.id, piece, plan.new, plan.changed)
    return [o.id for o in plan.targets], plan.lines, plan.faults


def write(unit: Unit, sheet: Sheet, batch: str) -> bool:
    """Pour, then hold the roster and see whether every member stands as prepared, in an organisation that stands."""
    books = unit.books
    books.members.release(batch)
    books.grants.release(batch)
    books.organisations.root(hold=True)
    return not books.sheets.missed(sheet.id, books.members) and not books.sheets.placeless(sheet.id)


def obstacles(unit: Unit, sheet: Sheet) -> list[tuple[int, str, str]]:
    """Members changed since, and those given a grant of another role."""
    books = unit.books
    return sorted({(row, code, DECIDED) for row, code in books.sheets.moved_on(sheet.id, books.members)} | {
        (row, code, HOLDS) for row, code in books.sheets.holders(sheet.id, MEMBER)})


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


def _prepare(unit: Unit, batch: str, piece: int, new: list[Member], changed: list[tuple[Member, Member]]) -> None:
    given, ended = own_grants(unit, new, changed)
    members = new + [after for _, after in changed]
    unit.books.members.prepare(batch, piece, members)
    unit.books.grants.prepare(batch, piece, ended + given)
    with unit.prepare(batch, piece):
        for member in new:
            announce_member(unit, member)
        for before, after in changed:
            announce_member(unit, after, before)
        for grant in ended + given:
            announce_grant(unit, grant)
