"""践诺: an item's progress, the claim that it is done 申请销号, and its verification by three gates 三不通过 (F5)."""
from flask import url_for
from wire.contracts.pledge import ClaimItem, RecordProgress, VerifyItem

from services.gateway.pages import forms
from services.gateway.pages.branch import desk
from services.gateway.pages.branch.pledge import pledge_page


def _after(refusal, pledge_id: str, item_id: str, done: str):
    to = url_for("desk.pledge", pledge_id=pledge_id, done=done, _anchor=item_id)
    return forms.done(refusal, to, lambda: pledge_page(pledge_id))


@desk.post("/pledges/<pledge_id>/items/<item_id>/progress")
def progress(pledge_id: str, item_id: str):
    """登记进展, in per cent with a line about it."""
    _, refusal = forms.attempt(RecordProgress, pledge_id=pledge_id, item_id=item_id)
    return _after(refusal, pledge_id, item_id, "progress")


@desk.post("/pledges/<pledge_id>/items/<item_id>/claim")
def claim(pledge_id: str, item_id: str):
    """申请销号, with what proves it."""
    _, refusal = forms.attempt(ClaimItem, pledge_id=pledge_id, item_id=item_id)
    return _after(refusal, pledge_id, item_id, "claimed")


@desk.post("/pledges/<pledge_id>/items/<item_id>/verify")
def verify(pledge_id: str, item_id: str):
    """核验: all three gates pass, or the item is open again with the note."""
    found, refusal = forms.attempt(VerifyItem, pledge_id=pledge_id, item_id=item_id)
    passed = found is None or all(item.state == "fulfilled" for item in found.items if item.item_id == item_id)
    return _after(refusal, pledge_id, item_id, "verified" if passed else "unpassed")
