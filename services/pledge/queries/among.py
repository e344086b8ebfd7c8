"""Who of many has a pledge or an exemption at all."""
from collections import Counter
from collections.abc import Collection
from typing import Any

from sqlalchemy import func, select, union

from services.pledge.storage.tables import exemptions, pledges
from wire import directory
from wire.bus.tables import among
from wire.contracts.calls import Invalid
from wire.contracts.pledge import Pledged, PledgedAmong

AT_ONCE = 1000


def pledged_among(unit: Any, request: PledgedAmong) -> tuple[Pledged, ...]:
    """Of these members and organisations those with a pledge, drafts too, or an exemption 免诺, by id.  Asks for every organisation
    they or what was decided of them stand in; refuses more than a thousand at a time."""
    if len(request.member_ids) + len(request.organisation_ids) > AT_ONCE:
        raise Invalid(f"一次最多查询 {AT_ONCE} 个，请分批查询。")
    members, organisations = _ids(request.member_ids), _ids(request.organisation_ids)
    theirs = (among(unit.sql, pledges.c.member_id, members), pledges.c.member_id != "")
    its_own = (among(unit.sql, pledges.c.organisation_id, organisations), pledges.c.member_id == "")
    homes = unit.sql.scalars(select(directory.members.c.organisation_id).where(among(unit.sql, directory.members.c.id, members)).distinct())
    exempt = (among(unit.sql, exemptions.c.member_id, members),)
    places = unit.sql.scalars(union(select(pledges.c.organisation_id).where(*theirs), select(exemptions.c.organisation_id).where(*exempt)))
    unit.directory.look_up(organisations)
    # one that has not been heard of yet has no pledge either
    known = (one for one in organisations if unit.directory.organisation(one) is not None)
    unit.permit_all(sorted({*homes, *places, *known}))
    found: dict[str, Counter[str]] = {}
    for what, column, where in (("pledges", pledges.c.member_id, theirs), ("pledges", pledges.c.organisation_id, its_own),
                                ("exemptions", exemptions.c.member_id, exempt)):
        for id_, count in unit.sql.execute(select(column, func.count()).where(*where).group_by(column)):
            found.setdefault(id_, Counter())[what] += count
    return tuple(Pledged(subject_id=id_, pledges=counts["pledges"], exemptions=counts["exemptions"]) for id_, counts in sorted(found.items()))


def _ids(said: Collection[str]) -> list[str]:
    return sorted({id_ for id_ in said if id_})
