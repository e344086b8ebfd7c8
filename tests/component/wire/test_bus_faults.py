"""The bus over a RabbitMQ that is stopped, killed, wiped or not there yet, and a PostgreSQL that goes away."""
import time

import eventlet
import pytest

from tests.component.wire.trial import Board, Mood, Trial, board, effects, published, running, until
from tests.conftest import World
from tests.servers import crowding
from wire.bus.consumer import Consumer
from wire.bus.line import Line, LineDown
from wire.bus.publisher import Publisher
from wire.bus.settings import Settings

pytestmark = pytest.mark.distributed


@pytest.fixture
def distributed(request, tmp_path, broker, database):
    name = f"faults{abs(hash(str(tmp_path))) % 10**8}"
    yield World("distributed", tmp_path, broker.vhost(name), database.database(name))
    broker.resume()
    database.resume()


def all_sent(house):
    return house.unsent() == 0


def test_a_publish_in_a_black_hole_is_bounded_and_commits_stay_quick(distributed, broker):
    """A stopped broker takes the bytes and says nothing: the relay is back in time, use cases never notice. [T11]"""
    with running(distributed, Trial, Board, confirm_seconds=3.0) as house:
        house.announce(published(1))
        until(lambda: house.count(board) == 1)
        relay = house.bus("trial").relay
        broker.pause()
        took, paused = [], time.monotonic()
        for n in range(2, 42):
            began = time.monotonic()
            house.announce(published(n))
            took.append(time.monotonic() - began)
            eventlet.sleep(0.1)
        # whoever waited along with the relay would take what it takes to give up
        assert max(took) < 3.0, took
        until(lambda: relay.turned_at > paused + 3.0, "the relay's loop turning although the broker still says nothing")
        broker.resume()
        until(lambda: house.count(board) == 41, "everything after the black hole")
        assert house.count(effects) == 41


def test_a_reader_in_a_black_hole_comes_back_by_itself(distributed, broker):
    """[T11]"""
    with running(distributed, Trial, Board, watchdog_seconds=5.0, heartbeat=8, confirm_seconds=1.0) as house:
        consumer = house.bus("trialboard").consumers[0]
        until(lambda: consumer.connected)
        broker.pause()
        until(lambda: not consumer.connected, "the reader noticing")
        house.announce(published(1))
        broker.resume()
        until(lambda: house.count(board) == 1, "the event after the black hole")


def test_a_loop_that_hangs_in_its_socket_has_it_shut(distributed):
    """The watchdog, for what no timeout covers. [T11]"""
    with running(distributed, Trial, Board, watchdog_seconds=1.5, heartbeat=2) as house:
        consumer: Consumer = house.bus("trialboard").consumers[0]
        until(lambda: consumer.connected)
        shut, plain = [], consumer.line.shut
        consumer.line.shut = lambda: (shut.append(time.monotonic() - consumer.turned_at), plain())
        consumer.line.drain = lambda seconds: eventlet.sleep(3600)
        until(lambda: shut, "the socket shut")
        del consumer.line.drain
        assert shut[0] > 1.5, "not before its time"


def test_a_service_starts_without_the_broker_and_delivers_when_it_comes(distributed, broker):
    broker.stop()
    try:
        with running(distributed, Trial, Board, confirm_seconds=1.0) as house:
            house.announce(published(1), published(2))
            eventlet.sleep(1.0)
            assert house.unsent() == 2
            assert not house.bus("trialboard").consumers[0].connected
            broker.start()
            until(lambda: house.count(board) == 2, "both after the broker came")
    finally:
        if broker.process is None:
            broker.start()


@pytest.mark.parametrize("how", ["kill9", "wipe"])
def test_a_broker_killed_or_wiped_half_way_loses_nothing_and_doubles_nothing(distributed, broker, how):
    """[T7] [T8]"""
    with running(distributed, Trial, Board, confirm_seconds=2.0) as house:
        done = []

        def write():
            for first in range(0, 1500, 50):
                house.announce(*(published(n) for n in range(first, first + 50)))
                eventlet.sleep(0.03)
            done.append(True)

        eventlet.spawn(write)
        until(lambda: house.count(board) > 200)
        broker.wipe() if how == "wipe" else broker.kill9()
        broker.start()
        if how == "wipe":
            broker.vhost(distributed.broker.rpartition("/")[2])
        until(lambda: done and house.count(board) == 1500, "all 1,500")
        assert house.count(effects) == 1500
        until(lambda: all_sent(house) and house.mark().position == 1500)


def test_nothing_is_acknowledged_while_the_database_is_away(distributed, database):
    """[T9] [T12]"""
    with running(distributed, Trial, Board) as house:
        house.announce(*(published(n) for n in range(20)))
        until(lambda: house.count(board) == 20)
        database.kill9()
        eventlet.sleep(1.0)
        database.start()
        until(lambda: _quietly(lambda: house.bus("trial").database.answers()))
        house.announce(*(published(n) for n in range(20, 60)))
        until(lambda: _quietly(lambda: house.count(board)) == 60, "all after the restart")
        assert house.count(effects) == 60
        assert house.retries() == {"due": 0, "parked": 0}


def _quietly(ask):
    try:
        return ask()
    except Exception:
        return None


def test_a_reader_killed_with_a_batch_open_applies_it_once_when_it_comes_back(distributed):
    """Redelivered messages are noted one by one first: one of them may be what killed it. [T1] [T18]"""
    with running(distributed, Trial, Board) as house:
        Mood.hold = lambda: eventlet.sleep(3600)
        house.announce(*(published(n) for n in range(30)))
        until(lambda: Mood.tries["张三"] > 0, what="the batch open")
        house.kill("trialboard")
        Mood.hold = None
        house.start(Board)
        until(lambda: house.count(board) == 30, "the batch, once")
        assert house.count(effects) == 30
        until(lambda: house.retries() == {"due": 0, "parked": 0})


def test_an_event_that_ends_the_process_each_time_is_parked_and_the_rest_goes_on(distributed):
    """[T18]"""
    with running(distributed, Trial, Board, retry_tries=2) as house:
        def deadly():
            if Mood.tries["王五"] > before[0]:
                before[0] = Mood.tries["王五"]
                eventlet.sleep(3600)

        before, killed = [0], 0
        Mood.hold = deadly
        house.announce(published(1), published(2, name="王五"), published(3))
        for _ in range(6):
            until(lambda killed=killed: before[0] > killed or house.retries()["parked"], "the deadly one tried, or parked")
            if house.retries()["parked"]:
                break
            killed = before[0]
            eventlet.sleep(0.7)
            house.kill("trialboard")
            house.start(Board)
        until(lambda: house.retries()["parked"] == 1, "the deadly one parked")
        until(lambda: {r["id"] for r in house.rows(board)} == {"plg_000001", "plg_000003"}, "the rest")


def test_a_return_is_matched_by_its_message_id_although_it_is_acknowledged_too(distributed):
    """[T20]"""
    settings = Settings(data=distributed.data, broker=distributed.broker, database=distributed.database)
    publisher = Publisher(settings, "nobody")
    publisher.connect()

    class Row:
        def __init__(self, position):
            from datetime import UTC, datetime
            self.position, self.id, self.topic, self.subject = position, f"evt_{position}", "nobody.thing.done.v1", "s"
            self.at, self.correlation, self.traceparent, self.data = datetime.now(UTC), "", "", "{}"

    from wire.bus.outbox import Stretch
    rows = [Row(n) for n in range(1, 301)]
    returned, refused = publisher.publish([Stretch(1, "nobody.thing", 1, rows[0].at, None, rows)])
    assert (returned, refused) == ({row.id for row in rows}, set())
    publisher.line.channel.queue_declare(queue="somebody", durable=False, auto_delete=True)
    publisher.line.channel.queue_bind(queue="somebody", exchange="nobody.events", routing_key="nobody.thing.#")
    assert publisher.publish([Stretch(1, "nobody.thing", 1, rows[0].at, None, rows)]) == (set(), set())
    publisher.line.close()


def test_a_line_that_does_not_open_says_so_in_time(distributed, broker):
    broker.pause()
    line = Line(Settings(data=distributed.data, broker=distributed.broker, database=distributed.database, confirm_seconds=1.0), 5)
    began = time.monotonic()
    with pytest.raises(LineDown):
        line.open()
    assert time.monotonic() - began < 3 * crowding()
    broker.resume()
