"""One pledge from submission to the board: submit, sign 定诺, publish 亮诺, the letter 承诺书 on paper."""

from flask import redirect, render_template, request, url_for
from wire.contracts.calls import Invalid, NotFound, Refusal
from wire.contracts.pledge import (
    ListPledges, ListServing, PledgeView, PublishPledges, ReadLetter, ReadPledge, ServingPage, SignPledge, SubmitPledge,
)

from services.gateway import clients
from services.gateway.pages import forms, here
from services.gateway.pages.branch import desk
from services.gateway.pages.parts import part


@desk.get("/pledges/<pledge_id>")
def pledge(pledge_id: str):
    """Everything about one pledge, and what may be done with it now."""
    return pledge_page(pledge_id)


def pledge_page(pledge_id: str) -> str:
    found = clients.call(ReadPledge(pledge_id=pledge_id))
    return render_template("desk/pledge.html", pledge=found, gates=latest_gates(found), **links(found))


def links(found: PledgeView) -> dict:
    """By item what it serves; of an organisation's public pledge, who serves it and how much of that is done (A13)."""
    serving = ServingPage(items=(), total=0, next="")
    if not found.member_id and found.published_at:
        serving = part([], "", lambda: clients.call(ListServing(pledge_id=found.pledge_id, limit=here.ROWS))) or serving
    return {"serves": {one.item_id: one for one in found.serves}, "serving": serving,
            "serving_counts": {one.item_id: one for one in serving.counts}}


@desk.get("/pledges/<pledge_id>/items/<item_id>/serving")
def serving(pledge_id: str, item_id: str):
    """Every public item of members that serves this one of the organisation's, searched and paged."""
    found = clients.call(ReadPledge(pledge_id=pledge_id))
    item = next((one for one in found.items if one.item_id == item_id), None)
    if item is None:
        return redirect(url_for("desk.pledge", pledge_id=pledge_id))
    search = request.args.get("search", "").strip()[:60]
    page = clients.call(ListServing(
        pledge_id=pledge_id, item_id=item_id, search=search, after=request.args.get("after", "")[:2400], limit=here.ROWS))
    return render_template("desk/serving.html", pledge=found, item=item, page=page, search=search,
                           count=next((one for one in page.counts if one.item_id == item_id), None))


def latest_gates(found: PledgeView) -> dict:
    """The last 三不通过 verdict of each item."""
    return {gate.item_id: gate for gate in found.gates}


@desk.post("/pledges/<pledge_id>/submit")
def submit(pledge_id: str):
    _, refusal = forms.attempt(SubmitPledge, pledge_id=pledge_id)
    return forms.done(refusal, url_for("desk.pledge", pledge_id=pledge_id, done="submitted"), lambda: pledge_page(pledge_id))


@desk.post("/pledges/<pledge_id>/sign")
def sign(pledge_id: str):
    """The letter gets its number and hash; again: the same number."""
    _, refusal = forms.attempt(SignPledge, pledge_id=pledge_id)
    return forms.done(refusal, url_for("desk.pledge", pledge_id=pledge_id, done="signed"), lambda: pledge_page(pledge_id))


@desk.post("/pledges/<pledge_id>/publish")
def publish(pledge_id: str):
    """On the board from now on; again: nothing is announced twice."""
    reply, refusal = forms.attempt(PublishPledges, {}, pledge_ids=(pledge_id,))
    return forms.done(refusal, url_for("desk.pledge", pledge_id=pledge_id, done=said(reply)), lambda: pledge_page(pledge_id))


def said(reply) -> str:
    return "published" if reply is None or reply.published else "already"


@desk.get("/publish")
def publish_list():
    """Signed pledges that nobody can read yet: publish several at once."""
    return publish_page()


@desk.post("/publish")
def publish_several():
    """All of the chosen ones, or none."""
    chosen = tuple(dict.fromkeys(request.form.getlist("pledge_ids")))[:200]
    if not chosen:
        return forms.again(Invalid("请先勾选要亮诺的承诺。"), publish_page)
    reply, refusal = forms.attempt(PublishPledges, {}, pledge_ids=chosen)
    return forms.done(refusal, url_for("desk.publish_list", organisation=here.place("pledge.publish"), done=said(reply)), publish_page)


def publish_page() -> str:
    organisation_id = here.place("pledge.list")
    signed = clients.call(ListPledges(organisation_id=organisation_id, year=here.year(), state="signed", limit=200,
                                      after=request.args.get("after", "")[:200]))
    return render_template("desk/publish.html", organisation_id=organisation_id, pledges=signed.pledges, total=signed.total,
                           next=signed.next, chosen=request.form.getlist("pledge_ids"))


@desk.get("/pledges/<pledge_id>/letter")
def letter(pledge_id: str):
    """The letter as it is printed: its copies, each with exactly the text that was hashed, the hash and signature lines.

    Before signing there is none, and one is led back to the pledge.
    """
    try:
        found = clients.call(ReadLetter(pledge_id=pledge_id))
    except Refusal as refusal:
        if refusal.code != NotFound.code:
            raise
        return redirect(url_for("desk.pledge", pledge_id=pledge_id))
    return render_template("desk/letter.html", letter=found)
