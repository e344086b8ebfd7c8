"""A sheet of positions at the roster's doors: appointed with what they give, deciding ones only waiting, faults by cell."""
import pytest

from tests.component.roster.sending import TREE, Roster, people
from services.roster.service import RosterService
from wire.bus.testing import house
from wire.contracts.actor import service_actor
from wire.contracts.calls import Refusal
from wire.contracts.roster import (
    Appoint, ConfirmGrants, DissolveOrganisation, EndPosition, GrantsOf, ListPositions, ListSheetFaults, ListWaiting, RecordLeaving, UndoSheet,
    WriteSheet,
)

COLUMNS = ("code", "name", "organisation_code", "kind", "from_on", "until_on", "confirmed")
FIRST = ("M0000", "演一", "V", "书记", "2021-03-15", "", "")
CLERK = ("", "演材料", "V", "材料员", "2021-03-15", "", "")


class Positions(Roster):
    def sheet(self, sheet_id, *rows):
        return self.stage(sheet_id, "positions", rows, columns=COLUMNS)

    def import_(self, sheet_id, *rows):
        self.sheet(sheet_id, *rows)
        return self.call(WriteSheet(sheet_id=sheet_id))

    def held(self, place="V", ended=False):
        found = self.call(ListPositions(organisation_id=self.organisations()[place].organisation_id, ended=ended))
        return [(p.kind, p.person_name, p.state, [(g.role, g.works) for g in p.gives]) for p in found]

    def sentences(self, sheet_id):
        return [(f.row, f.column, f.value, f.sentence) for f in self.call(ListSheetFaults(sheet_id=sheet_id)).faults]

    def id_of(self, kind, place="V"):
        found = self.call(ListPositions(organisation_id=self.organisations()[place].organisation_id))
        return next(p.position_id for p in found if p.kind == kind)


@pytest.fixture
def county(tmp_path):
    with house(tmp_path, RosterService) as running:
        county = Positions(running)
        county.written("s_tree", "organisations", TREE)
        county.written("s_people", "members", [*people(5), ("M0009", "演预备", "预备党员", "W", "")])
        yield county


def test_positions_are_written_with_what_they_give_and_what_decides_waits(county):
    """Of what decides nothing works before the superior confirmed it. [X45] [A14]"""
    told = county.sheet("s1", FIRST, CLERK, ("M0001", "", "V", "组织委员", "2021年3月", "", ""))
    assert (told.state, told.new, told.wrong) == ("checked", 3, 0) and county.held() == []
    assert county.call(WriteSheet(sheet_id="s1")).state == "written"
    assert county.held() == [("secretary", "演一", "held", [("secretary", False)]), ("committee", "演二", "held", []),
                             ("clerk", "演材料", "held", [("clerk", True)])]
    assert [one.person_name for one in county.call(ListWaiting(organisation_id=county.root)).items] == ["演一"]
    held = county.house.call(service_actor("gateway"), GrantsOf(person_id=county.members()["M0000"].member_id))
    assert [g.role for g in held] == ["member"], "nothing works that was not confirmed"


@pytest.mark.parametrize("word", ["已确认", "是", "上级同意", "confirmed"])
def test_a_row_that_asks_to_be_confirmed_is_refused(county, word):
    """No spreadsheet confirms. [X45]"""
    told = county.sheet("s1", (*FIRST[:-1], word), CLERK)
    assert (told.wrong, told.importable) == (1, 1)
    [(row, column, value, sentence)] = county.sentences("s1")
    assert (row, column, value) == (2, "确认情况", word) and "不能确认" in sentence
    with pytest.raises(Refusal):
        county.call(WriteSheet(sheet_id="s1"))
    assert county.held() == []


def test_waiting_written_out_is_no_request(county):
    assert county.sheet("s1", (*FIRST[:-1], "待确认")).wrong == 0


def test_what_is_wrong_is_told_by_row_column_and_value(county):
    ended = county.organisations()["W"]
    county.written("s_more", "organisations", [("X", "旧支部", "党支部", "农村", "T")])
    county.call(DissolveOrganisation(organisation_id=county.organisations()["X"].organisation_id, because="并入别村"))
    told = county.sheet(
        "s1", FIRST, ("M0001", "", "V", "书记", "2021-03-15", "", ""), ("M9999", "", "V", "委员", "2021-03-15", "", ""),
        ("M0002", "", "X", "委员", "2021-03-15", "", ""), ("M0002", "", "V", "委员", "2999-01-01", "", ""),
        ("M0003", "别人", "V", "委员", "2021-03-15", "", ""), ("", "生人", "V", "书记", "2021-03-15", "", ""),
        ("", "演四", "V", "材料员", "2021-03-15", "", ""), ("", "", "V", "材料员", "2021-03-15", "", ""),
        ("M0009", "", "W", "书记", "2021-03-15", "", ""), ("M0004", "", "NO", "委员", "2021-03-15", "", ""),
        ("M0004", "", "V", "主席", "2021-03-15", "", ""), ("M0004", "", "V", "委员", "", "", ""),
        ("M0004", "", "V", "委员", "2021-03-15", "2020-01-01", ""), FIRST, ("=1+1", "", "V", "委员", "2021-03-15", "", ""))
    assert ended.state == "active" and (told.total, told.importable, told.wrong) == (16, 1, 15)
    assert county.faults("s1") == [
        (3, "职务", "书记"), (4, "人员编号", "M9999"), (5, "党组织编号", "X"), (6, "起始日期", "2999-01-01"), (7, "姓名", "别人"),
        (8, "职务", "书记"), (9, "姓名", "演四"), (10, "人员编号", ""), (11, "职务", "书记"), (12, "党组织编号", "NO"), (13, "职务", "主席"),
        (14, "起始日期", ""), (15, "截止日期", "2020-01-01"), (16, "人员编号", "M0000"), (17, "人员编号", "=1+1")]
    assert "现任书记是演一" in county.sentences("s1")[0][3]


def test_a_second_secretary_beside_the_one_who_is_there_is_named(county):
    county.import_("s1", FIRST)
    assert county.sheet("s2", ("M0001", "", "V", "书记", "2022-03-15", "", "")).wrong == 1
    assert "现任书记是演一" in county.sentences("s2")[0][3]
    assert county.sheet("s3", ("M0001", "", "V", "主持工作的副书记", "2022-03-15", "", "")).wrong == 1


def test_the_same_file_again_changes_nothing(county):
    county.import_("s1", FIRST, CLERK)
    before, said = county.held(), len(county.announced())
    told = county.sheet("s2", FIRST, CLERK)
    assert (told.same, told.new, told.wrong, told.importable) == (2, 0, 0, 0)
    county.call(WriteSheet(sheet_id="s2"))
    assert county.held() == before and len(county.announced()) == said


def test_a_successor_may_stand_above_the_one_who_ends(county):
    county.import_("s1", FIRST)
    told = county.sheet("s2", ("M0001", "", "V", "书记", "2024-03-15", "", ""), (*FIRST[:5], "2024-03-14", ""))
    assert (told.new, told.changed, told.wrong) == (1, 1, 0)
    county.call(WriteSheet(sheet_id="s2"))
    assert county.held() == [("secretary", "演二", "held", [("secretary", False)])]
    assert county.held(ended=True)[-1] == ("secretary", "演一", "ended", [])
    assert county.sheet("s3", ("M0001", "", "V", "书记", "2024-03-15", "", ""), (*FIRST[:5], "2024-03-14", "")).same == 2


def test_who_was_dismissed_is_not_reinstated_by_an_old_file(county):
    county.import_("s1", FIRST)
    county.call(EndPosition(position_id=county.id_of("secretary")))
    assert county.sheet("s2", FIRST).wrong == 1
    assert "不能恢复" in county.sentences("s2")[0][3]


def test_a_position_that_was_filled_between_check_and_write_is_not_filled_twice(county):
    county.sheet("s1", FIRST)
    county.call(Appoint(organisation_id=county.organisations()["V"].organisation_id, kind="deputy_in_charge",
                        member_id=county.members()["M0001"].member_id))
    with pytest.raises(Refusal) as stale:
        county.call(WriteSheet(sheet_id="s1"))
    assert stale.value.status == 412
    assert [(kind, name) for kind, name, *_ in county.held()] == [("deputy_in_charge", "演二")]


def test_a_member_who_left_between_check_and_write_holds_nothing(county):
    county.sheet("s1", FIRST)
    county.call(RecordLeaving(member_id=county.members()["M0000"].member_id, because="expelled"))
    with pytest.raises(Refusal) as stale:
        county.call(WriteSheet(sheet_id="s1"))
    assert stale.value.status == 412 and county.held() == []


def test_an_ended_position_keeps_nothing_that_was_confirmed_between_check_and_write(county):
    """What was prepared ends a grant that waits; confirmed meanwhile, it is looked at again and then ends, too. [X45] [X49]"""
    county.import_("s1", FIRST)
    holder, ending = county.members()["M0000"].member_id, (*FIRST[:5], "2024-03-14", "")
    [waiting] = county.call(ListWaiting(organisation_id=county.root)).items
    county.sheet("s2", ending)
    county.call(ConfirmGrants(grant_ids=(waiting.grant_id,)))
    said = len(county.announced())
    with pytest.raises(Refusal) as stale:
        county.call(WriteSheet(sheet_id="s2"))
    assert stale.value.status == 412 and len(county.announced()) == said and county.held() == [
        ("secretary", "演一", "held", [("secretary", True)])]
    county.import_("s2", ending)
    assert county.held() == [] and [g.role for g in county.house.call(service_actor("gateway"), GrantsOf(person_id=holder))] == ["member"]


def test_undo_takes_back_what_was_written_and_the_file_can_be_sent_again(county):
    county.import_("s1", FIRST, CLERK)
    assert county.undone("s1").done and county.held() == []
    assert {state for _, _, state, _ in county.held(ended=True)} == {"taken_back"}
    assert county.call(ListWaiting(organisation_id=county.root)).items == ()
    assert county.import_("s2", FIRST, CLERK).new == 2
    assert [(kind, name) for kind, name, *_ in county.held()] == [("secretary", "演一"), ("clerk", "演材料")]


def test_undo_of_an_ending_holds_the_position_as_before_and_its_grant_waits(county):
    county.import_("s1", FIRST)
    [waiting] = county.call(ListWaiting(organisation_id=county.root)).items
    county.call(ConfirmGrants(grant_ids=(waiting.grant_id,)))
    county.import_("s2", (*FIRST[:5], "2024-03-14", ""))
    assert county.held() == []
    assert county.undone("s2").done
    assert county.held() == [("secretary", "演一", "held", [("secretary", False)])]


def test_what_the_superior_confirmed_is_not_undone(county):
    county.import_("s1", FIRST, CLERK)
    [waiting] = county.call(ListWaiting(organisation_id=county.root)).items
    county.call(ConfirmGrants(grant_ids=(waiting.grant_id,)))
    told = county.call(UndoSheet(sheet_id="s1"))
    assert not told.done and [(o.row, o.code) for o in told.obstacles] == [(2, "M0000")] and "确认" in told.obstacles[0].sentence
    assert len(county.held()) == 2


def test_an_ending_is_not_undone_once_somebody_else_was_appointed(county):
    county.import_("s1", FIRST)
    county.import_("s2", (*FIRST[:5], "2024-03-14", ""))
    county.import_("s3", ("M0001", "", "V", "书记", "2024-03-15", "", ""))
    assert [o.code for o in county.call(UndoSheet(sheet_id="s2")).obstacles] == ["M0000"]


def test_nobody_appoints_themselves_by_a_sheet(county):
    county.office = county.office.__class__(**{n: getattr(county.office, n) for n in county.office.__dataclass_fields__} | {
        "member_id": county.members()["M0000"].member_id})
    assert county.sheet("s1", FIRST).wrong == 1 and county.faults("s1") == [(2, "人员编号", "M0000")]


def test_a_new_person_with_the_name_of_somebody_who_acts_elsewhere_is_asked_back(county):
    """Two lines of one sheet alike. [X50]"""
    town = county.organisations()["W"].organisation_id
    county.call(Appoint(organisation_id=town, kind="liaison", person_name="演材料"))
    other = ("", "演联络", "V", "联络员", "2021-03-15", "", "")
    told = county.sheet("s1", CLERK, other, ("", "演联络", "W", "材料员", "2021-03-15", "", ""))
    assert (told.wrong, told.importable) == (2, 1)
    [(row, column, value, sentence), (twice, _, _, there)] = county.sentences("s1")
    assert (row, column, value, twice) == (2, "姓名", "演材料", 4) and "“职务”页面" in sentence
    assert sentence.startswith(county.organisations()["W"].name) and there.startswith(county.organisations()["V"].name)
