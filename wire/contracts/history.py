"""The history of an aggregate 办理经过: who did what, when, and what changed from what to what; answered alike by every service."""
from datetime import datetime

from wire.contracts.actor import Reach
from wire.contracts.calls import Operation, grants, of_every_service
from wire.contracts.shape import bounded, shape, text

#: who keeps something people read the history of; commendation has neither policies nor things of its own yet
SERVICES = ("roster", "pledge", "evaluation", "notice", "gateway")
#: characters of a value that are told
VALUE_LIMIT = 1000
READERS = grants(member=Reach.SELF, clerk=Reach.OWN, secretary=Reach.OWN, superior=Reach.WITHIN, liaison=Reach.WITHIN,
                 office=Reach.WITHIN, auditor=Reach.WITHIN)


#: a notice is nobody's own; accounts and keys are seen by who manages and who audits them
READERS_OF = {
    "notice": grants(clerk=Reach.OWN, secretary=Reach.OWN, superior=Reach.WITHIN, liaison=Reach.WITHIN, office=Reach.WITHIN,
                     auditor=Reach.WITHIN),
    "gateway": grants(office=Reach.WITHIN, auditor=Reach.WITHIN)}


@shape
class HistoryChange:
    """One value that changed.  ``path`` leads to it: ``("items", "2", "progress")``; both values are JSON, empty where none was."""

    path: tuple[str, ...]
    before: str = text(VALUE_LIMIT + 20)
    after: str = text(VALUE_LIMIT + 20)


@shape
class HistoryEntry:
    """What was done: the topic of an event or the name of a change that was none.  ``on_behalf_of`` (代录): for whom.

    ``more``: how many changes are not listed.
    """

    version: int
    at: datetime
    what: str = text(120)
    person_name: str = text(80)
    person_id: str = text(80, default="")
    on_behalf_of: str = text(80, default="")
    changes: tuple[HistoryChange, ...] = ()
    more: int = 0


@shape
class HistoryPage:
    """The newest first; ``next`` is the ``before`` of the page after it, 0 at the end."""

    entries: tuple[HistoryEntry, ...]
    next: int
    #: what it is the history of, as it was called last
    name: str = text(120, default="")


class ReadHistory:
    """The history of one aggregate, for whoever may read the aggregate itself.  ``aggregate``: its stream, ``roster.member``."""

    aggregate: str = text(80)
    aggregate_id: str = text(120)
    before: int = bounded(0, 2**53 - 1, default=0)
    limit: int = bounded(1, 100, default=30)


def read_history_of(service: str) -> Operation:
    """The operation ``<service>.read_history``."""
    return of_every_service("read_history", ReadHistory, reply=HistoryPage, grants=READERS_OF.get(service, READERS))(service)


for _service in SERVICES:
    read_history_of(_service)
