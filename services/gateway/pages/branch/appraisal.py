"""群众评议会 on paper: who attended by stratum, the ballots, and the totals two tellers 计票人 enter unseen by each other."""
from flask import request
from wire.contracts.evaluation import STRATA, EnterTotals, HoldAppraisal

from services.gateway.pages import forms
from services.gateway.pages.branch import desk
from services.gateway.pages.branch.evaluation import after


@desk.post("/evaluations/<evaluation_id>/appraisal")
def hold_appraisal(evaluation_id: str):
    """Refused below the quorum (G17) or with an empty mandatory stratum (G18)."""
    strata = [{"stratum": name, "present": forms.value(int, request.form.get(f"present-{name}", "") or "0")} for name in STRATA]
    chosen = [one for one in (request.form.get("teller-0", ""), request.form.get("teller-1", "")) if one]
    _, refusal = forms.attempt(HoldAppraisal, evaluation_id=evaluation_id, strata=strata, teller_ids=chosen)
    return after(refusal, evaluation_id, "held")


@desk.post("/evaluations/<evaluation_id>/totals")
def enter_totals(evaluation_id: str):
    """One teller's count; both must agree before it stands."""
    _, refusal = forms.attempt(EnterTotals, evaluation_id=evaluation_id)
    return after(refusal, evaluation_id, "counted")
