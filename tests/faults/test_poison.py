"""Events that cannot be handled, among others that can: the others are not held up, and nothing healthy is set aside."""
import eventlet
import pytest
from kombu import Connection
from sqlalchemy import func, select

from services.notice.storage import board_pledge
from tests.component.wire.trial import Board, Trial, running
from tests.conftest import World
from tests.faults.applied import applied
from tests.faults.effects import STREAM
from tests.faults.house import SECRETARY, comes
from wire.bus import retry as retries
from wire.bus.inbox import Arrival
from wire.bus.tables import outbox, retry
from wire.bus.unit import transaction
from wire.contracts.pledge import PublishPledges

pytestmark = pytest.mark.distributed
DEADLY, RAISING = "演崩溃", "演出错"
#: between two units: the reader has work, and is not at its limit
PAUSE = 0.15
QUICKLY = {"JIANNUO_RETRY_TRIES": "3", "JIANNUO_RETRY_FIRST_SECONDS": "0.5", "JIANNUO_HEALING_SECONDS": "5"}


def _publish(house, ids):
    for first in range(0, len(ids), 200):
        house.caller.call(SECRETARY, PublishPledges(pledge_ids=tuple(ids[first:first + 200])), deadline=20)


def _on_the_board(house, ids) -> bool:
    with house.stores["notice"].begin(writing=False) as sql:
        return sql.scalar(select(func.count()).select_from(board_pledge).where(board_pledge.c.pledge_id.in_(ids))) == len(ids)


def _retries(house) -> dict[str, list[int]]:
    """Positions that wait for their next try, and those that wait for a person."""
    found: dict[str, list[int]] = {"due": [], "parked": []}
    with house.stores["notice"].begin(writing=False) as sql:
        for row in sql.execute(select(retry).order_by(retry.c.position)):
            found[row.state].append(row.position)
    return found


def _given_up(house) -> int:
    with house.stores["pledge"].begin(writing=False) as sql:
        return sql.scalar(select(func.count()).select_from(outbox).where(outbox.c.stream == STREAM, outbox.c.unrouted))


def _positions(house, ids) -> list[int]:
    with house.stores["pledge"].begin(writing=False) as sql:
        return sorted(sql.execute(select(outbox.c.position).where(outbox.c.stream == STREAM, outbox.c.subject.in_(ids))).scalars())


@pytest.mark.parametrize("road", ["queue", "journal"])
def test_an_event_that_ends_the_process_is_parked_alone_and_its_neighbours_arrive(house, say, road):
    """Every time it is opened the reader dies as with kill -9, whether the broker brought it or healing fetched it; only
    that one is set aside for a person. [T18] [T1]"""
    house.environment |= QUICKLY | {"JIANNUO_FAULTS_DEADLY": DEADLY}
    house.furnish("pledge", "notice")
    # announced in the order of their ids: the deadly one has neighbours on both sides
    healthy, deadly = house.sign(60), house.sign(1, first=60, name=DEADLY)
    healthy += house.sign(100, first=61)
    house.start("pledge")
    house.wait_ready("pledge")
    if road == "queue":
        house.start("notice")
        house.wait_ready()
    _publish(house, sorted([*healthy, *deadly]))
    if road == "journal":
        # nobody had ever listened: it all went to no queue, and is given up
        assert comes(lambda: _given_up(house) == len(healthy) + 1, 90)
        house.start("notice")
    deaths, reader = 0, house.processes["notice"]

    def parked_alone():
        nonlocal deaths
        if not reader.running:
            deaths += 1
            reader.start()
        return _retries(house) == {"due": [], "parked": _positions(house, deadly)} and _on_the_board(house, healthy)

    assert comes(parked_alone, 90), f"{_retries(house)} after {deaths} deaths; the deadly one is {_positions(house, deadly)}"
    say(healthy=len(healthy), deaths=deaths)
    assert 2 <= deaths <= 6


def test_the_neighbours_of_a_deadly_event_do_not_use_up_their_tries_with_it(tmp_path, monkeypatch):
    """All are due together; the first one tried ends the process each time. [T18]"""
    class Killed(BaseException):
        """As abrupt as a test can be within one process."""

    with running(World("embedded", tmp_path), Trial, Board, retry_tries=3, retry_first_seconds=0.01) as house:
        bus = house.bus("trialboard")
        house.stop("trialboard")
        tried = []

        def attempt(row):
            tried.append(row.position)
            if row.position == 1:
                raise Killed
            with transaction(bus.database) as sql:
                retries.done(sql, row.id)

        monkeypatch.setattr(bus.doors, "attempt", attempt)
        with transaction(bus.database) as sql:
            for position in range(1, 9):
                retries.note(sql, "trial", Arrival("trial.pledge", 1, position, f"evt_{position}", "trial.pledge.published.v1", b"{}"),
                             "delivered again", bus.room.clock.now(), bus.settings)
        for _ in range(8):
            eventlet.sleep(0.1)
            try:
                bus.doors.turn_retries()
            except Killed:
                continue
        with bus.reading() as unit:
            left = [(row.position, row.state) for row in unit.sql.execute(select(retry))]
        assert left == [(1, "parked")] and set(tried) == set(range(1, 9))


def test_events_that_fail_or_cannot_be_read_hold_up_no_other_by_a_second(house, random, scale, say):
    """A raising one in every unit, and bodies that are no events between them; each is set aside, the others pass. [T18]"""
    count = scale.of(40, 500)
    house.environment |= QUICKLY | {"JIANNUO_FAULTS_RAISING": RAISING}
    house.furnish("pledge", "notice")
    healthy = house.sign(10 * count)
    raising = house.sign(count, first=20_000, name=RAISING)
    house.start("pledge")
    house.start("notice")
    house.wait_ready()
    calm, troubled = healthy[:5 * count], healthy[5 * count:]
    for number in range(count):
        _publish(house, calm[5 * number:5 * number + 5])
        eventlet.sleep(PAUSE)
    with Connection(house.settings.broker) as connection:
        channel = connection.channel()
        for number in range(count):
            _publish(house, [*troubled[5 * number:5 * number + 5], raising[number]])
            body = random.randbytes(200) if number % 2 else b'{"type":"pledge.pledge.published.v9"}' + b" " * number
            channel.basic_publish(channel.prepare_message(body, properties={"delivery_mode": 2}), exchange="pledge.events",
                                  routing_key="pledge.pledge.published.v1")
            eventlet.sleep(PAUSE)
    assert comes(lambda: _on_the_board(house, healthy), 90)
    before, during = _delays(house, calm), _delays(house, troubled)
    parked = [*_positions(house, raising), *[0] * count]
    assert comes(lambda: _retries(house) == {"due": [], "parked": sorted(parked)}, 60), _retries(house)
    say(poison=2 * count, healthy=len(healthy), slower_half=f"{before:.2f} s calm, {during:.2f} s troubled")
    assert during - before < 1.0


def _delays(house, ids) -> float:
    """From announced to applied, half of them quicker: a busy machine may be to blame for some (seconds)."""
    with house.stores["pledge"].begin(writing=False) as sql:
        told = {r.subject: r.at for r in sql.execute(select(outbox.c.subject, outbox.c.at).where(outbox.c.subject.in_(ids)))}
    with house.stores["notice"].begin(writing=False) as sql:
        took = sorted((r.at - told[r.subject]).total_seconds() for r in sql.execute(select(applied)) if r.subject in told)
    return took[len(took) // 2]
