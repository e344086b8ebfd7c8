"""Everything in one process on SQLite files, as a county starts: killed while it works, and its files locked by others."""
import gc
import logging
import sqlite3
import time

import eventlet
import pytest
import structlog

from services.notice.service import NoticeService
from services.pledge.service import PledgeService
from tests.faults.effects import chains_hold, effects, settle, standing
from tests.faults.house import SECRETARY, VILLAGE, House, comes, house as open_house, sign_into, village_in
from tests.faults.ledger import balance, read
from tests.servers import crowding
from wire.bus.testing import house as in_this_process
from wire.bus.unit import transaction
from wire.contracts.actor import PUBLIC
from wire.contracts.calls import Away, Remote
from wire.contracts.notice import ReadBoard
from wire.contracts.pledge import PublishPledges

FREEZE = 0.2


@pytest.fixture
def embedded(tmp_path):
    with open_house(tmp_path, "", "") as made:
        yield made


def test_the_one_process_killed_at_random_moments_loses_and_doubles_nothing(embedded: House, random, scale, say):
    """What memory held is gone with it; the files know, and healing brings it back. [T1] [T8]"""
    kills, seed = scale.of(5, 200), random.randrange(10**6)
    count = 150 * kills
    # what the dead process had in hand is sent by the next one after this
    embedded.environment["JIANNUO_LEASE_SECONDS"] = "5"
    embedded.furnish("pledge", "notice")
    embedded.sign(count + 20)
    file = embedded.settings.data / "accepted.jsonl"
    file.touch()
    process = embedded.start("house", "pledge", "notice", JIANNUO_FAULTS_WRITES=f"{count} {seed}")
    for _ in range(kills):
        before = file.stat().st_size
        assert comes(lambda size=before: file.stat().st_size > size, 30, 0.02), process.told()
        eventlet.sleep(random.uniform(0.0, 0.8))
        process.kill9()
        process.start()
    assert comes(lambda: _accepted(file) == count, 120, 0.5), f"{_accepted(file)} of {count}: {process.told()}"
    settle(embedded)
    standing(embedded)
    chains_hold(embedded)
    assert process.stop() == 0
    found = effects(embedded)
    verdict = balance(read(file), found)
    say(kills=kills, pledges=count, **verdict.counts)
    verdict.demand_clean()
    assert len(found.board) == count


def _accepted(file) -> int:
    lines = read(file)
    assert not [line for line in lines if line["what"] == "surprise"], lines[-1]
    return sum(len(line["pledges"]) for line in lines if line["what"] == "accepted")


@pytest.fixture
def like_a_process():
    """Unconfigured, structlog draws each traceback in colours, for most of a second, and the collector looks through all that
    the tests loaded, for a tenth; a process of the house writes a line and leaves aside what was loaded."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()
    structlog.reset_defaults()


def test_a_file_locked_for_ten_seconds_with_a_log_that_cannot_shrink_freezes_nobody(tmp_path, like_a_process, scale, say):
    """Ten people write, a forgotten reader keeps the write-ahead log from being emptied, another process locks the file:
    the hub goes on, reading goes on, deciding is refused with 503 within its deadline and done afterwards. [T35]"""
    times, outcomes, worst, reads = scale.of(1, 50), {}, [0.0], []
    with in_this_process(tmp_path, PledgeService, NoticeService) as running:
        stores = {name: running.bus(name).database for name in ("pledge", "notice")}
        for store in stores.values():
            with transaction(store) as sql:
                village_in(sql)
        with transaction(stores["pledge"]) as sql:
            ids = iter(sign_into(sql, 4000 * times))
        forgotten = sqlite3.connect(running.settings.sqlite("pledge"), isolation_level=None)
        forgotten.execute("BEGIN")
        forgotten.execute("SELECT count(*) FROM pledge").fetchone()
        locks = sqlite3.connect(running.settings.sqlite("pledge"), isolation_level=None, timeout=0)
        busy, longest = True, 0.0

        def watch():
            while busy:
                before, waited = time.monotonic(), _waited_for_a_processor()
                eventlet.sleep(0.01)
                frozen = time.monotonic() - before - 0.01 - (_waited_for_a_processor() - waited)
                worst[0] = max(worst[0], frozen)

        def write():
            nonlocal longest
            while busy:
                began = time.monotonic()
                try:
                    running.call(SECRETARY, PublishPledges(pledge_ids=(next(ids),)), deadline=4.0)
                    outcome = "done"
                except (Away, Remote) as refusal:
                    outcome = f"{refusal.status}"
                outcomes[outcome] = outcomes.get(outcome, 0) + 1
                longest = max(longest, time.monotonic() - began)
                eventlet.sleep(0.02)

        def look():
            while busy:
                began = time.monotonic()
                running.call(PUBLIC, ReadBoard(organisation_id=VILLAGE), deadline=4.0)
                reads.append(time.monotonic() - began)
                eventlet.sleep(0.1)

        greenlets = [eventlet.spawn(work) for work in (watch, look, *[write] * 10)]
        eventlet.sleep(2.0)
        for _ in range(times):
            assert comes(lambda: locks.execute("BEGIN IMMEDIATE"), 10, 0.05)
            eventlet.sleep(10.0)
            locks.execute("ROLLBACK")
            eventlet.sleep(2.0)
        busy = False
        for greenlet in greenlets:
            greenlet.wait()
        forgotten.close()
        locks.close()
        grown = running.settings.sqlite("pledge").with_name("pledge.sqlite-wal").stat().st_size
        running.settle(30)
    say(locked=times, calls=outcomes, longest_freeze=f"{worst[0] * 1000:.0f} ms", slowest_read=f"{max(reads):.2f} s",
        longest_call=f"{longest:.1f} s", log=f"{grown // 1000} KB")
    crowded = crowding()
    assert worst[0] < FREEZE * crowded
    assert set(outcomes) == {"done", "503"} and longest < 4.0 + 0.5 * crowded
    assert max(reads) < 1.0 * crowded


def _waited_for_a_processor() -> float:
    """Seconds this process was ready to run and others were running: no fault of its own."""
    with open("/proc/self/schedstat") as stat:
        return int(stat.read().split()[1]) / 1e9
