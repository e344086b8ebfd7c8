"""The auditor asks a service about its operation log: who, when, what, where, with what result; and whether it is whole."""
import pytest
from sqlalchemy import text

from services.roster.service import RosterService
from tests.fakes_roster import organisation_rows
from wire.bus import audit
from wire.bus.testing import house
from wire.bus.unit import transaction
from wire.contracts.actor import Actor, HeldGrant
from wire.contracts.audit import audit_of, check_audit_of
from wire.contracts.calls import Refusal
from wire.contracts.roster import EndGrant, FoundCounty, GiveGrant, ListGrants, MergeMembers, RegisterMember, SyncOrganisations

READ, CHECK = audit_of("roster").request, check_audit_of("roster").request


def holding(role, organisation_id, person_id="prs_1", name="某人", grant_id="grt_1"):
    return Actor(kind="person", person_id=person_id, name=name, address="192.0.2.7",
                 grants=(HeldGrant(grant_id=grant_id, role=role, organisation_id=organisation_id),))


@pytest.fixture
def county(tmp_path):
    """A county with two villages in one town: what was done, and one thing that was refused."""
    with house(tmp_path, RosterService) as running:
        founded = running.call(Actor(kind="invitation", person_id="inv_1", name="高宁"), FoundCounty(code="C", name="云岭县委", person_name="高宁"))
        office = holding("office", founded.organisation_id, founded.person_id, "高宁", founded.grant_id)
        rows = (("T", "石桥镇党委", "党委", "C"), ("V", "柳溪村党支部", "党支部", "T"), ("W", "松坡村党支部", "党支部", "T"))
        running.call(office, SyncOrganisations(rows=organisation_rows(*rows)))
        with running.reading("roster") as unit:
            places = {one.code: one.id for one in (unit.books.organisations.get(i) for (i,) in unit.sql.execute(
                text("SELECT id FROM directory_organisation")))}
        for code in "VW":
            running.call(office, GiveGrant(organisation_id=places[code], role="clerk", person_name=f"材料员{'一二'['VW'.index(code)]}"))
        with pytest.raises(Refusal):
            running.call(holding("secretary", places["V"], "prs_li", "李书记", "grt_2"), GiveGrant(
                organisation_id=places["V"], role="clerk", person_name="别人"))
        yield running, places


def told(running, who, **asked):
    return running.call(who, READ(**asked))


def test_every_decision_and_every_refusal_is_told_with_who_where_and_from_where(county):
    """[X21]"""
    running, places = county
    page = told(running, holding("auditor", places["C"]), organisation_id=places["C"])
    said = [(one.operation, one.person_name, one.result) for one in page.lines]
    assert said == [("roster.give_grant", "李书记", "forbidden"), ("roster.give_grant", "高宁", "done"), ("roster.give_grant", "高宁", "done"),
                    ("roster.sync_organisations", "高宁", "done"), ("roster.found_county", "高宁", "done")]
    given = page.lines[1]
    assert (given.address, given.organisation_id) == ("192.0.2.7", places["W"]) and given.subject.startswith("prs_")


def test_a_line_is_found_by_whom_it_concerned_and_a_refused_one_says_where_and_about_whom(county):
    """Not by the number of the grant or position that came of it; badly filled or without the right. [X21]"""
    running, places = county
    who = holding("auditor", places["C"])
    [given, *_] = told(running, who, organisation_id=places["C"], what="give_grant", result="done").lines
    with running.reading("roster") as unit:
        office = unit.sql.execute(text("SELECT id, person_id FROM directory_grant WHERE role = 'office'")).one()
        clerk = unit.sql.execute(text("SELECT id FROM directory_grant WHERE person_id = :who"), {"who": given.subject}).scalar_one()
    office = holding("office", places["C"], office.person_id, "高宁", office.id)
    running.call(office, EndGrant(grant_id=clerk))
    assert [one.operation for one in told(running, who, organisation_id=places["C"], subjects=(given.subject,)).lines] == [
        "roster.end_grant", "roster.give_grant"]
    stranger = holding("secretary", places["V"], "prs_li", "李书记", "grt_2")
    for asked in (GiveGrant(organisation_id=places["W"], role="clerk", member_id="mem_9"), EndGrant(grant_id=clerk),
                  GiveGrant(organisation_id=places["W"], role="clerk", person_id="not an id")):
        with pytest.raises(Refusal):
            running.call(stranger, asked)
    with pytest.raises(Refusal):
        running.call(office, GiveGrant(organisation_id=places["W"], role="clerk", member_id="mem_8", person_name="名" * 41))
    lines = told(running, who, organisation_id=places["C"], result="refused", limit=4).lines
    assert [(one.organisation_id, one.subject, one.result) for one in lines] == [
        (places["W"], "mem_8", "invalid"), (places["W"], "", "forbidden"), ("", clerk, "forbidden"), (places["W"], "mem_9", "forbidden")]


def test_a_merge_is_found_by_either_of_the_two_entries_each_at_its_own_home(county):
    """The one that goes by its number, as a search by its name or code asks for it, too. [X21]"""
    running, places = county
    with running.reading("roster") as unit:
        given = unit.sql.execute(text("SELECT id, person_id FROM directory_grant WHERE role = 'office'")).one()
    office = holding("office", places["C"], given.person_id, "高宁", given.id)
    kept, gone = (running.call(office, RegisterMember(organisation_id=places[at], code=f"M-{at}", name="罗溪")).member_id for at in "VW")
    running.call(office, MergeMembers(kept_id=kept, merged_id=gone))
    for who, home in ((kept, "V"), (gone, "W")):
        for asked_at in ("C", home):
            lines = told(running, holding("auditor", places[asked_at]), organisation_id=places[asked_at], subjects=(who,), what="merge_members").lines
            assert [(one.subject, one.organisation_id, one.result) for one in lines] == [(who, places[home], "done")]
    assert not running.call(holding("auditor", places["C"]), CHECK(organisation_id=places["C"])).broken


@pytest.mark.parametrize("asked, found", [
    ({"person": "李"}, 1), ({"person": "prs_li"}, 1), ({"person": "%"}, 0), ({"what": "give"}, 3), ({"what": "give_grant sync"}, 4),
    ({"result": "refused"}, 1), ({"result": "done"}, 4), ({"subject": "prs_"}, 2), ({"since": "2020-01-01", "until": "2020-12-31"}, 0),
    ({"since": "2020-01-01"}, 5), ({"person": "'; DROP TABLE audit; --"}, 0)])
def test_it_is_searched(county, asked, found):
    from datetime import date
    running, places = county
    asked = {k: date.fromisoformat(v) if k in ("since", "until") else v for k, v in asked.items()}
    assert len(told(running, holding("auditor", places["C"]), organisation_id=places["C"], **asked).lines) == found


def test_pages_follow_one_another_without_a_gap(county):
    running, places = county
    who, seen, before = holding("auditor", places["C"]), [], 0
    while True:
        page = told(running, who, organisation_id=places["C"], limit=2, before=before)
        seen += [one.seq for one in page.lines]
        if not (before := page.next):
            break
    assert seen == sorted(seen, reverse=True) and len(seen) == 5


def test_an_auditor_of_a_part_of_the_tree_sees_that_part_only(county):
    """[X17]"""
    running, places = county
    town = told(running, holding("auditor", places["T"]), organisation_id=places["T"])
    assert {one.organisation_id for one in town.lines} <= {places[c] for c in "TVW"} and len(town.lines) == 3
    village = told(running, holding("auditor", places["T"]), organisation_id=places["V"])
    assert {one.organisation_id for one in village.lines} == {places["V"]}
    with pytest.raises(Refusal):
        told(running, holding("auditor", places["T"]), organisation_id=places["C"])


@pytest.mark.parametrize("role", ["office", "operator", "secretary", "superior", "clerk"])
def test_nobody_but_an_auditor_reads_it(county, role):
    """[X19]"""
    running, places = county
    for request in (READ(organisation_id=places["C"]), CHECK(organisation_id=places["C"])):
        with pytest.raises(Refusal) as refused:
            running.call(holding(role, places["C"]), request)
        assert refused.value.code == "forbidden"


def test_an_auditor_changes_nothing(county):
    """[X19]"""
    running, places = county
    for request in (GiveGrant(organisation_id=places["V"], role="clerk", person_name="别人"),
                    SyncOrganisations(rows=organisation_rows(("X", "新支部", "党支部", "T")))):
        with pytest.raises(Refusal) as refused:
            running.call(holding("auditor", places["C"]), request)
        assert refused.value.code == "forbidden"
    assert running.call(holding("auditor", places["C"]), ListGrants(organisation_id=places["C"])).total >= 2


def test_whether_the_chain_is_whole_is_told(county):
    """[X22]"""
    running, places = county
    database, who = running.bus("roster").database, holding("auditor", places["C"])
    with transaction(database) as sql:
        audit.link(sql)
    whole = running.call(who, CHECK(organisation_id=places["C"]))
    assert whole.chained >= 5 and whole.broken == 0
    with transaction(database) as sql:
        sql.execute(text("DROP TRIGGER audit_append_only"))
        sql.execute(text("UPDATE audit SET result = 'done' WHERE place = 5"))
        sql.execute(text("UPDATE audit SET person_name = '别人' WHERE place = 2"))
    assert running.call(who, CHECK(organisation_id=places["C"])).broken == 2


def test_what_tidies_up_the_journal_and_the_keys_leaves_the_operation_log_alone(county):
    """[X23]"""
    from datetime import timedelta

    from wire.bus import idempotency, journal
    running, _ = county
    bus = running.bus("roster")
    with transaction(bus.database) as sql:
        before = audit.chained(sql) + audit.unlinked(sql)
        later = bus.room.clock.now() + timedelta(days=400)
        journal.compact(sql, later)
        idempotency.forget(sql, later, 7)
    with transaction(bus.database) as sql:
        assert audit.chained(sql) + audit.unlinked(sql) == before
