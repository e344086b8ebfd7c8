"""Where a page is shown: the county's clock, who is signed in, and what their grants let them do.

Hiding what a person may not do is a courtesy of the page; the service decides all the same.
"""
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask import current_app, g, request
from wire.contracts.actor import PUBLIC, ROLE_LABELS, Actor, HeldGrant, Reach, Role
from wire.contracts.calls import registry

from services.gateway.problems import refuse

#: rows a page of a list has: what a phone scrolls through, and one looks over
ROWS = 50
NOT_REACHED = "您的权限不包括这个党组织，看不到它的内容。请从菜单进入您自己的党组织，或联系上级开通。"


def actor() -> Actor:
    """Who is signed in; the public when nobody is."""
    return g.get("actor") or PUBLIC


def signed_in() -> bool:
    return actor().kind == "person"


def today() -> date:
    """The date in the county."""
    return current_app.extensions["clock"].today()


def local(instant: datetime) -> datetime:
    """The instant on the county's clocks."""
    return instant.astimezone(current_app.extensions["clock"].zone)


def day_of(instant: datetime) -> date:
    return local(instant).date()


def grants(*roles: Role) -> tuple[HeldGrant, ...]:
    """What the signed-in person holds, of these roles or of all."""
    return tuple(held for held in actor().grants if not roles or held.role in roles)


def holds(*roles: Role) -> bool:
    return bool(grants(*roles))


def may(operation: str, organisation_id: str = "", *, member_id: str = "") -> bool:
    """Whether the person's grants reach this organisation in this operation (any organisation when none is named)."""
    declared = registry[operation]
    me = actor()
    if declared.grants.kind != "person":
        return declared.grants.kind == "public"
    if declared.not_own and member_id and member_id == me.member_id:
        return False
    return any(_reaches(held, reach, organisation_id, member_id, me)
               for role, reach in declared.grants.roles for held in me.grants if held.role == role)


def _reaches(held: HeldGrant, reach: Reach, organisation_id: str, member_id: str, me: Actor) -> bool:
    if not organisation_id:
        return True
    if reach == Reach.SELF:
        return bool(member_id) and member_id == me.member_id
    if reach == Reach.OWN:
        found = organisation(organisation_id)
        group = bool(found) and found["kind"] == "group" and found["parent_id"] == held.organisation_id
        return organisation_id == held.organisation_id or group
    if organisation_id == held.organisation_id:
        return reach == Reach.WITHIN
    return within(organisation_id, held.organisation_id)


def organisation(organisation_id: str) -> Mapping[str, Any] | None:
    """The gateway's own copy of an organisation, asked once per request."""
    known = g.setdefault("organisations_seen", {})
    if organisation_id not in known:
        known[organisation_id] = current_app.extensions["directory"].organisation(organisation_id)
    return known[organisation_id]


def member_name(member_id: str) -> str:
    """The name of a member as this copy has it; empty for one it has not heard of."""
    found = current_app.extensions["directory"].member(member_id)
    return found["name"] if found else ""


def within(organisation_id: str, above_id: str) -> bool:
    below, above = organisation(organisation_id), organisation(above_id)
    return bool(below and above and below["path"].startswith(above["path"]))


def organisation_name(organisation_id: str) -> str:
    """Its name; an organisation this copy has not heard of yet is called by its id."""
    found = organisation(organisation_id)
    return found["name"] if found else organisation_id


def parent_name(organisation_id: str) -> str:
    """The name of the organisation above, which tells two villages of one name apart."""
    found = organisation(organisation_id)
    return organisation_name(found["parent_id"]) if found and found["parent_id"] else ""


def county_name() -> str:
    """The county as it stands beside 践诺: the root of the tree, without 委."""
    return current_app.extensions["directory"].county_name()


def demo() -> bool:
    """Whether this is the demonstration county 演示县."""
    return current_app.extensions["gateway"].demonstration


def has_desk() -> bool:
    """Whether the person works for a branch: prepares, records or decides there."""
    return holds(Role.CLERK, Role.SECRETARY)


def looks_below() -> bool:
    """Whether the person follows organisations below their own."""
    return holds(Role.SUPERIOR, Role.LIAISON, Role.OFFICE, Role.AUDITOR)


def operates() -> bool:
    """Whether the person keeps the system running."""
    return holds(Role.OPERATOR)


def place(operation: str = "") -> str:
    """The organisation the page is about: the one named in the address, else that of the first grant that allows the
    operation, else of the first grant; empty for somebody without any.  Refuses one that no grant reaches."""
    wanted = request.args.get("organisation", "")[:80]
    held = [held.organisation_id for held in actor().grants]
    if wanted:
        if wanted in held or (not operation or may(operation, wanted)):
            return wanted
        raise refuse(403, NOT_REACHED)
    return next((found for found in held if not operation or may(operation, found)), held[0] if held else "")


def places() -> list[tuple[str, str]]:
    """Organisations the person holds a grant over, with their names: what they can switch between."""
    return [(found, organisation_name(found)) for found in dict.fromkeys(held.organisation_id for held in actor().grants)]


def year() -> int:
    """The year the page is about: named in the address, else this one.  Refuses what is no year of ours."""
    wanted = request.args.get("year", "").strip()
    if not wanted:
        return today().year
    if len(wanted) == 4 and wanted.isdecimal() and 2000 <= int(wanted) <= 2200:
        return int(wanted)
    raise refuse(422, "年度应写成 2000 到 2200 之间的四位数字，请返回改正。")


def demand(*operations: str, sentence: str = "") -> None:
    """Refuse the page at once to somebody who holds none of these operations anywhere, with a sentence where the usual one would
    send them to somebody who cannot give it."""
    if not any(may(operation) for operation in operations):
        raise refuse(403, sentence)


def roles_at(organisation_id: str) -> str:
    """What the person is there, in words."""
    return "、".join(dict.fromkeys(ROLE_LABELS[Role(h.role)] for h in actor().grants if h.organisation_id == organisation_id))


def rights() -> list[str]:
    """What the person holds where, in words: 柳溪村党支部 材料员."""
    return [f"{name} {roles_at(found)}" for found, name in places()]
