"""办理经过: the history of one organisation, member, grant, pledge or evaluation, field by field, the newest first."""
from flask import Blueprint, render_template, request, url_for
from wire.contracts.history import SERVICES, read_history_of

from services.gateway import clients
from services.gateway.pages import here, history_words
from services.gateway.problems import refuse

past = Blueprint("past", __name__, url_prefix="/history")

NO_HISTORY = "没有这一类办理经过，请从党组织、党员、权限、承诺或评议的页面打开。"


@past.get("/<aggregate>/<aggregate_id>")
def history(aggregate: str, aggregate_id: str):
    """One page; its service decides who may see it."""
    service = aggregate.partition(".")[0]
    if aggregate not in history_words.AGGREGATES or service not in SERVICES:
        raise refuse(404, NO_HISTORY)
    before = request.args.get("before", "")
    page = clients.call(read_history_of(service).request(
        aggregate=aggregate, aggregate_id=aggregate_id[:120], before=int(before) if before.isdecimal() and len(before) < 16 else 0))
    return render_template("history.html", aggregate=aggregate, kind=history_words.AGGREGATES[aggregate], page=page,
                           aggregate_id=aggregate_id, words=history_words, back=_back(aggregate, aggregate_id))


def _back(aggregate: str, aggregate_id: str) -> tuple[str, str]:
    """The page one came from, with its word."""
    if aggregate == "pledge.pledge":
        return url_for("desk.pledge", pledge_id=aggregate_id), "承诺"
    if aggregate == "evaluation.evaluation":
        return url_for("desk.evaluation", evaluation_id=aggregate_id), "评议"
    pages = {"roster.member": ("county.members", "党员"), "roster.grant": ("county.grants", "权限"), "roster.policy": ("county.policies", "政策"),
             "roster.position": ("county.positions", "职务"), "roster.assignment": ("tree.assignments", "分工"),
             "roster.workplace": ("tree.workplaces", "新单位"), "roster.system": ("tree.systems", "条线")}
    page, word = pages.get(aggregate, ("county.organisations", "组织"))
    return url_for(page, organisation=here.place() or None), word
