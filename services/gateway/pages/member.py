"""A member's own page: my pledges of the year, my evaluation, and the peers I may rate."""
from flask import Blueprint, render_template
from wire.contracts.actor import Role
from wire.contracts.evaluation import ListEvaluations
from wire.contracts.pledge import ListPledges

from services.gateway import clients
from services.gateway.pages import here
from services.gateway.pages.branch.today import part

member = Blueprint("member", __name__)


@member.get("/mine")
def mine():
    """我的承诺; for somebody without a grant, what to do to get one."""
    me, year = here.actor().member_id, here.year()
    held = here.grants(Role.MEMBER) or here.grants(Role.SECRETARY, Role.CLERK)
    organisation_id = held[0].organisation_id if held else ""
    away: list[str] = []
    pledges: tuple = ()
    evaluations: tuple = ()
    if me and organisation_id:
        pledges = part(away, "承诺", lambda: clients.call(ListPledges(organisation_id=organisation_id, member_id=me, year=year)).pledges) or ()
        evaluations = part(away, "评议", lambda: clients.call(ListEvaluations(organisation_id=organisation_id, year=year))) or ()
    # what others were given is no business of this page; what may still be said about them is
    mine_first = sorted((line for line in evaluations if line.member_id == me or line.state == "opened"), key=lambda line: line.member_id != me)
    return render_template("member/mine.html", organisation_id=organisation_id, year=year, pledges=pledges, evaluations=mine_first, away=away)
