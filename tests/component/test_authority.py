"""The authority matrix: every declared call × every role × where the grant is held, tried at the real doors.

What is allowed is computed here from the declaration alone, by an oracle of its own; the service decides by its own code.
A call without a factory in ``tests/authority_<service>.py`` fails: nothing is declared that is not tried.
"""
import importlib
from collections.abc import Iterator

import pytest

from services.gateway import histories
from services.gateway.identity.acting import decided
from services.gateway.service import GatewayService
from services.gateway.storage import Books as GatewayBooks
from tests.authority_gateway import decide
from tests.fakes_roster import member_rows, organisation_rows
from tests.servers import wait_until
from wire import directory
from wire.bus.service import ROSTER, Bus
from wire.bus.subscribe import subscribe
from wire.bus.testing import house
from wire.contracts import calls
from wire.contracts.actor import PUBLIC, SCOPES, Actor, HeldGrant, Reach, Role, service_actor
from wire.contracts.calls import Refusal
from wire.contracts.roster import ConfirmGrants, FoundCounty, GiveGrant, SyncMembers, SyncOrganisations

SERVICES = ("roster", "pledge", "evaluation", "commendation", "notice")
#: what the gateway decides itself is asked of it without a bus; and the calls every service answers alike
for _name in (*SERVICES, "gateway", "policies", "history", "audit"):
    # a call that is not imported is not in the registry, and would not be tried
    importlib.import_module(f"wire.contracts.{_name}")
#: where a grant is held, seen from the organisation that is acted on
PLACES = ("same", "above", "outside", "below")
COVERS = {Reach.SELF: set(), Reach.OWN: {"same"}, Reach.BELOW: {"above"}, Reach.WITHIN: {"same", "above"}}
EVERY_SCOPE = tuple(SCOPES)
PERSONAL = sorted(name for name, o in calls.registry.items() if o.grants.kind == "person")


class Doorless:
    """The gateway as other services' calls find it: without its http door."""

    name = "gateway"
    bus = Bus(GatewayBooks, belongs=histories.belongs, policies=GatewayService.bus.policies, projections=ROSTER)

    @subscribe(*directory.EVENTS)
    def on_roster(self, unit, news):
        directory.keep(unit, news)


def service_class(name: str) -> type:
    module = importlib.import_module(f"services.{name}.service")
    return next(c for c in vars(module).values() if isinstance(c, type) and getattr(c, "name", None) == name)


def factories() -> dict:
    found = {}
    for name in (*SERVICES, "gateway", "house"):
        found |= importlib.import_module(f"tests.authority_{name}").FACTORIES
    return found


@pytest.fixture(scope="module")
def county(tmp_path_factory) -> Iterator["County"]:
    # factories put words into a running producer's mouth; healing would find out and take it for one restored from a backup
    with house(tmp_path_factory.mktemp("authority"), *(service_class(name) for name in SERVICES), Doorless,
               healing_seconds=3600, hole_grace_seconds=3600) as running:
        made = County(running)
        # it looks once, a second after the start, before any of them has spoken
        wait_until(lambda: all(known.asked_at for name in (*SERVICES, Doorless.name) for known in running.bus(name).healing._known.values()))
        yield made


class County:
    """A county, a town, two villages and a group in one of them; somebody for every role at every place."""

    def __init__(self, running):
        self.house = running
        founded = running.call(Actor(kind="invitation"), FoundCounty(code="C", name="云岭县委", person_name="县办一"))
        self.office = Actor(kind="person", person_id=founded.person_id, name="县办一", grants=(HeldGrant(
            grant_id=founded.grant_id, role="office", organisation_id=founded.organisation_id),))
        self.organisations = {"C": founded.organisation_id}
        told = [running.call(self.office, request) for request in (
            SyncOrganisations(rows=organisation_rows(("T", "石桥镇党委", "党委", "C"), ("V", "柳溪村党支部", "党支部", "T"),
                                                     ("W", "松坡村党支部", "党支部", "T"), ("G", "柳溪村一组", "党小组", "V"))),
            SyncMembers(rows=member_rows(*((f"M{code}", f"演{code}", code) for code in "VWG"))))]
        assert not any(reply.refused for reply in told), told
        running.settle()
        self._find()
        self.people = {(role, place): self._grant(role, code)
                       for role in Role for place, code in zip(PLACES, "VTWG", strict=True)}
        running.settle()

    def _find(self):
        from wire.contracts.roster import ListMembers, ListOrganisations
        page = self.house.call(self.office, ListOrganisations(organisation_id=self.organisations["C"]))
        self.organisations |= {o.code: o.organisation_id for o in page.organisations}
        members = self.house.call(self.office, ListMembers(organisation_id=self.organisations["C"])).members
        self.members = {m.code[1:]: m.member_id for m in members}

    def _grant(self, role: Role, code: str) -> Actor:
        if role == Role.MEMBER and code == "T":
            # nobody belongs to a committee itself: whoever would claim to
            return Actor(kind="person", person_id="mem_none", name="演T", member_id="mem_none", grants=(
                HeldGrant(grant_id="grt_none", role=role.value, organisation_id=self.organisations[code]),))
        member = self.members[code] if role == Role.MEMBER else ""
        given = self.house.call(self.office, GiveGrant(
            organisation_id=self.organisations[code], role=role.value, member_id=member,
            person_name="" if member else f"{role.value}在{code}"))
        if not given.works:
            self.house.call(self.office, ConfirmGrants(grant_ids=(given.grant_id,)))
        system = role == Role.SYSTEM
        return Actor(kind="system" if system else "person", scopes=EVERY_SCOPE if system else (), person_id=given.person_id,
                     name=given.person_name, member_id=given.member_id, grants=(HeldGrant(
            grant_id=given.grant_id, role=role.value, organisation_id=self.organisations[code]),))


def outcome(county: County, actor: Actor, request) -> str:
    """``passed`` the authority check (whatever the rules then said), or ``refused`` by it."""
    try:
        if decided(type(request)):
            decide(county.house, actor, request)
        else:
            county.house.call(actor, request)
    except Refusal as refusal:
        return "refused" if refusal.code in ("forbidden", "not_found", "unsigned") else "passed"
    return "passed"


@pytest.mark.parametrize("name", PERSONAL)
def test_every_grant_reaches_exactly_as_far_as_its_call_declares(county, name):
    """[X16] [X17]"""
    operation = calls.registry[name]
    make = factories()[operation.request]
    declared = dict(operation.grants.roles)
    target = county.organisations["V"]
    untouched = make(county.house, target)
    wrong = []
    for (role, place), actor in county.people.items():
        reach = declared.get(role)
        expected = "passed" if reach is not None and place in COVERS[reach] else "refused"
        request = make(county.house, target) if expected == "passed" else untouched
        if (found := outcome(county, actor, request)) != expected:
            wrong.append(f"{role} held {place}: {found}, declared {reach}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", PERSONAL)
def test_the_public_a_service_and_somebody_without_grants_are_refused(county, name):
    """[X16]"""
    operation = calls.registry[name]
    request = factories()[operation.request](county.house, county.organisations["V"])
    stranger = Actor(kind="person", person_id="prs_stranger", name="路人")
    assert [outcome(county, who, request) for who in (PUBLIC, service_actor("notice"), stranger)] == ["refused"] * 3


def test_every_declared_call_is_tried_or_needs_no_person():
    open_to_all = {o.request for o in calls.registry.values() if o.grants.kind != "person"}
    assert {o.request for o in calls.registry.values()} - set(factories()) <= open_to_all
