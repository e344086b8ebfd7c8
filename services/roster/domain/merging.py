"""Merging 合并: one organisation becomes part of another, with its members and what hangs below it.  Pure."""
from collections.abc import Iterable, Mapping

from services.roster.domain.organisation import STANDS_UNDER, Organisation
from services.roster.domain.refusals import CannotMerge, Ended, RootStays

#: what may become part of what: members stay in what can have members, branches under what can have branches
KIN = {"county_committee": "above", "committee": "above", "general_branch": "above", "leading_group": "leading_group",
       "branch": "branch", "group": "group"}


def check(one: Organisation, into: Organisation, standing: Iterable[Organisation], labels: Mapping[str, str]) -> list[Organisation]:
    """The active organisations directly below ``one``, which move along.

    Refuses the county committee; either that has ended; an organisation into itself or into what hangs below it; another kind
    of thing (a party group into a committee); and children which may not stand under the other, or have their namesake there.
    """
    if one.parent_id is None:
        raise RootStays
    if one.id == into.id:
        raise CannotMerge("不能并入自己，请另选一个党组织。")
    for either in (one, into):
        if not either.active:
            raise Ended(either.name)
    if into.path.startswith(one.path):
        raise CannotMerge(f"“{into.name}”是“{one.name}”的下级，不能把上级并入下级；请先调整它的上级，再合并。")
    if KIN[one.kind] != KIN[into.kind]:
        raise CannotMerge(f"{labels[one.kind]}不能并入{labels[into.kind]}，请另选一个同类的党组织。")
    standing = [other for other in standing if other.active]
    children = [other for other in standing if other.parent_id == one.id]
    names = {other.name for other in standing if other.parent_id == into.id}
    for child in children:
        if into.kind not in STANDS_UNDER[child.kind]:
            raise CannotMerge(f"“{one.name}”下面有{labels[child.kind]}“{child.name}”，不能设在{labels[into.kind]}之下；请先调整它，再合并。")
        if child.name in names:
            raise CannotMerge(f"两边的下级都有“{child.name}”，请先改其中一个的名称，再合并。")
    return children
