"""Systems 条线: named, renamed, no longer used (A20)."""
from services.roster.domain import reading
from services.roster.domain.refusals import SystemInUse
from services.roster.domain.system import System, keep_names_apart
from services.roster.usecases.finding import read
from services.roster.usecases.shaping import standing
from wire.contracts.calls import NotFound
from wire.contracts.ports import Unit
from wire.contracts.roster import DefineSystem, EndSystem, ListSystems, SystemView

NO_SYSTEM = "没有找到这个条线，可能不在您管理的范围内，请返回列表重新选择。"


def define_system(unit: Unit, request: DefineSystem) -> SystemView:
    """Name a system and the organisation that guides it, or say both anew.  The same again changes nothing; a name that another
    system has is refused."""
    unit.permit(request.organisation_id)
    guide = standing(unit, request.organisation_id)
    others, name = unit.books.systems.all(), read("name", reading.title, request.name, label="条线名称", least=2, limit=40)
    if request.system_id:
        known = _known(unit, request.system_id)
        unit.permit(known.organisation_id)
        told = known.told_again(name=name, organisation_id=guide.id, state="active")
        keep_names_apart(told, others)
        if told is not known:
            unit.books.systems.save([told])
            remember(unit, told, "changed")
    else:
        told = System(id=unit.new_id("sys"), name=name, organisation_id=guide.id)
        keep_names_apart(told, others)
        unit.books.systems.add(told)
        remember(unit, told, "defined")
    return _view(unit, told)


def end_system(unit: Unit, request: EndSystem) -> SystemView:
    """Offer it no longer.  Refuses while organisations belong to it; a second call changes nothing."""
    known = _known(unit, request.system_id)
    unit.permit(known.organisation_id)
    if used := unit.books.systems.used(known.id):
        raise SystemInUse(known.name, used)
    ended = known.told_again(state="ended")
    if ended is not known:
        unit.books.systems.save([ended])
        remember(unit, ended, "ended")
    return _view(unit, ended)


def _known(unit: Unit, system_id: str) -> System:
    found = unit.books.systems.get(system_id)
    if found is None or not unit.may(ListSystems, found.organisation_id):
        raise NotFound(NO_SYSTEM)
    return found


def remember(unit: Unit, system: System, what: str) -> None:
    """Its line of history."""
    unit.remember("roster.system", system.id, system.version, what, {
        "name": system.name, "organisation_id": system.organisation_id, "state": system.state})


def _view(unit: Unit, system: System) -> SystemView:
    guide = unit.books.organisations.get(system.organisation_id)
    return SystemView(system_id=system.id, name=system.name, organisation_id=system.organisation_id, organisation_name=guide.name,
                      state=system.state, version=system.version, organisations=unit.books.systems.used(system.id), members=0)
