"""On whose board a floating member is expected, and what a second pledge in the community counts for."""
from tests.component.notice.test_board import heard, real, shown, unit  # noqa: F401
from tests.fakes_notice import AT, TOWN, VILLAGE, member, news, pledge
from wire import directory
from wire.contracts.notice import ReadBoard


def test_a_floating_member_is_expected_on_the_board_of_the_inflow_place_and_a_second_pledge_stands_for_no_other(unit):  # noqa: F811
    """[A7] [A9]"""
    def expected():
        return [(found.expected, found.pledged) for found in (
            shown(unit, ReadBoard(organisation_id=place, year=2026)) for place in (VILLAGE, TOWN))]
    before = expected()
    directory.keep(unit, [news(member("mem_6", "戊海", "wu 戊 hai 海", version=2, whereabouts="inflow", inflow_id=TOWN))])
    assert expected() == [before[0], (before[1][0] + 1, 0)], "of the village, but floating into the town"
    directory.keep(unit, [news(member("mem_7", "己河", "ji 己 he 河", residence_id=TOWN, residence_confirmed_on=AT.date()))])
    heard(unit, pledge(pledge_id="plg_7", member_id="mem_7", pledgor_name="己河", organisation_id=TOWN))
    assert expected() == [(before[0][0] + 1, before[0][1]), (before[1][0] + 1, 0)]
