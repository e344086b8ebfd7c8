"""Another system keeps organisations in step: row by row what is right is written, and the rest is told why not.

The rules are those of the spreadsheet; what a sync may overwrite of an organisation that is here is a policy.
"""
from collections.abc import Sequence
from dataclasses import dataclass, field

from services.roster.domain import reading, tree
from services.roster.domain.organisation import Organisation
from services.roster.domain.policy import SyncPolicy
from services.roster.domain.refusals import Incomplete
from services.roster.domain.sheet import CHANGED, NEW, SAME, WAITS, Line
from services.roster.usecases import shaping
from wire.contracts.ports import Unit
from wire.contracts.roster import (
    SYNC_MOST, OrganisationRow, SyncedOrganisation, SyncOrganisations, SyncReply, SyncVerdict,
)

TOO_MANY = f"一次最多 {SYNC_MOST} 个，请分几次提交。"
TWICE = "编号在这一批里出现了两次，请只留一个。"
STALE = "这个党组织在别处改过了，请先读取最新内容再提交。"
GONE = "这里已撤销或已并入他处，不再接受同步；请在对方系统里也作相应处理。"
NOT_YOURS = "不在您管理的范围内，没有写入；请用上级的账号同步。"
WAITING = "它的上级这次没有写入，所以它也没有写入；上级改好后再提交。"
#: fields a policy may let be overwritten, with their Chinese names and the domain's
FIELDS = {"name": tree.NAME, "kind": tree.KIND, "sector": tree.SECTOR, "parent_code": tree.PARENT, "system": tree.SYSTEM,
          "founded_on": tree.FOUNDED, "re_elected_on": tree.RE_ELECTED}


@dataclass(slots=True)
class _Row:
    """A row on its way: the line it makes, or why it makes none."""

    said: SyncedOrganisation
    line: OrganisationRow | None = None
    known: Organisation | None = None
    kept: tuple[str, ...] = ()
    reason: str = ""
    sentences: list[str] = field(default_factory=list)


def sync_organisations(unit: Unit, request: SyncOrganisations) -> SyncReply:
    """Write what is right.  Refuses the whole where nothing of it is within reach, and more rows than may be sent at once."""
    if len(request.rows) > SYNC_MOST:
        raise Incomplete("rows", TOO_MANY)
    unit.books.organisations.root(hold=True)
    standing = unit.books.organisations.tree()
    by_code, by_id = {o.code: o for o in standing}, {o.id: o for o in standing}
    systems = {system.id: system.name for system in unit.books.systems.all()}
    rows, seen = [], set()
    for number, said in enumerate(request.rows, 1):
        row = _begun(unit, number, said, by_code, by_id, systems)
        if row.line is not None and row.line.code in seen:
            row.line, row.reason, row.sentences = None, "invalid", [TWICE]
        seen.add(row.line.code if row.line else "")
        rows.append(row)
    _within_reach(unit, rows, by_code)
    plan, faults = tree.plan_right([row.line for row in rows if row.line], standing, **shaping.rules(unit))
    shaping.written(unit, plan)
    told = {line.row: line for line in plan.lines}
    for fault in faults:
        row = rows[fault.row - 1]
        row.reason, row.sentences = "invalid", [*row.sentences, f"{fault.column}：{fault.sentence}"]
    verdicts = [_verdict(row, told.get(number)) for number, row in enumerate(rows, 1)]
    counts = {word: sum(one.result == word for one in verdicts) for word in ("new", "changed", "same", "refused")}
    return SyncReply(verdicts=tuple(verdicts), **counts)


def _begun(unit: Unit, number: int, said: SyncedOrganisation, by_code: dict[str, Organisation], by_id: dict[str, Organisation],
           systems: dict[str, str]) -> _Row:
    """The line a row makes: what was said where it may be, else what stands."""
    row = _Row(said)
    try:
        code = reading.code(said.code)
    except reading.Odd as odd:
        row.reason, row.sentences = "invalid", [odd.sentence]
        return row
    row.known = known = by_code.get(code)
    if known is not None and not known.active:
        row.reason, row.sentences = "ended", [GONE]
    elif said.version and (known is None or known.version != said.version):
        row.reason, row.sentences = "stale", [STALE]
    else:
        wanted = _wanted(said)
        if known is not None:
            above = by_id.get(known.parent_id or "")
            stands = {
                "name": known.name, "kind": known.kind if known.form == "ordinary" else f"{known.kind}.{known.form}",
                "sector": known.sector, "parent_code": above.code if above else "",
                "system": systems.get(known.system_id, tree.NONE), "founded_on": _day(known.founded_on),
                "re_elected_on": _day(known.re_elected_on)}
            may = unit.policy(SyncPolicy, known.id).organisation_fields
            row.kept = tuple(FIELDS[name] for name, word in wanted.items() if word and word != stands[name] and name not in may)
            wanted = {name: (word if word and name in may else stands[name]) for name, word in wanted.items()}
        row.line = OrganisationRow(row=number, code=code, **wanted)
    return row


def _wanted(said: SyncedOrganisation) -> dict[str, str]:
    kind = f"{said.kind}.{said.form}" if said.kind and said.form not in ("", "ordinary") else said.kind
    return {"name": reading.plain(said.name), "kind": kind, "sector": reading.plain(said.sector),
            "parent_code": reading.plain(said.parent_code), "system": reading.plain(said.system), "founded_on": _day(said.founded_on),
            "re_elected_on": _day(said.re_elected_on)}


def _within_reach(unit: Unit, rows: Sequence[_Row], by_code: dict[str, Organisation]) -> None:
    """Refuse the rows that touch what the actor may not change; ask for the rest, and for the first where there is no rest."""
    asked: dict[str, Organisation] = {}
    foreign: list[str] = []
    for row in rows:
        parent = by_code.get(row.line.parent_code) if row.line else None
        moves = parent is not None and (row.known is None or row.known.parent_id != parent.id)
        touched = {o.id: o for o in (row.known, parent if moves else None) if o}
        out = [o.id for o in touched.values() if not unit.may(SyncOrganisations, o.id)]
        if out:
            foreign += out
            row.line, row.reason, row.sentences, row.kept = None, "forbidden", [NOT_YOURS], ()
        else:
            asked |= touched
    mine = [o.id for o in tree.highest(asked.values())]
    for organisation_id in mine or foreign or [next((g.organisation_id for g in unit.actor.grants), "")]:
        unit.permit(organisation_id)


def _verdict(row: _Row, line: Line | None) -> SyncVerdict:
    result = {NEW: "new", CHANGED: "changed", SAME: "same"}.get(line.verdict if line else "", "refused")
    if result == "refused" and line is not None and line.verdict == WAITS and not row.sentences:
        row.reason, row.sentences = "waits", [WAITING]
    if result == "refused":
        id_, version = (row.known.id, row.known.version) if row.known and row.reason != "forbidden" else ("", 0)
    else:
        assert line is not None
        id_, version = line.subject, line.version
    return SyncVerdict(code=row.line.code if row.line else row.said.code, id=id_, result=result, version=version, kept=row.kept,
                       reason=row.reason, sentences=tuple(row.sentences))


def _day(on: object) -> str:
    return on.isoformat() if on else ""  # type: ignore[attr-defined]
