"""A member's own page: my pledges of the year, my evaluation, and the peers I may rate."""
from dataclasses import replace

from flask import Blueprint, render_template, request
from wire.contracts.actor import Role
from wire.contracts.evaluation import ListEvaluations
from wire.contracts.pledge import ListExemptions, ListPledges

from services.gateway import clients
from services.gateway.pages import here
from services.gateway.pages.parts import part

member = Blueprint("member", __name__)


@member.get("/mine")
def mine():
    """我的承诺; for somebody without a grant, what to do to get one."""
    me, year = here.actor().member_id, here.year()
    search, after = request.args.get("search", "").strip()[:60], request.args.get("after", "")[:200]
    held = here.grants(Role.MEMBER) or here.grants(Role.SECRETARY, Role.CLERK)
    organisation_id = held[0].organisation_id if held else ""
    away: list[str] = []
    pledges: tuple = ()
    own: tuple = ()
    others = exempt = None
    if me and organisation_id:
        pledges = part(away, "承诺", lambda: clients.call(ListPledges(organisation_id=organisation_id, member_id=me, year=year)).pledges) or ()
        listed = ListEvaluations(organisation_id=organisation_id, year=year)
        exempt = part(away, "免诺", lambda: clients.call(
            ListExemptions(organisation_id=organisation_id, member_id=me, state="granted", limit=1)).exemptions)
        own = part(away, "评议", lambda: clients.call(replace(listed, member_id=me)).items) or ()
        # what others were given is no business of this page; what may still be said about them is
        others = part(away, "评议", lambda: clients.call(replace(listed, state="opened", search=search, after=after)))
    return render_template(
        "member/mine.html", exempt=exempt[0] if exempt else None, organisation_id=organisation_id, year=year, pledges=pledges, own=own, search=search,
        others=[line for line in others.items if line.member_id != me] if others else (), next=others.next if others else "",
        away=dict.fromkeys(away))
