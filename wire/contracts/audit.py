"""The operation log 操作日志 as every service tells it: ``<service>.audit`` searches, ``<service>.check_audit`` says whether its
chain is whole.  The gateway's holds the access log (访问日志) as well: who looked at whose personal data.

For auditors only; nobody can change or delete a line (X19, X21–X23).
"""
from datetime import date, datetime
from typing import Literal

from wire.contracts.actor import Reach
from wire.contracts.calls import grants, of_every_service
from wire.contracts.journal import FARTHEST, PRODUCERS
from wire.contracts.shape import bounded, shape, text

AUDITORS = grants(auditor=Reach.WITHIN)


@shape
class AuditLine:
    """Who, when, what, where, with what result.  ``place``: in the chain; 0 while it is not linked yet."""

    seq: int = bounded(0, FARTHEST)
    at: datetime
    kind: str
    person_id: str
    person_name: str
    on_behalf_of: str
    address: str
    operation: str
    organisation_id: str
    subject: str
    result: str
    correlation: str
    place: int = bounded(0, FARTHEST)


@shape
class AuditPage:
    """The newest first; ``next`` is the ``before`` of the following page, 0 at the end."""

    lines: tuple[AuditLine, ...]
    next: int = bounded(0, FARTHEST)


@shape
class AuditChain:
    """``broken``: the first place that does not hold, 0 where the chain is whole."""

    chained: int = bounded(0, FARTHEST)
    unlinked: int = bounded(0, FARTHEST)
    broken: int = bounded(0, FARTHEST)


class ReadAudit:
    """Lines about an organisation and those below it; at the county's committee all lines.

    ``person``: an id, or part of a name; ``what``: part of an operation's name, or one of several separated by blanks;
    ``subject``: what it was done to, ``subjects``: one of these, or at one of these organisations;
    ``result``: done, read, or refused (anything else).
    """

    organisation_id: str = text(80)
    since: date | None = None
    until: date | None = None
    person: str = text(80, default="")
    what: str = text(400, default="")
    subject: str = text(200, default="")
    subjects: tuple[str, ...] = ()
    result: Literal["", "done", "read", "refused"] = ""
    before: int = bounded(0, FARTHEST, default=0)
    limit: int = bounded(1, 500, default=50)


class CheckAudit:
    """Look at every line of the chain from the first to the last."""

    organisation_id: str = text(80)


#: the operations ``<service>.audit`` and ``<service>.check_audit``
audit_of = of_every_service("audit", ReadAudit, reply=AuditPage, grants=AUDITORS)
check_audit_of = of_every_service("check_audit", CheckAudit, reply=AuditChain, grants=AUDITORS)

for _service in PRODUCERS:
    audit_of(_service)
    check_audit_of(_service)
