"""A spreadsheet of positions against those that are held: who would hold what, or every fault in it.  Pure.

A line never confirms: what decides waits for the superior, whatever the sheet says (X45).
"""
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from services.roster.domain import reading
from services.roster.domain.grant import Person
from services.roster.domain.member import Member
from services.roster.domain.organisation import Organisation
from services.roster.domain.position import OPEN, MembersOnly, Position, fit_to_hold, room_for
from services.roster.domain.reading import Choice, Fault, Odd
from services.roster.domain.refusals import NotForOneself, Refusal
from services.roster.domain.sheet import CHANGED, NEW, SAME, WRONG, Line
from services.roster.domain.tree import highest

CODE, NAME, PLACE, KIND, FROM, UNTIL, CONFIRMED = "人员编号", "姓名", "党组织编号", "职务", "起始日期", "截止日期", "确认情况"
#: all that may stand in the last column
WAITING = ("", "待确认", "未确认", "等上级确认")

NOT_BY_SHEET = "表格不能确认权限。请把这一格空着：有决定权的职务导入后，由上级在“等您确认的权限”页面确认。"
WHO = "请填人员编号；不是党员的材料员、联络员可以只填姓名。"
NO_MEMBER = "没有编号为“{}”的党员，请核对，或先导入党员。"
GONE = "{}已不在册，不能任职，请核对名册。"
OTHER_NAME = "这个编号是{}的，与姓名不符，请核对编号和姓名。"
NAMESAKE = "名册里有同名的党员（编号 {}），请填写人员编号；如果是同名的另一个人，请在“职务”页面办理任职。"
ACTING = "{}已经有同名的人（不是党员）。请在“职务”页面办理任职，并选定是不是这个人。"
NO_PLACE = "没有编号为“{}”的党组织，请核对，或先导入党组织。"
ENDED = "{}已经撤销或合并，不能任职，请改填现在的党组织编号。"
SINCE = "{}自 {} 起任这个职务，日期对不上。请改成这个日期；如要改任职日期，请先在“职务”页面免职。"
OVER = "{}的这个职务已于 {} 结束，表格不能恢复。如再次任职，请填新的起始日期。"
BEFORE = "截止日期早于起始日期（{}），请核对。"
TWICE = "与第 {} 行是同一个人的同一个职务，请删去一行。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What the lines are judged against: organisations and members by code, every position there ever was in those
    organisations, codes of the members of each name, and where people of that name act who are no members."""

    places: Mapping[str, Organisation]
    members: Mapping[str, Member]
    positions: tuple[Position, ...]
    namesakes: Mapping[str, str]
    acting: Mapping[str, str]


@dataclass(slots=True)
class Plan:
    """``new`` and ``ended`` as they would stand; ``persons``: who is no member and not known yet."""

    lines: list[Line] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    new: list[Position] = field(default_factory=list)
    ended: list[Position] = field(default_factory=list)
    persons: list[Person] = field(default_factory=list)
    targets: list[Organisation] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Told:
    """A line whose cells can be read."""

    line: Any
    place: Organisation
    kind: str
    person: Person
    member_kind: str
    from_on: date
    until_on: date | None


def plan(rows: Iterable[Any], ground: Ground, *, labels: Mapping[str, str], words: Mapping[str, str], oneself: Iterable[str],
         new_id: Callable[[str], str], today: date) -> Plan:
    """What the lines would do; the right ones are planned also where others have faults.

    Endings come first, so that a successor may stand anywhere in the file.  ``oneself``: the ids of whoever sends it.
    """
    made, reads = Plan(), _Reading(ground, labels, words, new_id, today)
    judge = _Judge(made, ground.positions, labels, set(oneself), new_id)
    told: list[_Told] = []
    first: dict[tuple[str, str, str, date], int] = {}
    for line in rows:
        one, faults = reads.line(line)
        if one is not None:
            key = (one.place.id, one.kind, one.person.id, one.from_on)
            if first.setdefault(key, line.row) != line.row:
                faults.append(Fault(line.row, CODE if line.code else NAME, line.code or line.name, TWICE.format(first[key])))
        if faults or one is None:
            made.faults += faults
            made.lines.append(Line(row=line.row, code=_shown(line), verdict=WRONG))
        else:
            told.append(one)
    for one in sorted(told, key=lambda one: (one.until_on is None, one.line.row)):
        judge.see(one)
    used = {position.person_id for position in made.new}
    made.persons = [person for person in reads.strangers if person.id in used]
    made.targets = highest(reads.seen.values())
    made.faults.sort(key=lambda fault: fault.row)
    return made


def _shown(line: Any) -> str:
    return (line.code or line.name)[:60]


class _Reading:
    """Makes of cells an organisation, a person, a position, days."""

    def __init__(self, ground: Ground, labels: Mapping[str, str], words: Mapping[str, str], new_id: Callable[[str], str], today: date):
        self._ground, self._new_id, self._today = ground, new_id, today
        self._kind = Choice(KIND, labels, words)
        self._labels = labels
        #: new people of this sheet, and where
        self._named: dict[str, str] = {}
        self._known = {(p.organisation_id, p.person_name): Person(id=p.person_id, name=p.person_name)
                       for p in ground.positions if not p.member_id}
        self.strangers: list[Person] = []
        self.seen: dict[str, Organisation] = {}

    def line(self, line: Any) -> tuple[_Told | None, list[Fault]]:
        faults: list[Fault] = []
        found = reading.cells(line, (
            ("organisation_code", PLACE, self._place), ("kind", KIND, self._kind.read), ("from_on", FROM, self._from),
            ("until_on", UNTIL, lambda cell: reading.day(cell, self._today)), ("confirmed", CONFIRMED, _unconfirmed),
            ("code", CODE, lambda cell: reading.code(cell, label=CODE) if reading.plain(cell) else ""),
            ("name", NAME, lambda cell: reading.name(cell) if reading.plain(cell) else "")), faults)
        place, kind = found.get("organisation_code"), found.get("kind", "")
        if place is not None:
            self.seen[place.path] = place
        if found.get("until_on") and found.get("from_on") and found["until_on"] < found["from_on"]:
            faults.append(Fault(line.row, UNTIL, line.until_on, BEFORE.format(found["from_on"])))
        person = member = None
        if "code" in found and "name" in found:
            try:
                person, member = self._who(found["code"], found["name"], kind, place)
            except _At as odd:
                faults.append(Fault(line.row, odd.column, {CODE: line.code, NAME: line.name, KIND: line.kind}[odd.column], odd.sentence))
        if faults or person is None or place is None:
            return None, faults
        return _Told(line, place, kind, person, member.kind if member else "", found["from_on"], found["until_on"]), faults

    def _place(self, cell: str) -> Organisation:
        code = reading.code(cell, label=PLACE, limit=200)
        place = self._ground.places.get(code)
        if place is None:
            raise Odd(NO_PLACE.format(code))
        if place.state != "active":
            raise Odd(ENDED.format(place.name))
        return place

    def _from(self, cell: str) -> date:
        found = reading.day(cell, self._today)
        if found is None:
            raise Odd(f"起始日期不能为空，请填写。{reading.DATE_HINT}")
        return found

    def _who(self, code: str, name: str, kind: str, place: Organisation | None) -> tuple[Person | None, Member | None]:
        if code:
            member = self._ground.members.get(code)
            if member is None:
                raise _At(CODE, NO_MEMBER.format(code))
            if member.state != "active":
                raise _At(CODE, GONE.format(member.name))
            if name and name != member.name:
                raise _At(NAME, OTHER_NAME.format(member.name))
            return Person(id=member.id, name=member.name, member_id=member.id), member
        if not name:
            raise _At(CODE, WHO)
        if not kind or place is None:
            return None, None
        if kind not in OPEN:
            raise _At(KIND, MembersOnly(self._labels[kind]).sentence)
        if (place.id, name) not in self._known:
            if name in self._ground.namesakes:
                raise _At(NAME, NAMESAKE.format(self._ground.namesakes[name]))
            if there := self._ground.acting.get(name) or self._named.get(name):
                raise _At(NAME, ACTING.format(there))
            self._named[name] = place.name
            self.strangers.append(Person(id=self._new_id("prs"), name=name))
            self._known[place.id, name] = self.strangers[-1]
        return self._known[place.id, name], None


class _Judge:
    """Sees one line after another against who holds what, and what earlier lines would change of it."""

    def __init__(self, made: Plan, positions: Iterable[Position], labels: Mapping[str, str], oneself: set[str], new_id: Callable[[str], str]):
        self._made, self._labels, self._oneself, self._new_id = made, labels, oneself, new_id
        self._ever: dict[str, list[Position]] = defaultdict(list)
        for position in positions:
            self._ever[position.organisation_id].append(position)

    def see(self, one: _Told) -> None:
        try:
            verdict, position = self._over(one, one.until_on) if one.until_on else self._held(one)
        except _At as odd:
            value = {FROM: one.line.from_on, UNTIL: one.line.until_on, KIND: one.line.kind, CODE: one.line.code}[odd.column]
            self._made.faults.append(Fault(one.line.row, odd.column, value, odd.sentence))
            self._made.lines.append(Line(row=one.line.row, code=_shown(one.line), verdict=WRONG))
            return
        self._made.lines.append(Line(row=one.line.row, code=_shown(one.line), verdict=verdict, subject=position.id,
                                     version=position.version, place_id=one.place.id))

    def _held(self, one: _Told) -> tuple[str, Position]:
        standing = [p for p in self._ever[one.place.id] if p.state == "held"]
        now, before = self._same(one)
        if now is not None:
            if now.from_on != one.from_on:
                raise _At(FROM, SINCE.format(now.person_name, now.from_on))
            return SAME, now
        if before is not None:
            raise _At(FROM, OVER.format(before.person_name, before.until_on))
        if one.person.id in self._oneself:
            raise _At(CODE, NotForOneself().sentence)
        self._fit(one)
        try:
            room_for(one.kind, standing, self._labels)
        except Refusal as refusal:
            raise _At(KIND, refusal.sentence) from None
        return self._new(one)

    def _over(self, one: _Told, until: date) -> tuple[str, Position]:
        """A line of the past: it ends what is held, or is remembered."""
        now, before = self._same(one)
        if before is not None:
            if before.until_on != until:
                raise _At(UNTIL, OVER.format(before.person_name, before.until_on))
            return SAME, before
        if now is not None and now.from_on == one.from_on:
            after = now.end(until)
            self._ever[one.place.id][self._ever[one.place.id].index(now)] = after
            self._made.ended.append(after)
            return CHANGED, after
        if now is not None and until >= now.from_on:
            raise _At(FROM, SINCE.format(now.person_name, now.from_on))
        self._fit(one)
        return self._new(one)

    def _same(self, one: _Told) -> tuple[Position | None, Position | None]:
        """This person in this position now, and an ended one that began on that day."""
        theirs = [p for p in self._ever[one.place.id] if (p.kind, p.person_id) == (one.kind, one.person.id)]
        return (next((p for p in theirs if p.state == "held"), None),
                next((p for p in theirs if p.state == "ended" and p.from_on == one.from_on), None))

    def _fit(self, one: _Told) -> None:
        try:
            fit_to_hold(one.kind, one.member_kind, self._labels)
        except Refusal as refusal:
            raise _At(KIND, refusal.sentence) from None

    def _new(self, one: _Told) -> tuple[str, Position]:
        position = Position(
            id=self._new_id("pos"), organisation_id=one.place.id, kind=one.kind, person_id=one.person.id, person_name=one.person.name,
            member_id=one.person.member_id, from_on=one.from_on, until_on=one.until_on, state="ended" if one.until_on else "held")
        self._ever[one.place.id].append(position)
        self._made.new.append(position)
        return NEW, position


class _At(Exception):
    """What is wrong, and in which column."""

    def __init__(self, column: str, sentence: str):
        self.column, self.sentence = column, sentence
        super().__init__(sentence)


def _unconfirmed(cell: str) -> str:
    if reading.plain(cell) not in WAITING:
        raise Odd(NOT_BY_SHEET)
    return ""
