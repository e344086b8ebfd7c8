"""One Unit, one transaction, on both databases: types, sets of rows, migrations, refusals, and no frozen hub."""
import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import eventlet
import pytest
from hypothesis import HealthCheck, given, settings as hypothesis_settings, strategies as st
from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, Text, inspect, select, text
from sqlalchemy.exc import DBAPIError

from tests.component.wire.trial import settings_for
from tests.pauses import longest_pauses
from wire import directory
from wire.bus import audit, migrate, tables
from wire.bus.clock import SystemClock
from wire.bus.database import Database, open_database
from wire.bus.sets import add, add_new, among, upsert
from wire.bus.settings import Refused, Settings
from wire.bus.tables import Exact, Instant, Json
from wire.bus.unit import NotAsked, Room, reading, transaction, writing
from wire.contracts.actor import Actor, HeldGrant, Reach, service_actor
from wire.contracts.calls import Away, Forbidden, Operation, grants

NOW = datetime(2026, 3, 2, 1, 30, 0, 123456, tzinfo=UTC)
metadata = MetaData()
thing = Table("thing", metadata, Column("id", Text, primary_key=True), Column("part", Integer, primary_key=True),
              Column("at", Instant), Column("score", Exact), Column("told", Json), Column("body", LargeBinary),
              Column("epoch", Integer), Column("version", Integer))


def row(id_="a", part=1, *, at=NOW, score=Decimal("93.30"), told=None, body=b"", epoch=1, version=1):
    return {"id": id_, "part": part, "at": at, "score": score, "told": told, "body": body, "epoch": epoch, "version": version}


@pytest.fixture
def database(world):
    settings = settings_for(world)
    migrate.upgrade("trial", settings, folders=())
    migrate.upgrade("trial", settings, folders=())
    opened = open_database(settings, "trial")
    with transaction(opened) as sql:
        metadata.create_all(sql)
    yield opened
    opened.close()


def test_migrations_build_exactly_the_tables_the_code_declares(database):
    with database.begin(writing=False) as sql:
        found = inspect(sql)
        for declared in (*tables.metadata.sorted_tables, *directory.metadata.sorted_tables):
            columns = {c["name"]: c for c in found.get_columns(declared.name)}
            assert set(columns) == set(declared.c.keys()), declared.name
            assert {n for n, c in columns.items() if not c["nullable"]} == {c.name for c in declared.c if not c.nullable}
            assert {i["name"] for i in found.get_indexes(declared.name)} >= {i.name for i in declared.indexes}
            assert set(found.get_pk_constraint(declared.name)["constrained_columns"]) == {c.name for c in declared.primary_key}


def test_values_come_back_as_they_were(database):
    east = timezone(timedelta(hours=8))
    first = row(at=NOW.astimezone(east), told={"条": [1, "零\n\"'%s%%"], "no": None}, body=b"\x00\xff'\\")
    with transaction(database) as sql:
        add(sql, thing, [first, row("b", at=None, score=None)])
    with database.begin(writing=False) as sql:
        found = [dict(r) for r in sql.execute(select(thing).order_by(thing.c.id)).mappings()]
    assert found == [row(told=first["told"], body=first["body"]), row("b", at=None, score=None)]
    assert str(found[0]["score"]) == "93.30"
    assert found[0]["at"].tzinfo is UTC


def test_many_rows_keep_what_differs_and_what_is_missing(database):
    """Rows that are the same but for a key, an empty text, nothing at all, 93.3 beside 93.30, a separator."""
    rows = [row("a", score=Decimal("93.3")), row("b", score=Decimal("93.30")), row("c", score=None, at=None, body=b""),
            row("d", told=""), row("e", told="\x1f,\\'\"\n"), row("")]
    with transaction(database) as sql:
        add(sql, thing, rows)
    with database.begin(writing=False) as sql:
        found = [dict(r) for r in sql.execute(select(thing).order_by(thing.c.id)).mappings()]
        assert [r.id for r in sql.execute(select(thing.c.id).where(among(sql, thing.c.id, ["b", "d", "nobody"])).order_by(thing.c.id))] == [
            "b", "d"]
    assert found == sorted(rows, key=lambda r: r["id"])
    assert [str(r["score"]) for r in found[1:3]] == ["93.3", "93.30"]


def test_the_database_numbers_the_rows_in_their_order(database):
    line = {"aggregate": "trial.a", "version": 1, "what": "", "state": "{}", "at": NOW, "person_id": "", "person_name": "",
            "on_behalf_of": "", "correlation": ""}
    with transaction(database) as sql:
        numbers = add(sql, tables.history, [line | {"aggregate_id": f"s{n}"} for n in range(1500)], numbered="seq")
        found = sql.execute(select(tables.history.c.seq).order_by(tables.history.c.aggregate_id)).scalars().all()
    assert found == [numbers[n] for n in sorted(range(1500), key=lambda n: f"s{n}")]


def test_what_is_there_already_stays_and_is_not_among_the_new(database):
    """[T15]"""
    with transaction(database) as sql:
        sql.execute(tables.retry.insert(), [trouble(n, "first") for n in "ac"])
        assert add_new(sql, tables.retry, "id", [trouble(n, "second") for n in "dcba"]) == {"b", "d"}
        assert add_new(sql, tables.retry, "id", []) == set()
        assert dict(sql.execute(select(tables.retry.c.id, tables.retry.c.reason)).all()) == {
            "a": "first", "c": "first", "b": "second", "d": "second"}


def trouble(id_, reason):
    return {"id": id_, "producer": "p", "stream": "s.t", "epoch": 1, "position": 1, "topic": "", "body": b"\x00", "tries": 0, "state": "due",
            "due_at": NOW, "first_at": NOW, "last_at": NOW, "reason": reason}


@pytest.mark.parametrize("world", ["embedded"], indirect=True)
@pytest.mark.parametrize("wrong", [row(at=datetime(2026, 3, 2)), row(score=0.1), row(told=float("nan"))])
def test_a_naive_time_a_float_and_a_nan_are_refused(database, wrong):
    with pytest.raises(Exception, match=r"no zone|float|JSON"), transaction(database) as sql:
        add(sql, thing, [wrong])


@hypothesis_settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 2), st.integers(1, 3), st.integers(1, 4)), max_size=12),
                max_size=5))
def test_upsert_keeps_the_newest_edition_in_any_order_and_any_batches(database, batches):
    """The same key twice in one batch too. [T15] [T17]"""
    with transaction(database) as sql:
        sql.execute(thing.delete())
        for batch in batches:
            upsert(sql, thing, ("id", "part"), [row(i, p, epoch=e, version=v, score=Decimal(e * 10 + v)) for i, p, e, v in batch],
                   guard=("epoch", "version"))
        newest = {}
        for i, p, e, v in (one for batch in batches for one in batch):
            newest[i, p] = max(newest.get((i, p), (0, 0)), (e, v))
        found = {(r.id, r.part): (r.epoch, r.version) for r in sql.execute(select(thing))}
        assert found == newest
        assert all(r.score == r.epoch * 10 + r.version for r in sql.execute(select(thing)))


def test_a_unit_that_raises_leaves_nothing_and_a_reading_unit_changes_nothing(database):
    room = room_of(database)
    with pytest.raises(ZeroDivisionError), writing(room, service_actor("trial")) as unit:
        add(unit.sql, thing, [row()])
        1 / 0  # noqa: B018
    with reading(room, service_actor("trial")) as unit:
        add(unit.sql, thing, [row("b")])
    with database.begin(writing=False) as sql:
        assert sql.execute(select(thing)).all() == []


class NoGrants:
    def __init__(self, sql):
        self.sql = sql

    def in_force(self, held):
        return list(held)

    def organisation(self, organisation_id):
        return None

    def branch_of(self, organisation_id):
        return organisation_id

    def within(self, organisation_id, above_id):
        return False


def room_of(database: Database, clock=None):
    return Room(service="trial", database=database, books=lambda sql: sql, directory=NoGrants, policies=lambda *_: None,
                clock=clock or SystemClock(Settings().zone))


DECIDE = Operation("trial.decide", object, object, grants(secretary=Reach.OWN), True, False)
SECRETARY = Actor(kind="person", person_id="per_1", name="书记", grants=(
    HeldGrant(grant_id="grt_1", role="secretary", organisation_id="org_1"),))


@pytest.mark.parametrize("world", ["embedded"], indirect=True)
def test_a_call_that_never_asked_permit_does_not_commit(database):
    """[X16]"""
    with pytest.raises(NotAsked), writing(room_of(database), SECRETARY, DECIDE) as unit:
        add(unit.sql, thing, [row()])
    with pytest.raises(Forbidden), writing(room_of(database), SECRETARY, DECIDE) as unit:
        unit.permit("org_2")
    with writing(room_of(database), SECRETARY, DECIDE) as unit:
        unit.permit("org_1")
        add(unit.sql, thing, [row()])
    with database.begin(writing=False) as sql:
        assert len(sql.execute(select(thing)).all()) == 1
        (line,) = sql.execute(select(tables.audit)).all()
    assert (line.person_id, line.operation, line.organisation_id, line.result) == ("per_1", "trial.decide", "org_1", "done")


@pytest.mark.parametrize("world", ["embedded"], indirect=True)
def test_nothing_commits_after_the_deadline(database):
    """A process that was stopped and goes on decides nothing stale. [X49]"""
    room = room_of(database)
    with pytest.raises(Away), writing(room, SECRETARY, DECIDE, deadline=room.clock.now() - timedelta(seconds=1)) as unit:
        unit.permit("org_1")
        add(unit.sql, thing, [row()])
    with database.begin(writing=False) as sql:
        assert sql.execute(select(thing)).all() == []


SPOIL = ("UPDATE audit SET person_id = 'per_9' WHERE place = 3", "DELETE FROM audit WHERE place = 3")


def taken_off(database) -> tuple[str, ...]:
    """How whoever owns the tables takes the guards off them."""
    on = " ON audit" if database.dialect == "postgresql" else ""
    return tuple(f"DROP TRIGGER {name}{on}" for name in ("audit_append_only", "audit_never_emptied"))


def test_the_database_itself_changes_and_deletes_no_line_of_the_operation_log(database):
    """Linked or not; linking alone goes through, and once only. [X19] [X21]"""
    with transaction(database) as sql:
        audit.write(sql, [audit.line(datetime.now(UTC), SECRETARY, f"trial.decide{n}") for n in range(4)])
        assert audit.link(sql, most=3) == 3
    spoils = [*SPOIL, "DELETE FROM audit", "UPDATE audit SET result = 'refused' WHERE place IS NULL", "UPDATE audit SET link = 'x' WHERE place = 1",
              "UPDATE audit SET place = NULL, link = NULL WHERE place = 2", "UPDATE audit SET at = at, place = 9, subject = 'x' WHERE place IS NULL"]
    spoils += ["TRUNCATE audit"] if database.dialect == "postgresql" else []
    for spoil in spoils:
        with pytest.raises(DBAPIError, match="append-only"), transaction(database) as sql:
            sql.execute(text(spoil))
    with transaction(database) as sql:
        assert audit.link(sql) == 1 and audit.broken(sql) is None and audit.chained(sql) == 4


def test_one_changed_or_missing_line_of_the_operation_log_is_found(database):
    """Whoever owns the tables can take the guards off: then the chain tells. [X22]"""
    with transaction(database) as sql:
        for n in range(5):
            audit.write(sql, [audit.line(NOW, SECRETARY, f"trial.decide{n}")])
        assert audit.link(sql, most=3) == 3
        assert audit.link(sql) == 2
        assert audit.link(sql) == 0
        assert audit.broken(sql) is None
    for spoil in SPOIL:
        with database.begin(writing=True) as sql:
            for guard in taken_off(database):
                sql.execute(text(guard))
            sql.execute(text(spoil))
            assert audit.broken(sql) == 3


def test_a_service_sees_only_its_own_schema(database, world):
    other = settings_for(world)
    migrate.upgrade("trialboard", other, folders=())
    with transaction(database) as sql:
        add(sql, thing, [row()])
    second = open_database(other, "trialboard")
    with second.begin(writing=False) as sql:
        assert "thing" not in inspect(sql).get_table_names()
    second.close()


def test_a_bare_postgresql_address_is_refused_with_a_sentence(tmp_path):
    for url in ("postgresql://u@h/d", "postgresql+psycopg://u@h/d", "mysql://u@h/d"):
        with pytest.raises(Refused, match=r"postgresql\+psycopg2"):
            open_database(Settings(data=tmp_path), "trial", url=url)


def test_writers_of_one_file_queue_up_without_freezing_the_hub(tmp_path):
    """[T35]"""
    settings = Settings(data=tmp_path)
    migrate.upgrade("trial", settings, folders=())
    database, second = open_database(settings, "trial"), open_database(settings, "trial")
    with transaction(database) as sql:
        metadata.create_all(sql)

    def write(n):
        with transaction((database, second)[n % 2]) as sql:
            add(sql, thing, [row(f"w{n}")])
            eventlet.sleep(0.02)

    with longest_pauses() as pauses:
        pile = eventlet.GreenPile()
        for n in range(30):
            pile.spawn(write, n)
        list(pile)
        # another process (a backup) holds the file
        stranger = sqlite3.connect(tmp_path / "trial.sqlite", isolation_level=None)
        stranger.execute("BEGIN IMMEDIATE")
        waiting = eventlet.spawn(write, 99)
        eventlet.sleep(2.0)
        stranger.execute("COMMIT")
        stranger.close()
        waiting.wait()
    with database.begin(writing=False) as sql:
        assert len(sql.execute(select(thing)).all()) == 31
    # a hub that waited for the file would stand still for most of two seconds
    assert pauses["hub"] < 1.0 + 2 * pauses["machine"], pauses
    database.close()
    second.close()
