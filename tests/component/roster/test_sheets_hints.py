"""What a sheet would change of what is there, and what it would read into a cell, is told by name before it is written; what cannot
be is refused by row, column, value and what to write instead. [A18]"""
from contextlib import nullcontext
from datetime import timedelta

import pytest
from sqlalchemy import event

from services.roster import queries
from services.roster.domain.hint import ORDER
from tests.component.roster.sending import MEMBERS, people
from wire.bus import unit as units
from wire.contracts.calls import Refusal
from wire.contracts.policies import propose_policy_of
from wire.contracts.roster import (
    HINT_SORTS, AdoptPolicies, CorrectMember, DefineSystem, ExtendTerm, ListSheetFaults, ListSheetHints, PolicyChoice, RegisterMember, SheetLine,
    StageLines, SyncMembers, SyncedMember, WriteSheet,
)


def hinted(county, sheet_id, **more):
    return county.call(ListSheetHints(sheet_id=sheet_id, **more))


def today_of(county):
    with county.house.reading("roster") as unit:
        return unit.today


def faults(county, sheet_id):
    return {(one.row, one.column, one.value): one.sentence for one in county.call(ListSheetFaults(sheet_id=sheet_id)).faults}


def test_who_is_renamed_and_who_moves_is_named_before_it_is_written(county):
    """Row 2 is renamed, row 3 moves, row 4 both, row 5 changes something else, row 6 nothing, row 7 is new."""
    county.written("s1", "members", people(5))
    kept = people(5)
    rows = [("M0000", "演新名", *kept[0][2:]), (*kept[1][:3], "W", kept[1][4]), ("M0002", "演别名", kept[2][2], "W", kept[2][4]),
            (*kept[3][:4], "2009-07-01"), kept[4], ("N1", "新来人", "正式党员", "V", "2010-07-01")]
    told = county.stage("s2", "members", rows, piece=2)
    assert (told.new, told.changed, told.same, told.wrong) == (1, 4, 1, 0)
    found = hinted(county, "s2")
    assert [(one.row, one.code, one.sort, one.sentence) for one in found.hints] == [
        (2, "M0000", "renamed", f"改名：{kept[0][1]} → 演新名"), (4, "M0002", "renamed", f"改名：{kept[2][1]} → 演别名"),
        (3, "M0001", "moved", f"调动：{kept[1][1]}，柳溪村党支部 → 松坡村党支部"), (4, "M0002", "moved", "调动：演别名，柳溪村党支部 → 松坡村党支部"),
        (5, "M0003", "altered", f"修改：{kept[3][1]}，入党日期 {kept[3][4]} → 2009-07-01")]
    assert {one.sort: one.total for one in found.counts} == {"renamed": 2, "moved": 2, "altered": 1} and found.total == 5
    assert [one.row for one in hinted(county, "s2", limit=2, after=1).hints] == [4, 3], "a page of them, counted all the same"
    assert hinted(county, "s2", limit=2, after=1).total == 5
    assert county.call(WriteSheet(sheet_id="s2")).state == "written", "a hint hinders nothing"


def test_a_page_reads_what_it_shows_and_nothing_kept_aside(county):
    """However many there are: asked by order and limit, by the index, and counted at once; across pieces, one of which came twice. [T35]"""
    months = [(f"N{n}", f"演{'甲乙丙丁'[n % 4]}", "正式党员", "V", "2019-07") for n in range(40)]
    county.written("s1", "members", people(2))
    rows = [*months, ("M0001", "演新名", *people(2)[1][2:])]
    county.stage("s2", "members", rows, piece=10)
    county.stage("s2", "members", rows, piece=10)
    lines = tuple(SheetLine(row=n, cells=row) for n, row in enumerate(months[10:20], 12))
    county.call(StageLines(sheet_id="s2", kind="members", columns=MEMBERS, piece=1, lines=lines))
    asked = []
    with units.reading(county.house.bus("roster").room, county.office) as unit:
        event.listen(unit.sql, "before_cursor_execute", lambda c, cursor, statement, told, *more: asked.append((statement, told)))
        pages = [queries.list_sheet_hints(unit, ListSheetHints(sheet_id="s2", limit=15, after=after)) for after in (0, 15, 30, 45)]
        statements = list(asked)
        assert not [statement for statement, _ in statements if "prepared" in statement], "nothing of a piece is read again"
        plans = [" ".join(row[-1] for row in unit.sql.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", told))
                 for statement, told in statements if "sheet_hint" in statement]
    assert len(plans) == 2 * len(pages)
    assert all("sheet_hint_order" in plan and "TEMP B-TREE" not in plan for plan in plans), plans
    assert [len(page.hints) for page in pages] == [15, 15, 11, 0] and {page.total for page in pages} == {41}
    assert [one.row for page in pages for one in page.hints] == [42, *range(2, 42)]
    assert {one.sort: one.total for one in pages[2].counts} == {"renamed": 1, "month": 40}


def test_an_empty_kind_of_post_leaves_what_stands_and_means_staff_for_who_is_new(county):
    """Else one blank cell would take rank and duty away, and a leading cadre's higher standard with them. [A12]"""
    head = ("code", "name", "kind", "organisation_code", "post", "post_kind", "joined_on")
    county.written("s1", "members", [("M1", "演一", "正式党员", "V", "书记", "领导干部", "2010-07-01")], columns=head)
    told = county.stage("s2", "members", [("M1", "演一", "正式党员", "V", "书记", "　", "2010-07-01"),
                                          ("M2", "演二", "正式党员", "V", "", "", "2010-07-01")], columns=head)
    assert (told.new, told.same) == (1, 1)
    county.call(WriteSheet(sheet_id="s2"))
    assert {code: one.post_kind for code, one in county.members().items()} == {"M1": "leader", "M2": "staff"}


def test_what_else_a_line_changes_of_a_member_is_told_column_by_column_and_what_it_empties_plainly(county):
    """Also what has no column of its own and follows: the duty of somebody without a post ends with that kind of post. [A18]"""
    head = ("code", "name", "kind", "organisation_code", "post", "post_kind", "joined_on")
    county.written("s1", "members", [("M1", "演一", "预备党员", "V", "支部委员", "在岗", f"{today_of(county)}"),
                                     ("M2", "演二", "正式党员", "V", "", "无职", "2010-07-01"),
                                     ("M3", "演三", "正式党员", "V", "会计", "在岗", "2010-07-01")], columns=head)
    member = county.members()["M2"]
    county.call(CorrectMember(member_id=member.member_id, name="演二", post_kind="without", duty="政策宣传", joined_on=member.joined_on))
    told = county.stage("s2", "members", [
        ("M1", "演一", "入党积极分子", "V", "", "在岗", ""), ("M2", "演二", "正式党员", "V", "组长", "退休", "2010-07-02"),
        ("M3", "演三", "正式党员", "V", "会计", "在岗", "2010-07-01"), ("M4", "演四", "正式党员", "V", "会计", "在岗", "2010-07-01")],
        columns=head)
    assert (told.new, told.changed, told.same) == (1, 2, 1)
    assert [(one.row, one.sort, one.sentence) for one in hinted(county, "s2").hints] == [
        (2, "emptied", f"清空：演一，职务（原为“支部委员”），入党日期（原为“{today_of(county)}”）"),
        (3, "emptied", "清空：演二，设岗定责（原为“政策宣传”）"),
        (2, "altered", "修改：演一，身份 预备党员 → 入党积极分子"),
        (3, "altered", "修改：演二，职务 （空） → 组长，岗位类别 无职党员 → 离退休，入党日期 2010-07-01 → 2010-07-02")]


def test_a_column_that_a_file_lacks_says_what_it_empties(county):
    head = ("code", "name", "kind", "organisation_code", "post", "joined_on")
    county.written("s1", "members", [(f"M{n}", "演一", "正式党员", "V", "会计", "2010-07-01") for n in range(3)], columns=head)
    county.stage("s2", "members", [(f"M{n}", "演一", "正式党员", "V", "2010-07-01") for n in range(3)])
    found = hinted(county, "s2")
    assert [one.sentence for one in found.hints] == ["清空：演一，职务（原为“会计”）"] * 3 and found.counts[0].sort == "emptied"


def test_what_else_a_line_changes_of_an_organisation_is_told_too(county):
    """An extended term ends with the election that is entered."""
    term = today_of(county).replace(year=today_of(county).year - 5, month=1, day=1)
    head = ("code", "name", "kind", "sector", "parent_code", "founded_on", "re_elected_on", "system")
    county.call(DefineSystem(name="教育", organisation_id=county.organisations()["C"].organisation_id))
    county.written("s1", "organisations", [("X", "西岭村党支部", "党支部", "农村", "T", "2012-07-01", f"{term}", ""),
                                           ("Y", "东岭村党支部", "党支部", "农村", "T", "2012-07-01", "", "教育")], columns=head)
    x, extended = county.organisations()["X"], today_of(county).replace(month=3, day=1)
    county.call(ExtendTerm(organisation_id=x.organisation_id, until=extended, because="换届筹备"))
    county.stage("s2", "organisations", [("X", "西岭村党支部", "联合党支部", "社区", "T", "", "2024-07-03", "教育"),
                                         ("Y", "东岭村党支部", "党支部", "农村", "T", "2012-07-01", "", "无")], columns=head)
    assert [(one.row, one.sort, one.sentence) for one in hinted(county, "s2").hints] == [
        (2, "emptied", f"清空：西岭村党支部，成立日期（原为“2012-07-01”），延期换届至（原为“{extended}”）"),
        (3, "emptied", "清空：东岭村党支部，条线（原为“教育”）"),
        (2, "altered", f"修改：西岭村党支部，类别 党支部 → 联合党支部，领域 农村 → 社区，条线 （空） → 教育，最近换届日期 {term} → 2024-07-03")]


def test_sorts_are_kept_by_the_numbers_they_are_told_in():
    assert tuple(HINT_SORTS) == ORDER


def test_organisations_renamed_and_put_under_another_are_named_too(county):
    rows = [("U", "青山镇党委", "党委", "农村", "C"), ("V", "柳溪村新党支部", "党支部", "农村", "T"), ("W", "松坡村党支部", "党支部", "农村", "U")]
    assert county.stage("s2", "organisations", rows).wrong == 0
    assert [(one.row, one.sort, one.sentence) for one in hinted(county, "s2").hints] == [
        (3, "renamed", "改名：柳溪村党支部 → 柳溪村新党支部"), (4, "moved", "调整上级：松坡村党支部，石桥镇党委 → 青山镇党委")]


@pytest.mark.parametrize(("cell", "shown", "day"), [("2019年7月", "2019年7月", "2019-07-01"), ("2019-07", "2019-07", "2019-07-01"),
                                                    ("201912", "201912", "2019-12-01"), ("２０１９．７", "2019．7", "2019-07-01")])
def test_a_month_alone_says_the_day_it_will_be_read_as(county, cell, shown, day):
    county.stage("s1", "members", [("N1", "演一", "正式党员", "V", cell), ("N2", "演二", "正式党员", "V", "2019-07-01"),
                                   ("N3", "演三", "正式党员", "V", "")])
    [one] = hinted(county, "s1").hints
    assert (one.row, one.code, one.sort) == (2, "N1", "month")
    assert one.sentence == f"入党日期只写了“{shown}”，没有写日，将记为 {day}；知道是哪一天的，请补上。"
    county.call(WriteSheet(sheet_id="s1"))
    assert str(county.members()["N1"].joined_on) == day


def test_a_month_alone_is_told_of_organisations_and_positions(county):
    county.stage("s1", "organisations", [("X", "西岭村党支部", "党支部", "农村", "T", "2012年7月", "2024-07-03")],
                 columns=("code", "name", "kind", "sector", "parent_code", "founded_on", "re_elected_on"))
    assert [(one.row, one.sort) for one in hinted(county, "s1").hints] == [(2, "month")]
    assert "成立日期只写了“2012年7月”" in hinted(county, "s1").hints[0].sentence
    county.written("s2", "members", people(1))
    county.stage("s3", "positions", [("M0000", "V", "书记", "2024-07")], columns=("code", "organisation_code", "kind", "from_on"))
    assert "起始日期只写了“2024-07”，没有写日，将记为 2024-07-01" in hinted(county, "s3").hints[0].sentence


def test_a_probation_of_years_and_a_joining_date_of_who_did_not_join_are_refused(county):
    today = today_of(county)
    long_ago, within = today.replace(year=today.year - 5, day=1), today.replace(year=today.year - 1, day=1)
    rows = [("N1", "演一", "预备党员", "V", f"{long_ago}"), ("N2", "演二", "入党积极分子", "V", "2020-07-01"),
            ("N3", "演三", "非党干部", "V", "2020-07-01"), ("N4", "演四", "预备党员", "V", f"{within}"), ("N5", "演五", "入党积极分子", "V", ""),
            ("N6", "演六", "预备党员", "V", "")]
    told = county.stage("s1", "members", rows)
    found = faults(county, "s1")
    assert (told.wrong, told.new) == (3, 3)
    assert set(found) == {(2, "入党日期", f"{long_ago}"), (3, "入党日期", "2020-07-01"), (4, "入党日期", "2020-07-01")}
    assert "身份应是正式党员" in found[2, "入党日期", f"{long_ago}"] and "最多再延长 12 个月" in found[2, "入党日期", f"{long_ago}"]
    assert "入党积极分子还没有入党，入党日期请空着" in found[3, "入党日期", "2020-07-01"]


def test_a_probation_over_its_year_is_worth_a_look_and_hinders_nothing(county):
    over = today_of(county) - timedelta(days=400)
    county.stage("s1", "members", [("N1", "演一", "预备党员", "V", f"{over}")])
    [one] = hinted(county, "s1").hints
    assert one.sort == "probation" and "预备期 12 个月已满" in one.sentence


def test_by_hand_and_by_sync_the_same_dates_are_refused(county):
    places = county.organisations()
    with pytest.raises(Refusal) as refused:
        county.call(RegisterMember(organisation_id=places["V"].organisation_id, code="H1", name="演手", kind="activist",
                                   joined_on=today_of(county).replace(day=1)))
    assert "joined_on" in refused.value.errors
    reply = county.call(SyncMembers(rows=(SyncedMember(code="S1", name="演同", kind="cadre", organisation_code="V",
                                                       joined_on=today_of(county).replace(day=1)),)))
    [verdict] = reply.verdicts
    assert verdict.reason == "invalid" and verdict.sentences[0].startswith("入党日期：非党干部还没有入党")


def test_a_part_of_the_tree_with_rules_of_its_own_is_judged_by_them(county):
    """W gives three years; a sheet, a sync and a hand are told the same there, and elsewhere what the county says. [A18]"""
    today, places = today_of(county), county.organisations()
    rules = county.call(propose_policy_of("roster").request(organisation_id=places["W"].organisation_id, document="roster.RollPolicy",
                                                           body='{"probation_months": 36}'))
    county.call(AdoptPolicies(organisation_id=places["W"].organisation_id, starts_on=today, policies=(
        PolicyChoice(document="roster.RollPolicy", hash=rules.hash),)))
    long_ago, over = today - timedelta(days=900), today - timedelta(days=400)
    rows = [(f"{place}{n}", f"演{'甲乙丙丁'[n]}", "预备党员", place, f"{on}") for n, (place, on) in enumerate(
        (("V", long_ago), ("W", long_ago), ("V", over), ("W", over)))]
    told = county.stage("s1", "members", [*rows, ("X9", "演戊", "预备党员", "没有", f"{long_ago}")])
    assert set(faults(county, "s1")) == {(2, "入党日期", f"{long_ago}"), (6, "所在党组织编号", "没有"), (6, "入党日期", f"{long_ago}")}
    assert told.new == 3 and [(one.row, one.sort) for one in hinted(county, "s1").hints] == [(4, "probation")]
    reply = county.call(SyncMembers(rows=tuple(SyncedMember(
        code=code, name=name, kind="probationary", organisation_code=place, joined_on=long_ago) for code, name, _, place, _ in rows[:2])))
    assert [verdict.result for verdict in reply.verdicts] == ["refused", "new"]
    for place, fits in (("V", False), ("W", True)):
        register = RegisterMember(organisation_id=places[place].organisation_id, code=f"H{place}", name="演手", kind="probationary",
                                  joined_on=long_ago)
        with nullcontext() if fits else pytest.raises(Refusal):
            county.call(register)
