"""Reading a cell as people type it: spaces, full-width letters, dates in every common spelling, words for codes.

Rule kept here: a cell is read or it raises ``Odd`` with a sentence that says what to write instead; nothing is guessed.
"""
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

#: day 0 of a spreadsheet's serial numbers (1900 system, with its leap day that never was)
SERIAL_ZERO = date(1899, 12, 30)
#: the Party was founded in July 1921: nobody joined, no organisation was founded or elected before
EARLIEST = date(1921, 7, 1)
TOO_EARLY, TOO_LATE = "日期早于 1921 年 7 月，那时党还没有成立，请核对。", "日期在今天之后，请核对，改为今天或更早的一天。"
FULL_WIDTH = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
FORMULA_SIGNS = ("=", "@", "+", "-")
WHITE = "\t\n\r"
#: what names are made of; whatever else is in one is looked at sign by sign
_USUAL = re.compile(r"[\w\s·，。、：；（）《》“”‘’—…()\[\].,:;&/'\"-]*")
#: symbols, pictographs and skin tones, the ring of a keycap, private and lone signs, and what no standard knows
_NO_TEXT = ("So", "Sk", "Me", "Co", "Cs", "Cn")
HYPHENS = str.maketrans("‐‑‒–—―−", "-------")
DOTS = str.maketrans("•‧・．", "····")
#: a spreadsheet's cell comes cut to so many characters
CUT = 400
CODE_TWICE = "与第 {} 行的编号相同，请改正其中一行或删去重复的行。"
SAME_PERSON = "与第 {} 行是同一个人（这两个编号已合并），请删去一行。"
DATE_HINT = "日期写成 2021-07-01 的样子，只知道年月时写成 2021-07。"

_YEAR_FIRST = re.compile(r"(\d{4})[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?(?:[ T]00:00(?::00(?:\.0+)?)?)?")
_FORMULA = re.compile(r"[=@]|[+-].*[(|!]", re.DOTALL)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})?")
#: eighteen signs of an identity card: six of a place, a date of birth, three more and a check sign
_IDENTITY_NUMBER = re.compile(r"\d{6}(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}[\dXx]", re.ASCII)
#: what a spreadsheet makes of a number with more signs than it keeps
_ROUNDED = re.compile(r"\d(\.\d+)?[eE]\+\d+", re.ASCII)
_SERIAL = re.compile(r"(\d{5})(?:\.0+)?")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one cell: row of the user's file, Chinese header, what stands there, what to write instead."""

    row: int
    column: str
    value: str
    sentence: str


class Odd(Exception):
    """This cell cannot be read; the sentence says what to write instead."""

    def __init__(self, sentence: str):
        self.sentence = sentence
        super().__init__(sentence)


#: attribute of a line, its Chinese header, and how its cell is read
Reader = tuple[str, str, Callable[[str], Any]]


def cells(line: Any, readers: Iterable[Reader], faults: list[Fault]) -> dict[str, Any]:
    """What can be read of a line, by attribute; every cell that cannot be read joins the faults."""
    values: dict[str, Any] = {}
    for attribute, column, read in readers:
        try:
            values[attribute] = read(no_formula(getattr(line, attribute)))
        except Odd as odd:
            faults.append(Fault(line.row, column, getattr(line, attribute), odd.sentence))
    return values


def no_formula(cell: str) -> str:
    """The cell itself; refused where a spreadsheet program would calculate it (T26).  Sheets of accounts, which the gateway reads,
    have the same rule: ``FORMULA_LIKE`` in its ``jobs/account_lines.py``."""
    if cell.startswith(FORMULA_SIGNS) and _FORMULA.match(cell):
        raise Odd("这里写的是公式，或者像公式（以 =、@ 开头等）。请只写内容，不要写公式。")
    return cell


def plain(cell: str) -> str:
    """The cell without invisible characters and outer spaces, white space as single spaces, digits and letters half-width."""
    # whatever is printable holds nothing invisible, and most cells are
    seen = cell if cell.isprintable() else "".join(
        c if not unicodedata.category(c).startswith("C") or _ideograph(c) else " " if c in WHITE else "" for c in cell)
    return " ".join((seen if seen.isascii() else seen.translate(FULL_WIDTH)).split())


def written(cell: str, label: str) -> str:
    """The cell itself; refused where a sign of it is no writing: a pictograph, a symbol, a control character, a private sign.

    Rare ideographs are writing, those newer than this program's tables too.
    """
    if not _USUAL.fullmatch(cell):
        for sign in cell:
            kind = unicodedata.category(sign)
            if kind == "Cc" and sign not in WHITE or kind in _NO_TEXT and not _ideograph(sign):
                shown = f"“{sign}”（U+{ord(sign):04X}）" if sign.isprintable() else f"看不见的字符 U+{ord(sign):04X}"
                raise Odd(f"{label}里有{shown}，不是文字，请删去或改成文字。")
    return cell


def _ideograph(sign: str) -> bool:
    """Whether it stands in the planes kept for ideographs."""
    return 0x20000 <= ord(sign) < 0x40000


def _too_long(label: str, limit: int, found: str) -> str:
    """How much longer it is; what was cut on its way here is told as at least so long."""
    return f"{label}最多 {limit} 个字，现在{'至少' if len(found) >= CUT else ''} {len(found)} 个字，请缩短。"


def code(cell: str, *, label: str = "编号", limit: int = 40) -> str:
    """A code: no spaces at all, full-width signs as typed on a Chinese keyboard made half-width; never an identity number (X38)."""
    found = plain(cell)
    found = (found if found.isascii() else unicodedata.normalize("NFKC", found)).replace(" ", "")
    if not found:
        raise Odd(f"{label}不能为空，请填写。")
    if len(found) > limit:
        raise Odd(_too_long(label, limit, found))
    if not any(map(str.isalnum, found)):
        raise Odd(f"{label}里没有数字、字母或汉字，请改正。")
    written(found, label)
    if _ROUNDED.fullmatch(found):
        raise Odd(f"{label}被表格软件当成数字改写了（科学计数），后面几位已经丢失。请把这一列设成文本格式，再重新填写{label}。")
    if _IDENTITY_NUMBER.fullmatch(found):
        raise Odd(f"{label}像是身份证号，系统不保存身份证号，请改用本县自己的{label}。")
    return found


def title(cell: str, *, label: str, least: int, limit: int) -> str:
    """A name of something, or a post; Chinese punctuation is kept."""
    found = plain(written(cell, label))
    if len(found) < least:
        raise Odd(f"{label}不能为空，请填写。" if not found else f"{label}至少 {least} 个字，请写全称。")
    if len(found) > limit:
        raise Odd(_too_long(label, limit, found))
    return found


def name(cell: str, *, label: str = "姓名", limit: int = 40, figures: bool = False) -> str:
    """A person's name: no space between Chinese characters, the middle dot of minority names written one way.  ``figures``: of a
    system, which may be the second of its kind."""
    found = plain(written(cell, label)).translate(DOTS)
    if " " in found:
        found = re.sub(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])", "", found)
    if not found:
        raise Odd(f"{label}不能为空，请填写。")
    if len(found) > limit:
        raise Odd(_too_long(label, limit, found))
    if not figures and any(c.isdigit() for c in found):
        raise Odd(f"{label}里有数字，请核对后只写{label}。")
    return found


def day(cell: str, today: date) -> date | None:
    """A date, or None for an empty cell.  Year and month alone mean the first of the month.  The future is refused."""
    written = _date_written(cell)
    if not written:
        return None
    found = _day(written)
    if found < EARLIEST:
        raise Odd(TOO_EARLY + DATE_HINT)
    if found > today:
        raise Odd(TOO_LATE + DATE_HINT)
    return found


def month_alone(cell: str) -> date | None:
    """The day a cell is read as that names a month and no day; None for every other cell."""
    parts = _parts(_date_written(cell))
    if parts is None or parts[3]:
        return None
    try:
        return date(int(parts[1]), int(parts[2]), 1)
    except ValueError:
        return None


def day_cell(on: date | None) -> str:
    """A date as a cell says it, empty for none."""
    return on.isoformat() if on else ""


def _date_written(cell: str) -> str:
    """The cell with the hyphens, points and strokes of a Chinese keyboard made plain."""
    written = plain(cell)
    if not written.isascii():
        written = unicodedata.normalize("NFKC", written.translate(HYPHENS))
    return re.sub(r"(?<=[年月]) | (?=[年月日])", "", written) if " " in written else written


def _parts(written: str) -> re.Match[str] | None:
    """Year, month and, where it is said, day."""
    return _YEAR_FIRST.fullmatch(written) or _COMPACT.fullmatch(written)


def _day(written: str) -> date:
    if serial := _SERIAL.fullmatch(written):
        return SERIAL_ZERO + timedelta(days=int(serial[1]))
    parts = _parts(written)
    if parts is None:
        raise Odd(f"看不懂这个日期。{DATE_HINT}")
    try:
        return date(int(parts[1]), int(parts[2]), int(parts[3] or 1))
    except ValueError:
        raise Odd(f"没有这一天，请核对。{DATE_HINT}") from None


class Choice:
    """A column with a closed list of values: codes with their Chinese labels, and what else people call them."""

    def __init__(self, label: str, labels: Mapping[str, str], synonyms: Mapping[str, str], default: str = ""):
        self._label, self._default = label, default
        self._words = {_loose(w): c for w, c in synonyms.items()} | {_loose(c): c for c in labels} | {
            _loose(w): c for c, w in labels.items()}
        self._hint = "、".join(labels.values())

    def read(self, cell: str) -> str:
        """The code of what is written."""
        if cell in self._words:
            return self._words[cell]
        written = _loose(plain(cell))
        if not written:
            if self._default:
                return self._default
            raise Odd(f"{self._label}不能为空，请从中选填一个：{self._hint}。")
        if written not in self._words:
            raise Odd(f"没有这种{self._label}，请从中选填一个：{self._hint}。")
        return self._words[written]


def _loose(word: str) -> str:
    return re.sub(r"[\s、，,/（）()_]", "", word).lower()
