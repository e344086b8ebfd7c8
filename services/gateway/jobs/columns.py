"""The columns of the spreadsheets: what they are called, what else people call them, which must be there."""
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from wire.contracts.roster import MEMBER_KINDS, ORGANISATION_KINDS, POST_KINDS, SECTORS

#: rows whose code begins so are the template's example
EXAMPLE = "示例"
HEADER_WITHIN = 20


@dataclass(frozen=True, slots=True)
class Column:
    """``label`` stands in the template; ``others`` are understood as well; ``limit`` in characters."""

    field: str
    label: str
    others: tuple[str, ...] = ()
    required: bool = False
    limit: int = 200
    choices: tuple[str, ...] = ()
    help: str = ""
    example: str = ""


DATE = "写成 2020-07-01 的样子"
KINDS: dict[str, tuple[Column, ...]] = {
    "organisations": (
        Column("code", "编号", ("党组织编号", "组织编号", "代码", "党组织代码", "组织代码"), True, 200, (),
               "党组织自己的编号，不重复，以后按它更新", "示例-0101"),
        Column("name", "名称", ("党组织名称", "组织名称", "党组织全称", "支部名称"), True, 400, (), "党组织全称", "某某村党支部"),
        Column("kind", "类别", ("党组织类别", "组织类别", "类型", "党组织类型"), True, 200, tuple(ORGANISATION_KINDS.values()),
               "从下拉框里选", "党支部"),
        Column("sector", "领域", ("所属领域", "行业", "行业领域"), True, 200, tuple(SECTORS.values()), "从下拉框里选", "农村"),
        Column("parent_code", "上级编号", ("上级党组织编号", "上级组织编号", "上级代码", "上级党组织代码"), True, 200, (),
               "上级党组织的编号，要么已在系统里，要么在本表里", "示例-01"),
        Column("founded_on", "成立日期", ("成立时间",), False, 200, (), DATE, "2012-07-01"),
        Column("re_elected_on", "最近换届日期", ("换届日期", "换届时间", "最近换届时间"), False, 200, (), DATE, "2021-03-15")),
    "members": (
        Column("code", "编号", ("党员编号", "人员编号", "代码"), True, 200, (), "党员自己的编号，不重复；不要填身份证号", "示例-0001"),
        Column("name", "姓名", ("党员姓名", "名字"), True, 400, (), "", "张某某"),
        Column("kind", "身份", ("人员类别", "党员类别", "类别", "政治面貌"), True, 200, tuple(MEMBER_KINDS.values()), "从下拉框里选", "正式党员"),
        Column("organisation_code", "所在党组织编号", ("党组织编号", "所在支部编号", "所在组织编号", "支部编号", "组织编号"), True, 200, (),
               "系统里已有的党组织编号", "示例-0101"),
        Column("post", "职务", ("职务名称", "党内职务"), False, 400, (), "没有就空着", "支部委员"),
        Column("post_kind", "岗位类别", ("岗位", "岗位情况"), False, 200, tuple(POST_KINDS.values()), "从下拉框里选", "在岗"),
        Column("joined_on", "入党日期", ("入党时间", "加入党组织日期"), False, 200, (), DATE, "2010-06-30"))}


class NoHeader(Exception):
    """The sheet has no row of column names; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Header:
    """Where the names stand: ``row`` from 0, ``places`` field → column from 0."""

    row: int
    places: dict[str, int]


def header_in(kind: str, rows: Sequence[Sequence[str]]) -> Header | None:
    """The row of column names among the first ones, in any order, or None when this is not such a sheet.

    Raises NoHeader, naming them, when columns that must be there are missing or one is there twice.
    """
    known = {tidy(word): column for column in KINDS[kind] for word in (column.label, *column.others)}
    best: tuple[int, list[tuple[str, int]]] = (-1, [])
    for number, row in enumerate(rows[:HEADER_WITHIN]):
        found = [(known[tidy(word)].field, place) for place, word in enumerate(row) if tidy(word) in known]
        if len(found) > len(best[1]):
            best = number, found
    if len(best[1]) < 2:
        return None
    labels = {column.field: column.label for column in KINDS[kind]}
    fields = [field for field, _ in best[1]]
    twice = sorted({labels[f] for f in fields if fields.count(f) > 1})
    if twice:
        raise NoHeader(f"表头里“{'”“'.join(twice)}”出现了两次，请只留一列后重新上传。")
    missing = [c.label for c in KINDS[kind] if c.required and c.field not in fields]
    if missing:
        raise NoHeader(f"缺少这些列：{'、'.join(missing)}。请在第 {best[0] + 1} 行的表头补上，或下载模板填写。")
    return Header(best[0], dict(best[1]))


def tidy(word: str) -> str:
    """A column's name without what people add to it."""
    plain = unicodedata.normalize("NFKC", word).replace("*", "").replace("必填", "").replace("选填", "")
    return "".join(plain.split()).replace("()", "").strip(":").casefold()
