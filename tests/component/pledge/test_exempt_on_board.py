"""免诺 at the desk of pledge and on the public board of notice: one person is the same in both, whatever happened (A4)."""
from datetime import date

import pytest
from sqlalchemy import update

from services.notice.service import NoticeService
from services.notice.storage import exempt
from services.pledge.service import PledgeService
from services.pledge.storage.tables import exemptions
from tests.component.pledge.conftest import BY, ROSTER
from tests.component.pledge.test_doors import approved
from tests.component.pledge.test_exemptions import proposal, today
from tests.fakes import person
from tests.fakes_pledge import CLERK, SECRETARY, SUPERIOR
from wire.bus.testing import house
from wire.contracts.actor import PUBLIC
from wire.contracts.notice import ReadBoard
from wire.contracts.pledge import ApproveExemption, PublishPledges, ReadCoverage, SignPledge
from wire.contracts.roster import MemberMoved


@pytest.fixture
def both(tmp_path):
    """Both services; 张三 is exempt in the village from today on."""
    with house(tmp_path, PledgeService, NoticeService) as started:
        started.hear(*ROSTER)
        one = started.call(CLERK, proposal(started))
        started.call(SUPERIOR, ApproveExemption(exemption_id=one.exemption_id))
        started.settle()
        yield started


def expected_and_exempt(both, place, year):
    """At the desk and on the board: the same two numbers."""
    desk = both.call(person("secretary", place), ReadCoverage(organisation_id=place, year=year))
    board = both.call(PUBLIC, ReadBoard(organisation_id=place, year=year))
    assert (desk.expected, desk.exempt) == (board.expected, board.exempt)
    assert desk.expected == desk.pledged + len(desk.uncovered), "应承诺 = 已承诺 + 未承诺"
    return desk.expected, desk.exempt


def test_who_pledges_all_the_same_is_exempt_in_both_until_it_is_public_and_has_pledged_in_both_afterwards(both):
    """Between 定诺 and 亮诺 the two had differed about one person. [A4] [A6]"""
    pledge = approved(both)
    seen = [expected_and_exempt(both, "org_village", pledge.year)]
    for step in (SignPledge(pledge_id=pledge.pledge_id), PublishPledges(pledge_ids=(pledge.pledge_id,))):
        both.call(SECRETARY, step)
        both.settle()
        seen.append(expected_and_exempt(both, "org_village", pledge.year))
    assert seen == [(3, 1), (3, 1), (4, 0)]


def test_a_year_gone_by_counts_who_was_exempt_in_the_branch_they_have_left_nowhere(both):
    """The exemption was the branch's, and another one has them now. [A4]"""
    year = today(both).year
    for service, table in (("pledge", exemptions), ("notice", exempt)):
        with both.bus(service).writing() as unit:
            unit.sql.execute(update(table).values(from_on=date(year - 1, 6, 1)))
    assert [expected_and_exempt(both, place, year - 1) for place in ("org_village", "org_other")] == [(3, 1), (1, 0)]
    both.hear(MemberMoved(**BY | {"version": 2}, member_id="mem_zhang", code="mem_zhang", name="张三", sort_key="张三", kind="member",
                          organisation_id="org_other"))
    for asked in (year - 1, year):
        assert [expected_and_exempt(both, place, asked) for place in ("org_village", "org_other")] == [(3, 0), (2, 0)]
