"""A service's own database as its migrations build it, on either dialect, for tests of books and projections."""
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

from wire.bus import migrate
from wire.bus.database import Database, open_database
from wire.bus.settings import Settings

_number = count(1)
#: parameters of a fixture that wants both
BOTH = ("sqlite", pytest.param("postgresql", marks=pytest.mark.distributed))


def settings_for(service: str, kind: str, request: pytest.FixtureRequest, folder: Path) -> Settings:
    """Settings of an empty, migrated database."""
    url = request.getfixturevalue("database").database(f"{service}_alone_{next(_number)}") if kind == "postgresql" else ""
    settings = Settings(data=folder, database=url, broker="amqp://nobody" if url else "")
    migrate.upgrade(service, settings)
    return settings


@contextmanager
def migrated(service: str, kind: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[Database]:
    """An empty, migrated database; what a test writes into ``begin(writing=True)`` is rolled back when it leaves."""
    opened = open_database(settings_for(service, kind, request, folder), service)
    try:
        yield opened
    finally:
        opened.close()
