"""The lists that can be taken out as a spreadsheet: the one place where a list is added.

A list is its words, its columns, and how its pages are asked for: the call behind the page on the screen, with the same filters,
so that what comes out is what is shown.
"""
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from wire.contracts import roster as r
from wire.contracts.calls import NotFound
from wire.contracts.shape import Malformed, load

PAGE = 500


@dataclass(frozen=True, slots=True)
class Out:
    """A column: ``value`` of a row as text; ``masked``: what of it is told to whoever may follow but not see persons."""

    field: str
    label: str
    value: Callable[[Any], str]
    masked: Callable[[str], str] | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """``call``: the declared call; ``rows``: the field of its reply that holds them; ``operation``: who may see the list may take it;
    ``filters``: by what it is narrowed, each with its label and its words."""

    name: str
    label: str
    call: type
    rows: str
    operation: str
    columns: tuple[Out, ...]
    filters: Mapping[str, tuple[str, Mapping[str, str]]]

    def asked(self, filters: Mapping[str, Any]) -> Any:
        """The call with these filters.  Refuses what it does not know."""
        try:
            return load(self.call, {**filters, "limit": PAGE})
        except Malformed:
            raise NotFound("没有这样的列表，请从列表页面重新导出。") from None

    def pages(self, ask: Callable[[Any], Any], filters: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
        """Page by page, as the list is shown."""
        after = ""
        while True:
            page = ask(self.asked({**filters, "after": after}))
            yield getattr(page, self.rows)
            if not (after := page.next):
                return

    def narrowed(self, filters: Mapping[str, Any]) -> list[tuple[str, str]]:
        """These filters in words, as label and word: what is left out of the list."""
        said = [(label, words.get(str(filters[name]), str(filters[name]))) for name, (label, words) in self.filters.items()
                if filters.get(name)]
        return said + ([("查找", str(filters["search"]))] if filters.get("search") else [])

    def chosen(self, fields: list[str]) -> tuple[Out, ...]:
        """The columns wanted, in the list's own order; all when none is named."""
        return tuple(column for column in self.columns if column.field in fields) or self.columns


def _day(value: date | None) -> str:
    return value.isoformat() if value else ""


def _name(word: str) -> str:
    """张三丰 as 张**."""
    return word[:1] + "*" * (len(word) - 1)


def _code(word: str) -> str:
    return word[:2] + "*" * (len(word) - 2)


def _year(word: str) -> str:
    return word[:4]


ORGANISATIONS = Listing("organisations", "党组织", r.ListOrganisations, "organisations", "roster.list_organisations", (
    Out("code", "编号", lambda o: o.code), Out("name", "名称", lambda o: o.name), Out("kind", "类别", lambda o: _kind(o)),
    Out("sector", "领域", lambda o: r.SECTORS[o.sector]), Out("state", "状态", lambda o: r.ORGANISATION_STATES[o.state]),
    Out("founded_on", "成立日期", lambda o: _day(o.founded_on)), Out("re_elected_on", "最近换届日期", lambda o: _day(o.re_elected_on)),
    Out("members", "人数（含下级）", lambda o: str(o.members))),
    {"kind": ("类别", r.ORGANISATION_KINDS), "sector": ("领域", r.SECTORS), "state": ("状态", r.ORGANISATION_STATES), "system_id": ("条线", {})})
MEMBERS = Listing("members", "党员", r.ListMembers, "members", "roster.list_members", (
    Out("code", "编号", lambda m: m.code, _code), Out("name", "姓名", lambda m: m.name, _name),
    Out("kind", "身份", lambda m: r.MEMBER_KINDS[m.kind]), Out("organisation_name", "所在党组织", lambda m: m.organisation_name),
    Out("post", "职务", lambda m: m.post), Out("post_kind", "岗位类别", lambda m: r.POST_KINDS[m.post_kind]),
    Out("joined_on", "入党日期", lambda m: _day(m.joined_on), _year), Out("standing", "组织处理", lambda m: r.STANDINGS[m.standing]),
    Out("whereabouts", "流动情况", lambda m: r.WHEREABOUTS[m.whereabouts])),
    {"kind": ("身份", r.MEMBER_KINDS), "post_kind": ("岗位类别", r.POST_KINDS),
     "whereabouts": ("流动", {"floating": "流动和失联", **{name: r.WHEREABOUTS[name] for name in ("inflow", "outside", "unreachable")}}),
     "standing": ("状态", r.STANDINGS), "nameplate": ("挂牌", {"shown": "已挂牌", "not_shown": "未挂牌"}),
     "place": ("范围", {"home": "组织关系在此", "inflow": "流入此地", "residence": "向此报到", "incoming": "正转入"}),
     "state": ("名册", {"active": "在册", "left": "已离开"})})
LISTS = {listing.name: listing for listing in (ORGANISATIONS, MEMBERS)}


def _kind(organisation: r.OrganisationView) -> str:
    form = "" if organisation.form == "ordinary" else f".{organisation.form}"
    return r.KINDS_AND_FORMS.get(organisation.kind + form, r.ORGANISATION_KINDS[organisation.kind])


def list_of(name: str) -> Listing:
    """Refuses what is no list."""
    if name not in LISTS:
        raise NotFound("没有这种列表，请从列表页面重新导出。")
    return LISTS[name]
