import os

if not os.environ.get("JIANNUO_TESTS_BLOCKING"):
    # the first line of every process of the house; only the browser room, whose driver cannot live with it, goes without
    import eventlet
    eventlet.monkey_patch()

"""What every room shares: private servers, and the two worlds a story is told in."""
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import hypothesis
import pytest

from tests import servers

#: how quick a machine is says nothing about what is tested on it
hypothesis.settings.register_profile("house", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("house")

#: counts databases and virtual hosts, so that each test finds an empty one
_number = itertools.count(1)


def pytest_addoption(parser: pytest.Parser) -> None:
    """How much of the fault table is run: by default a tenth of each number."""
    parser.addoption("--quick", action="store_true", help="the named list of faults of a default run, at most five minutes")
    parser.addoption("--full", action="store_true", help="all of each number, before a release")
    parser.addoption("--seed", help="the seed a run of the faults printed, to have the same moments again")


@pytest.fixture(scope="session", autouse=True)
def _servers_end() -> Iterator[None]:
    with servers.stopped_at_the_end():
        yield


@pytest.fixture(scope="session")
def broker() -> Iterator[servers.RabbitMQ]:
    """A private RabbitMQ for the whole session; a test that kills it must start it again."""
    with _started(servers.RabbitMQ) as started:
        yield started


@pytest.fixture(scope="session")
def database() -> Iterator[servers.PostgreSQL]:
    """A private PostgreSQL for the whole session; a test that kills it must start it again."""
    with _started(servers.PostgreSQL) as started:
        yield started


@dataclass(frozen=True)
class World:
    """Where a story is told: everything in one process, or one process per service on RabbitMQ and PostgreSQL.

    ``environment`` is what the processes of the house are started with: an empty data folder, and an empty virtual host
    and database of its own where distributed.
    """

    kind: str
    data: Path
    broker: str = ""
    database: str = ""
    options: tuple[str, ...] = field(default=())

    @property
    def environment(self) -> dict[str, str]:
        return {"JIANNUO_DATA": str(self.data), "JIANNUO_BROKER": self.broker, "JIANNUO_DATABASE": self.database}


@pytest.fixture(params=["embedded", pytest.param("distributed", marks=pytest.mark.distributed)])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> World:
    """The same story, once embedded and once distributed; ``options`` are those of deploy/up."""
    if request.param == "embedded":
        return World("embedded", tmp_path)
    rabbit, postgres = request.getfixturevalue("broker"), request.getfixturevalue("database")
    name = f"world{next(_number)}"
    uri, url = rabbit.vhost(name), postgres.database(name)
    return World("distributed", tmp_path, uri, url, ("--broker", uri, "--database", url))


def _started(kind: type[servers.Server]) -> servers.Server:
    """A server not yet started; where it is not installed the test is skipped on a laptop and fails in CI."""
    try:
        return kind()
    except servers.Missing as why:
        if os.environ.get("CI") == "true" or os.environ.get("JIANNUO_TESTS_SERVERS") == "must":
            pytest.fail(f"{why}；在 CI 里必须有。", pytrace=False)
        pytest.skip(f"!!! 没有真正测试：{why}。./tests/run 会自动安装。")
        raise
