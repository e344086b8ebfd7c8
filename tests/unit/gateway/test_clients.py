"""Signing for people: whose grants, how old, which key."""
from types import SimpleNamespace

import pytest

from services.gateway.clients import Clients
from tests.fakes_gateway import FakeCaller, always
from wire.contracts.actor import PUBLIC, Actor
from wire.contracts.calls import Away
from wire.contracts.notice import ReadCounty
from wire.contracts.pledge import ApprovePledge, ReadPledge, SubmitPledge
from wire.contracts.roster import GrantsOf

LIN = Actor(kind="person", person_id="prs_lin", name="林乔", member_id="mbr_lin", address="192.0.2.4")


@pytest.fixture
def desk():
    caller, now = FakeCaller(), SimpleNamespace(seconds=0.0)
    for request in (ApprovePledge, ReadPledge, SubmitPledge, ReadCounty):
        caller.answers[request] = always("done")
    caller.hold("prs_lin", ("secretary", "org_village"))
    return SimpleNamespace(caller=caller, now=now, clients=Clients(caller, grants_seconds=60, seconds=lambda: now.seconds))


def test_a_decision_is_signed_with_the_grants_of_this_moment(desk):
    """An ended grant stops at once, whatever was known a second ago. [X49]"""
    desk.clients.call(ReadPledge(pledge_id="plg_1"), LIN)
    desk.caller.grants["prs_lin"] = ()
    desk.clients.call(ApprovePledge(pledge_id="plg_1"), LIN)
    made, = desk.caller.of(ApprovePledge)
    assert made.actor.grants == () and made.actor.person_id == "prs_lin" and made.actor.address == "192.0.2.4"


def test_reading_believes_grants_for_a_minute_and_no_longer(desk):
    for second in (0, 30, 59):
        desk.now.seconds = second
        desk.clients.call(ReadPledge(pledge_id="plg_1"), LIN)
    assert len(desk.caller.of(GrantsOf)) == 1
    desk.now.seconds = 60.5
    desk.clients.call(ReadPledge(pledge_id="plg_1"), LIN)
    assert len(desk.caller.of(GrantsOf)) == 2
    assert [g.role for g in desk.caller.of(ReadPledge)[-1].actor.grants] == ["secretary"]


def test_what_a_decision_learned_serves_the_next_reading(desk):
    desk.clients.call(ReadPledge(pledge_id="plg_1"), LIN)
    desk.caller.grants["prs_lin"] = ()
    desk.clients.call(SubmitPledge(pledge_id="plg_1"), LIN)
    desk.clients.call(ReadPledge(pledge_id="plg_1"), LIN)
    assert desk.caller.of(ReadPledge)[-1].actor.grants == ()


def test_the_public_is_signed_as_the_public_whoever_is_at_the_door(desk):
    desk.clients.call(ReadCounty(), LIN)
    assert desk.caller.of(ReadCounty)[0].actor == PUBLIC
    assert not desk.caller.of(GrantsOf)


def test_grants_are_asked_for_by_the_gateway_itself(desk):
    desk.clients.call(ReadPledge(pledge_id="plg_1"), LIN)
    assert desk.caller.of(GrantsOf)[0].actor.kind == "service"


def test_one_key_serves_two_operations_without_mixing_them_up(desk):
    """[T32]"""
    desk.clients.call(SubmitPledge(pledge_id="plg_1"), LIN, key="form-1")
    desk.clients.call(ApprovePledge(pledge_id="plg_1"), LIN, key="form-1")
    desk.clients.call(SubmitPledge(pledge_id="plg_1"), LIN, key="form-1")
    keys = [m.key for m in desk.caller.made if m.key]
    assert keys[0] == keys[2] != keys[1]


def test_a_command_without_a_key_gets_a_new_one_and_reading_gets_none(desk):
    desk.clients.call(SubmitPledge(pledge_id="plg_1"), LIN)
    desk.clients.call(SubmitPledge(pledge_id="plg_1"), LIN)
    desk.clients.call(ReadPledge(pledge_id="plg_1"), LIN)
    first, second = (m.key for m in desk.caller.of(SubmitPledge))
    assert first and second and first != second
    assert desk.caller.of(ReadPledge)[0].key == ""


def test_while_roster_is_away_nothing_is_decided(desk):
    """[X49] [T32]"""
    desk.caller.answers[GrantsOf] = Away("暂时没有回应。")
    with pytest.raises(Away):
        desk.clients.call(ApprovePledge(pledge_id="plg_1"), LIN)
    assert not desk.caller.of(ApprovePledge)
