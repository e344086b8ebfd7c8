"""The journal call: how a service asks a producer for events it did not get, the same for every service.

``<service>.journal`` names a stretch of positions; the answer tells which of them exist, so that one that was compacted
away closes too.  The question carries how far the asker has come: a producer that is asked about positions it never
gave knows that it was restored from a backup.
"""
from wire.contracts.calls import SERVICES, of_every_service
from wire.contracts.shape import bounded, shape, text

PRODUCERS = ("roster", "pledge", "evaluation", "commendation", "notice", "gateway")
FARTHEST = 2**53 - 1


@shape
class JournalEntry:
    """One event of the journal: its place and the bytes that travel, as text."""

    position: int = bounded(1, FARTHEST)
    event_id: str = text(200)
    topic: str = text(200)
    body: str = text(4_000_000)


@shape
class JournalPage:
    """The positions ``first`` to ``last`` of a stream: what is not among the entries exists no more.

    ``head`` is the last position given; ``opened`` where this epoch began to be new: what a reader that has come so far
    still holds of an older epoch is lost.  Another epoch than the asked one: the journal was restored; begin again.
    """

    epoch: int = bounded(1, 2**31)
    head: int = bounded(0, FARTHEST)
    opened: int = bounded(0, FARTHEST)
    first: int = bounded(1, FARTHEST)
    last: int = bounded(0, FARTHEST)
    entries: tuple[JournalEntry, ...] = ()


class JournalRequest:
    """``epoch`` 0: never heard of this stream.  ``seen`` and ``seen_id``: the highest position that ever arrived."""

    stream: str = text(120)
    epoch: int = bounded(0, 2**31)
    first: int = bounded(1, FARTHEST)
    last: int = bounded(0, FARTHEST)
    seen: int = bounded(0, FARTHEST, default=0)
    seen_id: str = text(200, default="")


#: the operation ``<service>.journal``
journal_of = of_every_service("journal", JournalRequest, reply=JournalPage, grants=SERVICES)
for _service in PRODUCERS:
    journal_of(_service)
