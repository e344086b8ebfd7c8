"""What is missing is noticed and fetched: wiped queues, parked rows, compacted positions, a producer from a backup."""
from datetime import timedelta

import eventlet
import pytest
from kombu import Connection
from sqlalchemy import delete, func, insert, select

from tests.component.wire.trial import Board, Mood, Trial, board, effects, heard, published, running, until
from wire.bus import healing, inbox, journal, metrics, outbox as sending, retry
from wire.bus.embedded.broker import broker as memory
from wire.bus.tables import history, lease, outbox, retry as retry_table, stream_head
from wire.bus.unit import transaction
from wire.contracts.envelope import BUNDLE_TYPE


def wipe_queue(house):
    """All that waits for the board is gone, as after a broker's disk was deleted."""
    with Connection(house.settings.broker_uri) as connection:
        connection.channel().queue_purge("trialboard.trial")


def seen(house):
    mark = house.mark()
    return mark.position if mark else 0


def test_what_a_wiped_queue_held_is_fetched_from_the_journal(world):
    """[T8]"""
    with running(world, Trial, Board, batch=10) as house:
        house.announce(*(published(n) for n in range(50)))
        until(lambda: house.count(board) == 50, what="the first fifty")
        house.stop("trialboard")
        house.announce(*(published(n) for n in range(50, 700)))
        until(lambda: house.unsent() == 0, what="all published")
        wipe_queue(house)
        house.announce(published(700))
        house.start(Board)
        until(lambda: house.count(board) == 701, "everything healed")
        assert house.count(effects) == 701
        until(lambda: (house.mark().position, house.mark().hole_since) == (701, None), what="no hole left")


def test_a_bundle_that_arrives_broken_is_parked_and_what_was_in_it_is_fetched(world):
    """[T18]"""
    with running(world, Trial, Board) as house:
        house.announce(published(1))
        until(lambda: house.count(board) == 1)
        house.stop("trialboard")
        house.announce(*(published(n) for n in range(2, 52)))
        until(lambda: house.unsent() == 0)
        wipe_queue(house)
        house.publish_raw(b'[{"id":"evt_2","type":', headers={"stream": "trial.pledge", "epoch": 1, "position": 2}, content_type=BUNDLE_TYPE)
        house.start(Board)
        until(lambda: house.retries()["parked"] == 1, what="the broken bundle parked")
        until(lambda: house.count(board) == 51, "its fifty events")
        assert house.count(effects) == 51
        assert house.mark().position == 51


def test_what_comes_again_with_another_content_alarms_and_is_never_applied(world):
    """An honest repeat is counted; a forged one is held against the producer's journal and shown to a person. [T31] [T15]"""
    with running(world, Trial, Board) as house:
        house.announce(*(published(n) for n in range(1, 21)))
        until(lambda: house.count(board) == 20)
        with house.bus("trial").reading() as unit:
            rows = sending.between(unit.sql, "trial.pledge", 1, 1, 20)
        alarms = metrics.altered.labels("trialboard", "trial.pledge")._value.get
        before = alarms()
        for row in rows:
            body = sending.sealed(1, row)
            if row.position in (7, 13):
                body = body.replace("张三".encode(), "赵六".encode())
            house.publish_raw(body, headers={"stream": "trial.pledge", "epoch": 1, "position": row.position}, id_=row.id)
        until(lambda: house.retries()["parked"] == 2, what="the two that read otherwise")
        assert alarms() - before == 2
        with house.bus("trialboard").reading() as unit:
            parked = retry.parked(unit.sql)
        assert {row.reason.partition(" is ")[0] for row in parked} == {
            f"Altered: {row.id} at trial.pledge/1/{row.position}" for row in rows if row.position in (7, 13)}
        with house.bus("trialboard").writing() as unit:
            assert retry.again(unit.sql, [row.id for row in parked], unit.now) == 2
        until(lambda: all("do not say where it stands" in row["reason"] for row in house.rows(retry_table)), what="both tried in vain")
        assert Mood.tries["赵六"] == 0
        assert {row["member_name"] for row in house.rows(board)} == {"张三"}
        assert house.count(effects) == 20


def test_a_lost_tail_is_noticed_by_the_head_alone(world):
    with running(world, Trial, Board) as house:
        house.announce(published(1))
        until(lambda: house.count(board) == 1)
        house.stop("trialboard")
        house.announce(published(2), published(3))
        until(lambda: house.unsent() == 0)
        wipe_queue(house)
        house.start(Board)
        until(lambda: house.count(board) == 3, "the tail nobody tells of")


def test_a_listener_to_some_streams_only_sees_no_false_holes(world):
    with running(world, Trial, Board) as house:
        asked = []
        bus = house.bus("trialboard")
        plain = bus.healing.ask
        bus.healing.ask = lambda producer, **told: asked.append(told) or plain(producer, **told)
        for n in range(20):
            house.announce(published(n), heard(n), heard(n + 100))
        until(lambda: house.count(board) == 20)
        until(lambda: seen(house) == 20)
        eventlet.sleep(2.0)
        assert seen(house) == 20
        assert {told["stream"] for told in asked} == {"trial.pledge"}
        assert not [told for told in asked if told["last"] >= told["first"]], "asked only how far the head is"


def test_a_parked_position_is_no_hole_and_a_healed_poison_parks_too(world):
    """[T16] [T18]"""
    with running(world, Trial, Board, retry_tries=1) as house:
        Mood.raises["王五"] = 100
        house.announce(published(1), published(2, name="王五"), published(3))
        until(lambda: house.retries()["parked"] == 1)
        house.stop("trialboard")
        house.announce(published(4, name="王五"), published(5))
        until(lambda: house.unsent() == 0)
        wipe_queue(house)
        house.start(Board)
        until(lambda: seen(house) == 5 and house.retries()["parked"] == 2, "healed, the second poison parked")
        tries = Mood.tries["王五"]
        eventlet.sleep(1.5)
        assert Mood.tries["王五"] == tries
        assert {r["id"] for r in house.rows(board)} == {"plg_000001", "plg_000003", "plg_000005"}
        bus = house.bus("trialboard")
        with bus.writing() as unit:
            assert retry.drop(unit.sql, [row.id for row in retry.parked(unit.sql)]) == 2
        eventlet.sleep(1.5)
        assert house.retries() == {"due": 0, "parked": 0}


def test_a_position_that_was_compacted_away_closes_too(world):
    with running(world, Trial, Board) as house:
        house.stop("trialboard")
        for version in range(1, 4):
            house.announce(*(published(n, version=version) for n in range(10)))
        until(lambda: house.unsent() == 0)
        with house.bus("trial").writing() as unit:
            assert journal.compact(unit.sql, unit.now + timedelta(days=1)) == 20
            assert journal.compact(unit.sql, unit.now + timedelta(days=1)) == 0
        wipe_queue(house)
        house.start(Board)
        until(lambda: seen(house) == 30, "thirty positions closed")
        assert [(r["id"], r["version"]) for r in house.rows(board, order=board.c.id)] == [
            (f"plg_{n:06}", 3) for n in range(10)]
        assert house.count(effects) == 10


def test_replay_rebuilds_the_projection_row_for_row(world):
    with running(world, Trial, Board) as house:
        for version in (1, 2):
            house.announce(*(published(n, version=version) for n in range(40)))
        until(lambda: seen(house) == 80)
        before = house.rows(board, order=board.c.id)
        assert house.bus("trialboard").replay("trial") == ["trial.pledge"]
        until(lambda: seen(house) == 80 and house.retries()["due"] == 0, "read again")
        assert house.rows(board, order=board.c.id) == before


def restore(house, keep):
    """Put the producer's database back to what it was after ``keep`` events, by taking the later rows out."""
    bus = house.bus("trial")
    with transaction(bus.database) as sql:
        sql.execute(delete(outbox).where(outbox.c.position > keep))
        sql.execute(delete(history).where(history.c.seq > keep))
        sql.execute(delete(lease))
        sql.execute(stream_head.update().where(stream_head.c.stream == "trial.pledge").values(position=keep))


@pytest.mark.parametrize("work_after", [0, 5, 20], ids=["idle after", "goes on", "overtakes its old head"])
def test_a_producer_from_a_backup_opens_a_new_epoch_and_what_it_lost_is_listed(world, work_after):
    """[T33] [T16]"""
    with running(world, Trial, Board, healing_seconds=30.0 if work_after > 15 else 0.5) as house:
        house.announce(*(published(n) for n in range(20)))
        house.announce(*(published(n, version=2, name="新") for n in range(5)))
        until(lambda: seen(house) == 25)
        # a backup of the time after 10 events: 10 pledges unknown, 5 newer versions forgotten
        house.stop("trialboard")
        restore(house, 10)
        house.announce(*(published(100 + n) for n in range(work_after)))
        until(lambda: house.unsent() == 0)
        house.start(Board)
        until(lambda: house.mark().epoch >= 2 and house.mark().settled, "the new epoch read")
        rows = {r["id"]: r for r in house.rows(board)}
        for n in range(10):
            row = rows[f"plg_{n:06}"]
            assert (row["epoch"], row["version"], row["member_name"], row["lost"]) == (house.mark().epoch, 1, "张三", False)
        assert {i for i, r in rows.items() if r["lost"]} == {f"plg_{n:06}" for n in range(10, 20)}
        assert all(not rows[f"plg_{100 + n:06}"]["lost"] for n in range(work_after))
        bus = house.bus("trialboard")
        with bus.reading() as unit:
            assert [keys["id"] for _, keys in healing.lost(unit.sql, bus.projections)] == [
                f"plg_{n:06}" for n in range(10, 20)]
        house.announce(published(10, version=1, name="补录"))
        until(lambda: not {r["id"]: r for r in house.rows(board)}["plg_000010"]["lost"], what="one comes back")


def test_a_new_epoch_travels_under_the_same_event_ids(world):
    with running(world, Trial, Board) as house:
        house.announce(published(1), published(2), published(1, version=2))
        until(lambda: seen(house) == 3)
        before = {(r["subject"], r["version"]): r["id"] for r in house.rows(outbox, "trial")}
        assert house.bus("trial").open_epoch() == 2
        until(lambda: house.mark().epoch == 2 and house.mark().position == 2, "the new epoch read")
        rows = house.rows(outbox, "trial", outbox.c.seq)
        assert {(r["subject"], r["version"]): r["id"] for r in rows} == before
        assert [(r["subject"], r["epoch"], r["position"]) for r in rows] == [
            ("plg_000001", 1, 1), ("plg_000002", 2, 1), ("plg_000001", 2, 2)]


def test_a_reader_from_a_backup_is_whole_again(world):
    """[T33]"""
    with running(world, Trial, Board) as house:
        house.announce(*(published(n) for n in range(30)))
        until(lambda: seen(house) == 30)
        bus = house.bus("trialboard")
        (twelfth,) = [r["id"] for r in house.rows(outbox, "trial") if r["position"] == 12]
        with transaction(bus.database) as sql:
            sql.execute(delete(board).where(board.c.id >= "plg_000012"))
            sql.execute(delete(effects).where(effects.c.n > 12))
            sql.execute(inbox.watermark.update().values(position=12, highest=12, highest_id=twelfth))
        until(lambda: house.count(board) == 30, "what the backup lacked")
        assert house.count(effects) == 30


def test_an_expired_lease_is_taken_over_and_two_relays_never_take_the_same(world):
    with running(world, Trial, Board, start=False) as house:
        house.start(Board)
        house.start(Trial)
        bus = house.bus("trial")
        house.announce(*(published(n) for n in range(10)))
        until(lambda: house.count(board) == 10 and house.count(lease, "trial") == 0)
        with transaction(bus.database) as sql:
            long_ago = bus.room.clock.now() - timedelta(minutes=5)
            sql.execute(insert(lease), [
                {"stream": "trial.pledge", "epoch": 1, "first": n, "last": n, "leased_by": "a relay that died",
                 "leased_until": long_ago, "placed_at": long_ago, "returned_at": None} for n in range(1, 11)])
        house.start(Trial, "trial2")
        bus.wake()
        until(lambda: house.count(lease, "trial") == 0, what="taken over")
        eventlet.sleep(0.5)
        assert house.count(effects) == 10
        with bus.reading() as unit:
            assert unit.sql.execute(select(func.count()).select_from(outbox)).scalar_one() == 10


def test_in_memory_nothing_outlives_the_process_and_healing_brings_it_back(tmp_path):
    """Embedded: what memory loses at a crash, healing brings back. [T1]"""
    from tests.conftest import World
    with running(World("embedded", tmp_path), Trial, Board) as house:
        house.start(Trial)
        house.stop("trialboard")
        house.announce(*(published(n) for n in range(10)))
        until(lambda: house.unsent() == 0)
        memory(house.settings.house).queues.clear()
        house.start(Board)
        until(lambda: house.count(board) == 10, "all ten")
