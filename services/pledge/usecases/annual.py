"""One annual pledge 年度承诺 of a year, wherever it was made: it stays where it was, and the member who moved on makes no second."""
from collections.abc import Collection

from services.pledge.domain.pledge import demand_room
from services.pledge.domain.policy import DraftingPolicy
from services.pledge.usecases.pledgor import first_places, member_of, name_of, second_places
from wire.contracts.ports import Unit


def demand_only(unit: Unit, organisation_id: str, member_id: str, year: int, *, but: str = "", states: Collection[str] = ()) -> None:
    """Refuse one annual pledge here more than the policy allows; ``but``: the one that is asked for, no other;
    ``states``: those that count, all of them when none is named.

    A member's count together wherever they stand, after a move or a merger of their branch too; only those in the community
    that confirmed their report 双报到 are counted apart (A9).
    """
    others = [one for one in unit.books.pledges.annual(organisation_id, member_id, year)
              if one[0] != but and (not states or one[1] in states)]
    # whoever has none, and that is nearly everybody who drafts, costs no look at the roll
    if others and (member := member_of(unit, member_id)):
        second = second_places(unit, member) - first_places(unit, member)
        others = [one for one in others if (one[2] in second) == (organisation_id in second)]
    place = name_of(unit, others[-1][2]) if others and others[-1][2] != organisation_id else ""
    demand_room(year, [state for _, state, _ in others], unit.policy(DraftingPolicy, organisation_id), place)
