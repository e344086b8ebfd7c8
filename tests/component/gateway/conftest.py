"""The gateway's application on a migrated database, with a caller that answers from memory."""
import logging
import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from services.gateway.door import create_app
from services.gateway.settings import GatewaySettings
from services.gateway.storage import at_rest
from tests import fakes_pages
from tests.fakes import person
from tests.fakes_front import blueprints
from tests.fakes_gateway import FakeCaller, HandClock, account, bearer, sign_in_as
from tests.fakes_sheets import FakeSheets
from wire.bus import logs, migrate
from wire.bus.settings import Settings


@pytest.fixture(scope="session")
def migrated(tmp_path_factory) -> Path:
    """A database built by the migrations, once; each test gets a copy."""
    folder = tmp_path_factory.mktemp("gateway")
    migrate.upgrade("gateway", Settings(data=folder))
    return folder / "gateway.sqlite"


@pytest.fixture
def gate(migrated, tmp_path):
    """``app``, ``store``, ``caller``, ``clock``, ``web`` (a test client)."""
    logs.configure("CRITICAL")
    shutil.copy(migrated, tmp_path / "gateway.sqlite")
    clock, caller = HandClock(), FakeCaller()
    store = at_rest(Settings(data=tmp_path), clock)
    app = create_app(store, caller, settings=GatewaySettings(json_bytes=200_000, body_bytes=1_000_000, sheet_bytes=300_000, second_factor="none"),
                     clock=clock, pages=[])
    yield SimpleNamespace(app=app, store=store, caller=caller, clock=clock, web=app.test_client())
    store.close()


@pytest.fixture
def house(migrated, tmp_path):
    """The whole application with its pages in front of a small county: ``app``, ``store``, ``caller``, ``clock``, ``web``, and
    ``enter(role, …)``: a test client in which somebody with this grant is signed in."""
    logs.configure("CRITICAL")
    shutil.copy(migrated, tmp_path / "gateway.sqlite")
    clock, caller = HandClock(fakes_pages.NOW), fakes_pages.county_caller()
    store = at_rest(Settings(data=tmp_path), clock)
    fakes_pages.settle(store)
    app = create_app(store, caller, settings=GatewaySettings(demonstration=True), clock=clock)

    def enter(role: str, organisation_id: str = "org_village", *, name: str = "何秀英", member_id: str = "mbr_he"):
        someone = person(role, organisation_id, member_id=member_id, name=name, person_id=f"prs_{role}_{member_id}")
        caller.hold(someone.person_id, (role, organisation_id))
        browser = app.test_client()
        sign_in_as(app, browser, someone)
        return browser

    yield SimpleNamespace(app=app, store=store, caller=caller, clock=clock, web=app.test_client(), enter=enter)
    store.close()


@pytest.fixture
def front(migrated, tmp_path):
    """The application in front of three small blueprints (``tests.fakes_front``)."""
    logs.configure("INFO")
    shutil.copy(migrated, tmp_path / "gateway.sqlite")
    caller, clock = FakeCaller(), HandClock()
    store = at_rest(Settings(data=tmp_path), clock)
    app = create_app(store, caller, clock=clock, pages=blueprints(), settings=GatewaySettings(hosts="county.example", second_factor="none"))
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
def roster(gate):
    """A roster that takes whole spreadsheets."""
    gate.app.extensions["gateway"] = replace(gate.app.extensions["gateway"], job_patience_seconds=0)
    return FakeSheets().at(gate.caller)


@pytest.fixture
def office(gate, roster):
    """The headers of a county administrator who sends them."""
    gate.caller.hold("prs_gao", ("office", "org_county"))
    return bearer(gate.app, account(gate.store, username="gao.ning", person_id="prs_gao", name="高宁"))
