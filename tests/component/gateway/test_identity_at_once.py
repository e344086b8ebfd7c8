"""What people do at the same moment, on both databases: each of them decided for itself which of two comes first."""
from types import SimpleNamespace

import eventlet
import pytest

from services.gateway.identity import failures
from services.gateway.settings import GatewaySettings
from services.gateway.storage import at_rest
from tests.databases import BOTH, settings_for
from tests.fakes_gateway import PASSWORD, FakeCaller, HandClock, account

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
    with gate.store.reading() as unit:
        assert unit.books.failures.get(mark).tries == 0
