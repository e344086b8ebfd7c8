"""Everything arrives several times, out of order and at once, through two relays, at two readers: once in effect."""
import eventlet
import pytest
from kombu import Connection

from tests.faults.effects import STREAM, chains_hold, effects, settle, standing
from tests.faults.launcher import DOUBLING, LOSING
from tests.faults.ledger import balance, read
from tests.faults.writers import Writers
from wire.bus import outbox
from wire.contracts.envelope import CONTENT_TYPE

pytestmark = pytest.mark.distributed
EPOCH = 1


class Echo:
    """Publishes again what the journal holds, shuffled; what a relay has only just placed may even come before it does."""

    def __init__(self, house, random):
        self.house, self.random, self.published = house, random, 0
        self.stopping = False

    def run(self) -> None:
        last = 0
        while not self.stopping:
            last = self.again(last)
            eventlet.sleep(self.random.uniform(0.0, 0.1))

    def again(self, after: int = 0) -> int:
        """Everything placed behind ``after``, once or twice; returns how far that was."""
        with self.house.stores["pledge"].begin(writing=False) as sql:
            rows = outbox.between(sql, STREAM, EPOCH, after + 1, 10**9)
        often = [row for row in rows for _ in range(self.random.randint(1, 2))]
        self.random.shuffle(often)
        with Connection(self.house.settings.broker) as connection:
            channel = connection.channel()
            for row in often:
                message = channel.prepare_message(
                    outbox.sealed(EPOCH, row), content_type=CONTENT_TYPE,
                    headers={"stream": STREAM, "epoch": EPOCH, "position": row.position},
                    properties={"message_id": row.id, "delivery_mode": 2, "type": row.topic})
                channel.basic_publish(message, exchange="pledge.events", routing_key=row.topic)
        self.published += len(often)
        return max((row.position for row in rows), default=after)


def test_one_missing_and_one_doubled_in_a_real_house_are_found(house, journal, random, say):
    """The measure itself, from the databases to the verdict: a house that is broken is told from one that is not."""
    house.furnish("pledge", "notice")
    ids = [*house.sign(20), *house.sign(1, first=20, name=LOSING), *house.sign(1, first=21, name=DOUBLING)]
    house.start("pledge")
    house.start("notice")
    house.wait_ready()
    writers = Writers(house, journal, ids, random, progress=0.0)
    writers.allow(len(ids))
    writers.wait()
    settle(house)
    with pytest.raises(AssertionError, match="applied twice"):
        standing(house)
    verdict = balance(read(journal.file), effects(house))
    say(**verdict.counts)
    lost = [line for line in verdict.lost if ids[20] in line]
    # not applied, not on the board, without a notice; and the other one applied twice
    assert len(lost) == 2 and len(verdict.lost) == 3 and len(verdict.doubled) == 1
    assert not (verdict.stuck or verdict.disordered or verdict.invented)


def test_every_message_several_times_out_of_order_through_two_relays_at_two_readers_counts_once(
        house, journal, random, scale, say):
    """Two to five times each, concurrently; and all of them once more at the end, long after they were applied.

    [T15] [T16] [T17] [T30]
    """
    count = scale.of(600, 25_000)
    house.furnish("pledge", "notice")
    ids = house.sign(count)
    for name, service in (("pledge", "pledge"), ("pledge2", "pledge"), ("notice", "notice"), ("notice2", "notice")):
        house.start(name, service)
    house.wait_ready()
    echoes = [Echo(house, random) for _ in range(2)]
    writers = Writers(house, journal, ids, random, unit=60, progress=0.5)
    greenlets = [eventlet.spawn(echo.run) for echo in echoes]
    writers.allow(count)
    writers.wait(300)
    standing(house)
    for echo, greenlet in zip(echoes, greenlets, strict=True):
        echo.stopping = True
        greenlet.wait()
    settle(house)
    before = effects(house)
    echoes[0].again()
    eventlet.sleep(1.0)
    settle(house)
    standing(house)
    chains_hold(house)
    found = effects(house)
    verdict = balance(read(journal.file), found)
    told = sum(echo.published for echo in echoes)
    say(events=len(found.journal), repeats=told, **verdict.counts)
    assert told >= 2 * len(found.journal)
    assert (found.applied, found.board, sorted(found.announced)) == (before.applied, before.board, sorted(before.announced))
    verdict.demand_clean()
