"""The connection to the database is cut while a COMMIT is on its way: nobody can know whether it counted."""
import eventlet
import pytest

from tests.faults.effects import chains_hold, effects, settle, standing
from tests.faults.house import comes
from tests.faults.ledger import balance, read
from tests.faults.proxy import Proxy
from tests.faults.writers import Writers

pytestmark = pytest.mark.distributed


@pytest.fixture
def wires(house, database_up):
    """A wire of its own for each service."""
    made = {name: Proxy(database_up.port) for name in ("pledge", "notice")}
    yield made
    for wire in made.values():
        wire.close()


def test_a_connection_cut_during_commit_loses_and_doubles_nothing(house, wires, database_up, journal, random, scale, say):
    """Before it arrives or before its answer returns, for calls, relay and reader: the key and the inbox know. [T6]"""
    cuts = scale.of(20, 200)
    house.environment |= {"JIANNUO_LEASE_SECONDS": "5"}
    house.furnish("pledge", "notice")
    ids = house.sign(100 + 40 * cuts)
    for name, wire in wires.items():
        house.start(name, JIANNUO_DATABASE=house.settings.database.replace(f":{database_up.port}/", f":{wire.port}/"))
    house.wait_ready()
    writers = Writers(house, journal, ids, random, unit=10, progress=0.5)
    for number in range(cuts):
        wire = wires["pledge" if number % 3 else "notice"]
        wire.arm(random.choice(("before", "after")))
        allowed = writers.accepted
        while wire.armed:
            allowed += 10
            writers.allow(allowed)
            eventlet.sleep(random.uniform(0.0, 0.06))
            assert not writers.surprises, writers.surprises
    writers.wait()
    settle(house)
    standing(house)
    chains_hold(house)
    verdict = balance(read(journal.file), effects(house))
    say(cuts={name: wire.cuts for name, wire in wires.items()}, pledges=writers.accepted, again=writers.again, **verdict.counts)
    assert comes(lambda: all(p.running for p in house.processes.values()), 30)
    verdict.demand_clean()
