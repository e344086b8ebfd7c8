"""Who the lines of a sheet of accounts mean, by the gateway's own copy of the roster: people, or faults by cell."""
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

#: the rule for what a spreadsheet program would calculate (T26): ``no_formula`` in roster's ``domain/reading.py`` is its twin
FORMULA_LIKE = re.compile(r"[=@]|[+-].*[(|!]", re.DOTALL)
CODE, NAME, PLACE = "人员编号", "姓名", "党组织编号"
FORMULA = "这一格是公式，或者像公式。请只写内容：先复制，再用“选择性粘贴—数值”贴回。"
NO_PLACE = "没有编号为“{}”的党组织，或者它不归您管理，请核对。"
NO_MEMBER = "没有编号为“{}”的党员，请核对；刚导入的名册请过一分钟再上传。"
GONE = "{}已不在册，不能开通账号，请核对名册。"
OTHER_NAME = "这个编号是{}的，与姓名不符，请核对编号和姓名。"
NOT_HERE = "{}不在这个党组织或它的下级，也没有在这里任职，请核对党组织编号。"
WHO = "请填人员编号；不是党员的材料员、联络员可以只填姓名。"
NO_PERSON = "这个党组织里没有叫“{}”的非党员工作人员。党员请填人员编号；非党员请先在“职务”或“权限”页面登记。"
SEVERAL = "这个党组织里有 {} 位同名的人，请在“账号”页面逐个邀请。"
TWICE = "与第 {} 行是同一个人，请删去一行。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    row: int
    code: str = ""
    name: str = ""
    organisation_code: str = ""


class _Odd(Exception):
    def __init__(self, column: str, sentence: str):
        self.column, self.sentence = column, sentence
        super().__init__(sentence)


def looked_up(store: Any, rows: Sequence[Row], offices: Iterable[str]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """People as ``row, code, name, organisation_code, person_id, path``, and faults as ``row, column, value, sentence``.

    ``offices``: the organisations at or below which somebody may be invited; whatever is outside is as if it were not there.
    """
    with store.reading() as unit:
        above = [place["path"] for one in offices if (place := unit.directory.organisation(one))]
        places = {place["code"]: place for place in unit.books.places.by_codes({_code(row.organisation_code) for row in rows})
                  if place["path"].startswith(tuple(above))} if above else {}
        members = {one["code"]: one for one in unit.books.places.members_by_codes({_code(row.code) for row in rows if row.code})}
        held = defaultdict(list)
        for grant in unit.books.places.held_by([one["id"] for one in members.values()]):
            held[grant["person_id"]].append(grant["path"])
        strangers = unit.books.places.strangers({_name(row.name) for row in rows if not row.code and row.name})
        homes = {one["id"]: unit.directory.organisation(one["organisation_id"]) for one in members.values()}
    people: list[dict[str, Any]] = []
    faults: list[dict[str, Any]] = []
    first: dict[str, int] = {}
    for row in rows:
        try:
            one = _person(row, places, members, homes, held, strangers)
            if one["person_id"] in first:
                raise _Odd(CODE if row.code else NAME, TWICE.format(first[one["person_id"]]))
            first[one["person_id"]] = row.row
            people.append(one)
        except _Odd as odd:
            value = {CODE: row.code, NAME: row.name, PLACE: row.organisation_code}[odd.column]
            faults.append({"row": row.row, "column": odd.column, "value": value, "sentence": odd.sentence})
    return people, faults


def _person(row: Row, places: Mapping[str, Any], members: Mapping[str, Any], homes: Mapping[str, Any],
            held: Mapping[str, list[str]], strangers: Mapping[str, list[Any]]) -> dict[str, Any]:
    for column, cell in ((CODE, row.code), (NAME, row.name), (PLACE, row.organisation_code)):
        if FORMULA_LIKE.match(cell):
            raise _Odd(column, FORMULA)
    place = places.get(_code(row.organisation_code))
    if place is None or place["state"] != "active":
        raise _Odd(PLACE, NO_PLACE.format(row.organisation_code) if row.organisation_code else "党组织编号不能为空，请填写。")
    if not row.code:
        return _stranger(row, place, strangers)
    member = members.get(_code(row.code))
    if member is None:
        raise _Odd(CODE, NO_MEMBER.format(row.code))
    if member["state"] != "active":
        raise _Odd(CODE, GONE.format(member["name"]))
    if row.name and _name(row.name) != _name(member["name"]):
        raise _Odd(NAME, OTHER_NAME.format(member["name"]))
    home = homes[member["id"]]
    paths = [path for path in ([home["path"]] if home else []) + held[member["id"]] if path.startswith(place["path"])]
    if not paths:
        raise _Odd(PLACE, NOT_HERE.format(member["name"]))
    return _found(row, member["name"], member["id"], home["path"] if home else paths[0])


def _stranger(row: Row, place: Mapping[str, Any], strangers: Mapping[str, list[Any]]) -> dict[str, Any]:
    name = _name(row.name)
    if not name:
        raise _Odd(CODE, WHO)
    here = {one["person_id"]: one["path"] for one in strangers.get(name, ()) if one["path"].startswith(place["path"])}
    if not here:
        raise _Odd(NAME, NO_PERSON.format(name))
    if len(here) > 1:
        raise _Odd(NAME, SEVERAL.format(len(here)))
    [(person_id, path)] = here.items()
    return _found(row, name, person_id, path)


def _found(row: Row, name: str, person_id: str, path: str) -> dict[str, Any]:
    return {"row": row.row, "code": _code(row.code), "name": name, "organisation_code": _code(row.organisation_code),
            "person_id": person_id, "path": path}


def _code(cell: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", cell))


def _name(cell: str) -> str:
    """As the roster keeps it: no space between Chinese characters, one middle dot."""
    found = " ".join(cell.split()).translate(str.maketrans("•‧・．", "····"))
    return re.sub(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])", "", found)
