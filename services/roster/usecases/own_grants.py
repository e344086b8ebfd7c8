"""The member's grant over their own matters: given where they belong, ended and given anew when they move; whoever left the
roll holds nothing at all (X49).  No other grant ever follows from the roll (X45)."""
from collections.abc import Sequence

from services.roster.domain.grant import MEMBER, Grant
from services.roster.domain.member import Member
from wire.contracts.ports import Unit


def own_grants(unit: Unit, new: Sequence[Member], changed: Sequence[tuple[Member, Member]]) -> tuple[list[Grant], list[Grant]]:
    """Grants to add, and grants as they stand after: ended where a member moved or left, with the name they have now."""
    given, after_all = [_own_grant(unit, member) for member in new], []
    told = {after.id: (before, after) for before, after in changed}
    at_home = set()
    for grant in unit.books.grants.held_by(told) if told else ():
        before, after = told[grant.person_id]
        if after.state != "active" or grant.role == MEMBER and grant.organisation_id != after.organisation_id:
            after_all.append(grant.end())
            continue
        if grant.role == MEMBER:
            at_home.add(after.id)
        if before.name != after.name:
            after_all.append(grant.renamed(after.name))
    given += [_own_grant(unit, after) for _, after in changed if after.id not in at_home and after.state == "active"]
    return given, after_all


def _own_grant(unit: Unit, member: Member) -> Grant:
    return Grant(id=unit.new_id("grt"), person_id=member.id, person_name=member.name, member_id=member.id, role=MEMBER,
                 organisation_id=member.organisation_id)
