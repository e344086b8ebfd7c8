"""Who sees persons: whoever works with them, by the role they hold; who only follows or reads logs need not (X18)."""
from typing import Any

from wire.contracts.actor import SEES_PERSONS


def sees_persons(unit: Any, organisation_id: str, member_id: str = "") -> bool:
    """Whether the actor works with the persons of this organisation: by a grant of such a role that reaches it; everybody sees
    themselves."""
    if member_id and member_id == unit.actor.member_id:
        return True
    held = [grant for grant in unit.actor.grants if grant.role in SEES_PERSONS and unit.actor.acts_by(grant.role)]
    places = {organisation_id, unit.directory.branch_of(organisation_id)}
    return any(grant.organisation_id in places or unit.directory.within(organisation_id, grant.organisation_id)
               for grant in unit.directory.in_force(held))
