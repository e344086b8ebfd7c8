"""Under which ids and with which grants the system knows the people of the demonstration."""
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import eventlet

from deploy.demo import county, special
from services.gateway import presets
from wire.bus.calls import Caller
from wire.contracts.actor import Actor, HeldGrant, service_actor
from wire.contracts.calls import Away, Refusal
from wire.contracts.roster import (
    Appoint, ConfirmGrants, FoundCounty, GiveGrant, GrantsOf, ListGrants, ListMembers, ListOrganisations, ListWaiting,
    MemberView, SyncMembers, SyncOrganisations,
)

#: other services hear of people and organisations by events: until then they answer that they know nothing of them
HEARS_OF = ("not_found", "forbidden")
PATIENCE, CALL_SECONDS = 60.0, 10.0


@dataclass(frozen=True)
class Asking:
    """Makes calls under keys that are the same every time, so that an interrupted loading goes on where it was."""

    caller: Caller
    story: str
    count: list[int] = field(default_factory=lambda: [0])

    def __call__(self, actor: Actor, request: Any, *, until_known: bool = False) -> Any:
        """The reply.  ``until_known``: wait while the service has not heard yet of what is asked about."""
        self.count[0] += 1
        key, ends = f"demo:{self.story}:{self.count[0]}", monotonic() + PATIENCE
        while True:
            try:
                return self.caller.call(actor, request, key=key, deadline=CALL_SECONDS)
            except Refusal as refusal:
                waits = isinstance(refusal, Away) or (until_known and refusal.code in HEARS_OF)
                if not waits or monotonic() > ends:
                    raise
                eventlet.sleep(0.1)


@dataclass
class Cast:
    """Everybody, ready to act."""

    root_id: str
    office: Actor
    organisations: dict[str, str]
    members: dict[str, list[MemberView]]
    actors: dict[str, Actor]
    #: role and organisation code -> who holds it
    officers: dict[tuple[str, str], Actor]


def assemble(ask: Asking, today: Any, told: Callable[[str], None]) -> Cast:
    """Found the county, enter organisations and members, give the grants, and read back who is who."""
    founded = ask(Actor(kind="invitation", person_id="demonstration", name=county.ADMINISTRATOR),
                  FoundCounty(code=county.CODE, name=county.NAME, person_name=county.ADMINISTRATOR))
    root = founded.organisation_id
    office = Actor(kind="person", person_id=founded.person_id, name=county.ADMINISTRATOR,
                   grants=(HeldGrant(grant_id=founded.grant_id, role="office", organisation_id=root),))
    presets.adopt(presets.FIRST, root, today, lambda request, key: ask(office, request), key="")
    told("正在登记党组织和党员 …")
    for batch in (SyncOrganisations(rows=county.organisation_rows()), SyncMembers(rows=county.member_rows(today))):
        wrong = [verdict for verdict in ask(office, batch).verdicts if verdict.result == "refused"]
        if wrong:
            raise ValueError(f"the demonstration's own rows are refused: {wrong[:3]}")
    organisations = {one.code: one.organisation_id
                     for one in ask(office, ListOrganisations(organisation_id=root, limit=500)).organisations}
    members: dict[str, list[MemberView]] = defaultdict(list)
    for member in ask(office, ListMembers(organisation_id=root, limit=500)).members:
        # the special ones are no part of the branches' stories
        if member.code.rpartition("-")[2].isdigit():
            members[member.code.rpartition("-")[0]].append(member)
    for people in members.values():
        people.sort(key=lambda one: one.code)
    special.enter(ask, office, organisations, today)
    told("正在开通权限 …")
    given = _give(ask, office, root, organisations, members)
    return Cast(root, office, organisations, members, *_actors(ask, office, root, given, members))


def _give(ask: Asking, office: Actor, root: str, organisations: dict[str, str],
          members: dict[str, list[MemberView]]) -> dict[tuple[str, str], str]:
    """Secretaries are members; clerks, superiors and the others are not.  Returns who holds which role where, by person id.

    What decides is confirmed in one go, as an office does it after an election.
    """
    given = {}
    for branch in county.branches():
        for kind, member in zip(("secretary", "deputy", "committee"), members[branch.code], strict=False):
            held = ask(office, Appoint(organisation_id=organisations[branch.code], kind=kind, member_id=member.member_id))
            if kind == "secretary":
                given["secretary", branch.code] = held.person_id
    names = iter(("云舒", "石小白", "林见", "白露", "江流", "叶落", "竹青", "秋实", "禾穗", "苏醒", "岳朗", "方圆", "沈静", "蓝田", "程前", "段落",
                  "余音", "柯朴", "尹之", "宋词", "丁香", "杜若"))
    clerks = [("clerk", branch.code) for branch in county.branches()]
    for (role, code), name in zip([*clerks, ("liaison", county.CODE)], names, strict=False):
        given[role, code] = ask(office, Appoint(organisation_id=organisations[code], kind=role, person_name=name)).person_id
    for (role, code), name in zip([*(("superior", code) for code in (*county.TOWNS, county.CODE)), ("auditor", county.CODE)], names, strict=True):
        given[role, code] = ask(office, GiveGrant(organisation_id=organisations[code], role=role, person_name=name)).person_id
    waiting = ask(office, ListWaiting(organisation_id=root, limit=200)).items
    if waiting:
        ask(office, ConfirmGrants(grant_ids=tuple(one.grant_id for one in waiting)))
    return given


def _actors(ask: Asking, office: Actor, root: str, given: dict[tuple[str, str], str],
            members: dict[str, list[MemberView]]) -> tuple[dict, dict]:
    """Everybody with the grants they hold, as the gateway asks for them when it signs."""
    people = {one.member_id: (one.name, one.member_id) for branch in members.values() for one in branch}
    people |= {one.person_id: (one.person_name, one.member_id) for one in ask(office, ListGrants(organisation_id=root, limit=500)).items
               if one.person_id not in people}
    actors = {}
    for person_id, (name, member_id) in people.items():
        held = ask(service_actor("gateway"), GrantsOf(person_id=person_id))
        actors[person_id] = Actor(kind="person", person_id=person_id, name=name, member_id=member_id, grants=tuple(
            HeldGrant(grant_id=one.grant_id, role=one.role, organisation_id=one.organisation_id) for one in held))
    return actors, {place: actors[person_id] for place, person_id in given.items()}
