"""群众评议会 on paper: who attended by stratum, the ballots, and the totals two tellers 计票人 enter unseen by each other."""
from typing import Any

from flask import request, url_for
from wire.contracts.evaluation import STRATA, EnterTotals, HoldAppraisal

from services.gateway.pages import forms
from services.gateway.pages.branch import desk
from services.gateway.pages.branch.evaluation import evaluation_page


@desk.post("/evaluations/<evaluation_id>/appraisal")
def hold_appraisal(evaluation_id: str):
    """Refused below the quorum (G17) or with an empty mandatory stratum (G18)."""
    strata = [{"stratum": name, "present": forms.value(int, request.form.get(f"present-{name}", "") or "0")} for name in STRATA]
    chosen = [one for one in (request.form.get("teller-0", ""), request.form.get("teller-1", "")) if one]
    _, refusal = forms.attempt(HoldAppraisal, evaluation_id=evaluation_id, strata=strata, teller_ids=chosen)
    return _after(refusal, evaluation_id, "held")


@desk.post("/evaluations/<evaluation_id>/totals")
def enter_totals(evaluation_id: str):
    """One teller's count; both must agree before it stands."""
    _, refusal = forms.attempt(EnterTotals, evaluation_id=evaluation_id)
    return _after(refusal, evaluation_id, "counted")


def _after(refusal: Any, evaluation_id: str, done: str) -> Any:
    return forms.done(refusal, url_for("desk.evaluation", evaluation_id=evaluation_id, done=done), lambda: evaluation_page(evaluation_id))
