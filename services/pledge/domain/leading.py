"""领导干部带头 (A12): leading cadres pledge first, before the others do."""
from collections.abc import Iterable, Mapping
from typing import Any

LEADER = "leader"
#: ranks 职级 as roster names them, the highest first; a leading cadre of no rank comes last
RANKS = ("county", "deputy_county", "section", "deputy_section", "grassroots", "")


def leads(member: Mapping[str, Any] | None) -> bool:
    """Whether the member is a leading cadre 领导干部; an organisation, which is no member, is none."""
    return member is not None and member["post_kind"] == LEADER


def behind(waiting: Iterable[Mapping[str, Any]], *, others_pledged: int) -> list[Mapping[str, Any]]:
    """Leading cadres among who has not pledged, the highest rank first, then as they come; nobody while nobody else has."""
    found = [one for one in waiting if leads(one)] if others_pledged else []
    return sorted(found, key=lambda one: RANKS.index(one["rank"]) if one["rank"] in RANKS else len(RANKS))
