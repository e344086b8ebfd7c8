"""What people do at the same moment, on both databases, which order it each in a way of their own."""
from types import SimpleNamespace

import eventlet
import pytest
from flask import g

from services.gateway.identity import accounts, failures, invitations
from services.gateway.identity.sessions import digest
from services.gateway.settings import GatewaySettings
from services.gateway.storage import at_rest
from services.gateway.storage.accounts import HasAccount
from tests.databases import BOTH, settings_for
from tests.fakes_gateway import PASSWORD, FakeCaller, HandClock, account
from tests.fakes_pages import settle
from wire.contracts.actor import Actor
from wire.contracts.roster import MemberRegistered
from wire.directory import write

SESSION = "/api/v1/session"


@pytest.fixture(params=BOTH)
def gate(request, tmp_path, lent):
    """The gateway on this database: ``app``, ``store``, ``caller``."""
    clock, caller = HandClock(), FakeCaller()
    store = at_rest(settings_for("gateway", request.param, request, tmp_path), clock)
    app = lent(request.param, store, caller, pages=[], clock=clock, settings=GatewaySettings(second_factor="none"))
    yield SimpleNamespace(app=app, store=store, caller=caller)
    store.close()


def at_once(number, act):
    """What each of so many got that did this at the same moment."""
    return [one.wait() for one in [eventlet.spawn(act, n) for n in range(number)]]


def test_tries_at_the_same_moment_are_all_counted(gate):
    """Forty guesses sent at once are not forty guesses. [X6]"""
    account(gate.store, password=PASSWORD)
    found = at_once(40, lambda n: gate.app.test_client().post(SESSION, json={"username": "lin.qiao", "password": f"no{n}"}).status_code)
    assert found.count(401) <= 5 and found.count(429) >= 35


def test_tries_taken_back_at_the_same_moment_are_all_taken_back(gate):
    """A right password whose code is still to come is no failure, however many windows are open. [X6]"""
    def act(n):
        with gate.app.test_request_context(SESSION, environ_base={"REMOTE_ADDR": "127.0.0.1"}):
            failures.uncount(failures.mark_of("lin.qiao"))
    with gate.app.test_request_context(SESSION, environ_base={"REMOTE_ADDR": "127.0.0.1"}):
        mark = failures.mark_of("lin.qiao")
        for _ in range(4):
            failures.count(mark)
    at_once(4, act)
    with gate.store.writing() as unit:
        assert unit.books.failures.held(mark, unit.now).tries == 0


def test_one_person_gets_one_account_of_two_links_used_at_the_same_moment(gate):
    """[X50]"""
    def act(n):
        try:
            with gate.store.writing() as unit:
                accounts.add(unit, username=f"lin.{n}00", hashed="-", person_id="prs_lin", member_id="", name="林乔")
            return "made"
        except HasAccount as refusal:
            return refusal.code
    assert sorted(at_once(4, act)) == ["has_account"] * 3 + ["made"]
    with gate.store.reading() as unit:
        assert len(unit.books.accounts.of_person("prs_lin")) == 1


def test_two_lists_of_the_same_people_at_the_same_moment_leave_one_good_link_each(gate):
    """[X46] [X50]"""
    settle(gate.store)
    people = [f"mbr_{n}" for n in range(40)]
    with gate.store.writing() as unit:
        write(unit.sql, [(1, MemberRegistered(
            version=1, acted_by="prs_gao", acted_by_name="高宁", acted_at=unit.now, member_id=one, code=one, name=one, sort_key=one,
            kind="member", organisation_id="org_village")) for one in people])
    gate.caller.hold("prs_gao", ("office", "org_county"))

    def act(n):
        with gate.app.test_request_context(SESSION):
            g.actor = Actor(kind="person", person_id="prs_gao", name="高宁")
            return invitations.invite_all("org_county", people if n % 2 else people[::-1])
    found = at_once(4, act)
    with gate.store.reading() as unit:
        for one in people:
            paths = [verdict.path for verdicts in found for verdict in verdicts if verdict.person_id == one]
            kept = [unit.books.invitations.with_digest(digest(path.partition("#")[2])) for path in paths]
            assert len(paths) == 4 and [link is not None and link.spent_at is None for link in kept].count(True) == 1
