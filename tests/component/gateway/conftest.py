"""The gateway's application on a migrated database, with a caller that answers from memory."""
import logging
import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from services.gateway import prepared
from services.gateway.door import create_app
from services.gateway.door.application import equip
from services.gateway.pages.public import rendered
from services.gateway.settings import GatewaySettings
from services.gateway.storage import at_rest
from tests import fakes_pages
from tests.fakes import person
from tests.fakes_front import blueprints
from tests.fakes_gateway import FakeCaller, HandClock, account, bearer, sign_in_as
from tests.fakes_sheets import FakeSheets
from wire.bus import logs, migrate
from wire.bus.settings import Settings


#: modules whose tests leave work under way
ALONE = ("test_pages_imports", "test_prepared", "test_door_listening")


@pytest.fixture(scope="session")
def migrated(tmp_path_factory) -> Path:
    """A database built by the migrations, once; each test gets a copy."""
    folder = tmp_path_factory.mktemp("gateway")
    migrate.upgrade("gateway", Settings(data=folder))
    return folder / "gateway.sqlite"


@pytest.fixture(scope="session")
def made() -> dict[str, Flask]:
    """Applications, each made once: making one, with its addresses and templates, is most of what a short test costs."""
    return {}


@pytest.fixture
def lent(made, request):
    """``lent(kind, store, caller, settings=…, clock=…, pages=…)``: the application of that kind, equipped anew for this test.

    Where jobs are worked on it is the test's own: a greenlet that outlives its test must not find the next one's database.
    """
    alone = request.module.__name__.rpartition(".")[2] in ALONE or request.module.__name__.rpartition(".")[2].startswith("test_jobs")

    def lend(kind: str, store: Any, caller: Any, *, pages: Any = None, **more: Any) -> Flask:
        if alone or kind not in made:
            app = create_app(store, caller, pages=pages, **more)
            return app if alone else made.setdefault(kind, app)
        app = made[kind]
        equip(app, store, caller, **more)
        if prepared.KEY in app.extensions:
            prepared.Prepared(app, store, more["clock"], rendered)
        return app

    return lend


@pytest.fixture
def gate(migrated, tmp_path, lent):
    """``app``, ``store``, ``caller``, ``clock``, ``web`` (a test client)."""
    logs.configure("CRITICAL")
    shutil.copy(migrated, tmp_path / "gateway.sqlite")
    clock, caller = HandClock(), FakeCaller()
    store = at_rest(Settings(data=tmp_path), clock)
    app = lent("gate", store, caller, pages=[], clock=clock, settings=GatewaySettings(
        json_bytes=200_000, body_bytes=1_000_000, sheet_bytes=300_000, second_factor="none"))
    yield SimpleNamespace(app=app, store=store, caller=caller, clock=clock, web=app.test_client())
    store.close()


@pytest.fixture
def house(migrated, tmp_path, lent):
    """The whole application with its pages in front of a small county: ``app``, ``store``, ``caller``, ``clock``, ``web``, and
    ``enter(role, …)``: a test client in which somebody with this grant is signed in."""
    logs.configure("CRITICAL")
    shutil.copy(migrated, tmp_path / "gateway.sqlite")
    clock, caller = HandClock(fakes_pages.NOW), fakes_pages.county_caller()
    store = at_rest(Settings(data=tmp_path), clock)
    fakes_pages.settle(store)
    app = lent("house", store, caller, settings=GatewaySettings(demonstration=True), clock=clock)

    def enter(role: str, organisation_id: str = "org_village", *, name: str = "何秀英", member_id: str = "mbr_he"):
        someone = person(role, organisation_id, member_id=member_id, name=name, person_id=f"prs_{role}_{member_id}")
        caller.hold(someone.person_id, (role, organisation_id))
        browser = app.test_client()
        sign_in_as(app, browser, someone)
        return browser

    yield SimpleNamespace(app=app, store=store, caller=caller, clock=clock, web=app.test_client(), enter=enter)
    store.close()


@pytest.fixture
def front(migrated, tmp_path, lent):
    """The application in front of three small blueprints (``tests.fakes_front``)."""
    logs.configure("INFO")
    shutil.copy(migrated, tmp_path / "gateway.sqlite")
    caller, clock = FakeCaller(), HandClock()
    store = at_rest(Settings(data=tmp_path), clock)
    app = lent("front", store, caller, clock=clock, pages=blueprints(), settings=GatewaySettings(hosts="county.example", second_factor="none"))
    yield SimpleNamespace(app=app, store=store, caller=caller, clock=clock, web=app.test_client())
    store.close()
    logging.getLogger().handlers[:] = []
    logs.configure("CRITICAL")


@pytest.fixture
def lin(front):
    """A secretary who is signed in at the front."""
    front.caller.hold("prs_lin", ("secretary", "org_village"))
    return sign_in_as(front.app, front.web, person("secretary", person_id="prs_lin", name="林乔"))


@pytest.fixture
def secretary(gate):
    """What a secretary's session sends with each request of the API."""
    gate.caller.hold("prs_lin", ("secretary", "org_village"))
    return bearer(gate.app, account(gate.store))


@pytest.fixture
def roster(gate):
    """A roster that takes whole spreadsheets."""
    gate.app.extensions["gateway"] = replace(gate.app.extensions["gateway"], job_patience_seconds=0)
    return FakeSheets().at(gate.caller)


@pytest.fixture
def office(gate, roster):
    """The headers of a county administrator who sends them."""
    gate.caller.hold("prs_gao", ("office", "org_county"))
    return bearer(gate.app, account(gate.store, username="gao.ning", person_id="prs_gao", name="高宁"))
