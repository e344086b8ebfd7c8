"""How much is tried, with which seed, and what came of it: printed at the end of every run."""
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from random import Random

import pytest

from tests.faults.house import House, house as open_house
from tests.faults.ledger import Journal

SAID = pytest.StashKey[list[str]]()
SEED = pytest.StashKey[int]()
_number = count(1)


@dataclass(frozen=True)
class Scale:
    """``--quick``, a tenth of the fault table's numbers, or ``--full``."""

    name: str

    def of(self, quick: int, full: int) -> int:
        """How often: the number for the quick run, or the table's, or (without an option) a tenth of that."""
        return {"quick": quick, "tenth": max(quick, full // 10), "full": full}[self.name]


def pytest_configure(config: pytest.Config) -> None:
    config.stash[SAID] = []
    config.stash[SEED] = int(config.getoption("--seed") or secrets.randbelow(10**6))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if config.stash[SAID]:
        terminalreporter.section(f"faults, seed {config.stash[SEED]} (again with --seed {config.stash[SEED]})")
        for line in config.stash[SAID]:
            terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def scale(pytestconfig: pytest.Config) -> Scale:
    return Scale("quick" if pytestconfig.getoption("--quick") else "full" if pytestconfig.getoption("--full") else "tenth")


@pytest.fixture
def random(request: pytest.FixtureRequest, pytestconfig: pytest.Config) -> Random:
    """The same for the same seed and test, whatever else is run."""
    return Random(f"{pytestconfig.stash[SEED]} {request.node.name}")


@pytest.fixture
def say(request: pytest.FixtureRequest, pytestconfig: pytest.Config) -> Iterator[Callable[..., None]]:
    """``say(kills=50, pledges=5000)`` is told at the end, with the seconds the test took."""
    began, told = time.monotonic(), {}
    yield lambda **more: told.update(more)
    figures = "  ".join(f"{name} {figure}" for name, figure in told.items())
    pytestconfig.stash[SAID].append(f"{request.node.name}: {time.monotonic() - began:.0f} s  {figures}")


@pytest.fixture
def broker_up(broker):
    """The session's broker, running again whatever the test did to it."""
    yield broker
    broker.resume()
    if broker.process is None:
        broker.start()


@pytest.fixture
def database_up(database):
    """The session's database, running again whatever the test did to it."""
    yield database
    database.resume()
    if database.process is None:
        database.start()


@pytest.fixture
def house(tmp_path, broker_up, database_up) -> Iterator[House]:
    """An empty house on a virtual host and a database of its own; furnished and started by the test."""
    name = f"faults{next(_number)}"
    with open_house(tmp_path, broker_up.vhost(name), database_up.database(name)) as made:
        yield made


@pytest.fixture
def journal(tmp_path) -> Iterator[Journal]:
    """The test's own record of what it asked and what was accepted."""
    made = Journal(tmp_path / "accepted.jsonl")
    yield made
    made.close()
