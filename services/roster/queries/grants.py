"""Who may do what."""
from typing import Any

from sqlalchemy import Select, select

from services.roster.queries.pages import path_of
from services.roster.storage.grants import grants
from services.roster.storage.organisations import organisations
from wire.contracts.roster import GrantsOf, GrantView, ListGrants
from wire.directory import under


def list_grants(unit: Any, request: ListGrants) -> tuple[GrantView, ...]:
    """Who may do what at or below an organisation: in tree order, those in force first.  The members' own are not listed:
    everybody on the roll has one."""
    path = path_of(unit, request.organisation_id)
    query = _grants().where(under(organisations.c.path, path), grants.c.role != "member")
    return _views(unit, query.order_by(organisations.c.path, grants.c.state.desc(), grants.c.role, grants.c.id))


def grants_of(unit: Any, request: GrantsOf) -> tuple[GrantView, ...]:
    """What a person may do now; nothing for somebody unknown."""
    query = _grants().where(grants.c.person_id == request.person_id, grants.c.state == "given")
    return _views(unit, query.order_by(grants.c.id))


def _grants() -> Select:
    return select(
        grants.c.id.label("grant_id"), grants.c.person_id, grants.c.person_name, grants.c.member_id, grants.c.role,
        grants.c.organisation_id, organisations.c.name.label("organisation_name"), grants.c.state,
    ).select_from(grants.join(organisations, organisations.c.id == grants.c.organisation_id))


def _views(unit: Any, query: Select) -> tuple[GrantView, ...]:
    return tuple(GrantView(**r) for r in unit.sql.execute(query).mappings())
