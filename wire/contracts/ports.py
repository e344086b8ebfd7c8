"""The protocols use cases are written against.  The bus provides the real ones, ``tests/fakes.py`` the others."""
from collections.abc import Collection, Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Any, Protocol, TypeVar

from wire.contracts.actor import Actor, HeldGrant
from wire.contracts.event import Facts

P = TypeVar("P")


class Directory(Protocol):
    """The copy of the roster every service keeps: plain dicts of the columns of ``wire.directory``, None when unknown."""

    def organisation(self, organisation_id: str) -> Mapping[str, Any] | None: ...

    def look_up(self, organisation_ids: Collection[str]) -> None:
        """These are about to be asked for: read them at once."""

    def all_within(self, organisation_ids: Collection[str], above_ids: Collection[str]) -> bool:
        """Whether every one of these is one of ``above_ids`` or below it."""

    def member(self, member_id: str) -> Mapping[str, Any] | None: ...

    def members_of(self, organisation_id: str) -> list[Mapping[str, Any]]: ...

    def pledging_in(self, organisation_id: str) -> list[Mapping[str, Any]]:
        """Who makes their pledge in this organisation: its own who do not float elsewhere in the county, and who floats in."""

    def residents_of(self, organisation_id: str) -> list[Mapping[str, Any]]:
        """Who reported to this community and was confirmed by it: their second pledge is made here."""

    def at_or_below(self, organisation_id: str) -> list[Mapping[str, Any]]:
        """The active organisation and all active ones below it, in tree order."""

    def with_groups(self, organisation_id: str) -> tuple[str, ...]:
        """The organisation and the active party groups 党小组 directly under it: one with it in every figure."""

    def branch_of(self, organisation_id: str) -> str:
        """The branch a party group belongs to; of any other organisation, itself."""

    def within(self, organisation_id: str, above_id: str) -> bool:
        """Whether the organisation is ``above_id`` or below it."""

    def in_force(self, held: Iterable[HeldGrant]) -> list[HeldGrant]:
        """Those of these grants that are not known to have ended, or to wait for confirmation."""


class Unit(Protocol):
    """One transaction of one service: what it reads and writes commits together with what it announces, or not at all.

    ``books`` are the service's repositories.  A unit of a call refuses to commit unless ``permit`` was asked, so that
    no operation can forget whose it is; one instant, ``now``, serves the whole unit, ``today`` is its county date.
    """

    actor: Actor
    now: datetime
    today: date
    books: Any
    directory: Directory
    #: see ``act_for``; empty while the actor acts for themselves
    acted_for: str

    def permit(self, organisation_id: str, *, member_id: str = "") -> None:
        """Pass if the actor's grants reach this organisation in the operation under way; else raise Forbidden.

        ``member_id``: whose matter it is; needed where the grant reaches only one's own (SELF), and where nobody may
        decide on what is their own (``not_own``).
        """

    def permit_all(self, organisation_ids: Collection[str]) -> None:
        """Pass if they reach every one of these: as ``permit`` for each, and asked of the database once."""

    def concern(self, person_id: str) -> None:
        """Name in the operation log whom this is about; the first who was named stays.  ``permit`` says it of a member."""

    def concern_too(self, person_id: str, organisation_id: str) -> None:
        """What is decided is as much about this person, there: the operation log has a line of their own, to find it by."""

    def act_for(self, name: str) -> None:
        """What is done here is somebody else's, the actor writes it down for them (代录): the operation log and every line
        of history from here on name both.  Said by the service, which knows whose matter it is; nobody sends it."""

    def may(self, request: type, organisation_id: str, *, member_id: str = "") -> bool:
        """Whether the actor could make another call here: so that what nobody may see answers like what is not there."""

    def announce(self, event: Facts) -> None:
        """Put the event into the outbox and the aggregate's history: it travels if and only if this unit commits."""

    def prepare(self, batch: str, chunk: int) -> AbstractContextManager[None]:
        """What is announced within waits, as a piece of the batch, until a unit releases it: a large change is thought about
        in pieces and made at one stroke.  A piece prepared again replaces itself."""

    def release(self, batch: str) -> int:
        """Announce what was prepared, as said now by this unit's actor; returns how many events."""

    def remember(self, aggregate: str, aggregate_id: str, version: int, what: str, state: Mapping[str, Any]) -> None:
        """A line of history for a change that is no event (a draft)."""

    def day_of(self, instant: datetime) -> date:
        """The county's date at that instant."""

    def policy(self, document: type[P], organisation_id: str) -> P:
        """The policy in force for this organisation today, its ``version`` with it."""

    def new_id(self, prefix: str) -> str:
        """A sortable identifier: ``plg_`` and a UUIDv7."""


class Vault(Protocol):
    """What only this service can read again, kept where others may read (``wire.bus.sealing``)."""

    def seal(self, plain: bytes, owner: str) -> bytes:
        """Sealed for its owner: opened for nobody else."""

    def open(self, sealed: bytes, owner: str) -> bytes: ...

    def mark(self, *words: str) -> str:
        """The same for the same words, and of no use for guessing them."""
