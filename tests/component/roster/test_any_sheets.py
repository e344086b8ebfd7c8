"""Any sequence of sheets, written and taken back, among what is done by hand: everybody in one branch, history whole, and events
that rebuild the same elsewhere."""
from collections import defaultdict
from contextlib import suppress
from itertools import count

from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy import create_engine, select

from wire import directory
from wire.bus.tables import history
from wire.contracts.calls import Refusal
from wire.contracts.envelope import parse
from wire.contracts.event import read
from wire.contracts.roster import Appoint, Assign, MoveMember, OpenZone, RecordLeaving, WriteSheet

PLACES = ("V", "W")
KEPT = ("roster.member", "roster.grant", "roster.zone", "roster.assignment", "roster.position")
_numbers = count(1)


def do(county, data, sheets, codes):
    """One thing somebody does about one of these; what is refused changes nothing, and the invariants say so."""
    place = county.organisations()[data.draw(st.sampled_from(PLACES))].organisation_id
    found = {m.member_id: m.organisation_id for m in county.members().values() if m.code in codes}
    who = data.draw(st.sampled_from(sorted(found) or ["mem_none"]))
    home = found.get(who, place)
    what = data.draw(st.sampled_from(("sheet", "sheet", "undo", "move", "zone", "zone", "assign", "appoint", "leave")))
    if what == "sheet":
        sheets.append(f"any_{next(_numbers)}")
        county.stage(sheets[-1], "members", [
            (code, f"演{codes[code]}", "正式党员", data.draw(st.sampled_from(PLACES)), "") for code in codes if data.draw(st.booleans())], piece=2)
        county.call(WriteSheet(sheet_id=sheets[-1], right_only=True))
    elif what == "undo":
        county.undone(data.draw(st.sampled_from(sheets or ["none"])))
    else:
        name = f"第{next(_numbers)}责任区"
        county.call({"move": MoveMember(member_id=who, organisation_id=place), "leave": RecordLeaving(member_id=who, because="by_mistake"),
                     "zone": OpenZone(organisation_id=home, name=name, place="村口", member_ids=(who,)),
                     "assign": Assign(kind="contact_point", organisation_id=place, member_id=who),
                     "appoint": Appoint(kind="committee", organisation_id=home, member_id=who)}[what])


def holds(unit):
    """At any time: nothing is held by whoever left; zones by their own people, positions and assignments by people on the roll."""
    books = unit.books
    everybody = {m.id: m for m in books.members.get_many(unit.sql.scalars(select(directory.members.c.id)))}
    for grant in books.grants.held_by(everybody):
        assert everybody[grant.person_id].state == "active", grant
    root = books.organisations.root()
    for zone in books.zones.below(root.path):
        assert all((everybody[k.member_id].state, everybody[k.member_id].organisation_id) == ("active", zone.organisation_id)
                   for k in zone.members), zone
    for position in books.positions.held_by(everybody):
        assert everybody[position.member_id].state == "active"
    for assignment in books.assignments.standing_of(everybody):
        assert everybody[assignment.person_id].state == "active"


def told(unit):
    """Every event of members and grants there was; each version of everything once, without a hole."""
    versions, events = defaultdict(list), []
    for line in unit.sql.execute(select(history).where(history.c.aggregate.in_(KEPT)).order_by(history.c.seq)).mappings():
        versions[line["aggregate"], line["aggregate_id"]].append(line["version"])
        if line["aggregate"] in ("roster.member", "roster.grant"):
            events.append(read(line["what"], parse(line["state"])))
    assert all(found == list(range(1, len(found) + 1)) for found in versions.values()), versions
    return events


def projection(sql):
    columns = [c for t in (directory.members, directory.grants) for c in t.columns]
    return {t.name: [dict(row) for row in sql.execute(select(*(c for c in columns if c.table is t)).order_by(t.c.id)).mappings()]
            for t in (directory.members, directory.grants)}


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_sheets_written_and_taken_back_among_acts_by_hand_leave_everybody_in_one_branch(county, data):
    """[T17] [X45]"""
    sheets = [f"any_{next(_numbers)}"]
    codes = {f"{sheets[0]}_{n}": name for n, name in enumerate("甲乙丙")}
    county.written(sheets[0], "members", [(code, f"演{name}", "正式党员", "V", "") for code, name in codes.items()])
    for _ in range(data.draw(st.integers(2, 10))):
        with suppress(Refusal):
            do(county, data, sheets, codes)
        with county.house.reading("roster") as unit:
            holds(unit)
    with county.house.reading("roster") as unit:
        events, stands = told(unit), projection(unit.sql)
    engine = create_engine("sqlite://")
    directory.metadata.create_all(engine)
    with engine.begin() as sql:
        directory.write(sql, ((1, event) for event in data.draw(st.permutations(events))))
        assert projection(sql) == stands
