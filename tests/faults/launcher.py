"""``python -m tests.faults.launcher SERVICE…``: deploy.process, watched, and killed at an exact point if one is armed.

The points are laid around functions of the bus from outside; the house itself carries no hook.  A point is armed by its
name as a line of the file ``<data>/<service>.points``; the process that comes by takes the line out and kills itself as
kill -9 would.  ``JIANNUO_FAULTS_DEADLY`` and ``…_RAISING`` name people whose pledges end the reader, or make it fail.
"""
import eventlet

eventlet.monkey_patch()

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kombu.message import Message

from deploy import process
from tests.faults.applied import applied
from tests.faults.inside import Inside
from wire.bus import inbox, line, outbox
from wire.bus.relay import Relay
from wire.bus.service import Bus
from wire.bus.subscribe import Doors
from wire.bus.unit import Unit

PLEDGE = ("worked", "written", "committed", "replied", "placed", "leased", "published", "confirmed", "marked")
#: pledges of these people are applied so many times instead of once: a house that is broken
LOSING, DOUBLING = "演丢失", "演重复"
TIMES = {LOSING: 0, DOUBLING: 2}


class Points:
    """The points armed for this process."""

    def __init__(self, file: Path):
        self._file = file

    def pass_by(self, name: str) -> None:
        """Die here if this point is armed; its line is gone first, so that the next process goes on."""
        try:
            armed = self._file.read_text().splitlines()
        except FileNotFoundError:
            return
        if name in armed:
            armed.remove(name)
            self._file.write_text("\n".join(armed))
            os.kill(os.getpid(), signal.SIGKILL)


def around(owner: Any, name: str, points: Points, *, before: str = "", after: str = "",
           when: Callable[..., bool] = lambda *_, **__: True) -> None:
    """Lay a point before or after a function; ``when`` sees its arguments, for ``after`` its result first."""
    plain = getattr(owner, name)

    def watched(*args: Any, **kwargs: Any) -> Any:
        if before and when(None, *args, **kwargs):
            points.pass_by(before)
        result = plain(*args, **kwargs)
        if after and when(result, *args, **kwargs):
            points.pass_by(after)
        return result

    setattr(owner, name, watched)


def lay(points: Points) -> None:
    """All points of both services; a name is passed only where its function is."""
    asked = lambda _, unit: unit.operation is not None and unit.announced > 0  # noqa: E731
    around(Unit, "flush", points, before="worked", after="written", when=asked)
    around(Bus, "wake", points, before="committed")
    around(Message, "ack", points, before="replied")
    around(outbox, "place", points, after="placed", when=lambda result, *_: bool(result))
    around(Relay, "_lease", points, after="leased", when=lambda result, *_: bool(result))
    around(line._Cork, "pull", points, after="published")
    around(Relay, "_conclude", points, before="confirmed")
    around(outbox, "settle", points, after="marked", when=lambda _, sql, owner, sent: bool(sent))
    around(inbox, "take", points, after="taken", when=lambda result, *_: bool(result))
    around(Doors, "_together", points, after="applied and committed", when=lambda result, *_: bool(result))
    around(Doors, "_keep", points, after="noted", when=lambda result, *_: bool(result))


def write_down_what_is_applied(points: Points) -> None:
    """And be ended, or fail, by pledges of certain people; or lose and double those of others, for the ledger to find."""
    plain = Doors._open
    deadly, raising = os.environ.get("JIANNUO_FAULTS_DEADLY", "-"), os.environ.get("JIANNUO_FAULTS_RAISING", "-")

    def watched(self: Doors, unit: Unit, fresh: Any) -> None:
        names = {getattr(a.news.event, "pledgor_name", "") for a in fresh if a.news}
        if deadly in names:
            os.kill(os.getpid(), signal.SIGKILL)
        if raising in names:
            raise RuntimeError("this one raises")
        if LOSING in names or DOUBLING in names:
            fresh = [a for a in fresh for _ in range(TIMES.get(a.news.event.pledgor_name, 1))]
        plain(self, unit, fresh)
        if self.room.service == "notice" and fresh:
            unit.sql.execute(applied.insert(), [
                {"stream": a.stream, "epoch": a.epoch, "position": a.position, "subject": a.news.event.subject if a.news else "",
                 "version": a.news.event.version if a.news else 0, "at": self.room.clock.now()} for a in fresh])
            points.pass_by("applied")

    Doors._open = watched


if __name__ == "__main__":
    found = Points(Path(os.environ["JIANNUO_DATA"]) / f"{sys.argv[1]}.points")
    write_down_what_is_applied(found)
    lay(found)
    sys.exit(process.main(sys.argv[1:], Inside if os.environ.get("JIANNUO_FAULTS_WRITES") else process.Process))
