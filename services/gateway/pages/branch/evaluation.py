"""评诺: open an evaluation, the member's own statement, a peer's score, the leader's comment, completing it."""
from typing import Any

from flask import g, render_template, request, url_for
from wire.contracts.calls import Invalid, Refusal
from wire.contracts.evaluation import (
    STATES, AssessSelf, CommentAsLeader, CompleteEvaluation, EvaluationView, ListEvaluations, ListUnopened, OpenEvaluation, RatePeer,
    ReadEvaluation)
from wire.contracts.roster import ListMembers

from services.gateway import clients
from services.gateway.pages import forms, here
from services.gateway.pages.branch import desk
from services.gateway.pages.parts import part

#: so many members are offered as tellers at once; the rest are looked for
OFFERED = 100
#: the parts of an evaluation's page, by endpoint and name, with what is typed there; a name with a hyphen is followed by more
PARTS: dict[tuple[str, str], tuple[str, ...]] = {
    ("assess_self", "个人自评"): ("statement-", "score"), ("rate_peer", "党员互评"): ("peer_score",),
    ("comment", "领导点评"): ("score-", "achievement", "problem", "direction"),
    ("hold_appraisal", "群众评议会登记"): ("held_on", "issued", "present-"),
    ("enter_totals", "计票"): ("satisfied", "basically", "dissatisfied", "unknown", "invalid"),
    ("complete", "评定"): ("meeting", "reason")}


@desk.get("/evaluations")
def evaluations():
    return list_page()


def list_page() -> str:
    """Evaluations of the year, and published pledges that have none yet; each list with pages of its own, one search."""
    organisation_id, year = here.place("evaluation.list"), here.year()
    search, state = request.values.get("search", "").strip()[:60], request.args.get("state", "")
    state = state if state in STATES else ""
    asked = {"organisation_id": organisation_id, "year": year, "search": search}
    found = clients.call(ListEvaluations(**asked, state=state, after=request.args.get("after", "")[:200], limit=here.ROWS))
    unopened = None
    if here.may("evaluation.list_unopened", organisation_id):
        unopened = clients.call(ListUnopened(**asked, after=request.args.get("then", "")[:200], limit=here.ROWS))
    return render_template("desk/evaluations.html", organisation_id=organisation_id, year=year, lines=found, unopened=unopened,
                           looks_below=here.looks_below(), search=search, state=state)


@desk.post("/evaluations")
def open_evaluation():
    """Begin; again for the same pledge: the same evaluation."""
    found, refusal = forms.attempt(OpenEvaluation)
    return forms.done(refusal, _to(found.evaluation_id, "opened") if found else "", list_page)


@desk.get("/evaluations/<evaluation_id>")
def evaluation(evaluation_id: str):
    return evaluation_page(evaluation_id)


def evaluation_page(evaluation_id: str) -> str:
    """Everything about one evaluation, by what the person may see and do."""
    found = clients.call(ReadEvaluation(evaluation_id=evaluation_id))
    offered, more = tellers(found) if _holds(found) else ({}, 0)
    return render_template(
        "desk/evaluation.html", it=found, own=bool(found.member_id) and found.member_id == here.actor().member_id,
        outcomes={one.item_id: one.verdict for one in found.outcomes}, said={one.item_id: one.statement for one in found.self_items},
        tellers=offered, more_tellers=more)


def _holds(found: EvaluationView) -> bool:
    return found.state == "opened" and here.may("evaluation.hold_appraisal", found.organisation_id)


def tellers(found: EvaluationView) -> tuple[dict[str, str], int]:
    """Who may count: members of the branch, not the subject; those that were looked for, and how many more there are.

    Whoever was chosen before something else was looked for is still among them.
    """
    page = part([], "", lambda: clients.call(ListMembers(
        organisation_id=found.organisation_id, search=forms.shown("find_teller").strip()[:60], limit=OFFERED)))
    if page is None:
        return {}, 0
    offered = {m.member_id: m.name for m in page.members if m.member_id != found.member_id and m.state == "active"}
    chosen = {id_: here.member_name(id_) for name in ("teller-0", "teller-1") if (id_ := forms.shown(name)[:80])}
    return {id_: name for id_, name in chosen.items() if name} | offered, page.total - len(page.members)


def _to(evaluation_id: str, done: str) -> str:
    return url_for("desk.evaluation", evaluation_id=evaluation_id, done=done)


def after(refusal: Any, evaluation_id: str, done: str) -> Any:
    """Back to the evaluation, with what was done or why it was not; what was typed into the other parts is still there."""
    if refusal is None and unsaved(evaluation_id):
        g.done = done
        return evaluation_page(evaluation_id)
    return forms.done(refusal, _to(evaluation_id, done), lambda: evaluation_page(evaluation_id))


def unsaved(evaluation_id: str) -> set[str]:
    """The other parts of the page, by their Chinese names, in which something stands that is not recorded.

    The parts are one form, so that whichever button is pressed, what was typed above and below it comes along.
    """
    try:
        found = clients.call(ReadEvaluation(evaluation_id=evaluation_id))
    except Refusal:
        return set()
    known: dict[str, Any] = {f"statement-{one.item_id}": one.statement for one in found.self_items}
    known |= {f"present-{one.stratum}": one.present for one in found.strata}
    known |= {"score": found.self_score, "achievement": found.achievement, "problem": found.problem, "direction": found.direction}
    if found.tally:
        known |= {"held_on": found.tally.held_on, "issued": found.tally.issued}
    here_ = (request.endpoint or "").rpartition(".")[2]
    parts = {name: part_of(name) for name in request.form}
    return {part[1] for name, part in parts.items() if part and part[0] != here_ and (word := request.form[name].strip())
            and word.replace("\r\n", "\n") != str("" if known.get(name) is None else known[name])}


def part_of(name: str) -> tuple[str, str] | None:
    """Which part of the page a field belongs to: its endpoint and its name.  A choice is quickly made again."""
    stem = name.partition("-")[0] + "-" if "-" in name else name
    return next((part for part, names in PARTS.items() if stem in names), None)


@desk.post("/evaluations/<evaluation_id>")
def keep_typed(evaluation_id: str):
    """Enter was pressed in a field: nothing is sent, everything stays."""
    return evaluation_page(evaluation_id)


@desk.post("/evaluations/<evaluation_id>/self")
def assess_self(evaluation_id: str):
    """个人自评: truthfully, item by item (G2)."""
    items = [{"item_id": name.removeprefix("statement-"), "statement": word.strip()}
             for name, word in request.form.items() if name.startswith("statement-")]
    _, refusal = forms.attempt(AssessSelf, evaluation_id=evaluation_id, items=items)
    return after(refusal, evaluation_id, "assessed")


@desk.post("/evaluations/<evaluation_id>/peer")
def rate_peer(evaluation_id: str):
    """党员互评; again: the later score replaces the earlier."""
    _, refusal = forms.attempt(RatePeer, evaluation_id=evaluation_id, score=forms.decimal(request.form.get("peer_score", "").strip()))
    return after(refusal, evaluation_id, "rated")


@desk.post("/evaluations/<evaluation_id>/comment")
def comment(evaluation_id: str):
    """领导点评: achievement, problem and direction are all three demanded (G2)."""
    scores = [{"indicator": request.form[f"indicator-{i}"], "score": forms.decimal(request.form.get(f"score-{i}", ""))}
              for i in range(20) if f"indicator-{i}" in request.form]
    _, refusal = forms.attempt(CommentAsLeader, evaluation_id=evaluation_id, scores=scores)
    return after(refusal, evaluation_id, "commented")


@desk.post("/evaluations/<evaluation_id>/complete")
def complete(evaluation_id: str):
    """评定 by a meeting's decision; refused with what is missing."""
    waiting = unsaved(evaluation_id)
    if waiting:
        return after(Invalid(f"页面上的{'、'.join(sorted(waiting))}还没有提交，请先提交或清空，再评定。"), evaluation_id, "")
    _, refusal = forms.attempt(CompleteEvaluation, evaluation_id=evaluation_id)
    return after(refusal, evaluation_id, "completed")
