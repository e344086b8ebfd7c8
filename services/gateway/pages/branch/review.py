"""审诺: item by item against every criterion (C4, C8), then approve or return with the reason."""
from typing import Any

from flask import render_template, request, url_for
from wire.contracts.calls import Invalid, Refusal
from wire.contracts.pledge import ApprovePledge, ItemReview, ListPledges, PledgeView, ReadPledge, ReturnPledge, ReviewItem

from services.gateway import clients
from services.gateway.pages import forms, here
from services.gateway.pages.branch import desk

UNSAVED = "有的事项还没有记下，请按提示补齐后再保存；其余的已经保存。"


@desk.get("/reviews")
def reviews():
    """What waits for review, the oldest first; ``below`` takes in the organisations below, as a superior does by default."""
    organisation_id, below = here.place("pledge.list"), request.args.get("below", "" if here.has_desk() else "1") == "1"
    found = clients.call(ListPledges(organisation_id=organisation_id, year=here.year(), state="submitted", below=below,
                                     after=request.args.get("after", "")[:200], limit=here.ROWS))
    waiting = sorted(found.pledges, key=lambda p: (p.submitted_at is None, p.submitted_at))
    return render_template("desk/reviews.html", organisation_id=organisation_id, pledges=waiting, total=found.total, next=found.next, below=below)


@desk.get("/pledges/<pledge_id>/review")
def review(pledge_id: str):
    return review_page(pledge_id)


def review_page(pledge_id: str) -> str:
    found = clients.call(ReadPledge(pledge_id=pledge_id))
    ready = passed(found)
    return render_template("desk/review.html", pledge=found, reviews=latest(found), passed=ready, left=len(found.items) - len(ready),
                           serves={one.item_id: one for one in found.serves})


def latest(found: PledgeView) -> dict[str, ItemReview]:
    """What was recorded last about each item."""
    return {one.item_id: one for one in found.reviews}


def passed(found: PledgeView) -> set[str]:
    """The items that have passed every criterion: while the pledge waits, of those it is held to now."""
    asked = set(found.criteria) if found.state == "submitted" else set()
    return {item_id for item_id, one in latest(found).items() if one.passed and asked <= {verdict.criterion for verdict in one.verdicts}}


@desk.post("/pledges/<pledge_id>/review")
def save_review(pledge_id: str):
    """The verdicts of every item that was filled in, in one press; again: the later ones replace the earlier."""
    refusal = save_all(pledge_id)
    return forms.done(refusal, url_for("desk.review", pledge_id=pledge_id, done="reviewed"), lambda: review_page(pledge_id))


@desk.post("/pledges/<pledge_id>/approve")
def approve(pledge_id: str):
    """审定; what was ticked on the same page is recorded first.  Refused until every item has passed."""
    return _after_saving(ApprovePledge, pledge_id, "approved")


@desk.post("/pledges/<pledge_id>/return")
def send_back(pledge_id: str):
    """退回, with the reason the pledgor reads; what was ticked on the same page is recorded first."""
    return _after_saving(ReturnPledge, pledge_id, "returned")


def _after_saving(call: type, pledge_id: str, done: str) -> Any:
    refusal = save_all(pledge_id) or forms.attempt(call, pledge_id=pledge_id)[1]
    return forms.done(refusal, url_for("desk.pledge", pledge_id=pledge_id, done=done), lambda: review_page(pledge_id))


def save_all(pledge_id: str) -> Refusal | None:
    """Record what was filled in and is not recorded yet, item by item, each with a key of its own.

    An item that cannot be recorded does not keep the others from it; the refusal names it.
    """
    try:
        found = clients.call(ReadPledge(pledge_id=pledge_id))
    except Refusal as refusal:
        return refusal
    known, refusals = latest(found), {}
    for item in found.items:
        try:
            said = verdicts(request.form, item.item_id)
            if said and not _recorded(known.get(item.item_id), said):
                asked = forms.read(ReviewItem, {}, pledge_id=pledge_id, item_id=item.item_id, verdicts=said)
                clients.call(asked, key=f"{clients.key_at_hand()}:{item.item_id}")
        except Refusal as refusal:
            if refusal.status != 422:
                return refusal
            refusals[item.item_id] = f"第 {item.position} 项：{refusal.sentence}"
    return Invalid(UNSAVED, errors=refusals) if refusals else None


def verdicts(form: Any, item_id: str) -> list[dict[str, Any]]:
    """The criteria of an item that were answered, with their notes; one left open is left out, and the service says so.

    Refuses a note without a verdict, which would be lost.
    """
    found = []
    for i, name in enumerate(form.get(f"criterion-{i}", "") for i in range(20)):
        met, note = form.get(f"met-{item_id}-{i}"), form.get(f"note-{item_id}-{i}", "").strip()
        if name and met in ("0", "1"):
            found.append({"criterion": name, "met": met == "1", "note": note})
        elif name and note:
            raise Invalid("有的标准写了意见，但没有选“符合”还是“不符合”，请选好。")
    return found


def _recorded(known: ItemReview | None, said: list[dict[str, Any]]) -> bool:
    """Whether this is what the same person has said before."""
    return known is not None and known.reviewed_by_name == here.actor().name and said == [
        {"criterion": one.criterion, "met": one.met, "note": one.note} for one in known.verdicts]
