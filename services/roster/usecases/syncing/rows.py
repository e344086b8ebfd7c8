"""A row of a sync on its way: what it says over what stands, whom it touches, and the verdict on it."""
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from services.roster.domain import reading, tree
from services.roster.domain.organisation import Organisation
from services.roster.domain.reading import Fault
from services.roster.domain.sheet import CHANGED, NEW, SAME, WAITS, Line
from wire.contracts.calls import Forbidden
from wire.contracts.ports import Unit
from wire.contracts.roster import SyncReply, SyncVerdict

TWICE = "编号在这一批里出现了两次，请只留一个。"
NOT_YOURS = "不在您管理的范围内，没有写入；请用上级的账号同步。"
WAITING = "它的上级这次没有写入，所以它也没有写入；上级改好后再提交。"


@dataclass(slots=True)
class Row:
    """A row on its way: the spreadsheet's line it makes, or why it makes none."""

    said: Any
    line: Any = None
    known: Any = None
    kept: tuple[str, ...] = ()
    reason: str = ""
    sentences: list[str] = field(default_factory=list)

    def refuse(self, reason: str, sentence: str) -> "Row":
        self.line, self.kept, self.reason, self.sentences = None, (), reason, [*self.sentences, sentence]
        return self


@dataclass(frozen=True, slots=True)
class Sort:
    """What is synced: the sentences of its refusals, the names of its fields, the spreadsheet's line it makes, and, of what stands,
    its cells and the fields a policy lets be overwritten."""

    unmet: Mapping[str, str]
    gone: str
    fields: Mapping[str, str]
    line: type
    stands: Callable[[Any], dict[str, str]]
    may: Callable[[Any], Sequence[str]]


def begun(sort: Sort, number: int, said: Any, wanted: dict[str, str], standing: Mapping[str, Any],
          odd: Callable[[Any], str] = lambda known: "") -> Row:
    """The line a row makes: what was said where it may be, else what stands.  ``odd``: why it is not about what stands, or empty."""
    row = Row(said)
    try:
        code = reading.code(said.code)
    except reading.Odd as unreadable:
        return row.refuse("invalid", unreadable.sentence)
    row.known = known = standing.get(code)
    if known is not None and known.state != "active":
        return row.refuse("ended", sort.gone)
    missed = unmet(said, known)
    if missed in ("exists", "absent"):
        return row.refuse(missed, sort.unmet[missed])
    if known is not None:
        if sentence := odd(known):
            return row.refuse("invalid", sentence)
        stands = sort.stands(known)
        wanted = over(row, stands, wanted, sort.may(known), sort.fields)
        if missed and wanted != stands:
            return row.refuse(missed, sort.unmet[missed])
    row.line = sort.line(row=number, code=code, **wanted)
    return row


def unmet(said: Any, known: Any) -> str:
    """Which condition of the row does not hold: it ``exists`` already, is ``absent``, or what was read is ``stale``."""
    if known is None:
        return "absent" if said.version or said.expects == "there" else ""
    if said.expects == "absent":
        return "exists"
    return "stale" if said.version not in (0, known.version) else ""


def over(row: Row, stands: Mapping[str, str], wanted: Mapping[str, str], may: Sequence[str], labels: Mapping[str, str]) -> dict[str, str]:
    """What was said where the policy lets it be overwritten, else what stands; the row names what was kept."""
    row.kept = tuple(labels[name] for name, word in wanted.items() if word and word != stands[name] and name not in may)
    return {name: (word if word and name in may else stands[name]) for name, word in wanted.items()}


def within_reach(unit: Unit, call: type, rows: Iterable[Row], touched_by: Callable[[Row], Iterable[Organisation | None]]) -> None:
    """Refuse the rows that touch what the actor may not change; ask for the rest, and for the first where there is no rest.

    Asked once for all of them, as the roster is held meanwhile; only where something is out of reach, once for each place.
    """
    touching = [(row, {o.id: o for o in touched_by(row) if o}) for row in rows]
    every = {id_: o for _, touched in touching for id_, o in touched.items()}
    if every:
        with suppress(Forbidden):
            unit.permit_all([o.id for o in tree.highest(every.values())])
            return
    beyond = {id_ for id_ in every if not unit.may(call, id_)}
    asked: dict[str, Organisation] = {}
    foreign: list[str] = []
    for row, touched in touching:
        if out := [id_ for id_ in touched if id_ in beyond]:
            foreign += out
            row.sentences = []
            row.refuse("forbidden", NOT_YOURS)
        else:
            asked |= touched
    mine = [o.id for o in tree.highest(asked.values())]
    unit.permit_all(mine or foreign or [next((g.organisation_id for g in unit.actor.grants), "")])


def reply(rows: Sequence[Row], lines: Iterable[Line], faults: Iterable[Fault]) -> SyncReply:
    """A verdict on each row, in their order; ``lines`` and ``faults`` are those of the plan, numbered as the rows are."""
    told = {line.row: line for line in lines}
    for fault in faults:
        row = rows[fault.row - 1]
        row.reason, row.sentences = "invalid", [*row.sentences, f"{fault.column}：{fault.sentence}"]
    verdicts = [_verdict(row, told.get(number)) for number, row in enumerate(rows, 1)]
    counts = {word: sum(one.result == word for one in verdicts) for word in ("new", "changed", "same", "refused")}
    return SyncReply(verdicts=tuple(verdicts), **counts)


def _verdict(row: Row, line: Line | None) -> SyncVerdict:
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
