"""Putting policies in force: who may is checked here, and that nobody changes the past."""
from typing import Any

from services.roster.domain.adopting import ForTheCounty, NoSuchPolicy, PastDay
from services.roster.usecases.finding import NO_ORGANISATION
from wire.contracts.calls import NotFound, Stale
from wire.contracts.journal import PRODUCERS
from wire.contracts.policies import county_wide, version_of
from wire.contracts.ports import Unit
from wire.contracts.roster import AdoptionView, AdoptPolicies, PolicyAdopted, PolicyChoice, edition_of

CHANGED_MEANWHILE = "您打开这一页之后，别人采用了另一个版本，您的还没有采用。请看看改了什么，核对后再确认。"


def adopt_policies(unit: Unit, request: AdoptPolicies) -> tuple[AdoptionView, ...]:
    """Put versions of policy documents in force for an organisation and what is below it, from a day on; all or none.

    What holds there on that day already is answered as it was adopted, and announced no second time.  Refuses a day that
    is past (PastDay), a dissolved organisation, for a part of the county what holds for the whole (ForTheCounty), and a
    document nobody owns or, of the roster's own, never proposed (NoSuchPolicy).
    """
    unit.permit(request.organisation_id)
    here = unit.directory.organisation(request.organisation_id)
    if here is None or here["state"] != "active":
        raise NotFound(NO_ORGANISATION)
    if request.starts_on < unit.today:
        raise PastDay(unit.today)
    if here["parent_id"] is not None and any(county_wide(choice.document) for choice in request.policies):
        raise ForTheCounty
    # one decision at a time: two at once would get one number
    unit.books.organisations.root(hold=True)
    return tuple(_view(unit, _adopt(unit, request, choice), here["name"]) for choice in request.policies)


def _as_seen(unit: Unit, request: AdoptPolicies, choice: PolicyChoice) -> None:
    """Somebody else adopted another version since whoever decides looked: they look again first."""
    standing = unit.policies.standing(choice.document, request.organisation_id, request.starts_on)
    found = edition_of(standing["organisation_id"], standing["number"]) if standing else edition_of("", 0)
    if choice.instead_of and choice.instead_of != found:
        raise Stale(CHANGED_MEANWHILE)


def _adopt(unit: Unit, request: AdoptPolicies, choice: PolicyChoice) -> Any:
    if choice.document.partition(".")[0] not in PRODUCERS or not unit.books.adoptions.held(choice.document, choice.hash):
        raise NoSuchPolicy(choice.document)
    _as_seen(unit, request, choice)
    standing = unit.books.adoptions.standing(choice.document, request.organisation_id, request.starts_on)
    if standing is not None and standing["hash"] == choice.hash:
        return standing
    number = 1 + max((row["number"] for row in unit.books.adoptions.of(choice.document, request.organisation_id)), default=0)
    adopted = PolicyAdopted(
        adoption_id=unit.new_id("adp"), document=choice.document, policy_version=version_of(choice.hash), hash=choice.hash,
        organisation_id=request.organisation_id, starts_on=request.starts_on, number=number, basis=request.basis.strip(),
        preset=request.preset, version=1, acted_by=unit.actor.person_id, acted_by_name=unit.actor.name, acted_at=unit.now,
        scope="members")
    unit.books.adoptions.add(adopted)
    unit.announce(adopted)
    return unit.books.adoptions.standing(choice.document, request.organisation_id, request.starts_on)


def _view(unit: Unit, row: Any, organisation_name: str) -> AdoptionView:
    return AdoptionView(
        adoption_id=row["id"], organisation_name=organisation_name, state="coming" if row["starts_on"] > unit.today else "in_force",
        **{name: row[name] for name in ("document", "policy_version", "hash", "organisation_id", "starts_on", "basis", "preset",
                                        "adopted_by_name", "adopted_at", "number")})
