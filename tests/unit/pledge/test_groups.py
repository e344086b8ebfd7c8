"""A branch and its party groups 党小组 are one in every list and figure, as on the public board."""
from dataclasses import replace

from services.pledge import usecases
from tests.fakes_pledge import SECRETARY, Village
from tests.unit.pledge.worlds import draft, item, signed
from wire.contracts.pledge import ReadCoverage


def test_a_pledge_of_a_group_counts_in_the_coverage_and_figures_of_its_branch():
    """[A2]"""
    village = Village()
    theirs = replace(signed(draft(item(1), id="plg_group")), organisation_id="org_group", member_id="mem_group", state="published")
    village.books.pledges.add(theirs)
    village.books.pledges.add(replace(theirs, id="plg_far", organisation_id="org_other", member_id="mem_far"))
    found = village.do(SECRETARY, usecases.read_coverage, ReadCoverage(organisation_id="org_village", year=theirs.year))
    assert (found.expected, found.pledged, found.items) == (4, 1, 1)
