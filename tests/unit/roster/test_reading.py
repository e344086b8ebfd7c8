"""A cell is read as people type it, or refused with what to write instead."""
from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from services.gateway.jobs.reader import LONGEST, text
from services.roster.domain import reading, words
from services.roster.domain.reading import Choice, Odd
from wire.contracts.roster import KINDS_AND_FORMS, MEMBER_KINDS, POST_KINDS, SECTORS, RegisterMember
from wire.contracts.shape import Malformed, load

TODAY = date(2026, 3, 2)
FULL = str.maketrans("0123456789", "０１２３４５６７８９")


@given(st.dates(min_value=date(1927, 6, 1), max_value=TODAY))
def test_a_date_is_the_same_in_every_common_spelling(day):
    y, m, d = day.year, day.month, day.day
    spellings = (
        f"{y}-{m:02}-{d:02}", f"{y}-{m}-{d}", f"{y}/{m}/{d}", f"{y}.{m}.{d}", f"{y}年{m}月{d}日", f"{y}年{m}月{d}", f"{y}{m:02}{d:02}",
        f" {y}-{m}-{d} ", f"{y}-{m:02}-{d:02} 00:00:00", f"{y}-{m:02}-{d:02}T00:00:00", f"{y} 年 {m} 月 {d} 日",
        f"{y}/{m}/{d}".translate(FULL), str((day - date(1899, 12, 30)).days), f"{(day - date(1899, 12, 30)).days}.0")
    assert {reading.day(s, TODAY) for s in spellings} == {day}


@given(st.dates(min_value=date(1921, 7, 1), max_value=TODAY))
def test_a_month_alone_means_its_first_day(day):
    spellings = (f"{day.year}.{day.month}", f"{day.year}-{day.month:02}", f"{day.year}年{day.month}月", f"{day.year}{day.month:02}")
    assert {reading.day(s, TODAY) for s in spellings} == {day.replace(day=1)}


def test_a_cell_that_was_cut_on_its_way_is_told_as_at_least_so_long():
    """What the gateway reads of a cell is all the roster sees of it."""
    assert reading.CUT == LONGEST
    with pytest.raises(Odd) as refused:
        reading.name("安" * LONGEST)
    assert f"至少 {LONGEST} 个字" in refused.value.sentence


def test_an_empty_date_is_none():
    assert reading.day("", TODAY) is None
    assert reading.day(" \u3000\u200b ", TODAY) is None


@pytest.mark.parametrize("cell", ["2021-02-30", "2021-13-01", "去年", "21-7-1", "7/1/2021", "1985", "2021-07-01 08:30", "1/2", "２０２１", "99999"])
def test_what_is_no_date_is_refused_with_the_spelling_to_use(cell):
    with pytest.raises(Odd) as refused:
        reading.day(cell, TODAY)
    assert "2021-07-01" in refused.value.sentence


def test_a_date_after_today_is_refused():
    assert reading.day("2026-03-02", TODAY) == TODAY
    with pytest.raises(Odd, match="今天之后"):
        reading.day(str(TODAY + timedelta(days=1)), TODAY)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_and_nothing_else(cell):
    """[T23]"""
    for read in (lambda c: reading.day(c, TODAY), reading.code, reading.name, lambda c: reading.title(c, label="名称", least=2, limit=100)):
        try:
            read(cell)
        except Odd as odd:
            assert odd.sentence.endswith("。")


def test_what_was_cut_on_its_way_is_told_as_at_least_so_long():
    """A cell of a spreadsheet comes with 400 characters at most, however long it was."""
    for length, said in ((101, "现在 101 个字"), (reading.CUT, "现在至少 400 个字")):
        with pytest.raises(Odd, match=said):
            reading.title("村" * length, label="名称", least=2, limit=100)


def test_codes_lose_spaces_and_full_width_but_nothing_else():
    assert reading.code(" ＺＢ０１－０２ ") == "ZB01-02"
    assert reading.code("０0 7\u200b") == "007"
    with pytest.raises(Odd, match="不能为空"):
        reading.code(" \u3000")
    with pytest.raises(Odd, match="最多 40"):
        reading.code("9" * 41)


@pytest.mark.parametrize("cell", ["ab😀", "😀", "..", "-/-", "１★２"])
def test_a_code_is_made_of_figures_letters_and_the_like(cell):
    with pytest.raises(Odd, match="编号里"):
        reading.code(cell)


@pytest.mark.parametrize("cell", ["２０１０－０６－３０", "2010－06－30", "2010—06—30", "２０１０．６．３０", "2010／6／30", "２０１０年６月３０日"])
def test_a_date_may_be_typed_on_a_chinese_keyboard(cell):
    assert reading.day(cell, date(2026, 11, 25)) == date(2010, 6, 30)


def test_a_code_that_a_spreadsheet_rounded_is_refused():
    """A number of sixteen digits and more loses the last ones in a cell that is no text; as text it is a code like any other."""
    for cell in (text(1234567890123456789.0), text(1e15), "1.23456789012346E+18", "1e+20"):
        with pytest.raises(Odd, match="设成文本格式"):
            reading.code(cell)
    for cell in (text(123456789012345.0), "1234567890123456", "1E5", "E+5", "3.5e7"):
        assert reading.code(cell) == cell


def test_an_identity_number_is_never_taken_for_a_code():
    """Invented ones; another number of that length, or longer, is a code like any other. [X38]"""
    for cell in ("110101199003074477", "11010119900307447x", "１１０１０１１９９００３０７４４７Ｘ", "110101 19900307 4477"):
        with pytest.raises(Odd, match="身份证号"):
            reading.code(cell)
    for cell in ("202600000000000001", "1101011990030744779", "ZB110101199003074477"):
        assert reading.code(cell) == cell


def test_names_lose_the_spaces_between_characters_and_keep_those_of_latin_names():
    assert reading.name("张\u3000 三") == "张三"
    assert reading.name("阿依古丽•买买提") == "阿依古丽·买买提"
    assert reading.name("Anna  Li") == "Anna Li"
    with pytest.raises(Odd, match="数字"):
        reading.name("张三1")
    assert reading.name("同步 2", figures=True) == "同步2", "a system may be the second of its kind"


def test_titles_keep_chinese_punctuation():
    assert reading.title("石桥镇（街道）党委１号", label="名称", least=2, limit=100) == "石桥镇（街道）党委1号"


@pytest.mark.parametrize(("labels", "synonyms"), [
    (KINDS_AND_FORMS, words.ORGANISATION_KINDS), (SECTORS, words.SECTORS), (MEMBER_KINDS, words.MEMBER_KINDS),
    (POST_KINDS, words.POST_KINDS)], ids=["kinds", "sectors", "members", "posts"])
def test_every_label_code_and_synonym_reads_as_its_code(labels, synonyms):
    column = Choice("类别", labels, synonyms)
    for code, label in labels.items():
        assert column.read(f" {label} ") == column.read(code) == code
    for word, code in synonyms.items():
        assert column.read(word) == code and code in labels


def test_an_unknown_word_lists_what_may_be_written():
    with pytest.raises(Odd) as refused:
        Choice("类别", KINDS_AND_FORMS, words.ORGANISATION_KINDS).read("团支部")
    assert "党支部" in refused.value.sentence and "党小组" in refused.value.sentence


def test_an_empty_choice_is_refused_unless_it_has_a_default():
    assert Choice("岗位类别", POST_KINDS, {}, default="staff").read("") == "staff"
    with pytest.raises(Odd, match="不能为空"):
        Choice("类别", KINDS_AND_FORMS, {}).read(" ")


@pytest.mark.parametrize("sign", ["😀", "★", "☭", "⻩", "\ue000", "\x07", "\U0001f3fd", "3\ufe0f\u20e3", "①\x00"])
def test_what_is_no_writing_is_refused_by_its_sign_in_a_name(sign):
    """A pictograph, a symbol, a radical out of a PDF, a private or a control character."""
    for read in (lambda c: reading.name(c), lambda c: reading.title(c, label="名称", least=2, limit=100)):
        with pytest.raises(Odd) as refused:
            read(f"曾小{sign}明")
        assert "请" in refused.value.sentence
    with pytest.raises(Odd, match=r"姓名里有“😀”（U\+1F600）"):
        reading.name("曾小😀明")
    with pytest.raises(Odd, match=r"看不见的字符 U\+0007"):
        reading.title("柳溪村\x07党支部", label="名称", least=2, limit=100)


@pytest.mark.parametrize("name", ["𠮷小明", "\U0003106c文", "\U00031350文", "\U0002ebf0文", "阿依努尔·买买提", "Anna Li", "O'Neill", "王〇一",
                                  "རྡོ་རྗེ", "曾小明（大）"])
def test_rare_ideographs_middle_dots_and_other_writings_are_names(name):
    """Ideographs newer than this program's tables, too."""
    assert reading.name(name) == name and reading.title(name, label="名称", least=1, limit=100) == name


def test_invisible_signs_that_come_with_copying_are_left_out():
    assert reading.name("\ufeff曾小\u200b明\t") == "曾小明"


def test_nobody_joined_before_there_was_a_party():
    assert reading.day("1921-07-01", TODAY) == date(1921, 7, 1)
    for cell in ("1900-01-01", "1921-06-30", "1921-06", "1911"):
        with pytest.raises(Odd):
            reading.day(cell, TODAY)
    with pytest.raises(Odd, match="1921 年 7 月"):
        reading.day("1900-01-01", TODAY)


def test_a_formula_is_refused_in_words_that_fit_a_form_as_well_as_a_sheet():
    """A form has nothing to paste as values; how a sheet does it stands in its template. [T26]"""
    with pytest.raises(reading.Odd) as refused:
        reading.no_formula("=1")
    assert "不要写公式" in refused.value.sentence and "粘贴" not in refused.value.sentence


def test_a_new_member_s_code_and_name_are_as_long_on_the_form_as_in_the_rules():
    typed = {"organisation_id": "org_a", "code": "1" * 41, "name": "柳" * 41}
    with pytest.raises(Malformed) as refused:
        load(RegisterMember, typed)
    assert set(refused.value.errors) == {"code", "name"} and "40" in str(refused.value.errors["code"])
