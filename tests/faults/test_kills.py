"""The main story: thousands of pledges are published while everything they travel through is killed, again and again."""
from time import monotonic

import eventlet
import pytest

from tests.faults.effects import chains_hold, effects, settle, standing
from tests.faults.house import comes
from tests.faults.ledger import balance, read
from tests.faults.writers import DEADLINE, Writers

pytestmark = pytest.mark.distributed
#: a kill does not wait until all is well after the one before: so many may overlap
OVERLAP = 4


class Killer:
    """Kills by name and brings back what it killed, each in a greenlet of its own."""

    def __init__(self, house, broker, database, random):
        self.house, self.broker, self.database, self.random = house, broker, database, random
        self.down: set[str] = set()
        self.kills: dict[str, int] = {}
        self.wrong: list[str] = []

    def kill(self, target: str) -> None:
        """As soon as it is there to be killed; returns when it is dead, and is being started again."""
        assert comes(lambda: target not in self.down, 90, 0.02), f"{target} did not come back"
        eventlet.sleep(self.random.uniform(0.0, 1.2))
        self.down.add(target)
        server = {"broker": self.broker, "database": self.database}.get(target)
        if server is None:
            self.house.processes[target].kill9()
        else:
            server.kill9()
        self.kills[target] = self.kills.get(target, 0) + 1
        eventlet.spawn(self._back, target, server)

    def _back(self, target, server):
        try:
            (server or self.house.processes[target]).start()
            if server is None and self.random.random() < 0.75:
                # else it may be killed while it starts
                comes(self.house.processes[target].ready, 8, 0.05)
        except Exception as error:
            self.wrong.append(f"{target} does not start: {error}")
        finally:
            self.down.discard(target)

    def look(self) -> int:
        """The standing invariants, unless the database is down just now; how often they could be looked at."""
        try:
            standing(self.house)
            return 1
        except AssertionError as error:
            self.wrong.append(str(error))
            raise
        except Exception:
            return 0


def test_nothing_is_lost_doubled_stuck_disordered_or_invented_by_kills_at_random_moments(
        house, broker_up, database_up, journal, random, scale, say):
    """Relay and reader, broker and database are killed with -9 while pledges are published through the real call.

    [T1] [T7] [T9] [T32]
    """
    kills = {"pledge": scale.of(4, 200), "notice": scale.of(4, 200), "broker": scale.of(2, 100), "database": scale.of(2, 100)}
    count = scale.of(1000, 50_000)
    if scale.name == "quick":
        # what a dead relay had in hand is sent by the next one after this, not after half a minute
        house.environment["JIANNUO_LEASE_SECONDS"] = "5"
    plan = [target for target, times in kills.items() for _ in range(times)]
    random.shuffle(plan)
    house.furnish("pledge", "notice")
    ids = house.sign(count + 50)
    house.start("pledge")
    house.start("notice")
    house.wait_ready()
    # fifty are signed and never published: they must not appear
    writers = Writers(house, journal, ids[:count], random)
    killer, looked, share = Killer(house, broker_up, database_up, random), 0, count / (len(plan) + 1)
    began = monotonic()
    for number, target in enumerate(plan, 1):
        writers.allow(int(share * number))
        assert comes(lambda n=number: writers.surprises or writers.accepted >= share * (n - OVERLAP), 120, 0.02), "nothing goes on"
        assert not writers.surprises, writers.surprises
        killer.kill(target)
        looked += killer.look()
        assert not killer.wrong, killer.wrong
    writers.allow(count)
    writers.wait()
    assert comes(lambda: not killer.down, 60)
    house.wait_ready("pledge", "notice")
    settle(house)
    seconds = monotonic() - began
    standing(house)
    chains_hold(house)
    found = effects(house)
    at = {line.position: line.at for line in found.journal}
    verdict = balance(read(journal.file), found)
    slowest = max(line.at - at[line.position] for line in found.applied)
    say(kills=killer.kills, pledges=writers.accepted, events=len(found.journal), calls=writers.calls, again=writers.again,
        looked=looked, slowest_call=round(writers.slowest, 1), under_kills=f"{seconds:.0f} s", slowest_event=f"{slowest:.0f} s",
        **verdict.counts)
    verdict.demand_clean()
    assert len(found.board) == count
    assert writers.slowest < DEADLINE + 1.0
