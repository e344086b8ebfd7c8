"""What the gateway keeps, as books: one attribute per book."""
from contextlib import AbstractContextManager
from typing import Any, Protocol

from sqlalchemy import Connection

from services.gateway.storage.accounts import Account, AccountBook, NoteBook
from services.gateway.storage.factors import Factor, FactorBook
from services.gateway.storage.invitations import Invitation, InvitationBook
from services.gateway.storage.jobs import Job, JobBook
from services.gateway.storage.keys import Key, KeyBook
from services.gateway.storage.pages import PageBook, PreparedPage
from services.gateway.storage.places import PlaceBook
from services.gateway.storage.sessions import FailureBook, Session, SessionBook
from services.gateway.storage.tables import metadata
from wire.bus import unit as units
from wire.bus.clock import SystemClock
from wire.bus.database import open_database
from wire.bus.settings import Settings
from wire.contracts.actor import Actor, service_actor
from wire.contracts.calls import Operation
from wire.contracts.ports import Unit
from wire.directory import Directory
from wire.policy import Policies

__all__ = ["Account", "Books", "Factor", "Invitation", "Job", "Key", "PreparedPage", "Session", "Store", "at_rest", "metadata"]


class Books:
    """The books of one unit."""

    def __init__(self, sql: Connection):
        self.accounts = AccountBook(sql)
        self.sessions = SessionBook(sql)
        self.failures = FailureBook(sql)
        self.invitations = InvitationBook(sql)
        self.notes = NoteBook(sql)
        self.factors = FactorBook(sql)
        self.keys = KeyBook(sql)
        self.jobs = JobBook(sql)
        self.pages = PageBook(sql)
        self.places = PlaceBook(sql)


class Store(Protocol):
    """Where units of the gateway begin: the Bus in a running container, ``at_rest`` elsewhere."""

    def reading(self, actor: Actor | None = None, operation: Operation | None = None, *, correlation: str = "") -> AbstractContextManager[Unit]: ...

    def writing(self, actor: Actor | None = None, operation: Operation | None = None, *, correlation: str = "") -> AbstractContextManager[Unit]: ...


class at_rest:
    """The gateway's store for a process that is starting, the console and tests.  Nothing travels from here."""

    def __init__(self, settings: Settings, clock: Any = None):
        self.database = open_database(settings, "gateway")
        self.room = units.Room(
            service="gateway", database=self.database, books=Books, directory=Directory, policies=Policies,
            clock=clock or SystemClock(settings.zone))

    def reading(self, actor: Actor | None = None, operation: Operation | None = None, *,
                correlation: str = "") -> AbstractContextManager[units.Unit]:
        return units.reading(self.room, actor or service_actor("gateway"), operation, correlation=correlation)

    def writing(self, actor: Actor | None = None, operation: Operation | None = None, *,
                correlation: str = "") -> AbstractContextManager[units.Unit]:
        return units.writing(self.room, actor or service_actor("gateway"), operation, correlation=correlation)

    def close(self) -> None:
        self.database.close()
