"""Events from the outbox to the projection, embedded and on RabbitMQ + PostgreSQL: once in effect, whatever comes."""
import eventlet
import pytest
from sqlalchemy import select

from tests.component.wire.trial import Board, Mood, Trial, TrialSettled, board, effects, heard, published, running, until
from wire.bus import metrics, outbox, retry
from wire.bus.tables import history, lease, outbox as outbox_table, retry as retry_table
from wire.contracts.envelope import text_of


def test_what_a_unit_announces_is_applied_once_in_its_order(world):
    with running(world, Trial, Board) as house:
        for first in range(0, 600, 200):
            house.announce(*(published(n) for n in range(first, first + 200)))
        until(lambda: house.count(board) == 600, what="600 rows on the board")
        assert house.count(effects) == 600
        mark = house.mark()
        assert (mark.epoch, mark.position, mark.highest, mark.hole_since) == (1, 600, 600, None)
        until(lambda: house.count(lease, "trial") == 0 and house.unsent() == 0, what="every event marked sent")
        placed = house.rows(outbox_table, "trial", outbox_table.c.seq)
        assert [row["position"] for row in placed] == list(range(1, 601))
        assert house.count(history, "trial") == 600


@pytest.mark.parametrize("world", ["embedded"], indirect=True)
def test_a_unit_that_raises_announces_nothing(world):
    with running(world, Trial, Board) as house:
        with pytest.raises(ZeroDivisionError), house.bus("trial").writing() as unit:
            unit.announce(published(1))
            1 / 0  # noqa: B018
        house.announce(published(2))
        until(lambda: house.count(board) == 1, what="the second pledge")
        assert [row["id"] for row in house.rows(board)] == ["plg_000002"]


def test_a_handler_that_raises_delays_nobody_and_its_event_comes_after(world):
    """Acknowledged and lost in stock nameko; here it is a row, tried again. [T18]"""
    with running(world, Trial, Board) as house:
        Mood.raises["王五"] = 1000
        house.announce(published(1), published(2, name="王五"), *(published(n) for n in range(3, 50)))
        until(lambda: house.count(board) == 48, "the others")
        assert house.retries() == {"due": 1, "parked": 0}
        Mood.raises["王五"] = 0
        until(lambda: house.count(board) == 49, what="the failed one, tried again")
        assert house.retries() == {"due": 0, "parked": 0}
        assert house.count(effects) == 49


def test_poison_is_parked_after_its_tries_and_comes_back_from_the_console(world):
    """A parked position counts as seen: nobody fetches the poison again. [T18]"""
    with running(world, Trial, Board, retry_tries=2) as house:
        Mood.raises["王五"] = 5
        house.announce(published(1, name="王五"), published(2))
        until(lambda: house.retries()["parked"] == 1, what="the poison parked")
        tried = Mood.tries["王五"]
        eventlet.sleep(1.5)
        assert Mood.tries["王五"] == tried
        assert house.mark().position == 2
        bus = house.bus("trialboard")
        with bus.reading() as unit:
            (row,) = retry.parked(unit.sql)
        assert "no room on the board" in row.reason
        Mood.raises["王五"] = 0
        with bus.writing() as unit:
            assert retry.again(unit.sql, [row.id], unit.now) == 1
        until(lambda: house.count(board) == 2, what="the parked one applied")
        assert house.retries() == {"due": 0, "parked": 0}


UNREADABLE = {
    "not JSON": b"\xff\xfe{", "NaN": b'{"data":{"weight":NaN}}', "too large a number": b'{"data":{"weight":1e999}}',
    "a lone surrogate": b'{"id":"e","type":"trial.pledge.published.v1","epoch":1,"position":1,"data":{"pledge_id":"\\ud800"}}',
    "an unknown version": b'{"id":"e","type":"trial.pledge.published.v9","epoch":1,"position":1,"data":{}}',
    "null": b"null", "deep": b"[" * 100_000}


@pytest.mark.parametrize("world", ["embedded"], indirect=True)
@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE)
def test_a_body_that_cannot_be_read_is_parked_at_once_and_delays_nobody(world, body):
    """[T18] [T23]"""
    with running(world, Trial, Board) as house:
        until(lambda: house.bus("trialboard").consumers[0].connected, what="the reader")
        topic = "trial.pledge.published.v9" if b"v9" in body else "trial.pledge.published.v1"
        house.publish_raw(body, headers={"stream": "trial.pledge", "epoch": 1, "position": 1}, topic=topic)
        until(lambda: house.retries()["parked"] == 1, "the unreadable one parked")
        assert house.mark().position == 1
        (row,) = house.rows(retry_table)
        assert (bytes(row["body"]), row["position"]) == (body, 1)


def test_a_message_without_a_place_is_parked_and_closes_nothing(world):
    with running(world, Trial, Board) as house:
        until(lambda: house.bus("trialboard").consumers[0].connected, what="the reader")
        house.publish_raw(text_of({"id": "e"}).encode(), headers={"stream": "trial.pledge", "position": "seven"})
        until(lambda: house.retries()["parked"] == 1, "the message parked")
        house.announce(published(1))
        until(lambda: house.count(board) == 1, what="the next one")
        assert house.mark().position == 1


def test_an_event_no_door_takes_is_recorded_and_leaves_no_hole(world):
    with running(world, Trial, Board) as house:
        house.announce(published(1), published(1, version=2, cls=TrialSettled), published(2), heard(1))
        until(lambda: house.count(board) == 2, what="both pledges")
        assert house.mark().position == 3
        assert house.mark("trial.rumour") is None


def test_a_duplicate_has_no_effect(world):
    """Delivered again by the broker, by another relay or by the journal: once. [T15]"""
    with running(world, Trial, Board) as house:
        house.announce(*(published(n) for n in range(20)))
        until(lambda: house.count(board) == 20, what="the first time")
        bus, before = house.bus("trial"), metrics.duplicates.labels("trialboard", "trial.pledge")._value.get()
        with bus.reading() as unit:
            rows = outbox.between(unit.sql, "trial.pledge", 1, 1, 20)
        for row in [*rows, *reversed(rows)]:
            house.publish_raw(outbox.sealed(1, row), id_=row.id, topic=row.topic, headers={
                "stream": "trial.pledge", "epoch": 1, "position": row.position})
        until(lambda: metrics.duplicates.labels("trialboard", "trial.pledge")._value.get() - before == 40, what="40 duplicates")
        assert house.count(effects) == 20


@pytest.mark.parametrize("world", ["embedded"], indirect=True)
def test_an_older_version_never_overwrites_a_newer_one(world):
    with running(world, Trial, Board) as house:
        house.announce(published(1, version=3, name="新"))
        until(lambda: house.count(board) == 1)
        house.announce(published(1, version=2, name="旧"))
        until(lambda: house.mark().position == 2)
        assert [(row["member_name"], row["version"]) for row in house.rows(board)] == [("新", 3)]


def test_what_nobody_is_bound_for_is_unrouted_after_the_grace_time_and_a_late_listener_fetches_it(world):
    """Returned by the broker, never lost: the journal keeps it. [T20]"""
    with running(world, Trial, Board, start=False) as house:
        house.start(Trial)
        house.announce(*(published(n) for n in range(30)))
        until(lambda: all(r["unrouted"] for r in house.rows(outbox_table, "trial")) and house.count(lease, "trial") == 0,
              "30 events unrouted")
        assert house.unsent() == 0
        house.start(Board)
        until(lambda: house.count(board) == 30, "the late listener's board")
        assert house.count(effects) == 30


def test_the_relay_marks_nothing_sent_that_was_returned_within_the_grace_time(world):
    """A returned message is acknowledged by the broker as well. [T20]"""
    with running(world, Trial, Board, start=False, return_grace_seconds=60.0) as house:
        house.start(Trial)
        house.announce(published(1), published(2))
        until(lambda: any(r["returned_at"] for r in house.rows(lease, "trial")), what="the return noted")
        with house.bus("trial").reading() as unit:
            assert not unit.sql.execute(select(outbox_table.c.id).where(outbox_table.c.unrouted.is_(True))).all()


def test_two_relays_and_two_readers_double_nothing_and_leave_no_gap(world):
    """[T30] [T15]"""
    with running(world, Trial, Board, start=False) as house:
        for cls, name in ((Trial, "trial"), (Trial, "trial2"), (Board, "trialboard"), (Board, "trialboard2")):
            house.start(cls, name)
        pile = eventlet.GreenPile()
        for writer in range(4):
            for part in range(5):
                facts = [published(writer * 1000 + part * 50 + k) for k in range(50)]
                pile.spawn(house.announce, *facts, name=("trial", "trial2")[writer % 2])
        list(pile)
        until(lambda: house.count(board) == 1000, "1,000 rows")
        assert house.count(effects) == 1000
        until(lambda: house.mark().position == 1000, what="no hole")
        placed = sorted(row["position"] for row in house.rows(outbox_table, "trial"))
        assert placed == list(range(1, 1001))


@pytest.mark.parametrize("world", ["embedded"], indirect=True)
def test_in_one_process_a_backlog_leaves_everybody_else_a_turn_between_two_batches(world):
    """A county's roster moves in as a hundred thousand events: whoever opens a page meanwhile must not wait for the last. [T35]"""
    with running(world, Trial, Board, batch=100, relay_batch=100) as house:
        applied, sent = (metrics.consumed.labels("trialboard", "trial.pledge"), metrics.published.labels("trial", "trial.pledge"))
        leaps, over = {"applied": 0.0, "sent": 0.0}, []

        def somebody_else():
            was = {"applied": applied._value.get(), "sent": sent._value.get()}
            while not over:
                eventlet.sleep(0)
                now = {"applied": applied._value.get(), "sent": sent._value.get()}
                for what in leaps:
                    leaps[what] = max(leaps[what], now[what] - was[what])
                was = now

        other = eventlet.spawn(somebody_else)
        house.announce(*(published(n) for n in range(3000)))
        until(lambda: house.count(board) == 3000, "all of them on the board")
        over.append(True)
        other.wait()
        # a batch of the reader ends with a whole message, a bundle of up to a hundred events
        assert 0 < leaps["applied"] <= 200 and 0 < leaps["sent"] <= 100, leaps
