"""Every position is let through once, in whatever order, doubled and cut into batches as the broker pleases."""
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings, strategies as st
from sqlalchemy import create_engine, func, select

from wire.bus import inbox, tables
from wire.bus.inbox import Arrival

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
ENGINE = create_engine("sqlite://")
tables.metadata.create_all(ENGINE)


@pytest.fixture
def sql():
    with ENGINE.connect() as connection:
        yield connection


def arrival(position, stream="trial.pledge", epoch=1):
    return Arrival(stream, epoch, position, f"evt_{epoch}_{position}", "", b"", tag=1)


@st.composite
def deliveries(draw):
    """Positions 1…n of up to two streams, each 1–5 times, in any order, in batches of any size. [T15] [T17]"""
    streams = draw(st.integers(1, 2))
    most = draw(st.integers(1, 14))
    times = draw(st.lists(st.integers(1, 5), min_size=most * streams, max_size=most * streams))
    every = [(f"trial.s{k % streams}", k // streams + 1) for k, count in enumerate(times) for _ in range(count)]
    order = draw(st.permutations(every))
    cuts = draw(st.lists(st.integers(1, 6), min_size=1))
    batches, at = [], 0
    while at < len(order):
        size = cuts[len(batches) % len(cuts)]
        batches.append(order[at:at + size])
        at += size
    return set(every), batches


@settings(max_examples=200)
@given(deliveries())
def test_any_order_with_repeats_lets_each_position_through_once(found):
    """[T15] [T17]"""
    every, batches = found
    with ENGINE.connect() as sql:
        passed = []
        for batch in batches:
            fresh = inbox.take(sql, [arrival(position, stream) for stream, position in batch], NOW)
            passed += [(a.stream, a.position) for a in fresh]
            assert [(a.stream, a.position) for a in fresh] == list(dict.fromkeys(
                p for p in batch if p in {(a.stream, a.position) for a in fresh}))
        assert sorted(passed) == sorted(every)
        for stream in {s for s, _ in every}:
            mark = inbox.marks_of(sql, [stream])[stream]
            top = max(p for s, p in every if s == stream)
            assert (mark.position, mark.highest, mark.hole_since) == (top, top, None)
        assert sql.execute(select(func.count()).select_from(tables.inbox)).scalar_one() == 0


@settings(max_examples=200)
@given(st.sets(st.integers(1, 40), min_size=1), st.integers(1, 7))
def test_holes_are_exactly_what_did_not_come(came, size):
    """[T17]"""
    with ENGINE.connect() as sql:
        order = sorted(came, key=lambda p: (p * 7) % 41)
        for at in range(0, len(order), size):
            inbox.take(sql, [arrival(p) for p in order[at:at + size]], NOW)
        mark = inbox.marks_of(sql, ["trial.pledge"])["trial.pledge"]
        missing = {p for first, last in inbox.holes(sql, mark) for p in range(first, last + 1)}
        assert missing == set(range(1, max(came) + 1)) - came
        assert (mark.hole_since is None) == (not missing)
        assert inbox.close(sql, "trial.pledge", 1, sorted(missing), NOW) == len(missing)
        assert inbox.marks_of(sql, ["trial.pledge"])["trial.pledge"].position == max(came)


def test_what_was_applied_is_remembered_for_ever_at_constant_size(sql):
    """[T16]"""
    for first in range(1, 2001, 200):
        assert len(inbox.take(sql, [arrival(p) for p in range(first, first + 200)], NOW)) == 200
    assert inbox.take(sql, [arrival(p) for p in (1, 777, 2000)], NOW) == []
    assert sql.execute(select(func.count()).select_from(tables.inbox)).scalar_one() == 0
    assert sql.execute(select(func.count()).select_from(tables.watermark)).scalar_one() == 1


def test_each_epoch_counts_by_itself(sql):
    assert len(inbox.take(sql, [arrival(1), arrival(2), arrival(1, epoch=2)], NOW)) == 3
    assert inbox.marks_of(sql, ["trial.pledge"])["trial.pledge"].epoch == 2
    assert inbox.take(sql, [arrival(2), arrival(1, epoch=2)], NOW) == []


def test_a_position_given_twice_leaves_a_doubt_with_what_was_known_before(sql):
    """A restored producer gives positions again; what was the highest then proves it. [T33]"""
    inbox.take(sql, [arrival(p) for p in range(1, 6)], NOW)
    again = [Arrival("trial.pledge", 1, p, f"evt_other_{p}", "", b"", tag=1) for p in range(4, 8)]
    assert [a.position for a in inbox.take(sql, again, NOW)] == [6, 7]
    assert inbox.marks_of(sql, ["trial.pledge"])["trial.pledge"].doubt == "5 evt_1_5"


def test_a_million_ids_are_remembered_in_one_row(sql):
    """Whatever of them comes again, with whatever in it, is new no more. [T31] [T16]"""
    last, step = 1_000_000, 5_000
    for first in range(1, last, step):
        assert len(inbox.take(sql, [arrival(p) for p in range(first, first + step)], NOW)) == step
    assert sql.execute(select(func.count()).select_from(tables.inbox)).scalar_one() == 0
    again = [Arrival("trial.pledge", 1, p, f"evt_1_{p}", "", b"forged", tag=1) for p in range(1, last + 1, 997)]
    assert inbox.take(sql, again, NOW) == []


def test_what_the_broker_delivers_again_leaves_no_doubt(sql):
    inbox.take(sql, [arrival(1)], NOW)
    back = arrival(1)
    back.redelivered = True
    inbox.take(sql, [back], NOW)
    assert inbox.marks_of(sql, ["trial.pledge"])["trial.pledge"].doubt is None


def test_set_back_everything_is_new_again(sql):
    inbox.take(sql, [arrival(p) for p in (1, 2, 3, 5)], NOW)
    inbox.set_back(sql, ["trial.pledge"])
    assert len(inbox.take(sql, [arrival(p) for p in (1, 2, 3, 4, 5)], NOW)) == 5
