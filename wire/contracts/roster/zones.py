"""Zones: 党员责任区, 先锋岗, 示范岗 (K1), with their monthly 三无 record (K3)."""
from datetime import date
from typing import Literal

from wire.contracts.actor import Reach
from wire.contracts.calls import call, grants
from wire.contracts.event import Facts, event
from wire.contracts.roster.organisations import READERS
from wire.contracts.shape import bounded, shape, text

ZoneKind = Literal["zone", "pioneer", "model"]
ZONE_KINDS = {"zone": "党员责任区", "pioneer": "党员先锋岗", "model": "党员示范岗"}
ZONE_KEEPERS = grants(clerk=Reach.OWN, secretary=Reach.OWN, office=Reach.WITHIN)


@shape
class ZonePerson:
    member_id: str = text(80)
    name: str = text(40)


@shape
class ZoneMonthFacts:
    """三无 of one month, ``2026-03``: no accident around the member, no error at work, no own discipline breach (K3)."""

    month: str = text(7)
    no_accident: bool
    no_error: bool
    no_breach: bool
    note: str = text(400, default="")


@shape
class ZoneFacts(Facts):
    """A zone with everybody who keeps it and every month on record."""

    zone_id: str = text(80)
    organisation_id: str = text(80)
    kind: ZoneKind
    name: str = text(60)
    place: str = text(200)
    since: date
    until: date | None = None
    state: Literal["active", "ended"] = "active"
    members: tuple[ZonePerson, ...] = ()
    months: tuple[ZoneMonthFacts, ...] = ()


@event("roster.zone.recorded.v1", key="zone_id")
class ZoneRecorded(ZoneFacts):
    """What is on record of a zone changed: set up, a month entered or corrected, its people or its end."""


@shape
class ZoneView:
    """``missing``: full months without a record, the latest first."""

    zone_id: str
    organisation_id: str
    organisation_name: str
    kind: ZoneKind
    name: str
    place: str
    since: date
    until: date | None
    state: str
    members: tuple[ZonePerson, ...]
    months: tuple[ZoneMonthFacts, ...]
    missing: tuple[str, ...]
    version: int


@shape
class ZonePage:
    """``owing`` counts the zones with a month missing, over all pages."""

    zones: tuple[ZoneView, ...]
    total: int
    owing: int
    next: str


@call("roster.open_zone", reply=ZoneView, grants=ZONE_KEEPERS, writes=True)
class OpenZone:
    """Set up a zone and name who keeps it: members of the organisation or of its groups.  A name twice there is refused."""

    organisation_id: str = text(80, least=1, label="党组织")
    kind: ZoneKind = "zone"
    name: str = text(60, least=2, label="名称")
    place: str = text(200, least=1, label="地点或岗位")
    member_ids: tuple[str, ...]
    since: date | None = None


@call("roster.change_zone", reply=ZoneView, grants=ZONE_KEEPERS, writes=True)
class ChangeZone:
    """Say anew what it is and who keeps it.  ``version`` is the one that was read."""

    zone_id: str = text(80)
    version: int = bounded(1, 2**31)
    kind: ZoneKind
    name: str = text(60, least=2, label="名称")
    place: str = text(200, least=1, label="地点或岗位")
    member_ids: tuple[str, ...]


@call("roster.end_zone", reply=ZoneView, grants=ZONE_KEEPERS, writes=True)
class EndZone:
    """No longer kept; what is on record stays.  A second call changes nothing."""

    zone_id: str = text(80)


@call("roster.record_zone_month", reply=ZoneView, grants=ZONE_KEEPERS, writes=True)
class RecordZoneMonth:
    """Enter or correct a month's 三无.  Never by one who keeps the zone."""

    zone_id: str = text(80)
    month: str = text(7, least=7, label="月份")
    no_accident: bool
    no_error: bool
    no_breach: bool
    note: str = text(400, label="说明", default="")


@call("roster.list_zones", reply=ZonePage, grants=READERS, scope="posts:read")
class ListZones:
    """Zones at or below an organisation, in tree order; ``owing``: only those with a month missing."""

    organisation_id: str = text(80)
    search: str = text(60, default="")
    state: Literal["", "active", "ended"] = "active"
    owing: bool = False
    after: str = text(2400, default="")
    limit: int = bounded(1, 200, default=50)
