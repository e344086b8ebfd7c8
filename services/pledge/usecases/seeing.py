"""Who may see and who decides: the way from an id to a pledge the actor may act on."""
from services.pledge.domain.pledge import PUBLIC, Decider, Pledge
from wire.contracts.actor import Role
from wire.contracts.calls import Forbidden, NotFound
from wire.contracts.pledge import ReadPledge
from wire.contracts.ports import Unit

UNKNOWN = "没有找到这份承诺，可能已被删除，请返回列表重新打开。"


def found(unit: Unit, pledge_id: str) -> Pledge:
    """The pledge to be changed, if the actor may do here what is under way.

    An unpublished pledge the actor may not even read answers like an unknown one (NotFound), so that ids of another
    village's drafts say nothing; what can be seen but not acted on is Forbidden.
    """
    return _permitted(unit, unit.books.pledges.get(pledge_id))


def written(unit: Unit, pledge_id: str) -> Pledge:
    """The same for what is the pledgor's to do; whoever else does it writes it down for them (代录)."""
    pledge = found(unit, pledge_id)
    speak_for(unit, pledge.organisation_id, pledge.member_id, pledge.pledgor_name)
    return pledge


def speak_for(unit: Unit, organisation_id: str, member_id: str, name: str) -> None:
    """Name the pledgor as the one acted for, unless the actor is the member, or the secretary of the organisation."""
    if member_id:
        own = member_id == unit.actor.member_id
    else:
        here = organisation_id, unit.directory.branch_of(organisation_id)
        own = any(Role(g.role) is Role.SECRETARY and g.organisation_id in here for g in unit.actor.grants)
    if not own:
        unit.act_for(name)


def seen(unit: Unit, pledge_id: str) -> Pledge:
    """The same for a pledge that is only read."""
    return _permitted(unit, unit.books.pledges.peek(pledge_id))


def _permitted(unit: Unit, pledge: Pledge | None) -> Pledge:
    if pledge is None:
        raise NotFound(UNKNOWN)
    permit(unit, pledge)
    return pledge


def permit(unit: Unit, pledge: Pledge) -> None:
    """Ask the unit for this pledge; see ``found``."""
    try:
        unit.permit(pledge.organisation_id, member_id=pledge.member_id)
    except Forbidden:
        if pledge.state in PUBLIC or unit.may(ReadPledge, pledge.organisation_id, member_id=pledge.member_id):
            raise
        raise NotFound(UNKNOWN) from None


def decider(unit: Unit, organisation_id: str) -> Decider:
    """The actor as somebody who decides about this organisation's pledges: themselves, and whether from above (C1)."""
    superior = [g for g in unit.actor.grants if Role(g.role) is Role.SUPERIOR and g.organisation_id != organisation_id
                and unit.directory.within(organisation_id, g.organisation_id)]
    return Decider(unit.actor.member_id, above=bool(unit.directory.in_force(superior)))
