"""What only one side still has: a broker whose disk was wiped, a pledge service put back to a backup."""
import subprocess

import pytest
from sqlalchemy import select

from services.notice.service import NoticeService
from services.notice.storage import board_pledge
from tests.faults.effects import chains_hold, effects, sent, settle, standing, taken
from tests.faults.house import comes
from tests.faults.ledger import balance, read
from tests.faults.writers import Writers
from tests.servers.process import run_as
from wire.bus import healing
from wire.bus.tables import stream_head, watermark

pytestmark = pytest.mark.distributed


def test_a_broker_whose_disk_is_wiped_half_way_is_healed_by_the_journal(house, broker_up, journal, random, scale, say):
    """Queues full of what nobody has read yet are deleted; the reader notices by itself and asks for it. [T8] [T7]"""
    wipes, each = scale.of(1, 20), 400
    house.environment |= {"JIANNUO_HEALING_SECONDS": "5", "JIANNUO_LEASE_SECONDS": "5"}
    house.furnish("pledge", "notice")
    ids = house.sign(each * (wipes + 1))
    house.start("pledge")
    house.start("notice")
    house.wait_ready()
    writers, gone = Writers(house, journal, ids, random), 0
    for number in range(1, wipes + 1):
        writers.allow(each * number - each // 2)
        writers.wait()
        house.processes["notice"].kill9()
        # these lie in the queue, sent and confirmed, when the disk goes
        writers.allow(each * number)
        writers.wait()
        assert comes(lambda: sent(house), 90)
        gone += each * number - taken(house)
        broker_up.wipe()
        broker_up.start()
        broker_up.vhost(house.settings.broker.rpartition("/")[2])
        house.listen()
        house.processes["notice"].start()
        writers.allow(each * number + each // 4)
        writers.wait()
        settle(house)
        standing(house)
    writers.allow(len(ids))
    writers.wait()
    settle(house)
    chains_hold(house)
    verdict = balance(read(journal.file), effects(house))
    say(wipes=wipes, pledges=writers.accepted, in_wiped_queues=gone, **verdict.counts)
    assert gone > wipes * each // 4, "the wipe took next to nothing: this run shows little"
    verdict.demand_clean()


def test_a_pledge_service_from_a_backup_opens_an_epoch_and_what_it_lost_is_listed_and_comes_back(
        house, database_up, journal, random, say):
    """Restored to a backup taken before the second of three hundred pledges; it goes on at once. [T33]"""
    house.environment |= {"JIANNUO_HEALING_SECONDS": "5", "JIANNUO_LEASE_SECONDS": "5"}
    house.furnish("pledge", "notice")
    ids = house.sign(900)
    before, between, afterwards = ids[:300], ids[300:600], ids[600:]
    house.start("pledge")
    house.start("notice")
    house.wait_ready()
    _publish(house, journal, before, random)
    settle(house)
    backup = _dump(house, database_up)
    _publish(house, journal, between, random)
    settle(house)
    house.processes["pledge"].kill9()
    house.stores["pledge"].close()
    _restore(house, database_up, backup)
    house.processes["pledge"].start()
    _publish(house, journal, afterwards, random)
    settle(house)
    assert comes(lambda: _settled(house) == 2, 90), "the board never found out what is lost"
    board, lost = _board(house), _lost(house)
    assert lost == set(between)
    assert {one for one, row in board.items() if row.epoch == 2 and not row.lost and row.shown} == {*before, *afterwards}
    with house.stores["pledge"].begin(writing=False) as sql:
        assert sql.execute(select(stream_head.c.epoch).where(stream_head.c.stream == "pledge.pledge")).scalar_one() == 2
    # the people of the lost ones do it again
    _publish(house, journal, between, random)
    settle(house)
    board = _board(house)
    assert _lost(house) == set() and {one for one, row in board.items() if row.shown} == set(ids)
    assert {(row.epoch, row.version) for row in board.values()} == {(2, 5)}
    chains_hold(house)
    say(pledges=900, lost_and_listed=len(lost), came_back=len(between))


def _publish(house, journal, ids, random):
    writers = Writers(house, journal, ids, random, progress=0.0)
    writers.allow(len(ids))
    writers.wait()


def _dump(house, database) -> str:
    name = house.settings.database.rpartition("/")[2]
    return _tool(database, "pg_dump", "-n", "pledge", name)


def _restore(house, database, backup: str) -> None:
    name = house.settings.database.rpartition("/")[2]
    _tool(database, "psql", "-qc", "DROP SCHEMA pledge CASCADE", name)
    _tool(database, "psql", "-qv", "ON_ERROR_STOP=1", name, given=backup)


def _tool(database, tool: str, *arguments: str, given: str = "") -> str:
    done = subprocess.run(
        [database.bin / tool, "-h", str(database.folder), "-p", str(database.port), "-U", "jiannuo", *arguments], input=given,
        capture_output=True, text=True, cwd=database.folder, env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}, **run_as(database.user))
    assert done.returncode == 0, done.stderr
    return done.stdout


def _board(house):
    with house.stores["notice"].begin(writing=False) as sql:
        return {row.pledge_id: row for row in sql.execute(select(board_pledge))}


def _lost(house) -> set[str]:
    with house.stores["notice"].begin(writing=False) as sql:
        return {keys["pledge_id"] for table, keys in healing.lost(sql, NoticeService.bus.projections) if table == "board_pledge"}


def _settled(house) -> int:
    """The epoch the reader has settled."""
    with house.stores["notice"].begin(writing=False) as sql:
        return sql.execute(select(watermark.c.epoch).where(
            watermark.c.stream == "pledge.pledge", watermark.c.settled).order_by(watermark.c.epoch.desc())).scalar() or 0
