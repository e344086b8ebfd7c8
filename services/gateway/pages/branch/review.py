"""审诺: item by item against every criterion (C4, C8), then approve or return with the reason."""
from typing import Any

from flask import render_template, request, url_for
from wire.contracts.pledge import ApprovePledge, ListPledges, PledgeView, ReadPledge, ReturnPledge, ReviewItem

from services.gateway import clients
from services.gateway.pages import forms, here
from services.gateway.pages.branch import desk


@desk.get("/reviews")
def reviews():
    """What waits for review, the oldest first; ``below`` takes in the organisations below, as a superior does by default."""
    organisation_id, below = here.place("pledge.list"), request.args.get("below", "" if here.has_desk() else "1") == "1"
    found = clients.call(ListPledges(organisation_id=organisation_id, year=here.year(), state="submitted", below=below,
                                     after=request.args.get("after", "")[:200]))
    waiting = sorted(found.pledges, key=lambda p: (p.submitted_at is None, p.submitted_at))
    return render_template("desk/reviews.html", organisation_id=organisation_id, pledges=waiting, next=found.next, below=below)


@desk.get("/pledges/<pledge_id>/review")
def review(pledge_id: str):
    return review_page(pledge_id)


def review_page(pledge_id: str) -> str:
    found = clients.call(ReadPledge(pledge_id=pledge_id))
    return render_template("desk/review.html", pledge=found, reviews={one.item_id: one for one in found.reviews}, left=left(found))


def left(found: PledgeView) -> int:
    """How many items have not passed every criterion yet."""
    passed = {one.item_id for one in found.reviews if one.passed}
    return sum(item.item_id not in passed for item in found.items)


@desk.post("/pledges/<pledge_id>/items/<item_id>/review")
def review_item(pledge_id: str, item_id: str):
    """The verdict over one item; again: the later one replaces the earlier."""
    _, refusal = forms.attempt(ReviewItem, {}, pledge_id=pledge_id, item_id=item_id, verdicts=verdicts(request.form))
    return forms.done(refusal, url_for("desk.review", pledge_id=pledge_id, done="reviewed", _anchor=item_id), lambda: review_page(pledge_id))


def verdicts(form: Any) -> list[dict[str, Any]]:
    """The criteria that were answered, with their notes; one left open is left out, and the service says so."""
    names = [form.get(f"criterion-{i}", "") for i in range(20)]
    return [{"criterion": name, "met": form[f"met-{i}"] == "1", "note": form.get(f"note-{i}", "").strip()}
            for i, name in enumerate(names) if name and form.get(f"met-{i}") in ("0", "1")]


@desk.post("/pledges/<pledge_id>/approve")
def approve(pledge_id: str):
    """审定; refused until every item has passed."""
    _, refusal = forms.attempt(ApprovePledge, pledge_id=pledge_id)
    return forms.done(refusal, url_for("desk.pledge", pledge_id=pledge_id, done="approved"), lambda: review_page(pledge_id))


@desk.post("/pledges/<pledge_id>/return")
def send_back(pledge_id: str):
    """退回, with the reason the pledgor reads."""
    _, refusal = forms.attempt(ReturnPledge, pledge_id=pledge_id)
    return forms.done(refusal, url_for("desk.pledge", pledge_id=pledge_id, done="returned"), lambda: review_page(pledge_id))
