"""Which version of which policy 政策 is in force for which part of the tree, from when."""
from datetime import date, datetime
from typing import Literal

from wire.contracts.actor import Reach
from wire.contracts.calls import call, grants
from wire.contracts.event import Facts, event
from wire.contracts.roster.organisations import OVERSEERS
from wire.contracts.shape import bounded, shape, text


@event("roster.policy.adopted.v1", key="adoption_id")
class PolicyAdopted(Facts):
    """From ``starts_on`` this version is in force for the organisation and all below it that have none of their own.

    ``hash`` is that of the body, which the service named in ``document`` (``pledge.ReviewPolicy``) holds.  ``number``
    counts the adoptions of one document for one organisation: of two from the same day the later decision holds.
    """

    adoption_id: str = text(80)
    document: str = text(120)
    policy_version: str = text(80)
    hash: str = text(64)
    organisation_id: str = text(80)
    starts_on: date
    number: int = bounded(1, 2**31)
    #: the paper it rests on 依据, and the preset 预设 it came with
    basis: str = text(200, default="")
    preset: str = text(80, default="")


def edition_of(organisation_id: str, number: int) -> str:
    """Which adoption decides: the ``number``-th of the document for that organisation; ``:0`` where the default does."""
    return f"{organisation_id}:{number}"


@shape
class PolicyChoice:
    """A version of a document, by the hash ``<service>.propose_policy`` answered.  ``policy_version`` is not read: a version is
    called by its hash, so that no caller can call it otherwise.

    ``instead_of``: the edition (``edition_of``) that whoever decides saw in force there on that day; another one by now is Stale.
    Empty: not said.
    """

    document: str = text(120, least=3)
    policy_version: str = text(80, default="")
    hash: str = text(64, least=1)
    instead_of: str = text(120, default="")


@shape
class AdoptionView:
    """``state``: in_force 执行中, coming 将执行, past 已被取代.  ``number``: the how-manieth of this document for this organisation."""

    adoption_id: str = text(80)
    document: str = text(120)
    policy_version: str = text(80)
    hash: str = text(64)
    organisation_id: str = text(80)
    organisation_name: str = text(100)
    starts_on: date
    basis: str = text(200)
    preset: str = text(80)
    adopted_by_name: str = text(80)
    adopted_at: datetime
    state: Literal["in_force", "coming", "past"]
    number: int = 0


@shape
class AdoptionPage:
    adoptions: tuple[AdoptionView, ...]
    next: str


@shape
class PolicyReach:
    """Whom a document adopted here reaches: organisations and members; ``apart`` are the parts below with their own, ``apart_ids`` all of them."""

    organisations: int
    members: int
    apart: tuple[str, ...]
    apart_ids: tuple[str, ...] = ()


@call("roster.adopt_policies", reply=tuple[AdoptionView, ...], grants=grants(office=Reach.WITHIN), writes=True)
class AdoptPolicies:
    """Put versions in force for an organisation and what is below it, from a day that is not past; all of them, or none.

    What is in force there already is answered and not announced again.  To end one, adopt another, or the default.
    """

    organisation_id: str = text(80)
    starts_on: date
    policies: tuple[PolicyChoice, ...]
    basis: str = text(200, label="依据", default="")
    preset: str = text(80, default="")


@call("roster.list_adoptions", reply=AdoptionPage, grants=OVERSEERS)
class ListAdoptions:
    """Adoptions for an organisation, those above it that reach it, and those below; the latest decision first.

    ``standing``: only what is in force today at the organisation and above it, for each document at each of them, in one page.
    """

    organisation_id: str = text(80)
    document: str = text(120, default="")
    after: str = text(80, default="")
    limit: int = bounded(1, 500, default=100)
    standing: bool = False


@call("roster.measure_policy", reply=PolicyReach, grants=OVERSEERS)
class MeasurePolicy:
    """Which part of the tree a document would reach, adopted for this organisation on that day."""

    organisation_id: str = text(80)
    document: str = text(120)
    starts_on: date
