"""Rows put aside as one text and poured by the database: what comes out is what went in, on both databases."""
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy import Boolean, Column, Date, Integer, MetaData, Table, Text, insert, select

from tests.databases import BOTH, migrated
from wire.bus import pieces, prepared
from wire.bus.tables import Instant

#: whatever a spreadsheet may hold: quotes, backslashes, the signs between values, several lines, nothing
WORDS = st.text(st.one_of(st.sampled_from(f'{pieces.COLUMN}{pieces.VALUE}{pieces.NOTHING}\n"\\,{{}}[]0a中𠮷'), st.characters(
    exclude_categories=("Cs",), exclude_characters="\x00")), max_size=12)
ROWS = st.lists(st.tuples(WORDS, st.none() | WORDS, st.none() | st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.booleans(),
                          st.integers(-9, 9), st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))), max_size=5)
things = Table(
    "poured_thing", MetaData(), Column("id", Integer, primary_key=True, autoincrement=False), Column("word", Text, nullable=False),
    Column("note", Text), Column("day", Date), Column("yes", Boolean, nullable=False), Column("version", Integer, nullable=False),
    Column("at", Instant, nullable=False))


#: the same elsewhere, by edition
copied = Table(
    "poured_copy", things.metadata, *(Column(c.name, c.type, primary_key=c.primary_key, autoincrement=False) for c in things.columns),
    Column("epoch", Integer, nullable=False))


@pytest.fixture(scope="module", params=BOTH)
def database(request, tmp_path_factory):
    with migrated("roster", request.param, request, tmp_path_factory.mktemp("pieces")) as opened:
        things.metadata.create_all(opened.engine)
        yield opened


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS)
def test_every_value_comes_out_as_it_went_in(database, rows):
    told = [(n, word, note, day, yes, version, at) for n, (word, note, day, yes, version, at) in enumerate(rows)]
    with database.begin(writing=True) as sql:
        prepared.keep_rows(sql, "b", 0, things, told)
        prepared.pour(sql, "b", things, prepared.Target(things, ("version",)))
        assert [tuple(row) for row in sql.execute(select(things).order_by(things.c.id))] == told


def test_a_newer_edition_replaces_and_an_older_one_stays_out(database):
    at = datetime(2026, 7, 1, tzinfo=UTC)
    with database.begin(writing=True) as sql:
        for chunk, version in enumerate((2, 3, 1)):
            prepared.keep_rows(sql, "b", chunk, things, [(1, f"第{version}版", None, None, True, version, at)])
        assert prepared.pour(sql, "b", things, prepared.Target(things, ("version",))) == 1
        assert sql.scalars(select(things.c.word)).all() == ["第3版"]
        assert prepared.pour(sql, "b", things, prepared.Target(things, ("version",))) == 3, "an equal one stays out, too"


def test_two_tables_are_filled_at_once_each_by_its_own_editions(database):
    at = datetime(2026, 7, 1, tzinfo=UTC)
    both = (prepared.Target(things, ("version",)), prepared.Target(copied, ("epoch", "version"), (("epoch", 7),)))
    with database.begin(writing=True) as sql:
        for chunk, (id, version) in enumerate(((11, 1), (12, 1), (11, 2))):
            prepared.keep_rows(sql, "two", chunk, things, [(id, f"第{version}版", None, None, True, version, at)])
        sql.execute(insert(copied).values(id=12, word="别处新", yes=True, version=1, at=at, epoch=8))
        assert prepared.pour(sql, "two", things, *both) == 1, "the copy knew a newer edition of one"
        for table, words in ((things, ["第2版", "第1版"]), (copied, ["第2版", "别处新"])):
            assert sql.scalars(select(table.c.word).where(table.c.id > 10).order_by(table.c.id)).all() == words
        assert sql.scalars(select(copied.c.epoch).order_by(copied.c.id)).all() == [7, 8]


def test_a_column_that_nothing_fills_is_refused_not_filled_with_its_own_name(database):
    with database.begin(writing=True) as sql:
        prepared.keep_rows(sql, "lacks", 0, things, [(21, "甲", None, None, True, 1, datetime(2026, 7, 1, tzinfo=UTC))])
        with pytest.raises(ValueError, match="poured_copy: epoch is neither kept"):
            prepared.pour(sql, "lacks", things, prepared.Target(copied, ("version",)))
