"""Where a floating member pledges and is counted, and what a second pledge in the community counts for."""
import pytest

from services.pledge import usecases
from services.pledge.domain.refusals import PledgesElsewhere
from tests.fakes import day, member
from tests.fakes_pledge import CLERK, FAR_CLERK, FAR_SECRETARY, SECRETARY, ZHANG, Village
from tests.unit.pledge.worlds import signed as signed_pledge
from wire.contracts.calls import NotFound
from wire.contracts.pledge import DraftPledge, ReadCoverage


def told(village, member_id, **more):
    village.directory.members[member_id] = member(village.directory.members[member_id] | more)


def draft(village, organisation_id, actor, member_id="mem_zhang"):
    return village.do(actor, usecases.draft_pledge, DraftPledge(organisation_id=organisation_id, member_id=member_id, year=2026))


def coverage(village, organisation_id, actor):
    return village.do(actor, usecases.read_coverage, ReadCoverage(organisation_id=organisation_id, year=2026))


def pledged(village, organisation_id, id="plg_1", member_id="mem_zhang"):
    """A letter signed there, as it stands in the book."""
    import dataclasses
    village.books.pledges.add(dataclasses.replace(signed_pledge(), id=id, organisation_id=organisation_id, member_id=member_id))


def test_a_floating_member_is_expected_and_drafts_where_they_floated_to():
    """[A7]"""
    village = Village()
    told(village, "mem_zhang", whereabouts="inflow", inflow_id="org_other")
    with pytest.raises(PledgesElsewhere) as refused:
        draft(village, "org_village", CLERK)
    assert "柳河村党支部" in refused.value.sentence
    assert draft(village, "org_other", FAR_CLERK).pledgor_name == "张三"
    assert draft(Village(), "org_village", ZHANG).organisation_id == "org_village"
    home, there = coverage(village, "org_village", SECRETARY), coverage(village, "org_other", FAR_SECRETARY)
    assert (home.expected, home.floated_out, home.floated_in) == (3, 1, 0) and "张三" not in {u.name for u in home.uncovered}
    assert (there.expected, there.floated_out, there.floated_in) == (2, 0, 1)
    assert [(u.name, u.whereabouts) for u in there.uncovered] == [("张三", "inflow"), ("周九", "home")]
    pledged(village, "org_other")
    assert coverage(village, "org_other", FAR_SECRETARY).pledged == 1
    assert coverage(village, "org_village", SECRETARY).pledged == 0, "counted once, and there"


def test_whoever_is_outside_the_county_or_out_of_reach_stays_expected_at_home_and_is_named_so():
    """[A2] [A21]"""
    village = Village()
    told(village, "mem_zhang", whereabouts="outside")
    told(village, "mem_wang", whereabouts="unreachable")
    found = coverage(village, "org_village", SECRETARY)
    assert (found.expected, found.outside, found.unreachable) == (4, 1, 1)
    assert {(u.name, u.whereabouts) for u in found.uncovered} >= {("张三", "outside"), ("王五", "unreachable")}


def test_activists_who_float_in_or_report_are_in_no_denominator():
    """[A3]"""
    village = Village()
    told(village, "mem_active", whereabouts="inflow", inflow_id="org_other", residence_id="org_other", residence_confirmed_on=day("2026-01-05"))
    found = coverage(village, "org_other", FAR_SECRETARY)
    assert (found.expected, found.residents, found.floated_in) == (1, 0, 0)


def test_the_second_pledge_in_the_community_is_counted_there_and_stands_for_no_other():
    """[A9]"""
    village = Village()
    told(village, "mem_zhang", residence_id="org_other")
    with pytest.raises(NotFound):
        draft(village, "org_other", FAR_CLERK)
    told(village, "mem_zhang", residence_confirmed_on=day("2026-01-05"))
    assert draft(village, "org_other", FAR_CLERK).pledgor_name == "张三"
    assert draft(village, "org_village", CLERK).pledgor_name == "张三", "and in the work unit as well"
    pledged(village, "org_other")
    home, there = coverage(village, "org_village", SECRETARY), coverage(village, "org_other", FAR_SECRETARY)
    assert (home.pledged, there.expected, there.residents, there.residents_pledged) == (0, 1, 1, 1)
    pledged(village, "org_village", "plg_2")
    home, there = coverage(village, "org_village", SECRETARY), coverage(village, "org_other", FAR_SECRETARY)
    assert (home.expected, home.pledged, there.expected, there.pledged) == (4, 1, 1, 0), "one person, counted once"
