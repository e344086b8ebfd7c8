"""A county's two spreadsheets, made by a seed, with errors planted in known cells; all names are made up.

    made = County(organisations=2_400, members=50_000)
    made.workbook("members", planted=True), made.planted["members"]        # {(row, column)}
"""
import random
from dataclasses import dataclass, field
from io import BytesIO

import xlsxwriter

COLUMNS = {
    "organisations": ("编号", "名称", "类别", "领域", "上级编号", "成立日期", "最近换届日期"),
    "members": ("编号", "姓名", "身份", "所在党组织编号", "职务", "岗位类别", "入党日期")}
SURNAMES, GIVEN = "柳何陶云石林杜白竹禾苏程岳江叶沈宋丁方余", "一二三四五六七八九十山水田林木石云月星河"
SECTORS = ("农村", "社区", "机关", "中小学、职校", "非公企业")
PER_TOWN = 60
#: column → what is written there instead: each its own kind of error
WRONG = {
    "organisations": (
        ("编号", ""), ("名称", ""), ("名称", "甲"), ("类别", "居民小组长"), ("领域", "农付"), ("上级编号", "没有这个"), ("上级编号", ""),
        ("上级编号", "自己"), ("上级编号", "绕圈"), ("编号", "又一次"), ("成立日期", "2990-01-01"), ("最近换届日期", "前年春天")),
    "members": (
        ("编号", ""), ("姓名", ""), ("姓名", "演3三"), ("身份", "群众代表"), ("所在党组织编号", "没有这个"), ("所在党组织编号", "T001"),
        ("岗位类别", "皇帝"), ("入党日期", "2990-01-01"), ("入党日期", "2021-02-30"), ("编号", "又一次"), ("姓名", "=cmd|' /C calc'!A0"),
        ("职务", "长" * 80))}
KINDS = sum(map(len, WRONG.values()))


@dataclass
class County:
    """``planted``: per sheet the cells (row of the file, column) where something is wrong."""

    organisations: int
    members: int
    errors: int = 300
    #: the members as they are told instead
    altered: list[list[str]] | None = None
    planted: dict[str, set[tuple[int, str]]] = field(default_factory=dict)

    def rows(self, kind: str, *, planted: bool = False) -> list[list[str]]:
        rows = self._organisations() if kind == "organisations" else self.altered or self._members()
        if planted:
            self._plant(kind, rows)
        return rows

    def workbook(self, kind: str, *, planted: bool = False) -> bytes:
        """As an officer would have it: a title above the header, a blank row in the middle."""
        made = BytesIO()
        with xlsxwriter.Workbook(made, {"constant_memory": True, "strings_to_formulas": False}) as book:
            page = book.add_worksheet("名册")
            page.write_string(0, 0, "全县一览表")
            for place, word in enumerate(COLUMNS[kind]):
                page.write_string(1, place, word)
            for number, row in enumerate(self.rows(kind, planted=planted)):
                for place, word in enumerate(row):
                    if word:
                        page.write_string(self.row_of(number) - 1, place, word)
        return made.getvalue()

    @staticmethod
    def row_of(number: int) -> int:
        """The row of the file of the n-th line: the header is the second, and the eleventh is blank."""
        return number + 3 + (number >= 8)

    def _organisations(self) -> list[list[str]]:
        """Towns, and branches below them; branches stand first, so that parents come later in the file."""
        towns = max(1, self.organisations // PER_TOWN)
        branches = [[f"B{n:05d}", f"第{n}村党支部", "党支部", SECTORS[n % 5], f"T{n % towns:03d}", "2012-07-01", "2024-03-15"]
                    for n in range(self.organisations - towns)]
        return branches + [[f"T{n:03d}", f"第{n}镇党委", "党委", "农村", "C1", "1990年7月", ""] for n in range(towns)]

    def _members(self) -> list[list[str]]:
        chance, branches = random.Random(50_000), self.organisations - max(1, self.organisations // PER_TOWN)
        names = [s + a + b for s in SURNAMES for a in GIVEN for b in GIVEN]
        return [[f"M{n:06d}", names[chance.randrange(len(names))], "正式党员", f"B{n % branches:05d}", "支部委员" if n % 9 == 0 else "",
                 "在岗", f"{chance.randint(1960, 2020)}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"]
                for n in range(self.members)]

    def _plant(self, kind: str, rows: list[list[str]]) -> None:
        wrong, columns, cells = WRONG[kind], COLUMNS[kind], set()
        # a fifth among the organisations, of which there are few
        count = self.errors // 5 if kind == "organisations" else self.errors - self.errors // 5
        leaves = len(rows) if kind == "members" else len(rows) - max(1, self.organisations // PER_TOWN)
        step = leaves // (count + 2)
        for number in range(count):
            line = 3 + number * step
            column, word = wrong[number % len(wrong)]
            place = columns.index(column)
            if word == "自己":
                word = rows[line][0]
            elif word == "又一次":
                word = rows[line - 1][0]
            elif word == "绕圈":
                # two committees above one another; the second is the next line
                rows[line][2] = rows[line + 1][2] = "党委"
                word, rows[line + 1][place] = rows[line + 1][0], rows[line][0]
                cells.add((self.row_of(line + 1), column))
            rows[line][place] = word
            cells.add((self.row_of(line), column))
        self.planted[kind] = cells
