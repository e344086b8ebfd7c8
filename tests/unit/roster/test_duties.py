"""What somebody looks after, contact points and zones, when they leave, move, are merged or turn out to be a member."""
from datetime import date

import pytest

from services.roster.domain.refusals import NameKnown
from tests.fakes_roster import FAR, TOWN, VILLAGE, founded, office, organisation, do as live
from tests.unit.roster.lives import entered
from tests.unit.roster.test_places import assign, do, zone
from wire.contracts.calls import Forbidden
from wire.contracts.roster import LinkPerson, MergeMembers, MergeOrganisations, MoveMember, RecordLeaving, ZoneRecorded

GROUP = "org_group"
TODAY = date(2026, 3, 2)


@pytest.fixture
def books():
    made = founded()
    made.organisations.add_many([organisation(GROUP, made.organisations.get(VILLAGE), "group", code="G")])
    return made


def standing(books):
    """What goes on: kind, place and whose."""
    return {(one.kind, one.organisation_id, one.person_id) for one in books.assignments.kept.values() if one.until is None}


def keepers(books, told):
    return [one.member_id for one in books.zones.get(told.zone_id).members]


def test_whoever_leaves_the_roll_looks_after_nothing_and_the_zone_waits_for_somebody_else(books):
    """[A16] [K1]"""
    one, other = entered(books), entered(books, "2", "单立人")
    for place in (VILLAGE, TOWN):
        do(books, assign(place=place, member_id=one.member_id))
    shared, _ = zone(books, member_ids=(one.member_id, other.member_id))
    alone, _ = zone(books, "先锋岗", member_ids=(one.member_id,))
    _, announced = live(books, RecordLeaving(member_id=one.member_id, because="moved_out"))
    assert standing(books) == set() and {a.until for a in books.assignments.kept.values()} == {TODAY}
    assert (keepers(books, shared), keepers(books, alone)) == ([other.member_id], [])
    told = {e.zone_id: e for e in announced if isinstance(e, ZoneRecorded)}
    assert {id_: (e.version, e.state) for id_, e in told.items()} == {shared.zone_id: (2, "active"), alone.zone_id: (2, "active")}


def test_whoever_moves_keeps_a_contact_point_elsewhere_and_nothing_of_the_old_branch(books):
    """[A15] [A16] [K1]"""
    one = entered(books)
    do(books, assign("contact_point", TOWN, member_id=one.member_id))
    do(books, assign("group_member", VILLAGE, member_id=one.member_id))
    told, _ = zone(books, member_ids=(one.member_id,))
    live(books, MoveMember(member_id=one.member_id, organisation_id=GROUP))
    assert len(standing(books)) == 2 and keepers(books, told) == [one.member_id], "a party group is of its branch"
    live(books, MoveMember(member_id=one.member_id, organisation_id=FAR))
    assert standing(books) == {("contact_point", TOWN, one.member_id)} and keepers(books, told) == []


def test_two_entries_of_one_person_look_after_everything_once_under_the_kept_one(books):
    """[X50]"""
    kept, second = entered(books), entered(books, "2")
    for place, holder in ((TOWN, kept), (TOWN, second), (VILLAGE, second)):
        do(books, assign(place=place, member_id=holder.member_id))
    mine, _ = zone(books, member_ids=(second.member_id,))
    both, _ = zone(books, "先锋岗", member_ids=(kept.member_id, second.member_id))
    live(books, MergeMembers(kept_id=kept.member_id, merged_id=second.member_id))
    assert standing(books) == {("contact_point", place, kept.member_id) for place in (TOWN, VILLAGE)}
    assert (keepers(books, mine), keepers(books, both)) == ([kept.member_id], [kept.member_id])


def test_somebody_entered_by_name_who_is_a_member_looks_after_it_as_that_member(books):
    """[X50]"""
    told, _ = do(books, assign())
    do(books, assign(place=FAR, person_id=told.person_id))
    one = entered(books, name="石小白")
    with pytest.raises(Forbidden):
        do(books, LinkPerson(person_id=told.person_id, member_id=one.member_id), office(TOWN, "grt_town", "prs_town"))
    do(books, LinkPerson(person_id=told.person_id, member_id=one.member_id))
    assert standing(books) == {("contact_point", place, one.member_id) for place in (VILLAGE, FAR)}
    again, _ = do(books, assign("in_charge", TOWN, person_id=told.person_id))
    assert (again.person_id, again.member_id) == (one.member_id, one.member_id), "whoever still knows the old person means the member"


def test_a_new_person_with_a_member_s_name_is_asked_back(books):
    """[X50]"""
    one = entered(books, name="石小白")
    with pytest.raises(NameKnown) as asked:
        do(books, assign())
    assert one.code in asked.value.sentence and not books.assignments.kept
    assert do(books, assign(another=True))[0].member_id == ""


def test_when_the_branch_is_merged_zones_and_their_people_move_together(books):
    """[K1]"""
    one = entered(books)
    told, _ = zone(books, member_ids=(one.member_id,))
    do(books, MergeOrganisations(organisation_id=VILLAGE, into_id=FAR, because="两村合并"))
    assert keepers(books, told) == [one.member_id] and books.zones.get(told.zone_id).organisation_id == FAR
