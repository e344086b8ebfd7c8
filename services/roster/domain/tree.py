"""A spreadsheet of organisations against the tree that stands: what it would change, or every fault in it.

Rules kept here: one root; which kind stands under which; nobody is above themselves; a code once in the file and for one
organisation for ever; a parent that exists, in the roster or anywhere in the same file.  Pure: it reads nothing and writes nothing.
"""
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from services.roster.domain import reading
from services.roster.domain.organisation import BACK, DEEPEST, ORDINARY, ROOT_KIND, STANDS_UNDER, Organisation
from services.roster.domain.reading import Choice, Fault, Odd, Reader
from services.roster.domain.sheet import CHANGED, MOVED, NEW, SAME, WAITS, WRONG, Line

CODE, NAME, KIND, SECTOR, SYSTEM, PARENT = "编号", "名称", "类别", "领域", "条线", "上级编号"
FOUNDED, RE_ELECTED = "成立日期", "最近换届日期"
#: written to take an organisation out of its system
NONE = "无"


@dataclass(slots=True)
class Plan:
    """``moved``: organisations not in the file whose path changes because something above them moved.

    ``lines`` says of each line what it would do, where there is no fault.
    ``targets``: the standing organisations whose keeper must allow this, also when there are faults.
    """

    total: int = 0
    lines: list[Line] = field(default_factory=list)
    new: list[Organisation] = field(default_factory=list)
    changed: list[Organisation] = field(default_factory=list)
    moved: list[Organisation] = field(default_factory=list)
    same: int = 0
    faults: list[Fault] = field(default_factory=list)
    targets: list[Organisation] = field(default_factory=list)


@dataclass(slots=True)
class _Said:
    """One line as read: what could be read of it."""

    row: int
    code: str
    parent_code: str
    cells: dict[str, str]
    values: dict[str, Any]


def plan(rows: Iterable[Any], standing: Iterable[Organisation], *, kinds: Mapping[str, str], kind_words: Mapping[str, str],
         sectors: Mapping[str, str], sector_words: Mapping[str, str], systems: Mapping[str, str], new_id: Callable[[], str],
         today: date) -> Plan:
    """What the file would do.  Where it has a fault it would do nothing, and every fault is listed by row and column.

    A kind is written with its form: ``branch.joint`` is a joint branch 联合党支部.  ``systems``: id to name; an empty cell
    leaves the system as it is, 无 takes it away.
    """
    made = Plan()
    by_code = {o.code: o for o in standing}
    said = _read(rows, Choice(KIND, kinds, kind_words), Choice(SECTOR, sectors, sector_words),
                 Choice(SYSTEM, {"": NONE} | dict(systems), {}), today, made)
    made.targets = _targets(said.values(), by_code)
    _check_places(said, by_code, kinds, made.faults)
    _check_cycles(said, by_code, made.faults)
    if not made.faults:
        _settle(said, by_code, new_id, made)
    made.faults.sort(key=lambda f: f.row)
    return made


def plan_right(rows: Iterable[Any], standing: Iterable[Organisation], **more: Any) -> tuple[Plan, list[Fault]]:
    """What the right lines would do by themselves, and the faults of the others.  A line that stands under a wrong one waits."""
    rows, standing = list(rows), list(standing)
    made = plan(rows, standing, **more)
    faults, targets = made.faults, made.targets
    wrong = {fault.row for fault in faults}
    left = [line for line in rows if line.row not in wrong]
    while made.faults:
        made = plan(left, standing, **more)
        waiting = {fault.row for fault in made.faults}
        left = [line for line in left if line.row not in waiting]
    told = {line.row for line in made.lines}
    made.lines += [Line(row=line.row, code=line.code, verdict=WRONG if line.row in wrong else WAITS) for line in rows if line.row not in told]
    made.total, made.targets = len(rows), targets
    return made, faults


def _read(rows: Iterable[Any], kinds: Choice, sectors: Choice, systems: Choice, today: date, made: Plan) -> dict[str, _Said]:
    """The lines by code; what cannot be read becomes faults."""
    found: dict[str, _Said] = {}
    readers: tuple[Reader, ...] = (
        ("name", NAME, lambda c: reading.title(c, label=NAME, least=2, limit=100)),
        ("kind", KIND, kinds.read),
        ("sector", SECTOR, sectors.read),
        ("system", SYSTEM, lambda c: systems.read(c) if reading.plain(c) else None),
        ("founded_on", FOUNDED, lambda c: reading.day(c, today)),
        ("re_elected_on", RE_ELECTED, lambda c: reading.day(c, today)))
    for line in rows:
        made.total += 1
        values = _values(line, readers, made.faults)
        try:
            code = reading.code(reading.no_formula(line.code))
        except Odd as odd:
            made.faults.append(Fault(line.row, CODE, line.code, odd.sentence))
            continue
        if code in found:
            made.faults.append(Fault(line.row, CODE, line.code, reading.CODE_TWICE.format(found[code].row)))
            continue
        parent = ""
        try:
            if reading.plain(reading.no_formula(line.parent_code)):
                parent = reading.code(line.parent_code, limit=200)
        except Odd as odd:
            made.faults.append(Fault(line.row, PARENT, line.parent_code, odd.sentence))
        found[code] = _Said(line.row, code, parent,
                            {CODE: line.code, NAME: line.name, KIND: line.kind, PARENT: line.parent_code}, values)
    return found


def _values(line: Any, readers: tuple[Reader, ...], faults: list[Fault]) -> dict[str, Any]:
    """The fields of an organisation as one line says them."""
    values = reading.cells(line, readers, faults)
    if "kind" in values:
        values["kind"], _, form = values["kind"].partition(".")
        values["form"] = form or ORDINARY
    if (system := values.pop("system", None)) is not None:
        values["system_id"] = system
    founded, re_elected = values.get("founded_on"), values.get("re_elected_on")
    if founded and re_elected and re_elected < founded:
        faults.append(Fault(line.row, RE_ELECTED, line.re_elected_on, "换届日期早于成立日期，请核对这两个日期。"))
    return values


def _targets(said: Iterable[_Said], by_code: Mapping[str, Organisation]) -> list[Organisation]:
    """The highest of the standing organisations that are named, or under which something is put."""
    named: dict[str, Organisation] = {}
    for line in said:
        known, parent = by_code.get(line.code), by_code.get(line.parent_code)
        if known is not None:
            named[known.path] = known
        if parent is not None and (known is None or known.parent_id != parent.id):
            named[parent.path] = parent
    return highest(named.values())


def highest(organisations: Iterable[Organisation]) -> list[Organisation]:
    """Those that stand below no other of them: who may act within these may act within all."""
    kept: list[Organisation] = []
    for one in sorted(organisations, key=lambda o: o.path):
        if not kept or not one.path.startswith(kept[-1].path):
            kept.append(one)
    return kept


def _check_places(said: Mapping[str, _Said], by_code: Mapping[str, Organisation], labels: Mapping[str, str],
                  faults: list[Fault]) -> None:
    """Each line's parent exists and may have such a child; each standing child may stay under a changed kind."""
    by_id = {o.id: o for o in by_code.values()}

    def fault(line: _Said, column: str, sentence: str) -> None:
        faults.append(Fault(line.row, column, line.cells[column], sentence))

    def kind_of(code: str) -> str | None:
        return said[code].values.get("kind") if code in said else by_code[code].kind

    for line in said.values():
        known, kind, above = by_code.get(line.code), line.values.get("kind"), by_code.get(line.parent_code)
        if known is not None and not known.may_come_back:
            fault(line, CODE, f"编号属于已撤销或已并入他处的“{known.name}”，不能再用，请换一个编号。")
        elif known is not None and _another(known, line, above):
            fault(line, CODE, f"编号已属于{labels[known.kind]}“{known.name}”，与这里写的名称、类别、上级都不同；请换一个编号，确是同一个时分两次改。")
        elif known is not None and known.parent_id is None:
            if line.parent_code:
                fault(line, PARENT, "这是全县最上级的党组织，上级编号请留空。")
            if kind not in (None, ROOT_KIND):
                fault(line, KIND, f"这是全县最上级的党组织，类别应为{labels[ROOT_KIND]}。")
        elif kind == ROOT_KIND:
            fault(line, KIND, f"全县只有一个{labels[ROOT_KIND]}，请改为其他类别。")
        elif not line.parent_code:
            if not line.cells[PARENT].strip():
                fault(line, PARENT, "上级编号不能为空，请填写上级党组织的编号。")
        elif line.parent_code == line.code:
            fault(line, PARENT, "上级不能是自己，请填写上级党组织的编号。")
        elif line.parent_code not in said and line.parent_code not in by_code:
            fault(line, PARENT, f"没有编号为“{line.parent_code}”的党组织，请核对，或把它也一起写上。")
        elif above is not None and not above.active and line.parent_code not in said:
            fault(line, PARENT, f"“{above.name}”已撤销或已并入他处，请改填现在的上级党组织的编号。")
        elif kind and (over := kind_of(line.parent_code)) and over not in STANDS_UNDER[kind]:
            fault(line, PARENT, f"{labels[kind]}不能直接设在{labels[over]}之下，它的上级应是："
                  + "、".join(labels[k] for k in STANDS_UNDER[kind]) + "。")
    for child in by_code.values():
        parent = by_id.get(child.parent_id or "")
        if parent is not None and parent.code in said and child.code not in said and child.active:
            kind = said[parent.code].values.get("kind")
            if kind and kind != parent.kind and kind not in STANDS_UNDER[child.kind]:
                fault(said[parent.code], KIND, f"它下面有{labels[child.kind]}“{child.name}”，不能改为{labels[kind]}；请先调整下级的上级编号。")
    _check_names(said, by_code, by_id, fault)


def _another(known: Organisation, line: _Said, above: Organisation | None) -> bool:
    """A line whose name, kind and place are all other than this one's is about another organisation: its code was reused."""
    values = line.values
    return (known.parent_id is not None and values.get("kind", known.kind) != known.kind and values.get("name", known.name) != known.name
            and (above is None or above.id != known.parent_id))


def _check_names(said: Mapping[str, _Said], by_code: Mapping[str, Organisation], by_id: Mapping[str, Organisation],
                 fault: Callable[[_Said, str, str], None]) -> None:
    """Two organisations of one name under one parent are one that was entered twice."""
    taken: dict[tuple[str, str], str] = {}
    for known in by_code.values():
        if known.code not in said and known.parent_id is not None and known.active:
            taken[by_id[known.parent_id].code, known.name] = known.code
    for line in said.values():
        key = line.parent_code, line.values.get("name", "")
        if not all(key):
            continue
        if key in taken:
            fault(line, NAME, f"同一上级下已有同名的党组织（编号 {taken[key]}），如是同一个请改用该编号，否则请改名区分。")
        else:
            taken[key] = line.code


def _parents(said: Mapping[str, _Said], by_code: Mapping[str, Organisation]) -> dict[str, str]:
    """code -> code of the parent, as it would be; "" for the root."""
    by_id = {o.id: o.code for o in by_code.values()}
    return {c: by_id.get(o.parent_id or "", "") for c, o in by_code.items()} | {c: line.parent_code for c, line in said.items()}


def _check_cycles(said: Mapping[str, _Said], by_code: Mapping[str, Organisation], faults: list[Fault]) -> None:
    parents = _parents(said, by_code)
    # a parent that cannot be is told once
    told = {fault.row for fault in faults if fault.column == PARENT}
    depth: dict[str, int] = {"": 0}
    for start in said:
        way: list[str] = []
        here = start
        while here not in depth and here not in way:
            way.append(here)
            # a parent that is nowhere was told already
            here = parents.get(here, "")
        if here not in depth:
            circle = way[way.index(here):]
            for code in circle:
                if code in said and said[code].row not in told:
                    line = said[code]
                    others = "、".join(c for c in circle if c != code)
                    faults.append(Fault(line.row, PARENT, line.cells[PARENT], f"与编号 {others} 互为上级，绕成了圈，请改正上级编号。"))
            depth |= dict.fromkeys(way, 0)
            continue
        for code in reversed(way):
            depth[code] = depth[parents.get(code, "")] + 1
            if depth[code] > DEEPEST and code in said:
                line = said[code]
                faults.append(Fault(line.row, PARENT, line.cells[PARENT], f"层级超过 {DEEPEST} 级，请核对上级编号。"))


def _settle(said: Mapping[str, _Said], by_code: Mapping[str, Organisation], new_id: Callable[[], str], made: Plan) -> None:
    """Walk the tree as it would be from the root down, giving every organisation its path."""
    children: dict[str, list[str]] = {}
    for code, parent in _parents(said, by_code).items():
        children.setdefault(parent, []).append(code)
    waiting: list[tuple[str, Organisation | None]] = [(code, None) for code in children.get("", [])]
    while waiting:
        code, above = waiting.pop()
        known, line = by_code.get(code), said.get(code)
        id_ = known.id if known else new_id()
        place: dict[str, Any] = {"parent_id": above.id if above else None, "path": f"{above.path if above else '/'}{id_}/"}
        if known is None:
            here = Organisation(id=id_, code=code, **place, **said[code].values)
            made.new.append(here)
        else:
            here = known.told_again(**place, **(line.values | BACK if line else {}))
            if line is None:
                made.moved += [here] if here is not known else []
            elif here is known:
                made.same += 1
            else:
                made.changed.append(here)
        verdict = NEW if known is None else SAME if here is known else CHANGED if line else MOVED
        if line or verdict == MOVED:
            # what is not in the file has no row: numbered downwards from below zero
            made.lines.append(Line(row=line.row if line else -len(made.moved), code=code, verdict=verdict, subject=here.id,
                                   version=here.version))
        waiting += [(c, here) for c in sorted(children.get(code, ()), reverse=True)]
