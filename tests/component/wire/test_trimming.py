"""What is old goes a piece at a time; of the operation log only what is old enough, and never without a word. [X38]"""
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from tests.component.wire.test_databases import SECRETARY, taken_off
from tests.databases import BOTH, migrated
from wire.bus import audit
from wire.bus.sets import drop_some
from wire.bus.tables import idempotency
from wire.bus.unit import transaction

#: the database judges by its own clock how old a line is
NOW = datetime.now(UTC)


@pytest.fixture(params=BOTH)
def database(request, tmp_path):
    with migrated("notice", request.param, request, tmp_path) as opened:
        yield opened


def old(number):
    return audit.line(NOW - timedelta(days=300 - number), SECRETARY, f"trial.decide{number}")


def test_the_oldest_lines_of_the_operation_log_go_and_the_chain_says_where_it_begins(database):
    """What went without a word is missed; what was trimmed is not. [X21] [X23]"""
    with transaction(database) as sql:
        assert audit.trim(sql, "trial", NOW, NOW) == 0
        audit.write(sql, [old(n) for n in range(10)])
        audit.link(sql)
        # five are older, two go at a time
        assert [audit.trim(sql, "trial", NOW - timedelta(days=295), NOW, 2) for _ in range(4)] == [2, 2, 1, 0]
        assert audit.broken(sql) is None and audit.chained(sql) == 5
        audit.link(sql)
        assert audit.broken(sql) is None and (audit.chained(sql), audit.unlinked(sql)) == (8, 0)
    for spoil, found in (("DELETE FROM audit WHERE place = 6", 6), ("DELETE FROM audit WHERE place <= 8", 6),
                         ("UPDATE audit SET subject = '7 x' WHERE place = 13", 8), ("DELETE FROM audit WHERE place = 13", 5)):
        with database.begin(writing=True) as sql:
            for guard in taken_off(database):
                sql.execute(text(guard))
            sql.execute(text(spoil))
            assert audit.broken(sql) == found, spoil


def test_the_database_itself_gives_no_line_that_is_younger_than_two_hundred_days(database):
    """Whatever a setting says. [X21] [X23]"""
    with transaction(database) as sql:
        audit.write(sql, [audit.line(NOW - timedelta(days=days), SECRETARY, "trial.decide") for days in (300, 201, 199, 1)])
        audit.link(sql, most=3)
        audit.write(sql, [audit.line(NOW - timedelta(days=400), SECRETARY, "trial.unlinked")])
    for most in ("place = 3", "place IS NULL", "place <= 3", "operation = 'trial.unlinked'"):
        with database.begin(writing=True) as sql, pytest.raises(DBAPIError):
            sql.execute(text(f"DELETE FROM audit WHERE {most}"))
    with transaction(database) as sql:
        assert audit.trim(sql, "trial", NOW - timedelta(days=200), NOW) == 2
        assert sql.scalar(select(func.count()).select_from(audit.audit)) == 4


def test_the_last_line_stays_and_the_words_about_trimming_are_trimmed_in_their_turn(database):
    with transaction(database) as sql:
        audit.write(sql, [old(n) for n in range(4)])
        audit.link(sql)
        then = NOW - timedelta(days=250)
        assert audit.trim(sql, "trial", NOW - timedelta(days=298), then) == 2
        audit.link(sql)
        assert audit.trim(sql, "trial", NOW - timedelta(days=220), NOW) == 2 and audit.chained(sql) == 1
        audit.link(sql)
        assert audit.broken(sql) is None and audit.trim(sql, "trial", NOW - timedelta(days=220), NOW) == 1
        audit.link(sql)
        assert audit.broken(sql) is None and audit.chained(sql) == 2


def test_rows_go_a_piece_at_a_time(database):
    with transaction(database) as sql:
        for caller in "ab":
            sql.execute(idempotency.insert(), [{"caller": caller, "key": str(n), "operation": "", "digest": str(n % 2), "reply": "", "at": NOW}
                                               for n in range(7)])
        assert [drop_some(sql, idempotency, idempotency.c.digest == "0", most=3) for _ in range(4)] == [3, 3, 2, 0]
        assert sorted(sql.execute(select(idempotency.c.caller, idempotency.c.key))) == [(c, n) for c in "ab" for n in "135"]
