"""What a draft may start from, beside its form: what is expected of this pledgor, beginnings that fit, what may be served."""
from typing import Any

from flask import request
from wire.contracts.calls import Refusal
from wire.contracts.pledge import SOURCES, Advice, Guide, PledgeView, ReadGuide, Start

from services.gateway import clients
from services.gateway.pages import forms
from services.gateway.pages.parts import part


def of(organisation_id: str, member_id: str, year: int) -> Guide:
    """The guide of this draft; an empty one while nobody is chosen, and where it cannot be read just now."""
    if not member_id:
        return Guide()
    asked = ReadGuide(organisation_id=organisation_id, member_id=member_id, year=year)
    return part([], "", lambda: clients.call(asked), refused=_refused) or Guide()


def _refused(refusal: Refusal) -> Guide:
    """Whoever was chosen may have left while the form was open, or pledge elsewhere: what was typed is shown all the same, with the
    word on where that is (A7)."""
    return Guide(advice=(Advice(rule="A7", sentence=refusal.sentence),)) if refusal.status == 409 else Guide()


def chosen(guide: Guide) -> Start | None:
    """The beginning that was pressed, if it is one of these; another member, chosen since, may be offered others."""
    label = request.form.get("start", "")
    return next((start for start in guide.starts if start.label == label), None)


def shown(guide: Guide, commitment: str, pledge: PledgeView | None = None) -> dict[str, Any]:
    """What the form is told of it; ``commitment``: as it is while nothing else was chosen, or came with a beginning."""
    start = chosen(guide) if request.method == "POST" else None
    post_first = bool(guide.starts) and guide.starts[0].source == "post"
    return {
        "guide": guide, "servable": servable(guide, pledge),
        "commitment": (start.commitment if start else "") or forms.shown("commitment", commitment),
        "sources": {"post": SOURCES["post"]} | SOURCES if post_first else SOURCES}


def servable(guide: Guide, pledge: PledgeView | None = None) -> dict[str, str]:
    """The organisations' items a member's item may serve, in words; and what the pledge names already, public or no more; and what
    was just chosen, also where the guide cannot be had now."""
    sent = {value: "刚才选的一项（不在现在的列表里）" for name, value in request.form.items() if name.endswith("-serves_item_id") and value}
    kept = {one.serves_item_id: f"{one.organisation_name}：{one.matter}" for one in (pledge.serves if pledge else ())}
    gone = {item.serves_item_id: "原来选的一项（已不在公开栏）" for item in (pledge.items if pledge else ()) if item.serves_item_id}
    return sent | gone | kept | {one.item_id: f"{one.organisation_name}：{one.matter}" for one in guide.servable}
