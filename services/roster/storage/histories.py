"""Whose everything the roster keeps a history of is: who may read it may read its history."""
from typing import Any

from sqlalchemy import select

from services.roster.storage.adoptions import adoptions
from services.roster.storage.grants import grants, persons
from services.roster.storage.members import members
from services.roster.storage.organisations import organisations
from services.roster.storage.places import assignments, systems, workplaces, zones
from services.roster.storage.positions import positions
from services.roster.storage.representatives import representatives
from services.roster.storage.seeing import sees_persons
from wire.bus.history import Place
from wire.contracts.roster import (
    GrantGiven, ListAdoptions, ListAssignments, ListGrants, ListOrganisations, ListPositions, ListRepresentatives, ListSystems, ListWorkplaces,
    ListZones, MemberRegistered, OrganisationRegistered, PolicyAdopted, ReadMember, RepresentativeRegistered, ZoneRecorded,
)

#: by stream: the columns of its id and its organisation, and the call that reads it
_KEPT = {
    OrganisationRegistered.stream: (organisations.c.id, organisations.c.id, ListOrganisations),
    GrantGiven.stream: (grants.c.id, grants.c.organisation_id, ListGrants),
    PolicyAdopted.stream: (adoptions.c.id, adoptions.c.organisation_id, ListAdoptions),
    "roster.position": (positions.c.id, positions.c.organisation_id, ListPositions),
    "roster.assignment": (assignments.c.id, assignments.c.organisation_id, ListAssignments),
    "roster.workplace": (workplaces.c.id, workplaces.c.organisation_id, ListWorkplaces),
    "roster.system": (systems.c.id, systems.c.organisation_id, ListSystems),
    ZoneRecorded.stream: (zones.c.id, zones.c.organisation_id, ListZones),
    RepresentativeRegistered.stream: (representatives.c.id, representatives.c.organisation_id, ListRepresentatives)}


def belongs(unit: Any, aggregate: str, aggregate_id: str) -> Place | None:
    """Where an aggregate of the roster stands now; None for what is not there."""
    if aggregate == MemberRegistered.stream:
        return _of_member(unit, aggregate_id)
    if aggregate == "roster.person":
        return _of_person(unit, aggregate_id)
    if aggregate not in _KEPT:
        return None
    key, place, call = _KEPT[aggregate]
    found = unit.sql.scalar(select(place).where(key == aggregate_id))
    return None if found is None else Place(found, "", call)


def _of_person(unit: Any, person_id: str) -> Place | None:
    """Somebody who acts here without being a member: theirs who see a grant the person ever held; the county's for one without any."""
    if unit.sql.scalar(select(persons.c.id).where(persons.c.id == person_id)) is None:
        return None
    held = unit.sql.scalars(select(grants.c.organisation_id).where(grants.c.person_id == person_id).order_by(grants.c.id)).all()
    return Place(next((place for place in held if unit.may(ListGrants, place)), held[0] if held else unit.policies.county()), "", ListGrants)


def _of_member(unit: Any, member_id: str) -> Place | None:
    """A member's own, and that of the people of every organisation their entry names: the first of these the actor may read at."""
    named = [members.c[name] for name in ("organisation_id", "inflow_id", "residence_id", "transfer_to_id")]
    row = unit.sql.execute(select(*named).where(members.c.id == member_id)).first()
    if row is None:
        return None
    places = [place for place in row if place]
    seen_from = next((place for place in places if unit.may(ReadMember, place, member_id=member_id)), places[0])
    # a history tells everything an entry ever said: it is for whoever sees the whole entry
    return Place(seen_from, member_id, ReadMember) if sees_persons(unit, seen_from, member_id) else None
