"""How an organisation ends: merged 并入 into another, or dissolved 撤销.

What was pledged and judged under it stays attributed to it; what stands beside it is passed on, or ends with it.
"""
from services.roster.domain import belonging, merging
from services.roster.domain.organisation import Organisation
from services.roster.domain.refusals import Ended, StillInUse
from services.roster.usecases.appointing import end_positions
from services.roster.usecases.following import put_many, write_down
from services.roster.usecases.inheriting import pass_on, wind_up
from services.roster.usecases.shaping import apply, known, line_of
from services.roster.usecases.telling import announce_grant, announce_organisation, organisation_view
from wire.contracts.ports import Unit
from wire.contracts.roster import ORGANISATION_KINDS, DissolveOrganisation, MergeOrganisations, OrganisationView


def merge_organisations(unit: Unit, request: MergeOrganisations) -> OrganisationView:
    """Make one part of another (并入).

    Its members, and what hangs below, move; zones and contact points too; its grants end.  A second call into the same one changes nothing.
    """
    unit.permit(request.organisation_id)
    unit.permit(request.into_id)
    one, into = known(unit, request.organisation_id), known(unit, request.into_id)
    if one.merged_into == into.id:
        return organisation_view(one)
    children = merging.check(one, into, unit.books.organisations.tree(), ORGANISATION_KINDS)
    if children:
        apply(unit, [line_of(child, parent_code=into.code) for child in children])
    # what stands beside it goes first: whoever keeps a zone moves with it
    pass_on(unit, one, into)
    changes = [(member, belonging.redirected(member, one.id, into.id)) for member in unit.books.members.concerned_by(one.id)]
    put_many(unit, (), changes)
    for before, after in changes:
        if before.organisation_id != after.organisation_id:
            write_down(unit, after, "所在党组织合并", unit.today, f"{one.name} → {into.name}")
    return organisation_view(_end(unit, one.end(unit.today, request.because.strip(), merged_into=into.id)))


def dissolve_organisation(unit: Unit, request: DissolveOrganisation) -> OrganisationView:
    """End it (撤销), and every grant over it.  Refuses while anybody is in it or anything below; a second call changes nothing."""
    unit.permit(request.organisation_id)
    one = known(unit, request.organisation_id)
    if one.state == "dissolved":
        return organisation_view(one)
    if not one.active:
        raise Ended(one.name)
    ended = one.end(unit.today, request.because.strip())
    below = [other.name for other in unit.books.organisations.tree() if other.active and other.parent_id == one.id]
    members = len(unit.books.members.concerned_by(one.id))
    if members or below:
        raise StillInUse(one.name, members, below)
    wind_up(unit, one)
    return organisation_view(_end(unit, ended))


def _end(unit: Unit, ended: Organisation) -> Organisation:
    """Write the end of an organisation, and of every position and grant that still holds in it."""
    unit.books.organisations.save_many([ended])
    end_positions(unit, unit.books.positions.held_at(ended.id), unit.today)
    grants = [grant.end() for grant in unit.books.grants.over(ended.id)]
    unit.books.grants.save_many(grants)
    announce_organisation(unit, ended)
    for grant in grants:
        announce_grant(unit, grant)
    return ended
