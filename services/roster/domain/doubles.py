"""A line that would enter somebody who may be here already under another code: hinted at, never refused.  Pure.

Two people may share a name, and a branch with it; whoever knows them decides.
"""
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from services.roster.domain.hint import Hint
from services.roster.domain.member import Member


@dataclass(frozen=True, slots=True, kw_only=True)
class Namesake:
    """Somebody on the roll, by what tells them from others of their name."""

    code: str
    name: str
    organisation_id: str
    organisation_name: str
    joined_on: date | None


def hints(new: Iterable[tuple[int, Member]], known: Iterable[Namesake], visible: Callable[[str], bool]) -> list[Hint]:
    """Of the new members, each with its row, those with a namesake in the same branch or of the same joining date, one hint each.

    ``visible``: whether somebody of that organisation may be named to whoever sends the sheet.
    """
    by_name: dict[str, list[Namesake]] = defaultdict(list)
    for one in known:
        by_name[one.name].append(one)
    found = []
    for row, member in new:
        alike = [one for one in by_name[member.name] if one.organisation_id == member.organisation_id
                 or one.joined_on is not None and one.joined_on == member.joined_on]
        if alike:
            nearest = min(alike, key=lambda one: (one.organisation_id != member.organisation_id, one.code))
            found.append(Hint(row, member.code, _sentence(member, nearest, visible)))
    return found


def _sentence(member: Member, known: Namesake, visible: Callable[[str], bool]) -> str:
    here = known.organisation_id == member.organisation_id
    if not here and not visible(known.organisation_id):
        return f"别的党组织里有同名、入党日期也相同的党员，{member.name}可能已经登记过，请和上级核对后再导入。"
    same = [word for word, alike in (("同一个党组织", here), ("入党日期也相同", known.joined_on is not None and known.joined_on == member.joined_on))
            if alike]
    return (f"名册里已有{known.name}（{known.organisation_name}，编号 {known.code}），{'，'.join(same)}。"
            f"是同一个人的，请把本行编号改成 {known.code}；是另一个人的，不用改。")
