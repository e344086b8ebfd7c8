"""Writing a pledge 提诺: several items at once, hints 起草提示 after saving, nothing typed is ever lost.

Whose pledge it is, is chosen from a list, searched where it is long; what is expected of them and beginnings that fit are told
beside the form (``guiding``).  The form shows blank item rows; 再加一项 and a beginning send what is typed and come back with one row
more.  Rows left blank are passed over.
"""
from collections.abc import Mapping
from typing import Any

from flask import redirect, render_template, request, url_for
from wire.contracts.calls import Invalid
from wire.contracts.pledge import FORMS, DraftPledge, Guide, PledgeView, ReadCoverage, ReadPledge, SaveDraft, SubmitPledge
from wire.contracts.roster import ListMembers

from services.gateway import clients
from services.gateway.pages import forms, here, pledging
from services.gateway.pages.branch import desk, guiding
from services.gateway.pages.parts import part

FIELDS = ("item_id", "matter", "category", "source", "measure", "target", "responsible", "deadline_on", "serves_item_id")
#: what is chosen from a list and makes no item by itself
CHOSEN = ("source", "serves_item_id")
BLANK, MOST = 3, 20
#: buttons that save nothing: a row more, a search for the pledgor, what is expected of them, a beginning
AGAIN = {"add", "find", "guide", "start"}
#: so many people are offered as pledgor at once; the rest are looked for
OFFERED = 100
#: the choice that stands for the organisation's own pledge
OWN = "organisation"
NOTHING = "至少写一项承诺事项，再保存。"


@desk.get("/pledges/new")
def new():
    return new_page()


@desk.post("/pledges/new")
def draft():
    """Begin a pledge; the same form sent twice begins one.  A row more, or a search for the pledgor, keeps what is typed."""
    if AGAIN & set(request.form):
        return new_page()
    pledge, refusal = None, incomplete()
    if refusal is None:
        pledge, refusal = forms.attempt(DraftPledge, request.form.to_dict() | pledgor(), items=rows(request.form))
    return forms.done(refusal, url_for("desk.edit", pledge_id=pledge.pledge_id, done="saved") if pledge else "", new_page)


@desk.get("/pledges/<pledge_id>/edit")
def edit(pledge_id: str):
    pledge = clients.call(ReadPledge(pledge_id=pledge_id))
    if pledge.state not in ("drafted", "returned"):
        return redirect(url_for("desk.pledge", pledge_id=pledge_id))
    return edit_page(pledge)


@desk.post("/pledges/<pledge_id>/edit")
def save(pledge_id: str):
    """Replace the items of the draft, and submit it when asked to."""
    def page() -> str:
        return edit_page(clients.call(ReadPledge(pledge_id=pledge_id)))

    if AGAIN & set(request.form):
        return page()
    refusal = nothing_written()
    if refusal is None:
        _, refusal = forms.attempt(SaveDraft, pledge_id=pledge_id, items=rows(request.form))
    if refusal is None and "submit" in request.form:
        _, refusal = forms.attempt(SubmitPledge, {}, pledge_id=pledge_id)
        return forms.done(refusal, url_for("desk.pledge", pledge_id=pledge_id, done="submitted"), page)
    return forms.done(refusal, url_for("desk.edit", pledge_id=pledge_id, done="saved"), page)


def pledgor() -> dict[str, str]:
    """Whose pledge it is, as the call wants it: the organisation's own has no member, and its form follows from that."""
    chosen, kind = request.form.get("member_id", ""), request.form.get("form", "")
    if chosen == OWN:
        return {"member_id": "", "form": "organisation" if kind in ("", "individual") else kind}
    return {"member_id": chosen, "form": "individual" if kind == "organisation" else kind or "individual"}


def incomplete() -> Invalid | None:
    """Nobody chosen, nothing written, and whatever else is wrong, told at once."""
    errors: dict[str, Any] = {}
    if not request.form.get("member_id", ""):
        errors["member_id"] = "请选择承诺人。"
    if not rows(request.form):
        errors["items"] = NOTHING
    if not errors:
        return None
    try:
        forms.read(DraftPledge, request.form.to_dict() | pledgor(), items=rows(request.form))
    except Invalid as found:
        errors = {**found.errors, **errors}
    return Invalid(forms.WRONG, errors=errors)


def nothing_written() -> Invalid | None:
    """A pledge without any item is none."""
    return None if rows(request.form) else Invalid(NOTHING, errors={"items": NOTHING})


def new_page() -> str:
    organisation_id = forms.shown("organisation_id") or pledging.place()
    own, chosen = here.actor().member_id, forms.shown("member_id", request.args.get("member", ""))[:80]
    offered, more = {own: here.actor().name}, False
    if here.may("pledge.draft", organisation_id):
        offered, more = people(organisation_id, forms.shown("find_member").strip()[:60], chosen)
    guide = guiding.of(organisation_id, "" if chosen == OWN else chosen or ("" if here.may("pledge.draft", organisation_id) else own), here.year())
    return render_template(
        "desk/draft.html", pledge=None, organisation_id=organisation_id, year=forms.shown("year") or here.year(), people=offered,
        more_people=more, forms_offered={name: word for name, word in FORMS.items() if name != "organisation"},
        member_id=chosen, rows=shown_rows((), guide), hints={}, **guiding.shown(guide, "written"))


def edit_page(pledge: PledgeView) -> str:
    hints: dict[str, list[str]] = {}
    for hint in pledge.hints:
        hints.setdefault(hint.item_id, []).append(hint.sentence)
    guide = guiding.of(pledge.organisation_id, pledge.member_id, pledge.year)
    return render_template("desk/draft.html", pledge=pledge, organisation_id=pledge.organisation_id, year=pledge.year,
                           rows=shown_rows(pledge.items, guide), hints=hints, **guiding.shown(guide, pledge.commitment, pledge))


def people(organisation_id: str, search: str, chosen: str, *, waits: str = "（未承诺）",
           exempts: str = "（免诺，愿意承诺的照常写）") -> tuple[dict[str, str], bool]:
    """Whom one may draft for: first who has not pledged, then everybody, or those that were looked for; and the organisation
    itself.  And whether there are more.  Whoever was chosen before something else was looked for is still among them.
    ``waits``, ``exempts``: what is said of whoever has not pledged, and of whoever is exempt."""
    covered = part([], "", lambda: clients.call(ReadCoverage(organisation_id=organisation_id, year=here.year())))
    page = part([], "", lambda: clients.call(ListMembers(organisation_id=organisation_id, search=search, limit=OFFERED)))
    if covered is None or page is None:
        me = here.actor()
        return ({me.member_id: me.name} if me.member_id else {}) | {OWN: "本党组织的承诺"}, False
    waiting, exempt = ({one.member_id: one.name for one in some} for some in (covered.uncovered, covered.exempted))
    known = {one.member_id: one.name for one in page.members if one.organisation_id == organisation_id}
    # who floats in 流动党员 is on no list of this branch's own members: their names are searched here
    fits = {id_: name for id_, name in (waiting | exempt).items() if id_ in known or search in name} | known
    kept = {} if chosen in ("", OWN) else {chosen: waiting.get(chosen) or here.member_name(chosen)}
    shown = dict(list((kept | fits).items())[:OFFERED])
    words = dict.fromkeys(waiting, waits) | dict.fromkeys(exempt, exempts)
    found = {id_: name + words.get(id_, "") for id_, name in shown.items() if name}
    return found | {OWN: "本党组织的承诺"}, len(kept | fits) > len(shown) or page.total > len(page.members)


def rows(form: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The item rows of a form as the call wants them; blank ones are passed over."""
    found = []
    for i in range(MOST):
        row = {name: form.get(f"items-{i}-{name}", "").strip() for name in FIELDS}
        if any(row[name] for name in FIELDS if name not in CHOSEN):
            row["deadline_on"] = row["deadline_on"] or None
            row["source"] = row["source"] or "own"
            found.append(row)
    return found


def shown_rows(items, guide: Guide) -> list[dict[str, Any]]:
    """The rows of the form: what was typed, or the items as they are, then the beginning that was chosen, and blank ones below;
    the first item of all is by the pledgor's post where that is what fits them (A11)."""
    empty = dict.fromkeys(FIELDS, "") | {"source": "own"}
    if request.method == "POST":
        filled, start = rows(request.form), guiding.chosen(guide)
        filled += [empty | {"matter": start.matter, "source": start.source, "category": start.category, "begun": True}] if start else []
    else:
        filled = [{name: getattr(item, name) for name in FIELDS} for item in items]
    if filled:
        return [*filled, empty][:MOST]
    first = guide.starts[0].source if guide.starts else "own"
    return [empty | {"source": first}, *[empty] * (0 if "add" in request.form else BLANK - 1)]
