"""Positions without a gap, leases that nobody takes twice, epochs and compaction of the journal."""
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings, strategies as st
from sqlalchemy import create_engine, func, select

from wire.bus import journal, outbox, retry, tables
from wire.bus.inbox import Arrival
from wire.bus.sets import add
from wire.bus.settings import Settings
from wire.contracts.journal import journal_of

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
ENGINE = create_engine("sqlite://")
tables.metadata.create_all(ENGINE)
ASK = journal_of("pledge").request


@pytest.fixture
def sql():
    with ENGINE.connect() as connection:
        yield connection


def announce(sql, *what, at=NOW):
    """(stream, subject, version) each."""
    numbers = add(sql, tables.history, [
        {"aggregate": stream, "aggregate_id": subject, "version": version, "what": f"{stream}.published.v1", "state": "{}", "at": at,
         "person_id": "", "person_name": "", "on_behalf_of": "", "correlation": ""} for stream, subject, version in what],
        numbered="seq")
    add(sql, tables.outbox, [
        {"seq": seq, "id": f"evt_{stream}_{subject}_{version}", "stream": stream, "topic": f"{stream}.published.v1",
         "subject": subject, "version": version, "at": at, "correlation": "", "traceparent": ""}
        for seq, (stream, subject, version) in zip(numbers, what, strict=True)])


def placed(sql, stream):
    rows = sql.execute(select(tables.outbox).where(tables.outbox.c.stream == stream).order_by(tables.outbox.c.seq)).all()
    return [row.position for row in rows]


@settings(max_examples=80)
@given(st.lists(st.lists(st.sampled_from(["trial.a", "trial.b", "trial.c"]), max_size=12), max_size=8), st.integers(1, 5),
       st.data())
def test_positions_are_gapless_per_stream_however_units_and_relays_take_turns(units, most, data):
    """[T30]"""
    with ENGINE.connect() as sql:
        count = 0
        for unit in units:
            for stream in unit:
                count += 1
                announce(sql, (stream, f"s{count}", 1))
            for _ in range(data.draw(st.integers(0, 3))):
                outbox.place(sql, data.draw(st.sampled_from(["one", "two"])), NOW, 30, most)
        while outbox.place(sql, "one", NOW, 30, most):
            pass
        for stream in ("trial.a", "trial.b", "trial.c"):
            found = placed(sql, stream)
            assert found == list(range(1, len(found) + 1)), "in the order announced, without a gap"
        leases = sql.execute(select(tables.lease)).all()
        covered = sorted((x.stream, p) for x in leases for p in range(x.first, x.last + 1))
        assert covered == sorted((row.stream, row.position) for row in sql.execute(select(tables.outbox)))


def test_a_lease_is_taken_over_when_it_expired_and_not_before(sql):
    announce(sql, ("trial.a", "s1", 1), ("trial.a", "s2", 1))
    outbox.place(sql, "one", NOW, 30, 10)
    assert outbox.take_over(sql, "two", NOW + timedelta(seconds=29), 30) == []
    (stretch,) = outbox.take_over(sql, "two", NOW + timedelta(seconds=30), 30)
    assert [row.position for row in stretch.rows] == [1, 2]
    outbox.settle(sql, "one", [stretch.lease])
    assert sql.execute(select(func.count()).select_from(tables.lease)).scalar_one() == 1, "the first relay may not settle it now"
    outbox.settle(sql, "two", [stretch.lease])
    assert outbox.unsent(sql, NOW) == (0, 0.0)


def test_a_lease_of_a_clock_that_ran_ahead_is_no_lease(sql):
    """[T29]"""
    announce(sql, ("trial.a", "s1", 1))
    outbox.place(sql, "one", NOW + timedelta(days=1), 30, 10)
    assert len(outbox.take_over(sql, "two", NOW, 30)) == 1


def test_what_was_returned_is_tried_again_and_the_rest_counts_as_sent(sql):
    """[T20]"""
    announce(sql, *(("trial.a", f"s{n}", 1) for n in range(6)))
    (stretch,) = outbox.place(sql, "one", NOW, 30, 10)
    outbox.put_back(sql, "one", stretch, [2, 3, 5], NOW + timedelta(seconds=5), NOW)
    assert [(x.first, x.last) for x in sql.execute(select(tables.lease))] == [(2, 3), (5, 5)]
    again = outbox.take_over(sql, "one", NOW + timedelta(seconds=5), 30)
    assert [[row.position for row in s.rows] for s in again] == [[2, 3], [5]]
    assert {s.returned_at for s in again} == {NOW}


def test_the_journal_tells_page_by_page_what_exists(sql):
    announce(sql, *(("pledge.pledge", f"s{n % 100}", n // 100 + 1) for n in range(450)))
    while outbox.place(sql, "one", NOW, 30, 200):
        pass
    sql.execute(tables.lease.delete())
    assert journal.compact(sql, NOW + timedelta(days=1)) == 350
    page = journal.page(sql, ASK(stream="pledge.pledge", epoch=1, first=1, last=450))
    assert (page.head, page.first, page.last) == (450, 1, 450)
    assert [e.position for e in page.entries] == list(range(351, 451))
    beyond = journal.page(sql, ASK(stream="pledge.pledge", epoch=1, first=451, last=900))
    assert (beyond.last, beyond.entries) == (0, ())


def test_a_page_is_cut_before_it_is_too_large_and_says_how_far_it_reaches(sql):
    announce(sql, *(("pledge.pledge", f"s{n}", 1) for n in range(500)))
    while outbox.place(sql, "one", NOW, 30, 200):
        pass
    first, got = 1, []
    while first <= 500:
        page = journal.page(sql, ASK(stream="pledge.pledge", epoch=1, first=first, last=500))
        assert len(page.entries) <= journal.MOST
        got += [e.position for e in page.entries]
        first = page.last + 1
    assert got == list(range(1, 501))


def test_compaction_keeps_the_newest_version_of_each_and_all_that_travels(sql):
    announce(sql, ("trial.a", "s1", 1), ("trial.a", "s1", 2), ("trial.a", "s2", 1))
    outbox.place(sql, "one", NOW, 30, 10)
    announce(sql, ("trial.a", "s1", 3))
    assert journal.compact(sql, NOW + timedelta(days=1)) == 0, "all three are under way"
    sql.execute(tables.lease.delete())
    assert journal.compact(sql, NOW) == 0, "too young"
    assert journal.compact(sql, NOW + timedelta(days=1)) == 2
    assert sorted((r.subject, r.version) for r in sql.execute(select(tables.outbox))) == [("s1", 3), ("s2", 1)]


@pytest.mark.parametrize(("epoch", "seen", "seen_id", "proof"), [
    (0, 0, "", False), (1, 3, "evt_pledge.pledge_s3_1", False), (1, 4, "", True), (2, 1, "", True),
    (1, 2, "evt_of_before", True), (1, 2, "", False)])
def test_only_what_this_journal_never_gave_proves_a_restore(sql, epoch, seen, seen_id, proof):
    """[T33]"""
    announce(sql, *(("pledge.pledge", f"s{n}", 1) for n in (1, 2, 3)))
    outbox.place(sql, "one", NOW, 30, 10)
    asked = ASK(stream="pledge.pledge", epoch=epoch, first=1, last=0, seen=seen, seen_id=seen_id)
    assert journal.proves_loss(sql, asked) is proof


def test_a_new_epoch_stands_above_whatever_anybody_has_seen(sql):
    announce(sql, ("pledge.pledge", "s1", 1), ("pledge.pledge", "s1", 2), ("pledge.pledge", "s2", 1))
    outbox.place(sql, "one", NOW, 30, 2)
    assert journal.open_epoch(sql, "pledge", NOW, after=4) == 5
    head = next(h for h in journal.heads(sql) if h.stream == "pledge.pledge")
    assert (head.epoch, head.position, head.opened) == (5, 1, 1)
    outbox.place(sql, "one", NOW, 30, 10)
    assert [(r.subject, r.version, r.epoch, r.position) for r in sql.execute(select(tables.outbox).order_by(tables.outbox.c.seq))] == [
        ("s1", 1, 1, 1), ("s1", 2, 5, 1), ("s2", 1, 5, 2)]


def test_a_message_is_tried_at_most_ten_times_in_any_minute_and_parked_in_the_end(sql):
    """[T19]"""
    made = Settings()
    retry.note(sql, "trial", Arrival("trial.a", 1, 1, "evt_1", "t", b"{}"), "no", NOW, made)
    tried, now = [NOW], NOW
    while now < NOW + timedelta(minutes=40):
        now += timedelta(seconds=1)
        if retry.claim(sql, now, made):
            tried.append(now)
    assert retry.count(sql) == {"due": 0, "parked": 1}
    assert len(tried) == made.retry_tries
    for at in tried:
        assert sum(at <= other < at + timedelta(minutes=1) for other in tried) <= 10
    (row,) = retry.parked(sql)
    assert retry.again(sql, [row.id], now) == 1
    assert len(retry.claim(sql, now, made)) == 1


def test_runs_are_what_is_next_to_each_other():
    assert outbox.runs([5, 1, 2, 3, 9, 8]) == [(1, 3), (5, 5), (8, 9)]
    assert outbox.runs([]) == []
