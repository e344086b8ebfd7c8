"""The mass appraisal meeting (群众评议会) on paper: attendance, two tellers, totals."""
from services.evaluation.domain.appraisal import Teller, Totals, hold
from services.evaluation.domain.policy import AppraisalPolicy
from services.evaluation.domain.refusals import NotTeller, Unfitting, WrongTellers
from services.evaluation.usecases.finding import people, permitted, saved
from services.evaluation.usecases.viewing import view
from wire.contracts.evaluation import STRATA, EnterTotals, EvaluationView, HoldAppraisal
from wire.contracts.ports import Unit


def hold_appraisal(unit: Unit, request: HoldAppraisal) -> EvaluationView:
    """Record who attended by stratum, the ballots issued and the two tellers.  The same again changes nothing; other
    figures replace it, and what was entered with it, until the count stands.

    Refuses below the quorum of the organisation's sector (G17) and with an empty mandatory stratum (G18).
    """
    before = permitted(unit, unit.books.evaluations.get(request.evaluation_id))
    before.demand_open()
    names = {m["id"]: m["name"] for m in people(unit, before.organisation_id)}
    if any(t not in names for t in request.teller_ids):
        raise WrongTellers("计票人要是本支部党员，请从党员名册中选择。", {"teller_ids": ["请从本支部党员中选择。"]})
    strata: dict[str, int] = {s.stratum: s.present for s in request.strata}
    if len(strata) != len(request.strata):
        raise Unfitting("同一类人员填写了两次，请合并后提交。", {"strata": ["有重复的类别。"]})
    policy = unit.policy(AppraisalPolicy, before.organisation_id)
    here = unit.directory.organisation(before.organisation_id)
    appraisal = hold(
        request.held_on, strata, request.issued, tuple(Teller(t, names[t]) for t in request.teller_ids),
        quorum=policy.quorum(here["sector"] if here else ""), policy=policy, labels=STRATA, today=unit.today,
        subject_id=before.member_id)
    return view(unit, saved(unit, before, before.met(appraisal), "appraisal_held"))


def enter_totals(unit: Unit, request: EnterTotals) -> EvaluationView:
    """One teller's totals, unseen by the other.  Both must agree; where they do not, both may enter anew.

    Only a named teller may.  The same totals again change nothing; once both agree, they stand.
    """
    before = permitted(unit, unit.books.evaluations.get(request.evaluation_id))
    if not unit.actor.member_id:
        raise NotTeller()
    totals = Totals(request.satisfied, request.basically, request.dissatisfied, request.unknown, request.invalid)
    return view(unit, saved(unit, before, before.counted(unit.actor.member_id, totals), "totals_entered"))
