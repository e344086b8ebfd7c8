"""A line that may enter somebody a second time is hinted at, with what it would take to tell, and hinders nothing. [X50]"""
import pytest

from tests.component.roster.sending import people
from tests.fakes_roster import office
from wire.contracts.calls import Refusal
from wire.contracts.roster import ConfirmGrants, GiveGrant, ListSheetHints, RecordLeaving, SheetLine, StageLines, WriteSheet


def hinted(county, sheet_id):
    told = county.call(ListSheetHints(sheet_id=sheet_id))
    assert told.total == len(told.hints)
    return [(one.row, one.code, one.sentence) for one in told.hints]


def test_one_name_in_one_branch_or_with_one_joining_date_under_another_code(county):
    """Row 2 shares branch and date, row 3 the branch alone, row 4 the date in another branch, row 5 only the name."""
    county.written("s1", "members", people(2))
    rows = [("N1", "演一", "正式党员", "V", "2010-07-01"), ("N2", "演二", "正式党员", "V", "1999-01-01"),
            ("N3", "演二", "正式党员", "W", "2010-07-01"), ("N4", "演一", "正式党员", "W", ""), ("M0001", "演二", "正式党员", "V", "2010-07-01")]
    told = county.stage("s2", "members", rows, piece=2)
    assert (told.wrong, told.new) == (0, 4), "a hint is no fault"
    found = hinted(county, "s2")
    assert [(row, code) for row, code, _ in found] == [(2, "N1"), (3, "N2"), (4, "N3")]
    assert "编号 M0000" in found[0][2] and "同一个党组织，入党日期也相同" in found[0][2] and "柳溪村党支部" in found[2][2]
    assert county.call(WriteSheet(sheet_id="s2")).state == "written"


def test_whoever_left_and_an_entry_that_is_the_line_s_own_are_no_doubles(county):
    county.written("s1", "members", people(2))
    county.call(RecordLeaving(member_id=county.members()["M0000"].member_id, because="died"))
    county.stage("s2", "members", [("N1", "演一", "正式党员", "V", "2010-07-01"), ("M0001", "演二", "正式党员", "V", "2010-07-01")])
    assert hinted(county, "s2") == []


def test_a_sheet_sent_again_without_them_hints_at_nobody(county):
    county.written("s1", "members", people(1))
    county.stage("s2", "members", [("N1", "演一", "正式党员", "V", "2010-07-01")])
    assert len(hinted(county, "s2")) == 1
    county.stage("s2", "members", [("N1", "演别人", "正式党员", "V", "2010-07-01")])
    assert hinted(county, "s2") == []
    with pytest.raises(Refusal) as refused:
        county.call(ListSheetHints(sheet_id="nowhere"))
    assert refused.value.status == 404


def test_somebody_out_of_reach_is_not_named(county):
    """[X17] [X18]"""
    county.written("s1", "members", people(1))
    places = county.organisations()
    given = county.call(GiveGrant(organisation_id=places["W"].organisation_id, role="office", person_name="镇办"))
    if not given.works:
        county.call(ConfirmGrants(grant_ids=(given.grant_id,)))
    other = office(places["W"].organisation_id, given.grant_id, given.person_id)
    line = SheetLine(row=2, cells=("N1", "演一", "正式党员", "W", "2010-07-01"))
    county.house.call(other, StageLines(sheet_id="s2", kind="members", piece=0, lines=(line,),
                                        columns=("code", "name", "kind", "organisation_code", "joined_on")))
    [hint] = county.house.call(other, ListSheetHints(sheet_id="s2")).hints
    assert "M0000" not in hint.sentence and "柳溪村" not in hint.sentence and "别的党组织" in hint.sentence
