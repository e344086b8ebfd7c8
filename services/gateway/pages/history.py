"""办理经过: the history of one thing of any service, field by field, the newest first: an organisation, a pledge, an account, a policy."""
from urllib.parse import urlsplit

from flask import Blueprint, render_template, request, url_for
from wire.contracts.calls import NotFound
from wire.contracts.history import SERVICES, HistoryPage, read_history_of
from wire.contracts.journal import PRODUCERS
from wire.contracts.policies import PolicyView, read_policies_of

from services.gateway import clients
from services.gateway.deeds import AGGREGATES
from services.gateway.pages import here, history_words, menu
from services.gateway.pages.history_policy import PolicyWords
from services.gateway.problems import refuse

past = Blueprint("past", __name__, url_prefix="/history")

NO_HISTORY = "没有这一类办理经过，请从党组织、党员、权限、承诺或评议的页面打开。"


@past.get("/<aggregate>/<aggregate_id>")
def history(aggregate: str, aggregate_id: str):
    """One page; its service decides who may see it."""
    service, document = aggregate.partition(".")[0], aggregate.endswith(".policy") and "." in aggregate_id
    if service not in SERVICES or (aggregate not in AGGREGATES and not document):
        raise refuse(404, NO_HISTORY)
    before = request.args.get("before", "")
    page: HistoryPage = clients.call(read_history_of(service).request(
        aggregate=aggregate, aggregate_id=aggregate_id[:120], before=int(before) if before.isdecimal() and len(before) < 16 else 0))
    view = _document(service, aggregate_id[:120]) if document else None
    back = (url_for("county.policy", document=view.document), "政策") if view else _back(aggregate, aggregate_id, page)
    menu.stand_below(urlsplit(back[0]).path)
    return render_template(
        "history.html", aggregate=aggregate, kind="政策内容" if view else AGGREGATES[aggregate], page=page,
        name=view.title if view else _name(aggregate, page), aggregate_id=aggregate_id, words=PolicyWords(view) if view else history_words,
        back=back)


def _name(aggregate: str, page: HistoryPage) -> str:
    """What it is the history of; an adoption is called by the title of its document."""
    service = page.name.partition(".")[0]
    if aggregate != "roster.policy" or service not in PRODUCERS:
        return page.name
    return _document(service, page.name).title


def _document(service: str, document: str) -> PolicyView:
    """The document whose versions these are, for the words of its form."""
    place = here.place(f"{service}.read_policies")
    found: tuple[PolicyView, ...] = clients.call(read_policies_of(service).request(organisation_id=place, document=document))
    if not found:
        raise NotFound(NO_HISTORY)
    return found[0]


def _back(aggregate: str, aggregate_id: str, page: HistoryPage) -> tuple[str, str]:
    """The page one came from, with its word: the thing's own where it has one, else the list it stands in."""
    if aggregate == "pledge.pledge":
        return url_for("desk.pledge", pledge_id=aggregate_id), "承诺"
    if aggregate == "pledge.exemption":
        return url_for("desk.exemption", exemption_id=aggregate_id), "免诺"
    if aggregate == "notice.notice":
        return url_for("public.front"), "公开栏"
    if aggregate == "evaluation.evaluation":
        return url_for("desk.evaluation", evaluation_id=aggregate_id), "评议"
    if aggregate == "roster.member":
        return url_for("county.member", member_id=aggregate_id), page.name or "党员"
    if aggregate == "roster.organisation":
        return url_for("tree.organisation", organisation_id=aggregate_id), page.name or "党组织"
    if aggregate == "roster.policy" and page.name:
        return url_for("county.policy", document=page.name), "政策"
    pages = {"roster.grant": ("county.grants", "权限"), "roster.policy": ("county.policies", "政策"),
             "roster.position": ("county.positions", "职务"), "roster.assignment": ("tree.assignments", "分工"),
             "roster.workplace": ("tree.workplaces", "新单位"), "roster.system": ("tree.systems", "条线"),
             "roster.zone": ("tree.zones", "责任区"), "roster.representative": ("county.representatives", "评议代表库"),
             "roster.person": ("county.grants", "权限"), "gateway.account": ("county.accounts", "账号"),
             "gateway.invitation": ("county.accounts", "账号"), "gateway.key": ("county.keys", "接口密钥")}
    endpoint, word = pages.get(aggregate, ("county.organisations", "组织"))
    return url_for(endpoint, organisation=here.place() or None), word
