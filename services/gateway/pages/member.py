"""A member's own page: my pledges of the year, my exemption, my evaluation, and the peers I may rate."""
from dataclasses import replace
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from wire.contracts.actor import Role
from wire.contracts.evaluation import ListEvaluations
from wire.contracts.pledge import ExemptionLine, ListExemptions, ListPledges

from services.gateway import clients
from services.gateway.pages import here, pledging
from services.gateway.pages.parts import part

member = Blueprint("member", __name__)


@member.get("/mine")
def mine():
    """我的承诺: those of the year wherever they were made, and where the next is written.  Whoever only follows or operates is sent to
    where they do; somebody without a grant, or no longer on the roll, is told whom to ask."""
    me, year = here.actor().member_id, here.year()
    gone = pledging.left()
    # what roster said of the member a minute ago may be over
    held = (() if gone else here.grants(Role.MEMBER)) or here.grants(Role.SECRETARY, Role.CLERK)
    if not held:
        if here.looks_below() or here.operates():
            return redirect(url_for("superior.units" if here.looks_below() else "operator.system"))
        return render_template("member/nowhere.html", left=gone)
    home, places = held[0].organisation_id, pledging.places()
    return render_template(
        "member/mine.html", organisation_id=places.first or home, places=places, year=year,
        **(_shown(home, me, year) if me else {"pledges": (), "own": (), "exemptions": (), "others": (), "next": "", "search": "", "away": ()}))


def _shown(home: str, me: str, year: int) -> dict[str, Any]:
    """What the page lists; a part that cannot be had is named in ``away``."""
    search, after = request.args.get("search", "").strip()[:60], request.args.get("after", "")[:200]
    away: list[str] = []
    listed = ListEvaluations(organisation_id=home, year=year)
    pledges = part(away, "承诺", lambda: clients.call(ListPledges(organisation_id=home, member_id=me, year=year)).pledges) or ()
    exempt = part(away, "免诺", lambda: clients.call(ListExemptions(organisation_id=home, member_id=me, limit=20)).exemptions) or ()
    own = part(away, "评议", lambda: clients.call(replace(listed, member_id=me)).items) or ()
    # what others were given is no business of this page; what may still be said about them is
    others = part(away, "评议", lambda: clients.call(replace(listed, state="opened", search=search, after=after)))
    return {
        "pledges": pledges, "own": own, "exemptions": [one for one in exempt if _concerns(one, year)], "search": search,
        "others": [line for line in others.items if line.member_id != me] if others else (), "next": others.next if others else "",
        "away": dict.fromkeys(away)}


def _concerns(one: ExemptionLine, year: int) -> bool:
    """Whether the exemption is open, or was decided about or ended in this year: older ones are history."""
    last = one.ended_on or here.day_of(one.proposed_at)
    return one.state in ("proposed", "granted") or last.year >= year
