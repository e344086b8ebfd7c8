"""Who reaches what in pledge, tried at its doors: every declared call, every role, held here, above, beside and below."""
import pytest

from tests.authority_pledge import FACTORIES
from wire.contracts.actor import PUBLIC, Actor, HeldGrant, Reach, Role, service_actor
from wire.contracts.calls import Refusal, registry
from wire.contracts.pledge import WithdrawExemption

#: what every service answers alike is tried in the matrix of the whole house
ALIKE = ("read_policies", "propose_policy", "audit", "check_audit", "read_history")
OPERATIONS = {o.request: o for o in registry.values() if o.service == "pledge" and o.grants.kind != "service" and o.verb not in ALIKE}
PLACES = {"same": "org_village", "above": "org_town", "outside": "org_other", "below": "org_group"}
REACHED = {Reach.SELF: (), Reach.OWN: ("same",), Reach.BELOW: ("above",), Reach.WITHIN: ("same", "above")}


def outcome(house, actor, request):
    try:
        house.call(actor, request)
    except Refusal as refusal:
        return refusal.code
    return "done"


def holding(role, place):
    system = role == Role.SYSTEM
    return Actor(kind="system" if system else "person", scopes=("pledges:read",) if system else (), person_id="prs_1", name="某人",
                 member_id="" if system else "mem_li", grants=(
        HeldGrant(grant_id="grt_1", role=role, organisation_id=PLACES[place]),))


def test_every_call_is_tried():
    assert set(OPERATIONS) == set(FACTORIES)


@pytest.mark.parametrize("request_class", FACTORIES, ids=lambda c: c.__name__)
def test_a_grant_reaches_exactly_as_far_as_the_call_declares(running, request_class):
    """An organisation's own pledge is decided only above it, whatever the call declares. [X16] [X17] [C1]"""
    operation, make = OPERATIONS[request_class], FACTORIES[request_class]
    declared = dict(operation.grants.roles)
    untouched = make(running, "org_village")
    for role in Role:
        for place in PLACES:
            found = outcome(running, holding(role.value, place), untouched)
            if place not in REACHED.get(declared.get(role), ()):
                assert found in ("forbidden", "not_found"), (role, place)
            elif role == Role.SECRETARY and Role.SUPERIOR in declared and operation.writes and request_class is not WithdrawExemption:
                assert found == "not_yours", (role, place)
            else:
                assert found == "done", (role, place)
                untouched = make(running, "org_village")


@pytest.mark.parametrize("request_class", FACTORIES, ids=lambda c: c.__name__)
def test_who_holds_nothing_reaches_nothing(running, request_class):
    """[X16]"""
    request = FACTORIES[request_class](running, "org_village")
    for who in (PUBLIC, service_actor("notice"), Actor(kind="person", person_id="prs_2", name="路人", member_id="mem_zhang")):
        assert outcome(running, who, request) in ("forbidden", "not_found")
