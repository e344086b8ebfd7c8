"""What the columns of a sheet say of a member or an organisation that stands, in the words a county fills in; and what follows from
them without a column of its own, so that it does not go unsaid.  Name and place are told apart (``hint.of_changes``)."""
from collections.abc import Mapping
from datetime import date

from services.roster.domain import roll, tree
from services.roster.domain.hint import Columns
from wire.contracts.roster import MEMBER_KINDS, ORGANISATION_STATES, POST_KINDS, RANKS, SECTORS, WHEREABOUTS, kind_word

#: a rank and an assigned duty end with the kind of post they belong to, floating where somebody moves to where they float
MEMBERS: Columns = {
    roll.KIND: lambda member: MEMBER_KINDS[member.kind],
    roll.POST: lambda member: member.post,
    roll.POST_KIND: lambda member: POST_KINDS[member.post_kind],
    roll.JOINED: lambda member: _day(member.joined_on),
    "职级": lambda member: RANKS.get(member.rank, ""),
    "设岗定责": lambda member: member.duty,
    "流动情况": lambda member: WHEREABOUTS[member.whereabouts],
    "在册情况": lambda member: {"active": "在册", "left": "已离开"}[member.state]}


def of_organisations(systems: Mapping[str, str]) -> Columns:
    """``systems``: names by id.  An extension of the term ends with the next election."""
    return {
        tree.KIND: lambda one: kind_word(one.kind, one.form),
        tree.SECTOR: lambda one: SECTORS[one.sector],
        tree.SYSTEM: lambda one: systems.get(one.system_id, ""),
        tree.FOUNDED: lambda one: _day(one.founded_on),
        tree.RE_ELECTED: lambda one: _day(one.re_elected_on),
        "延期换届至": lambda one: _day(one.extended_until),
        "在册情况": lambda one: ORGANISATION_STATES[one.state]}


def _day(on: date | None) -> str:
    return "" if on is None else f"{on}"
