"""A person who was entered by name turns out to be a member: what they hold becomes the member's (X50)."""
from flask import render_template, request
from wire.contracts.calls import NotFound
from wire.contracts.roster import LinkPerson, ListGrants

from services.gateway import clients
from services.gateway.pages import choosing, forms, here
from services.gateway.pages.county import county

NOBODY = "没有找到这个人的权限，可能已经认作党员，请回到“权限”页核对。"


@county.get("/persons/<person_id>")
def person(person_id: str):
    return person_page(person_id)


def person_page(person_id: str) -> str:
    """What they hold, and the members found, those of the same name to begin with."""
    here.demand("roster.link_person")
    organisation_id = here.place("roster.link_person")
    held = [one for one in clients.call(ListGrants(organisation_id=organisation_id, person_id=person_id[:80])).items if not one.member_id]
    if all(one.role == "system" for one in held):
        raise NotFound(NOBODY)
    find = request.values.get("find", held[0].person_name).strip()[:60]
    found = choosing.people(organisation_id, find)
    return render_template("people/person.html", organisation_id=organisation_id, person_id=person_id, held=held, name=held[0].person_name,
                           find=find, members=found.options, total=found.total)


@county.post("/persons/<person_id>")
def link(person_id: str):
    """认作党员: their positions and grants are the member's from now on, the old account holds nothing."""
    return forms.sent(LinkPerson, "county.grants", "roster.link_person", lambda: person_page(person_id), word="linked", person_id=person_id[:80])
