"""Whom and what a change of a policy reaches, by name: what is under way and would be decided by the new figures."""
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import render_template, request, url_for
from wire.contracts.evaluation import ListEvaluations
from wire.contracts.pledge import ListPledges
from wire.contracts.roster import MeasurePolicy, PolicyReach

from services.gateway import clients
from services.gateway.pages import here
from services.gateway.pages.county import county

#: what is under way under a document: the list it stands in, its state there, what it is called
UNDER_WAY = {
    "pledge.ReviewPolicy": ("pledges", "submitted", "待审的承诺"), "pledge.DraftingPolicy": ("pledges", "drafted", "草拟中的承诺"),
    **{f"evaluation.{name}Policy": ("evaluations", "opened", "正在进行的评议") for name in ("Scoring", "Appraisal", "Peers")}}
FIRST, A_PAGE = 5, 50


@dataclass(frozen=True, slots=True)
class Affected:
    """``lines``: name, organisation and address of each."""

    label: str
    lines: Sequence[tuple[str, str, str]]
    next: str


def reach_of(document: str, organisation_id: str, on: date) -> PolicyReach:
    return clients.call(MeasurePolicy(organisation_id=organisation_id, document=document, starts_on=on))


def affected(document: str, organisation_id: str, reach: PolicyReach, *, after: str = "", limit: int = FIRST) -> Affected | None:
    """What is under way this year and reached; None for a document nothing is decided by."""
    if document not in UNDER_WAY:
        return None
    kind, state, label = UNDER_WAY[document]
    asked = {"organisation_id": organisation_id, "year": here.year(), "state": state, "below": True, "after": after, "limit": limit}
    if kind == "pledges":
        page = clients.call(ListPledges(**asked))
        lines = [(one.pledgor_name, one.organisation_id, url_for("desk.pledge", pledge_id=one.pledge_id)) for one in page.pledges]
    else:
        page = clients.call(ListEvaluations(**asked))
        lines = [(one.member_name, one.organisation_id, url_for("desk.evaluation", evaluation_id=one.evaluation_id)) for one in page.items]
    reached = [line for line in lines if not any(here.within(line[1], own) for own in reach.apart_ids)]
    return Affected(label, reached, page.next)


@county.get("/policies/<document>/affected")
def policy_affected(document: str):
    """The whole list, page by page."""
    here.demand("roster.measure_policy")
    organisation_id = here.place("roster.measure_policy")
    try:
        on = date.fromisoformat(request.args.get("on", ""))
    except ValueError:
        on = here.today()
    reach = reach_of(document[:120], organisation_id, on)
    found = affected(document, organisation_id, reach, after=request.args.get("after", "")[:200], limit=A_PAGE)
    return render_template("county/affected.html", document=document[:120], organisation_id=organisation_id, found=found, reach=reach, on=on)
