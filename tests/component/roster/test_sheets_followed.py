"""Who moves by a sheet lets go of what they looked after, as by hand, and has it again when the sheet is taken back. [A16] [K1]"""
import pytest
from sqlalchemy import select

from services.roster.storage.sheets import hints
from tests.component.roster.sending import people
from wire.bus.tables import prepared
from wire.contracts.calls import Refusal
from wire.contracts.roster import (
    Appoint, Assign, ChangeZone, EndZone, ListAssignments, ListPositions, ListZones, OpenZone, WriteSheet,
)

AWAY = ("M0000", "演一", "正式党员", "W", "2010-07-01")


@pytest.fixture
def village(county):
    """Three members in a village; the first keeps a zone, heads the leading group, and has a contact point in the other village."""
    county.written("s_people", "members", people(3))
    found = county.members()
    county.ids = {code: m.member_id for code, m in found.items()}
    county.at = {code: o.organisation_id for code, o in county.organisations().items()}
    county.zone = county.call(OpenZone(organisation_id=county.at["V"], name="河道责任区", place="二组河段",
                                       member_ids=(county.ids["M0000"], county.ids["M0001"])))
    county.call(Assign(kind="group_head", organisation_id=county.at["V"], member_id=county.ids["M0000"]))
    county.call(Assign(kind="contact_point", organisation_id=county.at["W"], member_id=county.ids["M0000"]))
    return county


def looked_after(village):
    """Who keeps which zone, and who is assigned where."""
    zones = village.call(ListZones(organisation_id=village.root, state="")).zones
    assignments = village.call(ListAssignments(organisation_id=village.root)).assignments
    return ({zone.name: [one.name for one in zone.members] for zone in zones},
            sorted((one.kind, one.person_name, one.organisation_name) for one in assignments))


CONTACT, HEAD = ("contact_point", "演一", "松坡村党支部"), ("group_head", "演一", "柳溪村党支部")


def test_who_is_moved_lets_go_of_what_they_looked_after_there_and_keeps_the_rest(village):
    assert looked_after(village) == ({"河道责任区": ["演一", "演二"]}, [CONTACT, HEAD])
    before = len(village.announced())
    village.written("s1", "members", [AWAY, *people(3)[1:]])
    assert looked_after(village) == ({"河道责任区": ["演二"]}, [CONTACT])
    assert [topic for topic, _ in village.announced()[before:]].count("roster.zone.recorded.v1") == 1


def test_taken_back_everything_is_as_it_was(village):
    before = looked_after(village)
    village.written("s1", "members", [AWAY])
    assert village.undone("s1").done
    assert looked_after(village) == before and village.members()["M0000"].organisation_id == village.at["V"]


def test_taken_back_what_somebody_else_has_by_now_stays_theirs(village):
    village.written("s1", "members", [AWAY])
    village.call(Assign(kind="group_head", organisation_id=village.at["V"], member_id=village.ids["M0002"]))
    village.call(EndZone(zone_id=village.zone.zone_id))
    assert village.undone("s1").done
    assert looked_after(village) == ({"河道责任区": ["演二"]}, [CONTACT, ("group_head", "演三", "柳溪村党支部")])


def test_what_was_looked_after_at_the_new_place_ends_with_the_taking_back(village):
    village.written("s1", "members", [AWAY])
    village.call(OpenZone(organisation_id=village.at["W"], name="林场责任区", place="东坡", member_ids=(village.ids["M0000"],)))
    assert village.undone("s1").done
    assert looked_after(village)[0] == {"河道责任区": ["演一", "演二"], "林场责任区": []}


def test_a_zone_opened_after_the_check_is_let_go_of_too(village):
    village.stage("s1", "members", [("M0002", "演三", "正式党员", "W", "2010-07-01")])
    village.call(ChangeZone(zone_id=village.zone.zone_id, version=1, kind="zone", name="河道责任区", place="二组河段",
                            member_ids=(village.ids["M0002"],)))
    village.call(WriteSheet(sheet_id="s1"))
    assert looked_after(village)[0] == {"河道责任区": []}


def test_who_came_to_sit_on_the_committee_after_the_check_is_not_moved_from_under_it(village):
    """No sheet takes a position away. [X45]"""
    village.stage("s1", "members", [AWAY])
    village.call(Appoint(organisation_id=village.at["V"], kind="committee", member_id=village.ids["M0000"]))
    with pytest.raises(Refusal) as refused:
        village.call(WriteSheet(sheet_id="s1"))
    assert refused.value.status == 412 and looked_after(village)[1] == [CONTACT, HEAD]
    assert village.stage("s1", "members", [AWAY]).wrong == 1, "checked anew it says why"


@pytest.mark.parametrize("since", ["position", "assignment", "zone"])
def test_who_was_entered_and_has_something_to_do_by_now_is_not_taken_off_the_roll(village, since):
    village.written("s1", "members", [("N1", "演新", "正式党员", "V", "")])
    new = village.members()["N1"].member_id
    village.call({"position": Appoint(organisation_id=village.at["V"], kind="committee", member_id=new),
                  "assignment": Assign(kind="group_member", organisation_id=village.at["V"], member_id=new),
                  "zone": OpenZone(organisation_id=village.at["V"], name="林场责任区", place="东坡", member_ids=(new,))}[since])
    told = village.undone("s1")
    assert [(o.row, o.code) for o in told.obstacles] == [(2, "N1")] and "N1" in village.members()


def test_who_sits_on_the_committee_where_they_were_moved_to_is_not_moved_back(village):
    village.written("s1", "members", [AWAY])
    village.call(Appoint(organisation_id=village.at["W"], kind="committee", member_id=village.ids["M0000"]))
    told = village.undone("s1")
    assert [(o.row, o.code) for o in told.obstacles] == [(2, "M0000")] and village.members()["M0000"].organisation_id == village.at["W"]


def test_a_sheet_that_moves_nobody_keeps_nothing_about_moves_nor_does_one_sent_again_without_them(village):
    def kept():
        with village.house.reading("roster") as unit:
            return {*unit.sql.scalars(select(prepared.c.what).where(prepared.c.batch.startswith("followed-"))),
                    *unit.sql.scalars(select(hints.c.sheet_id))}

    village.stage("s1", "members", people(3))
    assert kept() == set()
    village.stage("s2", "members", [AWAY])
    assert kept() == {"move", "s2"}, "who moves, and that it is told before it is written"
    village.stage("s2", "members", people(3))
    assert kept() == set()


def test_who_moves_from_a_party_group_to_its_branch_keeps_their_seat_on_its_committee(village):
    """As by hand; who would leave the branch is relieved first."""
    village.written("s_group", "organisations", [("G", "第一党小组", "党小组", "农村", "V")])
    village.written("s_in", "members", [("M0000", "演一", "正式党员", "G", "2010-07-01")])
    village.call(Appoint(organisation_id=village.at["V"], kind="committee", member_id=village.ids["M0000"]))
    told = village.written("s1", "members", people(1))
    assert (told.state, told.wrong) == ("written", 0) and village.members()["M0000"].organisation_id == village.at["V"]
    assert [p.person_name for p in village.call(ListPositions(organisation_id=village.at["V"]))] == ["演一"]
    assert village.undone("s1").done and village.members()["M0000"].organisation_id != village.at["V"]
    assert village.stage("s2", "members", [AWAY]).wrong == 1
