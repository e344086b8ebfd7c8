"""Build or bring up to date the database of a service: the bus's own tables, the directory, and the service's.

Two folders of versions, one table of versions, one command; safe to run from several processes at once.
"""
import zlib
from collections.abc import Sequence
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError

from wire.bus.database import Database, open_database
from wire.bus.settings import Settings
from wire.bus.unit import transaction

HOUSE = Path(__file__).resolve().parents[2]
PLINTH = HOUSE / "wire" / "migrations"


class NoSchema(Exception):
    """The role may not create the schema of its service; the message says what an administrator types."""


def upgrade(service: str, settings: Settings, *, folders: Sequence[Path] | None = None) -> None:
    """Bring the database of ``service`` to the newest version.  A second call changes nothing.

    ``folders``: where the service's own versions are, if not ``services/<service>/migrations``.  On PostgreSQL the
    schema is made where the role may, and an advisory lock lets one process migrate at a time.
    """
    database = open_database(settings, service)
    try:
        if database.dialect == "postgresql":
            _schema(database, service)
        with transaction(database) as sql:
            if database.dialect == "postgresql":
                sql.execute(text("SELECT pg_advisory_xact_lock(:house, :service)"), {
                    "house": 20121, "service": zlib.crc32(service.encode()) - 2**31})
            command.upgrade(_config(service, sql, folders), "heads")
    finally:
        database.close()


def behind(service: str, settings: Settings, *, folders: Sequence[Path] | None = None) -> bool:
    """Whether the database lacks a version this code needs."""
    database = open_database(settings, service)
    try:
        with database.begin(writing=False) as sql:
            wanted = set(ScriptDirectory.from_config(_config(service, sql, folders)).get_heads())
            return wanted != set(MigrationContext.configure(sql).get_current_heads())
    finally:
        database.close()


def _config(service: str, sql: Connection, folders: Sequence[Path] | None) -> Config:
    own = list(folders) if folders is not None else [HOUSE / "services" / service / "migrations"]
    config = Config()
    config.set_main_option("script_location", str(PLINTH))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", "\n".join(str(f) for f in [PLINTH / "versions", *own] if f.is_dir()))
    config.attributes["connection"] = sql
    return config


def _schema(database: Database, service: str) -> None:
    with transaction(database) as sql:
        if sql.execute(text("SELECT 1 FROM pg_namespace WHERE nspname = :n"), {"n": service}).first():
            return
    try:
        with transaction(database) as sql:
            sql.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{service}"'))
    except ProgrammingError as error:
        raise NoSchema(
            f"数据库账号无权创建模式 {service}，请管理员执行：CREATE SCHEMA {service} AUTHORIZATION 该账号; 然后重新启动。") from error
