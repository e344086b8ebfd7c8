"""Policy documents 政策文件 as every service tells and takes them: its forms, what is in force, and proposals.

The body of a document never leaves the service whose rules it holds, but through these two calls.  Where which version is
in force, roster decides and announces (``wire.contracts.roster.policies``).
"""
from datetime import date
from typing import Literal

from wire.contracts.actor import Reach
from wire.contracts.calls import grants, of_every_service
from wire.contracts.journal import PRODUCERS
from wire.contracts.shape import shape, text

READERS = grants(office=Reach.WITHIN, auditor=Reach.WITHIN)
BODY_LIMIT = 200_000
#: services whose documents hold for the whole county and no part of it: one signs in before anybody knows for which organisation
COUNTY_WIDE = frozenset({"gateway"})


def county_wide(document: str) -> bool:
    """Whether a document, called ``gateway.SignInPolicy``, is adopted for the county alone."""
    return document.partition(".")[0] in COUNTY_WIDE


def version_of(hash_: str) -> str:
    """How a version is called in results and logs: by the beginning of the hash of its content, the same wherever it is told."""
    return hash_[:8]


@shape
class PolicyColumn:
    """How a value is filled in: its kind, whether it is a list of such (``many``), and what may be chosen."""

    name: str = text(80)
    label: str = text(80)
    kind: Literal["text", "whole", "decimal", "truth", "day", "choice", "rows"]
    many: bool = False
    optional: bool = False
    choices: tuple[str, ...] = ()


@shape
class PolicyField(PolicyColumn):
    """A field of a document; ``rows`` are lines with columns of their own."""

    columns: tuple[PolicyColumn, ...] = ()


@shape
class PolicyContent:
    """A version of a document: ``body`` is a JSON object without ``version``; the same content has the same hash."""

    version: str = text(80)
    hash: str = text(64)
    body: str = text(BODY_LIMIT)


@shape
class PolicyView:
    """A document with its form, its default, and the ``content`` asked for.

    ``organisation_id``: where what is in force was adopted, as its ``number``-th; empty and 0 while the default is.
    """

    document: str = text(120)
    title: str = text(80)
    fields: tuple[PolicyField, ...]
    default: PolicyContent
    content: PolicyContent
    organisation_id: str = text(80, default="")
    starts_on: date | None = None
    number: int = 0


class ReadPolicies:
    """The documents of this service (all, or one) as they are in force for an organisation on a day (today).

    ``hash``: that version of the document instead.
    """

    organisation_id: str = text(80)
    document: str = text(120, default="")
    on: date | None = None
    hash: str = text(64, default="")


class ProposePolicy:
    """Hand a document to the service whose rules it holds; it comes into force by ``roster.adopt_policies``.

    ``body``: a JSON object; what it leaves out has the default.  The same content again is the same version.
    """

    organisation_id: str = text(80)
    document: str = text(120)
    body: str = text(BODY_LIMIT)


#: the operations ``<service>.read_policies`` and ``<service>.propose_policy``
read_policies_of = of_every_service("read_policies", ReadPolicies, reply=tuple[PolicyView, ...], grants=READERS)
propose_policy_of = of_every_service(
    "propose_policy", ProposePolicy, reply=PolicyContent, grants=grants(office=Reach.WITHIN), writes=True)

for _service in PRODUCERS:
    read_policies_of(_service)
    propose_policy_of(_service)
