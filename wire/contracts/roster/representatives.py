"""Representatives 评议代表库: people who are not members but judge, with the least data that lets them be invited."""
from datetime import date
from typing import Literal

from wire.contracts.actor import Reach
from wire.contracts.calls import call, grants
from wire.contracts.event import Facts, event
from wire.contracts.shape import bounded, shape, text

REPRESENTATIVE_KEEPERS = grants(clerk=Reach.OWN, secretary=Reach.OWN, office=Reach.WITHIN)
#: who works with them; whoever only follows sees no names of private people (X18)
REPRESENTATIVE_READERS = grants(clerk=Reach.OWN, secretary=Reach.OWN, superior=Reach.WITHIN, office=Reach.WITHIN)
REPRESENTATIVE_STATES = {"active": "在库", "ended": "已退出"}


@shape
class RepresentativeFacts(Facts):
    """A representative by stratum, with the name masked and no phone.  ``stratum`` is a code of the policy, then its label."""

    representative_id: str = text(80)
    organisation_id: str = text(80)
    stratum: str = text(40)
    stratum_name: str = text(40)
    masked_name: str = text(40)
    since: date
    until: date | None = None
    state: Literal["active", "ended"] = "active"


@event("roster.representative.registered.v1", key="representative_id")
class RepresentativeRegistered(RepresentativeFacts):
    """Somebody may be invited to judge from now on."""


@event("roster.representative.changed.v1", key="representative_id")
class RepresentativeChanged(RepresentativeFacts):
    """Their stratum, name, phone or organisation changed."""


@event("roster.representative.ended.v1", key="representative_id")
class RepresentativeEnded(RepresentativeFacts):
    """No longer invited; the phone is gone."""


@shape
class RepresentativeView:
    """``phone`` masked, ``138****0000``; empty where none is kept."""

    representative_id: str
    organisation_id: str
    organisation_name: str
    stratum: str
    stratum_name: str
    name: str
    phone: str
    since: date
    until: date | None
    state: Literal["active", "ended"]
    version: int


@shape
class RepresentativeStratum:
    """A stratum of the policy in force there, and how many of those found are of it."""

    stratum: str
    name: str
    count: int


@shape
class RepresentativePage:
    """``strata`` counts over all pages, whatever stratum is asked for."""

    representatives: tuple[RepresentativeView, ...]
    strata: tuple[RepresentativeStratum, ...]
    total: int
    next: str


@shape
class RepresentativePhone:
    representative_id: str
    phone: str


@call("roster.register_representative", reply=RepresentativeView, grants=REPRESENTATIVE_KEEPERS, writes=True)
class RegisterRepresentative:
    """Enter somebody who is to judge.  A phone that somebody has already, or the same name there, is asked back; ``another``:
    it is another person all the same."""

    organisation_id: str = text(80, least=1, label="党组织")
    stratum: str = text(40, least=1, label="代表类别")
    name: str = text(80, least=1, label="姓名")
    phone: str = text(40, label="电话", default="")
    another: bool = False


@call("roster.change_representative", reply=RepresentativeView, grants=REPRESENTATIVE_KEEPERS, writes=True)
class ChangeRepresentative:
    """Say anew who they are.  ``version``: the one that was read.  ``phone`` empty leaves the one that is kept, ``no_phone`` takes
    it out."""

    representative_id: str = text(80)
    version: int = bounded(1, 2**31)
    stratum: str = text(40, least=1, label="代表类别")
    name: str = text(80, least=1, label="姓名")
    phone: str = text(40, label="电话", default="")
    no_phone: bool = False
    another: bool = False


@call("roster.end_representative", reply=RepresentativeView, grants=REPRESENTATIVE_KEEPERS, writes=True)
class EndRepresentative:
    """No longer invited, the phone taken out.  A second call changes nothing."""

    representative_id: str = text(80)


@call("roster.list_representatives", reply=RepresentativePage, grants=REPRESENTATIVE_READERS)
class ListRepresentatives:
    """Representatives at or below an organisation, by surname; by stratum, searched by name or pinyin initials."""

    organisation_id: str = text(80)
    stratum: str = text(40, default="")
    search: str = text(60, default="")
    state: Literal["active", "ended"] = "active"
    after: str = text(400, default="")
    limit: int = bounded(1, 500, default=100)


@call("roster.read_representative_phone", reply=RepresentativePhone, grants=grants(clerk=Reach.OWN, secretary=Reach.OWN))
class ReadRepresentativePhone:
    """The phone in clear, for whoever invites them there.  The gateway's access log says who looked (X21)."""

    representative_id: str = text(80)
