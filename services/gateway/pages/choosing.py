"""Choosing a member in a form: a few are listed, many are looked for, and two of one name are told apart by branch and code."""
from dataclasses import dataclass

from flask import current_app
from wire.contracts.actor import ROLE_LABELS, Role
from wire.contracts.roster import ListGrants, ListMembers, MemberView

from services.gateway import clients
from services.gateway.pages import here

#: so many are offered at once in a list to choose from, and as boxes to tick; the rest are looked for
OFFERED, TICKED = 100, 30


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


def strangers(organisation_id: str, name: str) -> dict[str, str]:
    """People of this very name at or below an organisation who hold a grant and are no members: id and words."""
    if not name or not here.may("roster.list_grants", organisation_id):
        return {}
    held = clients.call(ListGrants(organisation_id=organisation_id, search=name, limit=OFFERED)).items
    return {one.person_id: f"{one.person_name}（不是党员，{one.organisation_name}{ROLE_LABELS[Role(one.role)]}）" for one in held
            if one.person_name == name and not one.member_id and one.state != "ended" and one.role != Role.SYSTEM}


def own_people(organisation_id: str, search: str) -> Choice:
    """A branch's own members, those of its party groups among them."""
    page = clients.call(ListMembers(organisation_id=organisation_id, search=search, place="own", limit=TICKED))
    return Choice({member.member_id: f"{member.name}（编号 {member.code}）" for member in page.members}, page.total)


def words_of(member_id: str) -> str:
    """How a member is called in a list to choose from; empty for one this copy has not heard of."""
    found = current_app.extensions["directory"].member(member_id) if member_id else None
    return f"{found['name']}（{here.organisation_name(found['organisation_id'])}，编号 {found['code']}）" if found else ""
