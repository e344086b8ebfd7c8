"""What several of the roster's tests stand on: its books, a county on both databases, a roster that is sent spreadsheets."""
from contextlib import contextmanager

import pytest

from services.roster import usecases
from services.roster.service import RosterService
from services.roster.storage import Books
from tests.component.roster.on_books import Real
from tests.component.roster.sending import TREE, Roster
from tests.databases import BOTH, migrated
from tests.fakes_roster import FakeBooks, member_rows, office, organisation_rows
from wire.bus.testing import house
from wire.contracts.roster import FoundCounty, SyncMembers, SyncOrganisations


@pytest.fixture(scope="module", params=["fake", *BOTH])
def shelf(request, tmp_path_factory):
    """Opens empty books; what is written is gone afterwards."""
    if request.param == "fake":
        @contextmanager
        def open_fakes():
            yield FakeBooks()
        yield open_fakes
        return
    with migrated("roster", request.param, request, tmp_path_factory.mktemp("books")) as database:
        @contextmanager
        def open_books():
            with database.begin(writing=True) as sql:
                yield Books(sql)
        yield open_books


@pytest.fixture(scope="module", params=BOTH)
def real(request, tmp_path_factory):
    with migrated("roster", request.param, request, tmp_path_factory.mktemp("roster")) as opened:
        yield opened


@pytest.fixture
def unit(real):
    with real.begin(writing=True) as sql:
        yield Real(sql)


@pytest.fixture
def root(unit):
    """A county of towns with villages, and three members a village."""
    founded = usecases.found_county(unit, FoundCounty(code="C", name="云岭县委", person_name="县办一"))
    unit.actor = office(founded.organisation_id, founded.grant_id, founded.person_id)
    towns = [(f"T{i}", f"第{i}镇党委", "党委", "C") for i in range(3)]
    villages = [(f"V{i}{j}", f"第{j}村党支部", "党支部", f"T{i}") for i in range(3) for j in range(4)]
    assert usecases.sync_organisations(unit, SyncOrganisations(rows=organisation_rows(*villages, *towns))).new == 15
    people = [(f"{v[0]}-{n}", name, v[0]) for v in villages for n, name in enumerate(("曾小明", "单立人", "Anna Li"))]
    assert usecases.sync_members(unit, SyncMembers(rows=member_rows(*people))).new == 36
    return founded.organisation_id


@pytest.fixture
def roster(tmp_path):
    with house(tmp_path, RosterService) as running:
        yield Roster(running)


@pytest.fixture
def county(roster):
    roster.written("s_tree", "organisations", TREE)
    return roster
