"""A spreadsheet of members against the roll that stands: what it would change, or every fault in it.  Pure.

A line never gives authority, whatever post it names (X45).
"""
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from services.roster.domain import joining, reading
from services.roster.domain.belonging import BACK, BY_MISTAKE, around, ends_on_moving, room_for_members
from services.roster.domain.member import LEADER, WITHOUT, Member
from services.roster.domain.organisation import Organisation
from services.roster.domain.policy import RollPolicy
from services.roster.domain.reading import Choice, Fault, Odd, Reader
from services.roster.domain.refusals import NoRoomForMembers
from services.roster.domain.sheet import CHANGED, NEW, SAME, WRONG, Line
from services.roster.domain.tree import highest

CODE, NAME, KIND, PLACE, POST, POST_KIND, JOINED = "编号", "姓名", "身份", "所在党组织编号", "职务", "岗位类别", "入党日期"

HOLDS = "{}在原党组织任{}，导入和同步都不能免职；请先在“职务”页免去，再转接组织关系。"


@dataclass(slots=True)
class Plan:
    """``changed`` pairs each member as they stand with how they would stand; ``targets`` as in ``tree.Plan``.

    ``lines`` says of each line what it would do; the right ones are planned also where others have faults.
    """

    total: int = 0
    lines: list[Line] = field(default_factory=list)
    new: list[Member] = field(default_factory=list)
    changed: list[tuple[Member, Member]] = field(default_factory=list)
    same: int = 0
    faults: list[Fault] = field(default_factory=list)
    targets: list[Organisation] = field(default_factory=list)


def codes(rows: Iterable[Any]) -> set[str]:
    """The codes that can be read in the file: whom to look up."""
    found = set()
    for line in rows:
        try:
            found.add(reading.code(line.code))
        except Odd:
            continue
    return found


def places(rows: Iterable[Any]) -> set[str]:
    """The codes of organisations that can be read in the file."""
    found = set()
    for cell in {line.organisation_code for line in rows}:
        try:
            found.add(reading.code(cell, limit=200))
        except Odd:
            continue
    return found


def plan(rows: Iterable[Any], organisations: Iterable[Organisation], standing: Mapping[str, Member], *, kinds: Mapping[str, str],
         kind_words: Mapping[str, str], post_kinds: Mapping[str, str], post_kind_words: Mapping[str, str],
         place_kinds: Mapping[str, str], leavings: Mapping[str, str], rules: Callable[[Organisation | None], RollPolicy],
         pinyin: Callable[[str], tuple[str, str]], new_id: Callable[[], str], today: date,
         bound: Mapping[str, Mapping[str, str]] | None = None, seen: Mapping[str, int] | None = None) -> Plan:
    """What the lines would do.  ``standing`` is by code, that of a merged entry leading to the kept one; ``rules``: those of
    an organisation for its roll, or the county's; ``pinyin`` gives sort key and initials; ``bound``: which positions
    of a committee a member holds, in words by organisation; ``seen``: codes of the file's earlier lines, with their rows."""
    made = Plan()
    organisations = list(organisations)
    by_code, by_id = {o.code: o for o in organisations}, {o.id: o for o in organisations}
    kind, post_kind = Choice(KIND, kinds, kind_words), Choice(POST_KIND, post_kinds, post_kind_words, default="staff")
    targets: dict[str, Organisation] = {}

    def place(cell: str) -> Organisation:
        code = reading.code(cell, label=PLACE, limit=200)
        if code not in by_code:
            raise Odd(f"没有编号为“{code}”的党组织，请核对，或先把它登记进来。")
        try:
            room_for_members(by_code[code], rules(by_code[code]).holds_members, place_kinds)
        except NoRoomForMembers as refusal:
            raise Odd(refusal.sentence) from None
        return by_code[code]

    readers: tuple[Reader, ...] = (
        ("code", CODE, reading.code),
        ("name", NAME, reading.name),
        ("kind", KIND, kind.read),
        ("organisation_code", PLACE, place),
        ("post", POST, lambda c: reading.title(c, label=POST, least=0, limit=60)),
        ("post_kind", POST_KIND, post_kind.read),
        ("joined_on", JOINED, lambda c: reading.day(c, today)))
    rows_of = dict(seen or {})
    for line in rows:
        made.total += 1
        before = len(made.faults)
        values = reading.cells(line, readers, made.faults)
        code = values.pop("code", "")
        known = standing.get(code) if code else None
        # whom the line is about: two codes of one person, one of them merged, are one
        whose = known.code if known is not None else code
        if known is not None and "post_kind" in values and not reading.plain(line.post_kind):
            values["post_kind"] = known.post_kind
        if whose in rows_of:
            twice = reading.CODE_TWICE if whose == code else reading.SAME_PERSON
            made.faults.append(Fault(line.row, CODE, line.code, twice.format(rows_of[whose])))
        elif whose:
            rows_of[whose] = line.row
        if known is not None:
            if odd := not_them(known, values, leavings):
                made.faults.append(Fault(line.row, CODE, line.code, odd))
            targets[by_id[known.organisation_id].path] = by_id[known.organisation_id]
        home = values.pop("organisation_code", None)
        if home is not None:
            targets[home.path] = home
        if home is not None and known is not None and home.id != known.organisation_id and known.id in (bound or {}):
            left = around(by_id[known.organisation_id]) - around(home)
            if held := [word for place_id, word in (bound or {})[known.id].items() if place_id in left]:
                made.faults.append(Fault(line.row, PLACE, line.organisation_code, HOLDS.format(known.name, held[0])))
        # what stands so already is no new mistake of this line, and is told as worth a look
        said = values.get("kind", "member"), values.get("joined_on")
        at = home if home is not None or known is None else by_id[known.organisation_id]
        if (known is None or (known.kind, known.joined_on) != said) and (odd := joining.cannot_be(*said, today, rules(at), kinds)):
            made.faults.append(Fault(line.row, JOINED, line.joined_on, odd))
        if len(made.faults) > before or home is None:
            made.lines.append(Line(row=line.row, code=whose, verdict=WRONG))
            continue
        sort_key, initials = pinyin(values["name"])
        values |= {"organisation_id": home.id, "sort_key": sort_key, "initials": initials}
        verdict, member = _tell(made, known, code, values, new_id)
        made.lines.append(Line(row=line.row, code=whose, verdict=verdict, subject=member.id, version=member.version, place_id=home.id))
    made.targets = highest(targets.values())
    return made


def not_them(known: Member, values: Mapping[str, Any], leavings: Mapping[str, str]) -> str:
    """Why a line with this member's code is not about them, or empty: they left the roll, other than because they were entered
    by mistake; or name and joining date are both another person's.  One of the two alone is a correction."""
    if known.state == "left" and known.left_because != BY_MISTAKE:
        return (f"这个编号是{known.name}的，已于 {known.left_on} 离开名册（{leavings.get(known.left_because, '')}）。如是同一个人回来了，"
                "请在党员页面办理“恢复在册”；如是另一个人，请换一个编号。")
    name, joined_on = values.get("name"), values.get("joined_on")
    if name and joined_on and known.joined_on and name != known.name and joined_on != known.joined_on:
        return (f"这个编号已是{known.name}（{known.joined_on} 入党）的，本行的姓名和入党日期都不同。如是另一个人，请换一个编号；"
                "如是同一个人，请先只改正其中一项，导入后再改另一项。")
    return ""


def _tell(made: Plan, known: Member | None, code: str, values: dict[str, Any], new_id: Callable[[], str]) -> tuple[str, Member]:
    if known is None:
        made.new.append(Member(id=new_id(), code=code, **values))
        return NEW, made.new[-1]
    if known.organisation_id != values["organisation_id"]:
        values |= ends_on_moving(known, values["organisation_id"])
    values |= {} if values["post_kind"] == LEADER else {"rank": ""}
    values |= {} if values["post_kind"] == WITHOUT else {"duty": ""}
    told = known.told_again(**values, **BACK)
    if told is known:
        made.same += 1
        return SAME, known
    made.changed.append((known, told))
    return CHANGED, told
