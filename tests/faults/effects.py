"""What is found in the databases: the effects for the ledger, and what must hold at any moment, load or not."""
from typing import Any

from sqlalchemy import func, select

from services.notice.storage import board_pledge, notice
from tests.faults.applied import applied
from tests.faults.house import House, comes
from tests.faults.ledger import STUCK_SECONDS, Effects, Line
from wire.bus import audit, outbox
from wire.bus.clock import SystemClock
from wire.bus.database import Database
from wire.bus.tables import inbox, retry, stream_head, watermark
from wire.bus.tables import outbox as journal

STREAM = "pledge.pledge"


def effects(house: House) -> Effects:
    """Everything the ledger looks at, once the house is quiet."""
    found = Effects()
    with house.stores["pledge"].begin(writing=False) as sql:
        found.journal = [
            Line(r.position, r.subject, r.version, r.at.timestamp(), r.topic, r.epoch, r.stream) for r in sql.execute(
                select(journal).where(journal.c.stream == STREAM, journal.c.position.is_not(None)))]
        found.waiting = outbox.unsent(sql, _now(house))[0]
    with house.stores["notice"].begin(writing=False) as sql:
        found.applied = [Line(r.position, r.subject, r.version, r.at.timestamp(), "", r.epoch, r.stream)
                         for r in sql.execute(select(applied).where(applied.c.stream == STREAM))]
        found.board = {r.pledge_id: (r.epoch, r.version) for r in sql.execute(select(board_pledge).where(board_pledge.c.shown))}
        found.notices = list(sql.execute(select(notice.c.of).where(notice.c.kind == "pledge")).scalars())
        found.announced = [(r.subject, r.version) for r in sql.execute(select(journal.c.subject, journal.c.version).where(
            journal.c.stream == "notice.notice"))]
        mark = _newest_mark(sql)
        found.watermark = mark.position if mark else 0
    return found


def standing(house: House) -> dict[str, Any]:
    """What must hold at every committed moment; AssertionError names what does not.  Raises what the database raises."""
    with _snapshot(house.stores["pledge"]) as sql:
        head = sql.execute(select(stream_head).where(stream_head.c.stream == STREAM)).first()
        placed, highest, different = sql.execute(select(
            func.count(), func.coalesce(func.max(journal.c.position), 0), func.count(journal.c.position.distinct())).where(
            journal.c.stream == STREAM, journal.c.epoch == (head.epoch if head else 1), journal.c.position.is_not(None))).one()
        assert placed == highest == different == (head.position if head else 0), (
            f"positions: {placed} given, {different} different, highest {highest}, head {head}")
    with _snapshot(house.stores["notice"]) as sql:
        mark = _newest_mark(sql)
        if mark is not None:
            here = lambda table: (table.c.stream == STREAM, table.c.epoch == mark.epoch)  # noqa: E731
            ahead = sql.execute(select(func.count()).select_from(inbox).where(*here(inbox))).scalar_one()
            failed = sql.execute(select(func.count()).select_from(retry).where(*here(retry))).scalar_one()
            done, places = sql.execute(select(func.count(), func.count(applied.c.position.distinct())).where(*here(applied))).one()
            assert done == places, f"{done - places} events were applied twice"
            assert done + failed == mark.position + ahead, (
                f"{mark.position} + {ahead} ahead of a hole are taken, {done} applied and {failed} to be tried again")
        parked = sql.execute(select(func.count()).select_from(retry).where(retry.c.state == "parked")).scalar_one()
        assert parked == 0, f"{parked} healthy events are parked"
    return {"placed": placed, "taken": mark.position if mark else 0}


def quiet(house: House) -> bool:
    """Nothing is on its way: all sent, all taken, nothing to be tried again."""
    now = _now(house)
    with house.stores["pledge"].begin(writing=False) as sql:
        waiting = outbox.unsent(sql, now)[0]
        head = sql.execute(select(stream_head).where(stream_head.c.stream == STREAM)).first()
    with house.stores["notice"].begin(writing=False) as sql:
        waiting += outbox.unsent(sql, now)[0]
        mark = _newest_mark(sql)
        retries = sql.execute(select(func.count()).select_from(retry)).scalar_one()
    return (not waiting and not retries and head is not None and mark is not None
            and (mark.epoch, mark.position) == (head.epoch, head.position))


def sent(house: House) -> bool:
    """Pledge has told the broker everything, and has its confirms."""
    with house.stores["pledge"].begin(writing=False) as sql:
        return outbox.unsent(sql, _now(house))[0] == 0


def taken(house: House) -> int:
    """How far the reader has come."""
    with house.stores["notice"].begin(writing=False) as sql:
        mark = _newest_mark(sql)
        return mark.position if mark else 0


def settle(house: House, seconds: float = STUCK_SECONDS) -> None:
    """Wait until it is quiet; AssertionError with what moves when it is not within the time nothing may be stuck for."""
    assert comes(lambda: quiet(house), seconds, every=0.3), f"not quiet after {seconds} s: {moving(house)}"


def moving(house: House) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for service, store in house.stores.items():
        with store.begin(writing=False) as sql:
            found[f"{service} unsent"] = outbox.unsent(sql, _now(house))
            found[f"{service} retry"] = [(r.state, r.tries, r.reason) for r in sql.execute(select(retry).limit(5))]
            found[f"{service} heads"] = [tuple(r) for r in sql.execute(select(stream_head))]
            found[f"{service} marks"] = [tuple(r) for r in sql.execute(select(watermark).where(watermark.c.highest > 0))]
    return found


def chains_hold(house: House) -> None:
    """The operation log of every service is one unbroken chain, with nothing left to link."""
    for service, store in house.stores.items():
        with store.begin(writing=False) as sql:
            assert audit.broken(sql) is None, f"the operation log of {service} is broken"
        assert comes(lambda store=store: _linked(store), 20), f"the operation log of {service} is not linked to its end"


def _linked(store: Database) -> bool:
    with store.begin(writing=False) as sql:
        return audit.unlinked(sql) == 0 and audit.broken(sql) is None


def _newest_mark(sql: Any) -> Any:
    return sql.execute(select(watermark).where(watermark.c.stream == STREAM).order_by(watermark.c.epoch.desc())).first()


def _snapshot(store: Database) -> Any:
    if store.dialect == "sqlite":
        return store.begin(writing=False)
    return store.engine.connect().execution_options(isolation_level="REPEATABLE READ")


def _now(house: House) -> Any:
    return SystemClock(house.settings.zone).now()
