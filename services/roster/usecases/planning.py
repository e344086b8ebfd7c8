"""What lines about members would do to the roll, by the rules and words of this county: the same for a spreadsheet and a sync."""
from collections.abc import Callable, Iterable, Mapping

from services.roster.domain import roll, words
from services.roster.domain.member import Member
from services.roster.domain.organisation import Organisation
from services.roster.domain.policy import RollPolicy
from services.roster.names import pinyin
from services.roster.usecases.appointing import bound_words
from wire.contracts.ports import Unit
from wire.contracts.roster import LEAVINGS, MEMBER_KINDS, ORGANISATION_KINDS, POST_KINDS, MemberRow


def planned_members(unit: Unit, rows: Iterable[MemberRow], organisations: Iterable[Organisation], standing: Mapping[str, Member], *,
                    rules: Callable[[Organisation | None], RollPolicy], seen: Mapping[str, int] | None = None) -> roll.Plan:
    """``standing``, ``rules`` and ``seen`` as in ``roll.plan``; ``organisations``: those the rows name, and where the standing members are."""
    return roll.plan(
        rows, organisations, standing, bound=bound_words(unit, standing.values()), kinds=MEMBER_KINDS,
        kind_words=words.MEMBER_KINDS, post_kinds=POST_KINDS, post_kind_words=words.POST_KINDS, place_kinds=ORGANISATION_KINDS,
        leavings=LEAVINGS, rules=rules, pinyin=pinyin,
        new_id=lambda: unit.new_id("mem"), today=unit.today, seen=seen)
