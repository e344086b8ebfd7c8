"""The user's own file comes back: every fault red at its cell, with a comment, a column of reasons, and a filter; nothing else changed."""
import io
import json

import openpyxl
import pytest
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from services.gateway.jobs import confined
from services.gateway.jobs.returned import AUTHOR, EDGE, NOTE, REASON, RED
from tests.component.gateway.test_jobs_imports import HEADER, SAMPLES, uploaded
from wire.contracts import roster as r

TREE = [["53", "云岭县委", "县委", "机关", ""], ["5301", "石桥镇党委", "党委", "农付", "53"], ["", "柳溪村党支部", "党支部", "农村", "99"]]
FAULTS = [{"row": 5, "column": "领域", "value": "农付", "sentence": "没有这种领域，请从中选填一个。"},
          {"row": 6, "column": "编号", "value": "", "sentence": "编号不能为空，请填写。"},
          {"row": 6, "column": "上级编号", "value": "99", "sentence": "没有编号为“99”的党组织。"}]


def own(header=HEADER, rows=TREE) -> bytes:
    """As an officer would have it: a title, a remark of their own, a column of their own, a font, a second sheet."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = "二〇二六年"
    page["A1"] = "全县党组织一览表"
    page.merge_cells("A1:F1")
    for place, word in enumerate([*header, "备注"], 1):
        page.cell(3, place).value = word
    for number, row in enumerate(rows, 4):
        for place, word in enumerate([*row, "我的备注"], 1):
            page.cell(number, place).value = word or None
    page["B4"].font = Font(bold=True)
    page["B4"].comment = Comment("我的批注", "我")
    page["F5"].data_type = "s"
    book.create_sheet("底稿")["A1"] = "不要动"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def returned(tmp_path, body: bytes, faults=FAULTS, *, notes=(), kind="organisations", most=5000):
    for name, content in (("upload", body), ("faults", json.dumps({"faults": faults, "notes": notes}).encode())):
        (tmp_path / name).write_bytes(content)
    told, = confined.run("returned", 60, 256_000_000, kind, *(str(tmp_path / n) for n in ("upload", "faults", "out.xlsx")), str(most), "120000000")
    return told["made"], openpyxl.load_workbook(tmp_path / "out.xlsx")


def marks(page) -> dict[str, str]:
    """Red cells with what their comments say."""
    return {cell.coordinate: cell.comment.text if cell.comment else "" for row in page.iter_rows() for cell in row
            if cell.fill.fill_type == "solid" and cell.fill.start_color.rgb[-6:] == RED and cell.comment}


def reddened(page) -> set[str]:
    """Every red cell, and every one with a comment or an edge of ours."""
    return {cell.coordinate for row in page.iter_rows() for cell in row
            if cell.fill.fill_type == "solid" and cell.fill.start_color.rgb[-6:] == RED or cell.comment and cell.comment.author == AUTHOR
            or cell.border.left and cell.border.left.color and str(cell.border.left.color.rgb).endswith(EDGE)}


def test_the_users_own_file_is_marked_at_every_fault_and_nowhere_else(tmp_path):
    made, book = returned(tmp_path, own())
    page = book["二〇二六年"]
    assert made == "own" and book.sheetnames == ["二〇二六年", "底稿"] and book["底稿"]["A1"].value == "不要动"
    assert marks(page) == {"D5": FAULTS[0]["sentence"], "A6": FAULTS[1]["sentence"], "E6": FAULTS[2]["sentence"]}
    assert page["G3"].value == REASON and page["G4"].value is None
    assert page["G5"].value == "【领域】没有这种领域，请从中选填一个。" and page["G6"].value.count("【") == 2
    assert page.auto_filter.ref == "A3:G6"
    assert page["B4"].font.bold and page["B4"].comment.text == "我的批注" and page["F4"].value == "我的备注"
    assert "A1:F1" in [str(m) for m in page.merged_cells.ranges]


def test_given_back_twice_it_has_one_column_of_reasons_with_what_is_wrong_now(tmp_path):
    returned(tmp_path, own())
    _, book = returned(tmp_path, (tmp_path / "out.xlsx").read_bytes(), FAULTS[:1])
    page = book["二〇二六年"]
    assert marks(page) == {"D5": FAULTS[0]["sentence"]} and reddened(page) == {"D5"}, "what was put right is red no longer"
    assert [c.value for c in page[3]].count(REASON) == 1 and page["G6"].value is None and page["G5"].value.startswith("【领域】")


def test_a_larger_file_comes_back_as_a_fresh_one_of_the_same_layout(tmp_path):
    made, book = returned(tmp_path, own(), most=2)
    page = book.active
    assert made == "fresh" and [c.value for c in page[3]] == [*HEADER, "备注", REASON] and page["A1"].value == "全县党组织一览表"
    assert [c.value for c in page[5]][:6] == ["5301", "石桥镇党委", "党委", "农付", "53", "我的备注"]
    assert set(marks(page)) == {"D5", "A6", "E6"} and page["G6"].value.count("【") == 2
    assert page.auto_filter.ref == "A3:G6"


def test_an_old_file_comes_back_as_a_new_one(tmp_path):
    made, book = returned(tmp_path, (SAMPLES / "members.xls").read_bytes(), [
        {"row": 3, "column": "身份", "value": "x", "sentence": "没有这种身份。"}], kind="members")
    assert made == "fresh" and list(marks(book.active).values()) == ["没有这种身份。"]


@pytest.mark.parametrize("most", [5000, 0])
def test_nothing_in_the_file_given_back_is_calculated(tmp_path, most):
    """What was typed as text stays text, also where it looks like a formula. [T26]"""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        page = book.add_worksheet()
        for number, row in enumerate([HEADER, ["53", "=cmd|' /C calc'!A0", "县委", "机关", "@SUM(1)"]]):
            for place, word in enumerate(row):
                page.write_string(number, place, word)
    _, book = returned(tmp_path, out.getvalue(), [{"row": 2, "column": "名称", "value": "=cmd", "sentence": "这一格像公式。"}], most=most)
    assert [cell.data_type for cell in book.active[2][:5]] == ["s"] * 5 and book.active["B2"].value == "=cmd|' /C calc'!A0"


def test_what_comes_back_is_taken_again_and_its_own_column_passed_over(gate, office, roster):
    roster.faults = [r.RowFault(row=2, column="领域", value="农付", sentence="没有这种领域。")]
    job = uploaded(gate, office, own(rows=TREE[:1]))
    assert job["state"] == "wrong"
    answer = gate.web.get(f"/api/v1/imports/{job['id']}/returned.xlsx", headers=office)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    roster.faults = []
    again = uploaded(gate, office, answer.data)
    assert again["state"] == "checked" and set(roster.rows()[0]) == {"row", "code", "name", "kind", "sector", "parent_code"}


NOTES = [{"row": 5, "code": "5301", "sort": "renamed", "sentence": "改名：石桥镇党委 → 石桥党委"},
         {"row": 5, "code": "5301", "sort": "month", "sentence": "成立日期只写了“2012-07”，没有写日，将记为 2012-07-01。"}]


@pytest.mark.parametrize(("most", "how"), [(5000, "own"), (1, "fresh")])
def test_what_is_worth_a_look_stands_in_a_column_of_its_own_and_no_cell_is_red(tmp_path, most, how):
    made, book = returned(tmp_path, own(), [], notes=NOTES, most=most)
    page = book.worksheets[0]
    said = {page.cell(3, place).value: place for place in range(1, page.max_column + 1) if page.cell(3, place).value}
    assert made == how and REASON not in said and marks(page) == {}
    assert page.cell(5, said[NOTE]).value == "；".join(one["sentence"] for one in NOTES)
    assert [page.cell(row, said[NOTE]).value for row in (4, 6)] == [None, None]


@pytest.mark.parametrize("most", [5000, 1])
def test_faults_and_notes_come_back_together_and_a_file_sent_again_says_only_what_holds_now(tmp_path, most):
    returned(tmp_path, own(), FAULTS[:1], notes=NOTES, most=most)
    _, book = returned(tmp_path, (tmp_path / "out.xlsx").read_bytes(), FAULTS[1:2], notes=NOTES[:1], most=most)
    page = book.worksheets[0]
    assert marks(page) == {"A6": FAULTS[1]["sentence"]} and len(reddened(page)) == (1 if most > 1 else 2)
    heads = [page.cell(3, place).value for place in range(1, page.max_column + 1)]
    assert heads.count(REASON) == heads.count(NOTE) == 1
    reasons, notes = heads.index(REASON) + 1, heads.index(NOTE) + 1
    assert [page.cell(row, reasons).value for row in (4, 5, 6)] == [None, None, "【编号】编号不能为空，请填写。"]
    assert [page.cell(row, notes).value for row in (4, 5, 6)] == [None, NOTES[0]["sentence"], None]


@pytest.mark.parametrize("first", [5000, 1])
def test_a_right_file_comes_back_with_notes_and_nothing_red_of_the_round_before(tmp_path, first):
    """Whichever it was then, the user's own or a fresh one, it is the user's now; their own comment and their own red stay."""
    book = openpyxl.load_workbook(io.BytesIO(own()))
    book.worksheets[0]["F4"].fill = PatternFill("solid", start_color=RED, end_color=RED)
    out = io.BytesIO()
    book.save(out)
    returned(tmp_path, out.getvalue(), FAULTS, most=first)
    made, book = returned(tmp_path, (tmp_path / "out.xlsx").read_bytes(), [], notes=NOTES)
    page = book.worksheets[0]
    assert made == "own" and marks(page) == {} and reddened(page) == ({"F4"} if first > 1 else set())
    assert page["H5"].value.startswith("改名") and [page.cell(row, 7).value for row in (4, 5, 6)] == [None, None, None]
    assert first == 1 or page["B4"].comment.text == "我的批注"


def test_red_of_the_users_own_stays_red_in_a_file_that_was_never_given_back(tmp_path):
    book = openpyxl.load_workbook(io.BytesIO(own()))
    book.worksheets[0]["B5"].fill = PatternFill("solid", start_color=RED, end_color=RED)
    out = io.BytesIO()
    book.save(out)
    assert reddened(returned(tmp_path, out.getvalue(), [], notes=NOTES)[1].worksheets[0]) == {"B5"}


@pytest.mark.parametrize("most", [5000, 1])
def test_our_columns_are_known_wherever_the_user_put_them(tmp_path, most):
    """Between the user's own: what they say now stands there, what they said before does not, and no other column moves."""
    header = ["编号", REASON, "名称", "类别", NOTE, "领域", "上级编号"]
    body = own(header, [[row[0], "旧话", *row[1:3], "旧话", *row[3:]] for row in TREE])
    _, book = returned(tmp_path, body, FAULTS[:1], notes=NOTES, most=most)
    page = book.worksheets[0]
    assert [cell.value for cell in page[3]] == [*header, "备注"] and list(marks(page)) == ["F5"]
    assert [page.cell(row, 2).value for row in (4, 5, 6)] == [None, "【领域】没有这种领域，请从中选填一个。", None]
    assert [page.cell(row, 5).value for row in (4, 5, 6)] == [None, "；".join(one["sentence"] for one in NOTES), None]
    assert [page.cell(5, place).value for place in (1, 3, 4, 6, 7, 8)] == ["5301", "石桥镇党委", "党委", "农付", "53", "我的备注"]
