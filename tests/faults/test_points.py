"""Killed at exact points: around commit, publish, confirm, mark, apply and acknowledge."""
from collections import Counter
from pathlib import Path
from time import monotonic

import eventlet
import pytest

from tests.faults.effects import chains_hold, effects, settle, standing
from tests.faults.house import comes
from tests.faults.launcher import PLEDGE
from tests.faults.ledger import balance, read
from tests.faults.writers import Writers

pytestmark = pytest.mark.distributed
#: what the reader dies at, one after the other; "noted" is passed only by what was delivered before
NOTICE = (("taken",), ("applied",), ("applied and committed",), ("applied", "noted"))
FIRES_SECONDS, AGAIN_SECONDS = 90, 8


class Armed:
    """Arms the points of one service in turn and starts the process again after each."""

    def __init__(self, house, name, plan):
        self.house, self.process, self.plan = house, house.processes[name], plan
        self.file: Path = house.settings.data / f"{name}.points"
        self.fired: Counter[str] = Counter()
        self.done = False
        self.wrong = ""

    def run(self):
        try:
            for points in self.plan:
                self._arm(set(points))
                while armed := self._armed():
                    self._die(armed)
                    self.fired.update(armed - self._armed())
                    self.process.start()
        except Exception as error:
            self.wrong = f"{self.process.name}: {error}\n{self.process.told()}"
        finally:
            self.done = True

    def _die(self, armed: set[str]) -> None:
        ends = monotonic() + FIRES_SECONDS
        while not comes(lambda: not self.process.running, AGAIN_SECONDS, 0.02):
            assert monotonic() < ends, f"never came by {armed}"
            if "noted" in armed:
                # the last death left nothing to be delivered again: healing or a second try was under way
                self._arm(armed | {"applied"})

    def _arm(self, points: set[str]) -> None:
        self.file.write_text("\n".join(sorted(points)))

    def _armed(self) -> set[str]:
        return set(self.file.read_text().split("\n")) - {""}


def test_a_process_killed_at_any_exact_point_loses_and_doubles_nothing(house, journal, random, scale, say):
    """[T5] [T1]"""
    times = scale.of(1, 50)
    # what a dead relay had leased is taken over after this
    house.environment |= {"JIANNUO_LEASE_SECONDS": "5"}
    house.furnish("pledge", "notice")
    plans = {"pledge": [(point,) for point in PLEDGE] * times, "notice": list(NOTICE) * times}
    for plan in plans.values():
        random.shuffle(plan)
    most = 1500 * times
    ids = house.sign(most)
    house.start("pledge")
    house.start("notice")
    house.wait_ready()
    writers = Writers(house, journal, ids, random, unit=15, progress=0.2)
    armed = [Armed(house, name, plan) for name, plan in plans.items()]
    for one in armed:
        eventlet.spawn(one.run)
    allowed = 0
    while not all(one.done for one in armed):
        # a steady trickle: there is always something on its way to every point
        if writers.accepted > allowed - 60 and allowed < most:
            allowed += 10
            writers.allow(allowed)
        eventlet.sleep(0.2)
        assert not any(one.wrong for one in armed), [one.wrong for one in armed]
        assert not writers.surprises, writers.surprises
    writers.wait()
    house.wait_ready()
    settle(house)
    standing(house)
    chains_hold(house)
    verdict = balance(read(journal.file), effects(house))
    fired = armed[0].fired + armed[1].fired
    say(points=len(fired), kills=fired.total(), pledges=writers.accepted, again=writers.again, **verdict.counts)
    assert len(fired) == 13 and min(fired.values()) >= times
    verdict.demand_clean()
