"""The list of exemptions 免诺名单, page by page, the newest first; what the actor may not see is never selected."""
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select

from services.pledge.queries.places import whose
from services.pledge.storage.tables import exemptions
from wire.contracts.actor import Reach, Role
from wire.contracts.calls import operation_of
from wire.contracts.pledge import ApproveExemption, ExemptionLine, ExemptionPage, ListExemptions
from wire.directory import members, organisations, under

_LINE = ("organisation_id", "member_id", "member_name", "state", "until_on", "from_on", "ended_on", "ended_because", "proposed_at",
         "version")


def list_exemptions(unit: Any, request: ListExemptions) -> ExemptionPage:
    """One page; ``next`` is the ``after`` of the following one, empty at the end.  A member without an office sees their own."""
    member_id = whose(unit, request)
    # a member's own are theirs wherever they pledge, in the inflow place as well
    own = bool(member_id) and member_id == unit.actor.member_id
    where = [exemptions.c.member_id == member_id] if own else [_place(unit, request)]
    if member_id and not own:
        where.append(exemptions.c.member_id == member_id)
    if request.state:
        where.append(exemptions.c.state == request.state)
    if request.to_decide:
        where += [exemptions.c.state == "proposed", _decidable(unit)]
    if word := request.search.strip():
        where.append(_called(word))
    from_ = exemptions.outerjoin(members, members.c.id == exemptions.c.member_id)
    total = unit.sql.scalar(select(func.count()).select_from(from_).where(*where))
    page = select(exemptions.c.id, *(exemptions.c[name] for name in _LINE)).select_from(from_).where(*where).order_by(
        exemptions.c.id.desc()).limit(request.limit + 1)
    rows = unit.sql.execute(page.where(exemptions.c.id < request.after) if request.after else page).all()
    shown = rows[:request.limit]
    return ExemptionPage(
        exemptions=tuple(ExemptionLine(exemption_id=row.id, **{name: getattr(row, name) for name in _LINE}) for row in shown),
        total=total, next=shown[-1].id if len(rows) > len(shown) else "")


def _place(unit: Any, request: ListExemptions) -> ColumnElement[bool]:
    """SQL: the branch, or with ``below`` all below it, for whom a grant reaches that far in this operation."""
    branch = unit.directory.branch_of(request.organisation_id)
    near = exemptions.c.organisation_id == branch
    if not request.below:
        return near
    reached = _held(unit, {role for role, reach in operation_of(ListExemptions).grants.roles if reach == Reach.WITHIN})
    if any(unit.directory.within(branch, held) for held in reached):
        return exemptions.c.organisation_id.in_(_below(unit, branch))
    return near


def _decidable(unit: Any) -> ColumnElement[bool]:
    """SQL: what whoever asks may approve: by a grant above, never their own nor what they proposed or hold office for."""
    roles = dict(operation_of(ApproveExemption).grants.roles)
    reached = [exemptions.c.organisation_id.in_(_below(unit, held)) for held in _held(unit, set(roles))]
    office = _held(unit, {Role.SECRETARY, Role.CLERK})
    me = [id_ for id_ in (unit.actor.member_id, unit.actor.person_id) if id_]
    return and_(or_(false(), *reached), exemptions.c.organisation_id.not_in(office), exemptions.c.member_id.not_in(me),
                exemptions.c.proposed_by.not_in(me))


def _held(unit: Any, roles: set[Role]) -> list[str]:
    """Where the actor holds one of these roles, by a grant that is in force."""
    held = (g for g in unit.actor.grants if g.role in roles and unit.actor.acts_by(g.role))
    return [g.organisation_id for g in unit.directory.in_force(held)]


def _below(unit: Any, organisation_id: str) -> Any:
    here = unit.directory.organisation(organisation_id)
    return select(organisations.c.id).where(under(organisations.c.path, here["path"]) if here else false())


def _called(word: str) -> ColumnElement[bool]:
    """SQL: by name, or by the pinyin of the surname and the initials (``zxm``)."""
    found = [exemptions.c.member_name.icontains(word, autoescape=True)]
    if word.isascii() and word.isalpha():
        small = word.lower()
        # the key reads "zeng 曾 xiao 小 ming 明": every second word is a reading
        initials = small[0] + "% _ " + "% _ ".join(small[1:]) + "%" if len(small) > 1 else f"{small}%"
        found += [members.c.sort_key.like(f"{small}%"), members.c.sort_key.like(initials)]
    return or_(*found)
