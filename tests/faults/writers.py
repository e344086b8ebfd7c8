"""People at work while things break: they publish in units, record progress, and ask again under the same key until they
are answered, as the gateway's pages do."""
from collections.abc import Iterator, Sequence
from random import Random
from time import monotonic, time
from typing import Any

import eventlet
from eventlet import GreenPool

from tests.faults.house import SECRETARY, House
from tests.faults.ledger import Journal
from wire.contracts.calls import Away, Remote
from wire.contracts.pledge import PublishPledges, RecordProgress

DEADLINE, PATIENCE = 5.0, 120.0


def units(ids: Sequence[str], random: Random, most: int) -> Iterator[tuple[int, list[str]]]:
    """The ids cut into units of one to ``most``, each with where it begins; the same for the same random."""
    first = 0
    while first < len(ids):
        size = random.randint(1, most)
        yield first, list(ids[first:first + size])
        first += size


class Writers:
    """``allow(n)`` lets them publish up to n pledges in all; ``wait`` ends when all are."""

    def __init__(self, house: House, journal: Journal, ids: Sequence[str], random: Random, *, unit: int = 40, writers: int = 4,
                 progress: float = 0.3):
        self.house, self.journal, self.random = house, journal, random
        self.ids, self.progress = list(ids), progress
        self.accepted = self.calls = self.again = 0
        self.slowest = 0.0
        #: refusals that are no 503, and units never answered: there must be none
        self.surprises: list[str] = []
        self._allowed = 0
        self._units = units(self.ids, random, unit)
        self._pool = GreenPool(writers)
        for number in range(writers):
            self._pool.spawn_n(self._write, number)

    def allow(self, count: int) -> None:
        self._allowed = max(self._allowed, count)

    def wait(self, seconds: float = PATIENCE) -> None:
        """Until everything allowed was accepted; AssertionError with what went wrong."""
        ends = monotonic() + seconds
        while self.accepted < min(self._allowed, len(self.ids)) and monotonic() < ends and not self.surprises:
            eventlet.sleep(0.05)
        assert not self.surprises, self.surprises[:5]
        assert self.accepted >= min(self._allowed, len(self.ids)), f"{self.accepted} of {self._allowed} accepted in {seconds} s"

    def _write(self, number: int) -> None:
        for first, ids in self._units:
            while first >= self._allowed and not self.house.closed:
                eventlet.sleep(0.02)
            if self.house.closed:
                return
            key = f"unit {ids[0]}"
            self.journal.write("asked", key=key, pledges=ids)
            reply = self._ask(PublishPledges(pledge_ids=tuple(ids)), key)
            if reply is None:
                return
            self.journal.write("accepted", key=key, pledges=ids, already=reply.already, version=5, at=time())
            self.accepted += len(ids)
            if self.random.random() < self.progress:
                self._record(self.random.choice(ids))

    def _record(self, pledge_id: str) -> None:
        """Several versions of one pledge, quickly after each other: an order to be kept."""
        for step in range(1, self.random.randint(2, 4)):
            request = RecordProgress(pledge_id=pledge_id, item_id=f"itm_{pledge_id}_1", progress=step * 10)
            reply = self._ask(request, f"progress {pledge_id} {step}")
            if reply is None:
                return
            self.journal.write("accepted", key="", pledges=[pledge_id], version=reply.version, at=time())

    def _ask(self, request: Any, key: str) -> Any:
        """The answer; the same key again and again while it is 503.  None after a surprise."""
        ends = monotonic() + PATIENCE
        while monotonic() < ends and not self.house.closed:
            began = monotonic()
            self.calls += 1
            try:
                return self.house.caller.call(SECRETARY, request, key=key, deadline=DEADLINE)
            except (Away, Remote) as refusal:
                self.again += 1
                if refusal.status != 503:
                    self.surprises.append(f"{key}: {refusal.code} {refusal.status} {refusal.sentence}")
                    return None
            except Exception as error:
                self.surprises.append(f"{key}: {type(error).__name__}: {error}")
                return None
            finally:
                self.slowest = max(self.slowest, monotonic() - began)
            eventlet.sleep(self.random.uniform(0.05, 0.3))
        self.surprises.append(f"{key}: no answer in {PATIENCE} s")
        return None
