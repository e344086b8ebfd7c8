"""The history every service keeps of its aggregates, read: one page of who did what, with what changed from what to what.

An event's line holds the whole shared state; another line (a draft, a review) may hold part of it, and changes only that.
"""
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from wire.bus.tables import history
from wire.contracts import event
from wire.contracts.calls import NotFound
from wire.contracts.envelope import parse, text_of
from wire.contracts.history import VALUE_LIMIT, HistoryChange, HistoryEntry, HistoryPage

UNKNOWN = "没有找到这份办理经过，可能不在您能看的范围内，请返回列表重新打开。"
#: changes listed of one line
LISTED = 200
#: lines looked back for the state before the page
BACK = 100
#: who acted and when stands beside the change, not among it
APART = ("version", "acted_by", "acted_by_name", "acted_at")


@dataclass(frozen=True, slots=True)
class Place:
    """Whose an aggregate is, and the call that reads the aggregate itself: who may make that one may read its history.  ``name``: what
    it is called, where its lines do not say."""

    organisation_id: str
    member_id: str
    call: type
    name: str = ""


def read(unit: Any, request: Any, belongs: Callable[[Any, str, str], Place | None]) -> HistoryPage:
    """A page of the history.  NotFound for what is not there and for what the actor may not see."""
    place = belongs(unit, request.aggregate, request.aggregate_id)
    if place is None or not unit.may(place.call, place.organisation_id, member_id=place.member_id):
        raise NotFound(UNKNOWN)
    unit.permit(place.organisation_id, member_id=place.member_id)
    rows = lines(unit.sql, request.aggregate, request.aggregate_id, before=request.before, most=request.limit + 1)
    shown = rows[:request.limit]
    state = _state_before(unit.sql, request, shown[-1].seq) if shown else {}
    entries = []
    for row in reversed(shown):
        told = parse(row.state)
        changes = list(_changed(state, told))
        entries.append(HistoryEntry(
            version=row.version, at=row.at, what=row.what, person_name=told.get("acted_by_name") or row.person_name,
            person_id=told.get("acted_by") or row.person_id,
            on_behalf_of=row.on_behalf_of, changes=tuple(changes[:LISTED]), more=max(0, len(changes) - LISTED)))
        state = state | told
    return HistoryPage(entries=tuple(reversed(entries)), next=shown[-1].seq if len(rows) > len(shown) else 0, name=place.name or _called(state))


def _called(state: Mapping[str, Any]) -> str:
    return str(next((state[name] for name in ("name", "pledgor_name", "member_name", "person_name", "document") if state.get(name)), ""))[:120]


def lines(sql: Connection, aggregate: str, aggregate_id: str, *, before: int = 0, most: int = 0) -> list[Row]:
    """The lines of one aggregate, the newest first; at most so many (0: all), older than the number ``before``."""
    query = select(history).where(history.c.aggregate_id == aggregate_id, history.c.aggregate == aggregate)
    query = query.where(history.c.seq < before) if before else query
    query = query.order_by(history.c.version.desc(), history.c.seq.desc())
    return list(sql.execute(query.limit(most) if most else query).all())


def _state_before(sql: Connection, request: Any, seq: int) -> dict[str, Any]:
    """What was known before the oldest line of the page: back to the last event, which told everything."""
    found: list[dict[str, Any]] = []
    for row in lines(sql, request.aggregate, request.aggregate_id, before=seq, most=BACK):
        found.append(parse(row.state))
        if row.what in event.registry:
            break
    state: dict[str, Any] = {}
    for told in reversed(found):
        state |= told
    return state


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[HistoryChange]:
    """Value by value what the later state says otherwise; what it does not name did not change."""
    for name, value in after.items():
        if name not in APART and value != before.get(name):
            yield from _into((name,), before.get(name), value)


def _into(path: tuple[str, ...], before: Any, after: Any) -> Iterator[HistoryChange]:
    if before == after:
        return
    was, now = _named(before), _named(after)
    if (was or now) and was is not None and now is not None:
        for name in dict.fromkeys([*was, *now]):
            yield from _into((*path, name), was.get(name), now.get(name))
        return
    if before in ("", None, []) and after in ("", None, []):
        return
    yield HistoryChange(path=path, before=_said(before), after=_said(after))


def _named(value: Any) -> Mapping[str, Any] | None:
    """An object by its fields; a list of objects by what each is called; None for a plain value."""
    if value is None:
        return {}
    if isinstance(value, Mapping):
        return value
    if isinstance(value, list) and value and all(isinstance(one, Mapping) for one in value):
        return {str(_name_of(one, place)): one for place, one in enumerate(value, 1)}
    return {} if value == [] else None


def _name_of(one: Mapping[str, Any], place: int) -> Any:
    return next((one[name] for name in ("position", "kind", "name", "stratum") if one.get(name)), place)


def _said(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str) and len(value) > VALUE_LIMIT // 2:
        value = value[:VALUE_LIMIT // 2] + "…"
    told = text_of(value)
    return told if len(told) <= VALUE_LIMIT else text_of(f"{len(told)} 字")
