"""A whole spreadsheet at the roster's doors: staged in pieces, checked, written at one stroke, taken back. [X45] [T32]"""
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from nameko.testing.services import entrypoint_hook
from sqlalchemy import select

from services.roster.storage.sheets import faults, hints, lines, sheets
from tests.component.roster.sending import MEMBERS, TREE, people
from wire.bus.tables import history, prepared
from wire.contracts.actor import service_actor
from wire.contracts.calls import Refusal
from wire.contracts.policies import propose_policy_of
from wire.contracts.roster import (
    AdoptPolicies, CheckSheet, EndGrant, GiveGrant, GrantsOf, ListSheetSubjects, PolicyChoice, SheetLine, StageLines, WriteSheet,
)


def test_organisations_are_written_at_one_stroke_parents_anywhere_in_the_file(roster):
    told = roster.stage("s1", "organisations", TREE[::-1], piece=2)
    assert (told.state, told.total, told.new, told.wrong, told.importable) == ("checked", 3, 3, 0, 3)
    assert set(roster.organisations()) == {"C"}
    assert roster.call(WriteSheet(sheet_id="s1")).state == "written"
    found = roster.organisations()
    assert set(found) == {"C", "T", "V", "W"} and found["V"].path == f"/{roster.root}/{found['T'].organisation_id}/{found['V'].organisation_id}/"


def test_members_are_written_at_one_stroke_each_with_their_own_grant_and_announced(county):
    before = len(county.announced())
    told = county.written("s2", "members", people(25), piece=10)
    assert (told.state, told.new, told.total) == ("written", 25, 25)
    found = county.members()
    assert len(found) == 25 and found["M0003"].name == "演四"
    said = county.announced()[before:]
    assert {topic for topic, _ in said} == {"roster.member.registered.v1"} and len(said) == 25
    held = county.house.call(service_actor("gateway"), GrantsOf(person_id=found["M0003"].member_id))
    assert [(g.role, g.organisation_id) for g in held] == [("member", found["M0003"].organisation_id)]


def test_what_is_announced_says_the_instant_of_writing_and_who_wrote(county):
    county.stage("s2", "members", people(3))
    county.call(WriteSheet(sheet_id="s2"))
    with county.house.reading("roster") as unit:
        rows = unit.sql.execute(select(history).where(history.c.aggregate == "roster.member")).mappings().all()
    assert {row["person_id"] for row in rows} == {county.office.person_id} and len({row["at"] for row in rows}) == 1
    stamp = rows[0]["at"].isoformat().replace("+00:00", "Z")
    assert all(f'"acted_at":"{stamp}"' in row["state"] for row in rows)


def test_writing_again_and_sending_the_same_file_again_change_nothing(county):
    county.written("s2", "members", people(25))
    before, said = county.everything(), len(county.announced())
    assert county.call(WriteSheet(sheet_id="s2")).state == "written"
    told = county.written("s3", "members", people(25), piece=7)
    assert (told.same, told.new, told.changed) == (25, 0, 0)
    assert county.everything() == before and len(county.announced()) == said


def test_every_fault_is_told_and_nothing_is_written_unless_the_right_ones_are_wanted(county):
    rows = [*people(12), ("M0001", "演又", "正式党员", "V", ""), ("M9", "", "群众", "NOPE", "2030-01-01")]
    told = county.stage("s2", "members", rows, piece=5)
    assert (told.total, told.wrong, told.importable, told.faults) == (14, 2, 12, 5)
    assert county.faults("s2") == [(14, "编号", "M0001"), (15, "姓名", ""), (15, "身份", "群众"), (15, "所在党组织编号", "NOPE"),
                                   (15, "入党日期", "2030-01-01")]
    with pytest.raises(Refusal) as refused:
        county.call(WriteSheet(sheet_id="s2"))
    assert refused.value.code == "sheet_has_faults" and county.members() == {}
    assert county.call(WriteSheet(sheet_id="s2", right_only=True)).state == "written"
    assert set(county.members()) == {f"M{n:04d}" for n in range(12)}


def test_of_organisations_those_under_a_wrong_one_wait(roster):
    rows = [("T", "石桥镇党委", "党委", "农付", "C"), ("V", "柳溪村党支部", "党支部", "农村", "T"), ("O", "枫林镇党委", "党委", "农村", "C"),
            ("A", "甲支部", "党支部", "农村", "B"), ("B", "乙支部", "党总支", "农村", "A")]
    told = roster.stage("s1", "organisations", rows)
    assert (told.total, told.wrong, told.importable) == (5, 3, 1)
    assert [(row, column) for row, column, _ in roster.faults("s1")] == [(2, "领域"), (5, "上级编号"), (6, "上级编号")]
    roster.call(WriteSheet(sheet_id="s1", right_only=True))
    assert set(roster.organisations()) == {"C", "O"}


def test_a_piece_sent_twice_is_there_once_and_a_new_first_piece_begins_anew(county):
    lines = tuple(SheetLine(row=n, cells=row) for n, row in enumerate(people(4), 2))
    for _ in range(2):
        county.call(StageLines(sheet_id="s2", kind="members", columns=MEMBERS, piece=0, lines=lines))
    for _ in range(2):
        county.call(StageLines(sheet_id="s2", kind="members", columns=MEMBERS, piece=1, lines=(SheetLine(row=6, cells=people(5)[4]),)))
    assert county.call(CheckSheet(sheet_id="s2")).total == 5
    county.call(StageLines(sheet_id="s2", kind="members", columns=MEMBERS, piece=0, lines=lines[:2]))
    assert county.call(CheckSheet(sheet_id="s2")).total == 2


def test_what_changed_since_the_check_is_written_over_by_nobody(county):
    """The same file in two tabs: the second finds that the ground has moved, and checked again finds nothing to do."""
    county.stage("s2", "members", people(5))
    county.stage("s3", "members", people(5))
    county.call(WriteSheet(sheet_id="s2"))
    before = county.everything()
    with pytest.raises(Refusal) as stale:
        county.call(WriteSheet(sheet_id="s3"))
    assert stale.value.status == 412 and county.everything() == before
    assert county.written("s3", "members", people(5)).same == 5
    county.stage("s4", "organisations", [("V", "柳溪村支部改名", "党支部", "农村", "T")])
    county.written("s5", "organisations", [("W", "松坡村支部改名", "党支部", "农村", "T")])
    with pytest.raises(Refusal) as stale:
        county.call(WriteSheet(sheet_id="s4"))
    assert stale.value.status == 412


def test_a_move_and_a_new_name_carry_the_own_grant_along(county):
    county.written("s2", "members", people(2))
    county.written("s3", "members", [("M0000", "演新名", "正式党员", "W", "2010-07-01")])
    found = county.members()["M0000"]
    held = county.house.call(service_actor("gateway"), GrantsOf(person_id=found.member_id))
    assert [(g.organisation_id, g.person_name) for g in held] == [(county.organisations()["W"].organisation_id, "演新名")]


def test_an_import_is_taken_back_what_was_new_leaves_and_what_was_changed_is_as_before(county):
    county.written("s2", "members", people(3))
    before = county.members()
    county.written("s3", "members", [("M0000", "演新名", "预备党员", "W", ""), *people(30)[3:]])
    told = county.undone("s3")
    assert told.done and told.lines == 28
    after = county.members()
    assert set(after) == {"M0000", "M0001", "M0002"}
    assert (after["M0000"].name, after["M0000"].kind, after["M0000"].organisation_id, after["M0000"].joined_on) == (
        before["M0000"].name, before["M0000"].kind, before["M0000"].organisation_id, before["M0000"].joined_on)
    assert after["M0000"].version == 3 and after["M0001"] == before["M0001"]
    held = county.house.call(service_actor("gateway"), GrantsOf(person_id=after["M0000"].member_id))
    assert [g.organisation_id for g in held] == [after["M0000"].organisation_id]
    assert county.undone("s3").done and len(county.members()) == 3
    assert county.written("s4", "members", people(30)).state == "written" and len(county.members()) == 30


def test_nothing_is_taken_back_where_something_was_decided_since(county):
    county.written("s2", "members", people(3))
    found = county.members()
    grant = county.call(GiveGrant(organisation_id=found["M0001"].organisation_id, role="clerk", member_id=found["M0001"].member_id))
    county.written("s3", "members", [("M0002", "演改名", "正式党员", "V", "2010-07-01")])
    told = county.undone("s2")
    assert not told.done and [(o.row, o.code) for o in told.obstacles] == [(3, "M0001"), (4, "M0002")]
    assert len(county.members()) == 3
    county.call(EndGrant(grant_id=grant.grant_id))
    assert county.undone("s3").done
    assert [o.row for o in county.undone("s2").obstacles] == [4]


def test_organisations_are_taken_back_unless_somebody_lives_there(county):
    county.written("s2", "organisations", [("N", "新村党支部", "党支部", "农村", "T"), ("G", "一组", "党小组", "农村", "N"),
                                           ("V", "柳溪村党支部", "党支部", "农村", "C")])
    county.written("s3", "members", people(2, "G"))
    told = county.undone("s2")
    assert [(o.row, o.code) for o in told.obstacles] == [(3, "G")]
    assert county.undone("s3").done and county.undone("s2").done
    found = county.organisations()
    assert (found["N"].state, found["G"].state, found["V"].parent_id) == ("dissolved", "dissolved", found["T"].organisation_id)
    said = [topic for topic, _ in county.announced()][-3:]
    assert sorted(said) == ["roster.organisation.changed.v1"] + ["roster.organisation.dissolved.v1"] * 2
    again = [("N", "新村党支部", "党支部", "农村", "T"), ("G", "一组", "党小组", "农村", "N")]
    assert county.written("s4", "organisations", again).state == "written"
    assert {county.organisations()[code].state for code in "NG"} == {"active"}


def aged(county, sheet_id, days):
    """As if the sheet had been begun, and written, so many days ago."""
    ago = datetime.now(UTC) - timedelta(days=days)
    with county.house.bus("roster").writing() as unit:
        sheet = unit.books.sheets.get(sheet_id)
        unit.books.sheets.save(replace(sheet, created_at=ago, written_at=sheet.written_at and ago))


def test_sheets_nobody_comes_back_to_go_by_the_clock_and_what_was_written_stays(county):
    """Staged and never written, or past being taken back; one that is at hand is not touched. [X38]"""
    county.stage("left", "members", [*people(5), ("N1", "演一", "正式党员", "V", "2019-07")])
    county.written("s2", "members", people(3))
    county.stage("today", "members", [*people(3), ("", "王", "党员", "V", "x")])
    for sheet_id in ("left", "s2"):
        aged(county, sheet_id, 8)
    for _ in range(2):
        with entrypoint_hook(county.house._containers["roster"], "sweep") as sweep:
            sweep()
        with county.house.reading("roster") as unit:
            assert set(unit.sql.scalars(select(sheets.c.id))) == {"s_tree", "today"}
            assert set(unit.sql.scalars(select(lines.c.sheet_id))) == {"s_tree", "today"}
            assert set(unit.sql.scalars(select(faults.c.sheet_id))) == {"today"}
            assert unit.sql.scalars(select(hints.c.sheet_id)).all() == []
            assert set(unit.sql.scalars(select(prepared.c.batch))) <= {"today"}
    assert len(county.members()) == 3
    with pytest.raises(Refusal) as gone:
        county.call(WriteSheet(sheet_id="left"))
    assert gone.value.code == "not_found"


def test_a_sheet_that_may_still_be_taken_back_is_kept_however_old(county):
    """Where a policy gives a month for it, eight days do not end a sheet. [X38]"""
    county.written("s2", "members", people(3))
    said = county.call(propose_policy_of("roster").request(
        organisation_id=county.root, document="roster.SheetPolicy", body=json.dumps({"undo_hours": 24 * 30})))
    with county.house.reading("roster") as unit:
        today = unit.today
    county.call(AdoptPolicies(organisation_id=county.root, starts_on=today, policies=(PolicyChoice(document="roster.SheetPolicy", hash=said.hash),)))
    aged(county, "s2", 8)
    with entrypoint_hook(county.house._containers["roster"], "sweep") as sweep:
        sweep()
    county.undone("s2")
    assert county.members() == {}


def test_columns_that_do_not_fit_are_refused(county):
    for columns, cells in ((("code", "salary"), ("1", "2")), (("code", "name"), ("1",)), (("code", "code"), ("1", "1")), (("row",), ("1",))):
        with pytest.raises(Refusal) as refused:
            county.call(StageLines(sheet_id="sx", kind="members", columns=columns, piece=0, lines=(SheetLine(row=2, cells=cells),)))
        assert refused.value.status == 422


def test_whom_a_sheet_entered_is_told_in_pages_and_not_whom_it_changed(county):
    county.written("s2", "members", people(1))
    county.stage("s3", "members", [("M0000", "演一", "正式党员", "W", "2010-07-01"), *people(4)[1:]])
    ask = county.call(ListSheetSubjects(sheet_id="s3"))
    assert ask.subjects == (), "nothing before it is written"
    county.call(WriteSheet(sheet_id="s3"))
    page = county.call(ListSheetSubjects(sheet_id="s3", limit=2))
    rest = county.call(ListSheetSubjects(sheet_id="s3", limit=2, after=page.next))
    found = county.members()
    assert [(s.row, s.code, s.name, s.subject_id) for s in (*page.subjects, *rest.subjects)] == [
        (n + 2, f"M000{n}", found[f"M000{n}"].name, found[f"M000{n}"].member_id) for n in (1, 2, 3)] and rest.next == 0
