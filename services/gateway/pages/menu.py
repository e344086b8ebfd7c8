"""The menu of a signed-in person: what their grants let them do, nothing else; in groups by what people come for."""
import re
from collections.abc import Callable
from dataclasses import dataclass

from flask import g, request, url_for

from services.gateway.pages import here

#: group -> page, word, the operation one must hold to see it
GROUPS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "承诺": (("desk.today", "今日待办", ""), ("desk.reviews", "审诺", "pledge.approve"), ("desk.exemptions", "免诺", ""),
             ("desk.ledger", "台账", "pledge.ledger"),
             ("desk.evaluations", "评议", "evaluation.open"), ("desk.ranking", "践诺榜", "commendation.ranking"),
             ("superior.units", "下级单位", ""), ("member.mine", "我的承诺", "")),
    "名册": (("county.organisations", "组织", "roster.list_organisations"), ("county.members", "党员", "roster.list_members"),
             ("county.positions", "职务", "roster.list_positions"), ("county.confirmations", "确认", "roster.confirm_grants"),
             ("tree.zones", "责任区", "roster.record_zone_month"), ("county.imports", "导入", "roster.stage_lines")),
    "管理": (("county.grants", "权限", "roster.list_grants"), ("county.accounts", "账号", "gateway.list_accounts"),
             ("county.policies", "政策", "roster.list_adoptions"), ("county.keys", "密钥", "gateway.list_keys"),
             ("county.audit", "日志", "gateway.audit"), ("operator.system", "系统", ""))}
#: pages that are there by who one is, not by one operation
ALWAYS: dict[str, Callable[[], bool]] = {
    "desk.exemptions": lambda: here.may("pledge.propose_exemption") or here.may("pledge.approve_exemption"),
    "desk.today": here.has_desk, "superior.units": here.looks_below, "member.mine": lambda: bool(here.actor().member_id),
    "operator.system": here.operates}
#: so few need no groups
FEW = 4
#: addresses that stand below a page and do not begin like it: the first of these pages that the person has.  What is not here
#: stands below the page whose own address it begins with
ELSEWHERE = tuple((re.compile(pattern), tuple(pages.split())) for pattern, pages in (
    (r"/desk/pledges/new", "desk.today member.mine"), (r"/desk/pledges/[^/]+/(review|approve|return)", "desk.reviews"),
    (r"/desk/(ledger|pledges)", "desk.ledger member.mine"),
    (r"/desk/evaluations", "desk.evaluations member.mine"), (r"/tree/zones", "tree.zones county.organisations"),
    (r"/tree", "county.organisations"),
    (r"/county/(birthdays|defects|representatives)", "county.members"), (r"/county/persons", "county.grants")))


@dataclass(frozen=True)
class Entry:
    page: str
    word: str
    url: str
    here: bool


@dataclass(frozen=True)
class Group:
    word: str
    entries: tuple[Entry, ...]

    @property
    def here(self) -> bool:
        return any(entry.here for entry in self.entries)


@dataclass(frozen=True)
class Menu:
    """``few``: one row is enough.  ``at``: the group whose pages are shown beside it, the first one for a page in none."""

    groups: tuple[Group, ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        return tuple(entry for group in self.groups for entry in group.entries)

    @property
    def few(self) -> bool:
        return len(self.entries) <= FEW

    @property
    def at(self) -> Group | None:
        return next((group for group in self.groups if group.here), self.groups[0] if self.groups else None)

    @property
    def word(self) -> str:
        """Where one is, as the closed menu says it."""
        return next((entry.word for entry in self.entries if entry.here), "")


def menu() -> Menu:
    """The menu, in the order of the day's work."""
    allowed = {word: [(page, name) for page, name, operation in places if _allowed(page, operation)] for word, places in GROUPS.items()}
    at = _at({page for places in allowed.values() for page, _ in places})
    return Menu(tuple(Group(word, tuple(Entry(page, name, url_for(page), page == at) for page, name in places))
                      for word, places in allowed.items() if places))


def _allowed(page: str, operation: str) -> bool:
    return here.may(operation) if operation else ALWAYS[page]()


def below(path: str) -> tuple[str, ...]:
    """The pages of the menu an address may stand below."""
    for pattern, pages in ELSEWHERE:
        if pattern.match(path):
            return pages
    own = {url_for(page): page for places in GROUPS.values() for page, _, _ in places}
    return tuple(own[url] for url in sorted(own, key=len, reverse=True) if f"{path}/".startswith(f"{url.rstrip('/')}/"))[:1]


def stand_below(address: str) -> None:
    """This page stands below that address, which its own does not say."""
    g.stands_below = address


def _at(allowed: set[str]) -> str:
    return next((page for page in below(g.get("stands_below") or request.path) if page in allowed), "")
