"""One database per service: a SQLite file, or a schema of PostgreSQL.

SQLite: WAL, and one write transaction at a time: the greenlets of this process queue up for it without blocking the
hub, and other processes are waited for in short steps.  PostgreSQL: only psycopg2, made green; a dead network is
noticed within seconds; no pool overflow.
"""
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import eventlet
from eventlet.semaphore import Semaphore
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, OperationalError, TimeoutError as PoolTimeout

from wire.bus.settings import DIALECT, Refused, Settings

#: one writer per file in this process, however many Database objects look at it
_writers: dict[str, Semaphore] = {}
_green = threading.Lock()
_patched = False
WRITING = "jiannuo_writing"


class Busy(Exception):
    """The database did not let a transaction begin in time."""


class Database:
    """The engine of one service and the way transactions begin on it."""

    def __init__(self, engine: Engine, name: str, patience: float):
        self.engine = engine
        self.name = name
        self.dialect = engine.dialect.name
        self._patience = patience
        file = str(Path(engine.url.database or "").resolve()) if self.dialect == "sqlite" else ""
        self._writer = _writers.setdefault(file, Semaphore(1)) if file else None

    @contextmanager
    def begin(self, *, writing: bool) -> Iterator[Connection]:
        """A connection whose transaction is rolled back on leaving, unless its unit ended it before."""
        if self._writer is None or not writing:
            with self.engine.connect() as sql:
                yield sql
            return
        if not self._writer.acquire(timeout=self._patience):
            raise Busy(f"{self.name}: another write has been under way for {self._patience} s")
        try:
            with self.engine.connect().execution_options(**{WRITING: True}) as sql:
                self._begin_writing(sql)
                yield sql
        finally:
            self._writer.release()

    def _begin_writing(self, sql: Connection) -> None:
        """BEGIN IMMEDIATE; a writer of another process (backup, console) is waited for without stopping the hub."""
        left = self._patience
        while True:
            try:
                sql.begin()
                return
            except OperationalError as error:
                if "locked" not in str(error.orig) or left <= 0:
                    raise
                eventlet.sleep(0.05)
                left -= 0.1

    def answers(self) -> bool:
        """Whether the database can be reached and asked now."""
        try:
            with self.engine.connect() as sql:
                sql.exec_driver_sql("SELECT 1")
            return True
        except (DBAPIError, PoolTimeout, Busy, OSError):
            return False

    def close(self) -> None:
        self.engine.dispose()


def open_database(settings: Settings, service: str, *, url: str = "") -> Database:
    """The database of this service, as the settings say.  Opens nothing yet.  Refuses a dialect that freezes the hub."""
    if not (url or settings.database):
        file = settings.sqlite(service)
        file.parent.mkdir(parents=True, exist_ok=True)
        return Database(_sqlite(file, settings), service, settings.lock_seconds)
    target = make_url(url or settings.database)
    if target.drivername != DIALECT:
        raise Refused(f"JIANNUO_DATABASE 应以 {DIALECT}:// 开头，现在是 {target.drivername}://，请改正后重新启动。")
    return Database(_postgresql(target, service, settings), service, settings.lock_seconds)


def _sqlite(file: Path, settings: Settings) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(file)), hide_parameters=True, pool_size=settings.pool, max_overflow=0,
        pool_use_lifo=True, pool_timeout=settings.lock_seconds, query_cache_size=100,
        connect_args={"timeout": settings.busy_milliseconds / 1000, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def prepare(connection, record):
        # the driver's own idea of transactions begins them late and commits before DDL
        connection.isolation_level = None
        # six services in one process, several connections each: the system keeps the pages of a file, none of them need 2 MB
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={settings.busy_milliseconds}",
                       "cache_size=-512"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(sql):
        sql.exec_driver_sql("BEGIN IMMEDIATE" if sql.get_execution_options().get(WRITING) else "BEGIN")

    return engine


def _postgresql(target: URL, service: str, settings: Settings) -> Engine:
    make_green()
    if not re.fullmatch(r"[a-z][a-z0-9_]*", service):
        raise ValueError(f"{service!r} is no name of a schema")
    milliseconds = {
        "statement_timeout": int(settings.statement_seconds * 1000), "lock_timeout": int(settings.lock_seconds * 1000),
        "idle_in_transaction_session_timeout": int(settings.statement_seconds * 1000)}
    options = " ".join(f"-c {k}={v}" for k, v in {"search_path": service, **milliseconds, "timezone": "UTC"}.items())
    network: dict[str, Any] = {
        "connect_timeout": 3, "keepalives": 1, "keepalives_idle": 2, "keepalives_interval": 1, "keepalives_count": 2,
        "tcp_user_timeout": 3000}
    # the pool: one connection per worker, one for the relay, two for what turns beside them (healing, retries)
    engine = create_engine(
        target, hide_parameters=True, pool_size=max(settings.pool, settings.max_workers + 3), max_overflow=0, pool_pre_ping=True,
        pool_timeout=settings.lock_seconds, connect_args={"options": options, "application_name": f"jiannuo-{service}", **network})

    @event.listens_for(engine, "connect")
    def prepare(connection, record):
        # long texts (an event's data) are squeezed by lz4 where the server has it: a row of 2 KB in 14 µs instead of 20
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config(name, 'lz4', false) FROM pg_settings"
                           " WHERE name = 'default_toast_compression' AND 'lz4' = ANY(enumvals)")
        connection.autocommit = False

    return engine


def make_green() -> None:
    """Let psycopg2 wait in eventlet's hub.  A second call does nothing."""
    global _patched
    with _green:
        if not _patched:
            from psycogreen.eventlet import patch_psycopg
            patch_psycopg()
            _patched = True
