"""A staged sheet is there for whoever may write what it touches, and begins with its first piece."""
import pytest

from tests.component.roster.sending import MEMBERS, people
from tests.fakes_roster import office
from wire.contracts.calls import Refusal
from wire.contracts.roster import CheckSheet, ConfirmGrants, GiveGrant, ListSheetFaults, SheetLine, StageLines


def test_nobody_forgets_another_s_sheet_and_none_begins_in_the_middle(county):
    """[X17] [X45]"""
    line = (SheetLine(row=2, cells=people(1)[0]),)
    with pytest.raises(Refusal) as headless:
        county.call(StageLines(sheet_id="s9", kind="members", columns=MEMBERS, piece=1, lines=line))
    assert headless.value.status == 404
    county.stage("s2", "members", people(5))
    county.stage("s3", "members", [("", "", "", "", "")])
    places = county.organisations()
    given = county.call(GiveGrant(organisation_id=places["W"].organisation_id, role="office", person_name="镇办"))
    if not given.works:
        county.call(ConfirmGrants(grant_ids=(given.grant_id,)))
    other = office(places["W"].organisation_id, given.grant_id, given.person_id)
    mine = (SheetLine(row=2, cells=("9", "单立人", "正式党员", "W", "")),)
    for sheet_id, answer in (("s2", "forbidden"), ("s3", "not_found")):
        for asked in (StageLines(sheet_id=sheet_id, kind="members", columns=MEMBERS, piece=0, lines=mine), CheckSheet(sheet_id=sheet_id),
                      ListSheetFaults(sheet_id=sheet_id)):
            with pytest.raises(Refusal) as refused:
                county.house.call(other, asked)
            assert refused.value.code == answer
    assert county.call(CheckSheet(sheet_id="s2")).total == 5 and county.faults("s3")
    assert county.house.call(other, StageLines(sheet_id="s4", kind="members", columns=MEMBERS, piece=0, lines=mine)).wrong == 0
