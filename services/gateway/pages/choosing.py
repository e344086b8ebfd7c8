"""Choosing a member in a form: a few are listed, many are looked for, and two of one name are told apart by branch and code."""
from dataclasses import dataclass
from typing import Any

from flask import current_app, request
from wire.contracts.roster import ListMembers, MemberView

from services.gateway import clients
from services.gateway.pages import here

#: so many are offered at once in a list to choose from, and as boxes to tick; the rest are looked for
OFFERED, TICKED = 100, 30
#: the choice beside those of a name: none of them
ANOTHER = "another"


@dataclass(frozen=True, slots=True)
class Choice:
    """``options``: id and words; ``total``: how many there are, or were found."""

    options: dict[str, str]
    total: int = 0

    @property
    def more(self) -> int:
        return max(0, self.total - len(self.options))


def known_as(member: MemberView) -> str:
    """曾小明（柳溪村党支部，编号 M1）."""
    return f"{member.name}（{member.organisation_name}，编号 {member.code}）"


def people(organisation_id: str, search: str, *, chosen: str = "", kind: str = "") -> Choice:
    """Members at or below an organisation; whoever was chosen before somebody else was looked for is still among them."""
    page = clients.call(ListMembers(organisation_id=organisation_id, search=search, kind=kind, limit=OFFERED))
    options = {member.member_id: known_as(member) for member in page.members}
    kept = {chosen: told} if chosen not in options and (told := words_of(chosen)) else {}
    return Choice(kept | options, page.total)


def meant() -> dict[str, Any]:
    """What a form says of a name that somebody has already: one of those the refusal offered, or another person.  Nothing once
    the name is no longer that one."""
    chosen, name = request.form.get("meant", "")[:80], request.form.get("person_name", "").strip()
    if not chosen or request.form.get("meant_of", "").strip() != name:
        return {}
    return {"another": True} if chosen == ANOTHER else {"person_id": chosen}


def own_people(organisation_id: str, search: str) -> Choice:
    """A branch's own members, those of its party groups among them."""
    page = clients.call(ListMembers(organisation_id=organisation_id, search=search, place="own", limit=TICKED))
    return Choice({member.member_id: f"{member.name}（编号 {member.code}）" for member in page.members}, page.total)


def words_of(member_id: str) -> str:
    """How a member is called in a list to choose from; empty for one this copy has not heard of."""
    found = current_app.extensions["directory"].member(member_id) if member_id else None
    return f"{found['name']}（{here.organisation_name(found['organisation_id'])}，编号 {found['code']}）" if found else ""
