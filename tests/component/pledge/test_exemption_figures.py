"""免诺: what a branch's desk counts and what its public board says agree, whatever happens to the member or their branch (A4)."""
from dataclasses import replace

import pytest

from services.notice.service import NoticeService
from services.pledge.service import PledgeService
from services.roster.service import RosterService
from tests.component.pledge.test_exemptions import proposal, today
from tests.component.roster.sending import Roster
from tests.fakes import person
from tests.fakes_roster import member_rows, organisation_rows
from wire.bus.testing import house
from wire.contracts.actor import PUBLIC
from wire.contracts.notice import ReadBoard
from wire.contracts.pledge import ApproveExemption, ReadCoverage
from wire.contracts.roster import (
    MergeOrganisations, MoveMember, MoveOrganisation, RecordLeaving, SyncMembers, SyncOrganisations,
)


class County:
    """Two branches, the first with a party group; a member of each, and one of the group."""

    def __init__(self, running):
        self.running, roster = running, Roster(running)
        self.office = roster.office
        self.do(SyncOrganisations(rows=organisation_rows(
            ("T1", "镇党委", "党委", "C"), ("V1", "一村党支部", "党支部", "T1"), ("V2", "二村党支部", "党支部", "T1"),
            ("G1", "一组党小组", "党小组", "V1"))))
        self.do(SyncMembers(rows=member_rows(("M1", "曾小明", "V1"), ("M2", "单立人", "G1"), ("M3", "仇大成", "V2"))))
        self.at = {code: one.organisation_id for code, one in roster.organisations().items()}
        self.who = {code: one.member_id for code, one in roster.members().items()}

    def do(self, request):
        self.running.call(self.office, request)
        self.running.settle()

    def exempt(self, code):
        at = self.at["V1"]
        one = self.running.call(person("clerk", at, name="王会计"), replace(
            proposal(self.running), organisation_id=at, member_id=self.who[code]))
        self.running.call(person("superior", self.at["T1"], name="镇书记"), ApproveExemption(exemption_id=one.exemption_id))
        self.running.settle()

    def figures(self, code):
        """Expected and exempt: asked of the desk and of the board, which say the same."""
        at, year = self.at[code], today(self.running).year
        desk = self.running.call(person("secretary", at, name="李书记"), ReadCoverage(organisation_id=at, year=year))
        board = self.running.call(PUBLIC, ReadBoard(organisation_id=at, year=year))
        assert (board.expected, board.exempt) == (desk.expected, desk.exempt)
        return desk.expected, desk.exempt


@pytest.fixture
def county(tmp_path):
    with house(tmp_path, RosterService, PledgeService, NoticeService) as running:
        made = County(running)
        for code in ("M1", "M2"):
            made.exempt(code)
        assert [made.figures(code) for code in ("V1", "V2")] == [(0, 2), (1, 0)]
        yield made


def test_when_members_move_and_leave(county):
    """[A4] [A7]"""
    county.do(MoveMember(member_id=county.who["M1"], organisation_id=county.at["V2"]))
    assert [county.figures(code) for code in ("V1", "V2")] == [(0, 1), (2, 0)]
    county.do(RecordLeaving(member_id=county.who["M2"], because="moved_out"))
    assert [county.figures(code) for code in ("V1", "V2")] == [(0, 0), (2, 0)]


def test_when_a_party_group_goes_to_another_branch(county):
    """[A4]"""
    county.do(MoveOrganisation(organisation_id=county.at["G1"], parent_id=county.at["V2"]))
    assert [county.figures(code) for code in ("V1", "V2")] == [(0, 1), (2, 0)]


def test_when_the_branch_is_merged_into_another(county):
    """[A4]"""
    county.do(MergeOrganisations(organisation_id=county.at["V1"], into_id=county.at["V2"], because="两村合并"))
    assert county.figures("V2") == (3, 0)
