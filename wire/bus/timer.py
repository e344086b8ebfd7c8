"""What a service does by the clock: ``@every(60)`` on a method of its class.

It never overlaps itself: the next turn waits for the one before.  ``alone=True``: of all replicas one at a time, the
others pass this turn; on SQLite there is one process anyway.
"""
import zlib
from collections.abc import Callable
from functools import wraps
from typing import Any

import eventlet
import structlog
from nameko.extensions import register_entrypoint
from nameko.timer import Timer
from sqlalchemy import text

from wire.bus import logs
from wire.bus.database import Database

log = structlog.get_logger("wire.timer")


def every(seconds: float, *, alone: bool = False, eager: bool = False) -> Callable[[Callable], Callable]:
    """Run the method every so many seconds, the first time after that time (``eager``: at once).

    An error is logged and the next turn comes all the same.  A service's Bus is expected in ``bus`` when ``alone``.
    """
    def decorate(method: Callable) -> Callable:
        @wraps(method)
        def turn(self: Any) -> None:
            logs.bind(service=self.name, timer=method.__name__)
            try:
                if not alone:
                    method(self)
                elif not only_one(self.bus.database, f"{self.name}.{method.__name__}", lambda: method(self)):
                    log.debug("another replica has this turn")
            except Exception as error:
                log.error("timer broke", exc_info=error)

        register_entrypoint(turn, Timer(seconds, eager=eager))
        return turn

    return decorate


def to_the_end(piece: Callable[[], int], most: int) -> int:
    """Do a piece of work, a transaction each, until one found less than ``most`` to do; how much was done in all.  Between two
    pieces the others have their turn."""
    done = 0
    while True:
        found = piece()
        done += found
        if found < most:
            return done
        eventlet.sleep(0)


def only_one(database: Database, name: str, work: Callable[[], None]) -> bool:
    """Do the work unless another process is doing it; whether it was done.  The lock ends with the process that holds it."""
    if database.dialect != "postgresql":
        work()
        return True
    key = zlib.crc32(name.encode()) - 2**31
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as sql:
        if not sql.execute(text("SELECT pg_try_advisory_lock(:house, :key)"), {"house": 20122, "key": key}).scalar():
            return False
        try:
            work()
        finally:
            sql.execute(text("SELECT pg_advisory_unlock(:house, :key)"), {"house": 20122, "key": key})
    return True
