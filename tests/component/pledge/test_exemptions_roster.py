"""免诺 and the roster: what moves a member away ends it, and nothing older, unknown or read again does (A4, A7)."""
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from services.pledge.service import PledgeService
from services.pledge.storage import Books
from services.pledge.storage.tables import exemptions
from services.roster.service import RosterService
from tests.component.pledge.conftest import BY, ROSTER, member, organisation
from tests.component.pledge.test_doors import refused, topics
from tests.component.pledge.test_exemptions import listed, proposal, today
from tests.component.roster.sending import Roster
from tests.databases import BOTH, migrated
from tests.fakes import person
from tests.fakes_pledge import CLERK, SECRETARY, SUPERIOR
from tests.fakes_roster import member_rows, organisation_rows
from tests.unit.pledge.test_exemption import granted, proposed
from tests.servers.process import wait_until
from wire import directory
from wire.bus.testing import house
from wire.bus.unit import transaction
from wire.contracts.pledge import ApproveExemption, ReadExemption
from wire.contracts.roster import MemberChanged, MemberLeft, MemberMoved, MoveMember, OrganisationChanged, SyncMembers, SyncOrganisations


def exempt(running, member_id="mem_zhang"):
    one = running.call(CLERK, proposal(running, member_id))
    return running.call(SUPERIOR, ApproveExemption(exemption_id=one.exemption_id))


def told(kind, id_, organisation_id, version, **more):
    return kind(**BY | {"member_id": id_, "code": id_, "name": id_, "sort_key": id_, "kind": "member", "organisation_id": organisation_id,
                        "version": version} | more)


def group(parent_id, version, id_="org_group"):
    return OrganisationChanged(**BY | {
        "organisation_id": id_, "code": id_, "name": id_, "kind": "group", "sector": "rural", "parent_id": parent_id,
        "path": f"/org_county/org_town/{parent_id}/{id_}/", "version": version})


def states(running, who=SECRETARY):
    return {one.member_name: one.ended_because or one.state for one in listed(running, who).exemptions}


def sweep(running):
    clock = PledgeService()
    clock.bus = running.bus("pledge")
    clock.sweep()
    running.settle()


def forgotten(running):
    """As a replay leaves the copy of the roster: empty."""
    with running.bus("pledge").writing() as unit:
        for table in directory.STREAMS.values():
            unit.sql.execute(table.delete())
        unit.directory.forget()


def test_a_replay_of_the_roster_ends_no_exemption(tmp_path):
    """The journal is read again from its first edition on, members before or after organisations, page by page: whoever came from
    elsewhere, or belongs to a party group, stays exempt, and nobody is told otherwise. [A4] [T31]"""
    with house(tmp_path, RosterService, PledgeService, hole_grace_seconds=0.2, healing_seconds=0.3) as running:
        roster = Roster(running)
        running.call(roster.office, SyncOrganisations(rows=organisation_rows(
            ("T1", "镇党委", "党委", "C"), ("V1", "一村党支部", "党支部", "T1"), ("V2", "二村党支部", "党支部", "T1"),
            ("G1", "一组党小组", "党小组", "V1"))))
        running.call(roster.office, SyncMembers(rows=member_rows(("M2", "单立人", "G1"), ("M3", "仇大成", "V1"))))
        # more than a page lies between the two editions of who moves
        running.call(roster.office, SyncMembers(rows=member_rows(*((f"X{n}", "路人", "V2") for n in range(250)))))
        running.settle()
        places, people = roster.organisations(), roster.members()
        running.call(roster.office, MoveMember(member_id=people["M3"].member_id, organisation_id=places["V2"].organisation_id))
        running.settle()
        above = person("superior", places["T1"].organisation_id, name="镇书记")
        given = []
        for code, place in (("M2", "V1"), ("M3", "V2")):
            at = places[place].organisation_id
            one = running.call(person("clerk", at, name="王会计"), replace(
                proposal(running), organisation_id=at, member_id=people[code].member_id))
            running.call(above, ApproveExemption(exemption_id=one.exemption_id))
            given.append(one.exemption_id)
        running.settle()

        def known():
            with running.reading("pledge") as unit:
                moved = unit.directory.member(people["M3"].member_id)
                return (moved is not None and moved["organisation_id"] == places["V2"].organisation_id
                        and unit.sql.scalar(select(func.count()).select_from(directory.members)) >= 252
                        and unit.directory.organisation(places["G1"].organisation_id) is not None)
        assert known()
        running.bus("pledge").replay()
        wait_until(known, seconds=30)
        running.settle()
        sweep(running)
        assert [running.call(above, ReadExemption(exemption_id=id_)).state for id_ in given] == ["granted", "granted"]
        assert topics(running) == ["granted", "granted"]


@pytest.mark.parametrize("places_first", [True, False])
def test_older_editions_and_unknown_places_end_nothing(running, places_first):
    """[A4]"""
    moved = told(MemberMoved, "mem_far", "org_village", 2)
    running.hear(moved)
    for id_ in ("mem_far", "mem_group"):
        exempt(running, id_)
    # heard while they are exempt: what is older than this says nothing any more
    running.hear(told(MemberChanged, "mem_far", "org_village", 3), told(MemberMoved, "mem_zhang", "org_group", 2))
    exempt(running)
    forgotten(running)
    people = [member("mem_far", "周九", "org_other"), member("mem_group", "孙八", "org_group"), member("mem_zhang", "张三"), moved,
              told(MemberChanged, "mem_far", "org_village", 3), told(MemberMoved, "mem_zhang", "org_group", 2)]
    places = [organisation("org_county", None, "/org_county/", "county_committee"),
              organisation("org_town", "org_county", "/org_county/org_town/", "committee"),
              organisation("org_other", "org_town", "/org_county/org_town/org_other/"),
              organisation("org_group", "org_village", "/org_county/org_town/org_village/org_group/", "group"),
              organisation("org_village", "org_town", "/org_county/org_town/org_village/")]
    for one in (*places, *people) if places_first else (*people, *places):
        # one by one, as if each were a page of its own
        running.hear(one)
        sweep(running)
    assert set(states(running).values()) == {"granted"} and topics(running) == ["granted"] * 3


def test_a_member_in_a_group_not_heard_of_yet_stays_exempt_until_it_is(running):
    """[A4]"""
    exempt(running)
    exempt(running, "mem_active")
    running.hear(told(MemberMoved, "mem_zhang", "org_new", 2), told(MemberMoved, "mem_active", "org_far_group", 2))
    assert set(states(running).values()) == {"granted"}
    running.hear(group("org_village", 1, "org_new"), group("org_other", 1, "org_far_group"))
    assert states(running) == {"张三": "granted", "赵六": "moved"}


def test_a_party_group_that_goes_to_another_branch_takes_its_members_exemptions_to_an_end(running):
    """They get no event of their own; the branch they pledge in is another all the same. [A4]"""
    exempt(running, "mem_group")
    running.hear(group("org_other", 2))
    assert states(running) == {"孙八": "moved"} and topics(running) == ["granted", "ended"]
    one = running.call(person("clerk", "org_other", name="马会计"), replace(proposal(running, "mem_group"), organisation_id="org_other"))
    running.call(SUPERIOR, ApproveExemption(exemption_id=one.exemption_id))
    forgotten(running)
    running.hear(member("mem_group", "孙八", "org_group"))
    for old in (organisation("org_group", "org_village", "/org_county/org_town/org_village/org_group/", "group"),
                organisation("org_other", "org_town", "/org_county/org_town/org_other/")):
        running.hear(old)
    sweep(running)
    assert topics(running) == ["granted", "ended", "granted"], "the group's edition under the old branch says nothing"


def test_who_moved_while_it_was_proposed_is_not_approved_and_the_sweep_ends_it(running):
    """The proposal and the move did not see each other. [A4] [A7]"""
    for member_id in ("mem_zhang", "mem_group"):
        running.call(CLERK, proposal(running, member_id))
    with running.bus("pledge").writing() as unit:
        directory.write(unit.sql, [(1, told(MemberMoved, "mem_zhang", "org_other", 2)),
                                   (1, told(MemberLeft, "mem_group", "org_group", 2, state="left"))])
        book = unit.books.exemptions
        book.add(granted(id="exm_far", organisation_id="org_town", member_id="mem_far", until_on=unit.today))
    one, = (e for e in listed(running, SECRETARY).exemptions if e.member_name == "张三")
    assert refused(running, SUPERIOR, ApproveExemption(exemption_id=one.exemption_id)) == ("not_ready", 409)
    sweep(running)
    assert states(running) == {"张三": "moved", "孙八": "left"} and topics(running) == ["ended"]


def test_one_past_its_day_is_no_obstacle_to_a_new_proposal(running):
    """[A4]"""
    one = exempt(running)
    with running.bus("pledge").writing() as unit:
        unit.sql.execute(update(exemptions).values(until_on=unit.today - timedelta(days=1), from_on=unit.today - timedelta(days=30)))
    new = running.call(CLERK, proposal(running, until_on=today(running) + timedelta(days=100)))
    assert new.state == "proposed" and new.exemption_id != one.exemption_id
    running.settle()
    assert running.call(SECRETARY, ReadExemption(exemption_id=one.exemption_id)).ended_because == "expired"
    assert topics(running) == ["granted", "ended"]


@pytest.mark.parametrize("kind", BOTH)
def test_a_book_finds_whose_member_the_roster_knows_elsewhere(kind, request, tmp_path):
    """By the branch of a party group, by where one floats; what is older or unknown is left alone. [A4] [A7]"""
    with migrated("pledge", kind, request, tmp_path) as database, transaction(database) as sql:
        book = Books(sql).exemptions
        directory.write(sql, [(1, fact) for fact in (
            *ROSTER, told(MemberMoved, "mem_zhang", "org_other", 2), told(MemberLeft, "mem_li", "org_village", 2, state="left"),
            told(MemberMoved, "mem_wang", "org_unknown", 2), told(MemberMoved, "mem_active", "org_village", 2, inflow_id="org_other"))])
        for number, (member_id, made) in enumerate({
                "mem_zhang": granted, "mem_li": proposed, "mem_wang": granted, "mem_active": granted, "mem_group": granted,
                "mem_far": granted, "mem_nobody": granted}.items()):
            book.add(made(id=f"exm_{number}", member_id=member_id, member_version=3 if member_id == "mem_far" else 1))
        assert [one.member_id for one in book.astray(9)] == ["mem_zhang", "mem_li", "mem_active"]
        assert [one.member_id for one in book.astray(1)] == ["mem_zhang"]
