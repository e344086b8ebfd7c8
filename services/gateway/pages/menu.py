"""The menu of a signed-in person: what their grants let them do, nothing else."""
from collections.abc import Iterator
from dataclasses import dataclass

from flask import request, url_for

from services.gateway.pages import here

#: page, word, the operation one must hold to see it
PLACES = (
    ("desk.today", "今日待办", ""), ("desk.reviews", "审诺", "pledge.approve"), ("desk.ledger", "台账", "pledge.ledger"),
    ("desk.evaluations", "评议", "evaluation.open"), ("desk.ranking", "践诺榜", "commendation.ranking"),
    ("superior.units", "下级单位", ""), ("member.mine", "我的承诺", ""),
    ("county.organisations", "组织", "roster.list_organisations"), ("tree.zones", "责任区", "roster.record_zone_month"),
    ("county.members", "党员", "roster.list_members"),
    ("county.positions", "职务", "roster.list_positions"), ("county.confirmations", "确认", "roster.confirm_grants"),
    ("county.imports", "导入", "roster.stage_lines"), ("county.grants", "权限", "roster.list_grants"),
    ("county.accounts", "账号", "gateway.list_accounts"), ("county.policies", "政策", "roster.list_adoptions"),
    ("county.keys", "密钥", "gateway.list_keys"), ("county.audit", "日志", "gateway.audit"))


#: pages that are there by who one is, not by one operation
ALWAYS = {"desk.today": here.has_desk, "superior.units": here.looks_below, "member.mine": lambda: bool(here.actor().member_id)}


@dataclass(frozen=True)
class Entry:
    word: str
    url: str
    here: bool


def entries() -> list[Entry]:
    """The menu, in the order of the day's work."""
    return [Entry(word, url_for(page), _is_here(page)) for page, word in _allowed()]


def _allowed() -> Iterator[tuple[str, str]]:
    for page, word, operation in PLACES:
        if here.may(operation) if operation else ALWAYS[page]():
            yield page, word


def _is_here(page: str) -> bool:
    at = request.endpoint or ""
    return at == page or SECTIONS.get(at) == page


#: pages below an entry of the menu
SECTIONS = {
    "desk.review": "desk.reviews", "desk.evaluation": "desk.evaluations", "desk.explanation": "desk.ranking",
    **dict.fromkeys(("tree.level", "tree.organisation", "tree.new", "tree.edit", "tree.systems", "tree.system", "tree.elections",
                     "tree.workplaces", "tree.assignments"), "county.organisations"),
    "county.member": "county.members", "county.act": "county.members", "county.new_member": "county.members",
    "county.register_member": "county.members", "county.birthdays": "county.members", "county.defects": "county.members",
    **dict.fromkeys(("county.representatives", "county.see_phone", "county.register_representative", "county.change_representative",
                     "county.end_representative"), "county.members"), "county.person": "county.grants", "county.link": "county.grants",
    "county.import_report": "county.imports", "county.invite_list": "county.accounts",
    "county.factor": "county.accounts", "county.make_key": "county.keys", "county.rotate_key": "county.keys",
    "county.check_audit": "county.audit", "desk.pledge": "desk.ledger", "county.policy": "county.policies",
    "county.check_policy": "county.policies", "county.preset": "county.policies"}
