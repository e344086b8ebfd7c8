"""A front of three small blueprints, named as the pages are, to try what the door itself does."""
import re

from flask import Blueprint, render_template_string, request
from werkzeug.wrappers import Response

from services.gateway import clients
from services.gateway.identity import sessions, sign_in
from wire.contracts.pledge import SubmitPledge


def blueprints():
    public, entrance, desk = Blueprint("public", __name__), Blueprint("entrance", __name__), Blueprint("desk", __name__)

    @public.get("/board")
    def board():
        return "board"

    @entrance.get("/enter")
    def sign_in_page():
        return render_template_string('<input type="hidden" name="csrf_token" value="{{ csrf_token() }}">')
    entrance.add_url_rule("/enter", "sign_in", sign_in_page)

    @entrance.post("/enter")
    def enter():
        return sessions.hand_over(Response("in"), sign_in.sign_in(request.form["username"], request.form["password"]))

    @desk.get("/desk")
    def desk_page():
        return render_template_string('{{ g.actor.name }} <input name="csrf_token" value="{{ csrf_token() }}">')

    @desk.post("/desk")
    def submit():
        return str(clients.call(SubmitPledge(pledge_id=request.form["pledge_id"])))

    @desk.get("/broken")
    def broken():
        raise ValueError("Canary-4711 林乔 530102199001011234")

    return public, entrance, desk


def token_in(page) -> str:
    """The CSRF token in a page."""
    return re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]
