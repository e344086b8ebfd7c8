"""A spreadsheet against the tree that stands."""
from dataclasses import replace
from datetime import date
from itertools import count

import pytest
from hypothesis import given, strategies as st

from services.roster.domain import tree, words
from services.roster.domain.organisation import DEEPEST, STANDS_UNDER
from tests.fakes_roster import OTHER, TOWN, VILLAGE, a_county, organisation
from wire.contracts.roster import KINDS_AND_FORMS, ORGANISATION_KINDS, SECTORS, OrganisationRow

TODAY = date(2026, 3, 2)


def plan(rows, standing=None):
    number = count(1)
    return tree.plan(
        rows, a_county() if standing is None else standing, kinds=KINDS_AND_FORMS, kind_words=words.ORGANISATION_KINDS, sectors=SECTORS,
        sector_words=words.SECTORS, systems={"sys_1": "教育", "sys_2": "卫生"}, new_id=lambda: f"org_new{next(number)}", today=TODAY)


def lines_of(*said):
    """Lines of a spreadsheet: code, name, kind, code of the parent; rows count from 2, below the header."""
    return tuple(OrganisationRow(row=n, code=code, name=name, kind=kind, sector="农村", parent_code=parent)
                 for n, (code, name, kind, parent) in enumerate(said, 2))


def faults(*lines):
    return [(f.row, f.column, f.value) for f in plan(lines_of(*lines)).faults]


def after(made, standing):
    """The tree as it would stand, by code."""
    return {o.code: o for o in standing} | {o.code: o for o in made.new + made.changed + made.moved}


class TestKindAndSystem:
    def test_a_kind_is_written_with_its_form(self):
        """[A18]"""
        lines = [(f"N{n}", f"第{n}支部", kind, "T") for n, kind in enumerate(("党支部", "联合党支部", "临时支部", "功能型党支部"))]
        assert [o.form for o in plan(lines_of(*lines)).new] == ["ordinary", "joint", "temporary", "functional"]

    def test_an_empty_cell_leaves_the_system_as_it_is_and_a_word_takes_it_away(self):
        """[A20]"""
        [row] = lines_of(("V", "柳溪村党支部", "党支部", "T"))
        standing = [replace(o, system_id="sys_1") if o.id == VILLAGE else o for o in a_county()]
        said = {cell: after(plan([replace(row, system=cell)], standing), standing)["V"].system_id for cell in ("", "卫生", "无")}
        assert said == {"": "sys_1", "卫生": "sys_2", "无": ""}
        assert [f.column for f in plan([replace(row, system="月球")], standing).faults] == ["条线"]


class TestFaults:
    def test_each_is_named_by_row_column_and_value_with_what_to_write(self):
        made = plan((OrganisationRow(row=7, code="", name="村", kind="团支部", sector="月球", parent_code="X", founded_on="去年"),))
        assert {(f.row, f.column, f.value) for f in made.faults} == {
            (7, "编号", ""), (7, "名称", "村"), (7, "类别", "团支部"), (7, "领域", "月球"), (7, "成立日期", "去年")}
        assert all(f.sentence.endswith("。") for f in made.faults)
        assert not made.new and not made.changed

    def test_a_code_twice_in_the_file_names_the_first_row(self):
        made = plan(lines_of(("A", "甲村党支部", "党支部", "T"), ("Ａ ", "乙村党支部", "党支部", "T")))
        assert [(f.row, f.column, f.value) for f in made.faults] == [(3, "编号", "Ａ ")]
        assert "第 2 行" in made.faults[0].sentence

    def test_a_code_whose_name_kind_and_place_are_all_another_s_was_reused(self):
        made = plan(lines_of(("V", "中学党总支", "党总支", "O")))
        assert [(f.row, f.column) for f in made.faults] == [(2, "编号")] and "柳溪村党支部" in made.faults[0].sentence
        assert not faults(("V", "柳溪村党总支", "党总支", "T"))

    def test_an_unknown_parent(self):
        assert faults(("A", "甲村党支部", "党支部", "NOPE")) == [(2, "上级编号", "NOPE")]

    def test_no_parent_and_oneself_as_parent(self):
        assert faults(("A", "甲村党支部", "党支部", ""), ("B", "乙村党支部", "党支部", "B")) == [(2, "上级编号", ""), (3, "上级编号", "B")]

    def test_a_second_root(self):
        assert faults(("C2", "另一县委", "县委", "")) == [(2, "类别", "县委")]

    def test_the_root_stays_the_root(self):
        assert faults(("C", "云岭县委", "党委", "T")) == [(2, "上级编号", "T"), (2, "类别", "党委")]

    @pytest.mark.parametrize("above", [k for k in STANDS_UNDER if k != "county_committee"])
    def test_a_kind_stands_only_under_the_kinds_it_may(self, above):
        standing = [*a_county(), organisation("org_up", a_county()[1], above, code="U")]
        for kind, allowed in STANDS_UNDER.items():
            if kind == "county_committee":
                continue
            made = plan(lines_of(("A", "甲组织全称", ORGANISATION_KINDS[kind], "U")), standing)
            assert bool(made.faults) == (above not in allowed), (kind, above)

    def test_a_changed_kind_must_suit_what_stands_below(self):
        made = plan(lines_of(("T", "石桥镇党组", "党组", "C")))
        assert [(f.row, f.column) for f in made.faults] == [(2, "类别")]
        assert "org_village" not in made.faults[0].sentence and "柳溪村党支部" in made.faults[0].sentence

    def test_a_circle_in_the_file_names_every_row_of_it(self):
        found = faults(("A", "甲镇党委", "党委", "B"), ("B", "乙镇党委", "党委", "D"), ("D", "丁镇党委", "党委", "A"),
                       ("E", "戊村党支部", "党支部", "A"))
        assert found == [(2, "上级编号", "B"), (3, "上级编号", "D"), (4, "上级编号", "A")]

    def test_a_circle_closed_through_the_standing_tree(self):
        below = organisation("org_sub", a_county()[1], "committee", code="S")
        made = plan(lines_of(("T", "石桥镇党委", "党委", "S")), [*a_county(), below])
        assert [(f.row, f.column, f.value) for f in made.faults] == [(2, "上级编号", "S")]

    def test_one_name_twice_under_one_parent(self):
        made = plan(lines_of(("V2", "柳溪村党支部", "党支部", "T"), ("V3", "柳溪村党支部", "党支部", "O")))
        assert [(f.row, f.column) for f in made.faults] == [(2, "名称")]
        assert "编号 V）" in made.faults[0].sentence

    def test_a_bottomless_tree(self):
        rows = lines_of(*((f"L{i}", f"第{i}层党委", "党委", f"L{i - 1}" if i else "C") for i in range(DEEPEST + 2)))
        assert {f.column for f in plan(rows).faults} == {"上级编号"}

    def test_a_dozen_faults_are_all_listed_in_order_of_rows(self):
        found = plan(lines_of(*((f"X{i}", "", "党支部", "NOPE") for i in range(12)))).faults
        assert [f.row for f in found] == sorted(f.row for f in found) and len(found) == 24


class TestPlans:
    def test_a_parent_may_stand_below_its_child_in_the_file(self):
        made = plan(lines_of(("G", "一组党小组", "党小组", "B"), ("B", "甲村党支部", "党支部", "N"), ("N", "新镇党委", "党委", "C")))
        assert [o.code for o in made.new] == ["N", "B", "G"]
        assert made.new[2].path.startswith(made.new[1].path) and made.new[1].path.startswith(made.new[0].path)

    def test_a_file_that_says_what_stands_changes_nothing(self):
        rows = lines_of(("T", "石桥镇党委", "镇党委", "Ｃ"), ("V", " 柳溪村党支部", "支部", "T"))
        made = plan(rows)
        assert (made.total, made.same, made.new, made.changed, made.moved, made.faults) == (2, 2, [], [], [], [])

    def test_a_move_takes_everything_below_along(self):
        group = organisation("org_group", a_county()[2], "group", code="G")
        made = plan(lines_of(("V", "柳溪村党支部", "党支部", "O")), [*a_county(), group])
        assert [(o.id, o.parent_id, o.version) for o in made.changed] == [(VILLAGE, OTHER, 2)]
        assert [(o.id, o.path, o.version) for o in made.moved] == [("org_group", f"/org_county/{OTHER}/{VILLAGE}/org_group/", 2)]

    def test_two_that_change_places_are_no_circle(self):
        """The old parent moves under its old child's parent and the child up, in one file."""
        below = organisation("org_sub", a_county()[1], "committee", code="S")
        made = plan(lines_of(("T", "石桥镇党委", "党委", "S"), ("S", "石桥分党委", "党委", "C")), [*a_county(), below])
        assert not made.faults
        assert after(made, [])["V"].path == f"/org_county/org_sub/{TOWN}/{VILLAGE}/"

    def test_whose_word_it_needs_is_the_highest_of_what_is_touched(self):
        made = plan(lines_of(("V", "柳溪村党支部", "党支部", "T"), ("N", "新村党支部", "党支部", "T")))
        assert [o.id for o in made.targets] == [TOWN]
        moved = plan(lines_of(("V", "柳溪村党支部", "党支部", "O")))
        assert {o.id for o in moved.targets} == {VILLAGE, OTHER}
        assert [o.id for o in plan(lines_of(("V", "", "", ""))).targets] == [VILLAGE]

    @given(st.data())
    def test_any_order_of_rows_makes_the_same_tree(self, data):
        parents = data.draw(st.lists(st.integers(-1, 10), min_size=1, max_size=12))
        lines = [(f"N{i}", f"第{i}镇党委", "党委", "C" if p < 0 or p >= i else f"N{p}") for i, p in enumerate(parents)]
        rows = lines_of(*lines)
        shuffled = data.draw(st.permutations(rows))

        def shape_of(made):
            codes = {o.id: o.code for o in after(made, a_county()).values()}
            return {o.code: [codes[i] for i in o.path.strip("/").split("/")] for o in made.new}

        assert shape_of(plan(rows)) == shape_of(plan(shuffled))

    @given(st.data())
    def test_what_a_plan_makes_is_a_tree_and_planning_again_changes_nothing(self, data):
        """Random moves among towns: either faults, or every path runs through the parents up to the root."""
        standing = a_county()
        for step in range(data.draw(st.integers(1, 4))):
            codes = [o.code for o in standing if o.kind == "committee"] + [f"X{step}", f"Y{step}"]
            lines = data.draw(st.lists(st.tuples(st.sampled_from(codes), st.sampled_from([*codes, "C"])), max_size=5,
                                       unique_by=lambda line: line[0]))
            rows = lines_of(*((c, f"{c}镇党委", "党委", p) for c, p in lines))
            made = plan(rows, standing)
            if made.faults:
                assert not (made.new or made.changed or made.moved)
                continue
            renamed = {o.id: f"{o.id}_{step}" for o in made.new}
            standing = [_with_ids(o, renamed) for o in after(made, standing).values()]
            by_id = {o.id: o for o in standing}
            for one in standing:
                assert one.path == (by_id[one.parent_id].path if one.parent_id else "/") + f"{one.id}/"
            again = plan(rows, standing)
            assert (again.same, again.new, again.changed, again.moved, again.faults) == (len(rows), [], [], [], [])


def _with_ids(one, renamed):
    path = "/".join(renamed.get(i, i) for i in one.path.split("/"))
    return replace(one, id=renamed.get(one.id, one.id), parent_id=renamed.get(one.parent_id, one.parent_id), path=path)
