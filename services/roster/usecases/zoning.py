"""Zones 党员责任区, 先锋岗, 示范岗: set up, changed, ended, and each month's 三无 on record (K1, K3)."""
from dataclasses import asdict, fields
from typing import Any

from services.roster.domain import reading
from services.roster.domain.refusals import Incomplete, NameTaken
from services.roster.domain.zone import ACTIVE, ENDED, NoLongerKept, OwnZone, Zone, ZoneMember, ZoneMonth
from services.roster.usecases.finding import day, read, seen_there
from services.roster.usecases.shaping import CHANGED_MEANWHILE, seen, standing
from wire.contracts.calls import Stale
from wire.contracts.ports import Unit
from wire.contracts.roster import (
    ChangeZone, EndZone, ListZones, OpenZone, RecordZoneMonth, ZoneMonthFacts, ZonePage, ZonePerson, ZoneRecorded, ZoneView,
)

NO_ZONE = "没有找到这个责任区，可能不在您管理的范围内，请返回列表重新选择。"


def open_zone(unit: Unit, request: OpenZone) -> ZoneView:
    """Set up a zone.  Refuses a name that one there has, the future, and people who are not of the organisation."""
    unit.permit(request.organisation_id)
    place = standing(unit, request.organisation_id)
    since = day(unit, request.since, "since")
    zone = Zone(id=unit.new_id("zon"), organisation_id=place.id, kind=request.kind, since=since, **_called(request),
                members=_people(unit, place.id, request.member_ids))
    _alone(unit, zone)
    unit.books.zones.add(zone)
    announce_zone(unit, zone)
    return _view(unit, zone, place.name)


def change_zone(unit: Unit, request: ChangeZone) -> ZoneView:
    """Say anew what it is and who keeps it; the same again changes nothing.  Stale where it was changed since it was read."""
    zone = _kept(unit, request.zone_id)
    if zone.version != request.version:
        raise Stale(CHANGED_MEANWHILE)
    told = zone.told_again(kind=request.kind, **_called(request),
                           members=_people(unit, zone.organisation_id, request.member_ids))
    _alone(unit, told)
    return _saved(unit, zone, told)


def end_zone(unit: Unit, request: EndZone) -> ZoneView:
    """No longer kept; what is on record stays.  A second call changes nothing."""
    zone = _known(unit, request.zone_id)
    return _saved(unit, zone, zone.end(unit.today))


def record_zone_month(unit: Unit, request: RecordZoneMonth) -> ZoneView:
    """Enter or correct a month; the same again changes nothing.  Refuses whoever keeps the zone: nobody records about themselves."""
    zone = _known(unit, request.zone_id)
    if unit.actor.member_id and unit.actor.member_id in {member.member_id for member in zone.members}:
        raise OwnZone
    month = ZoneMonth(month=request.month.strip(), no_accident=request.no_accident, no_error=request.no_error,
                      no_breach=request.no_breach, note=request.note.strip())
    return _saved(unit, zone, zone.record(month, unit.today))


def list_zones(unit: Unit, request: ListZones) -> ZonePage:
    """Zones at or below an organisation, in tree order, each with the months that are missing."""
    unit.permit(request.organisation_id)
    above = seen(unit, request.organisation_id)
    found, total, owing, following = unit.books.zones.page(
        above.path, state=request.state, search=request.search.strip(), owing=request.owing, today=unit.today, after=request.after,
        limit=request.limit)
    names = {one.id: one.name for one in unit.books.organisations.get_many({zone.organisation_id for zone in found})}
    return ZonePage(zones=tuple(_view(unit, zone, names[zone.organisation_id]) for zone in found), total=total, owing=owing, next=following)


def announce_zone(unit: Unit, zone: Zone) -> None:
    """All there is on record of it; within the unit only, for it names people."""
    unit.announce(ZoneRecorded(
        zone_id=zone.id, **_said(zone), version=zone.version, scope="unit", acted_by=unit.actor.person_id,
        acted_by_name=unit.actor.name, acted_at=unit.now))


def _said(zone: Zone) -> dict[str, Any]:
    said = {field.name: getattr(zone, field.name) for field in fields(zone) if field.name not in ("id", "version")}
    return said | {"members": tuple(ZonePerson(**asdict(one)) for one in zone.members),
                   "months": tuple(ZoneMonthFacts(**asdict(one)) for one in zone.months)}


def _view(unit: Unit, zone: Zone, organisation_name: str) -> ZoneView:
    return ZoneView(zone_id=zone.id, organisation_name=organisation_name, missing=zone.missing(unit.today), version=zone.version,
                    **_said(zone))


def _saved(unit: Unit, before: Zone, after: Zone) -> ZoneView:
    if after is not before:
        unit.books.zones.save([after])
        announce_zone(unit, after)
    return _view(unit, after, seen(unit, after.organisation_id).name)


def _known(unit: Unit, zone_id: str) -> Zone:
    return seen_there(unit, unit.books.zones.get(zone_id), ListZones, NO_ZONE)


def _kept(unit: Unit, zone_id: str) -> Zone:
    zone = _known(unit, zone_id)
    if zone.state == ENDED:
        raise NoLongerKept(zone.name)
    return zone


def _people(unit: Unit, organisation_id: str, member_ids: tuple[str, ...]) -> tuple[ZoneMember, ...]:
    """Members on the roll of this organisation or of its party groups, each once."""
    ours = unit.directory.with_groups(organisation_id)
    found = [member for member in unit.books.members.get_many(member_ids) if member.state == "active" and member.organisation_id in ours]
    if not found or len(found) != len(set(member_ids)):
        raise Incomplete("member_ids", "请从本党组织在册的党员中选择，至少一人。")
    return tuple(ZoneMember(member_id=member.id, name=member.name) for member in found)


def _called(said: OpenZone | ChangeZone) -> dict[str, str]:
    return {"name": read("name", reading.title, said.name, label="名称", least=2, limit=60),
            "place": read("place", reading.title, said.place, label="地点或岗位", least=1, limit=200)}


def _alone(unit: Unit, zone: Zone) -> None:
    for other in unit.books.zones.at(zone.organisation_id):
        if other.id != zone.id and other.state == ACTIVE and (other.kind, other.name) == (zone.kind, zone.name):
            raise NameTaken(zone.name)
