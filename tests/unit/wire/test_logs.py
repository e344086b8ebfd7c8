"""Logs tell what happened and where, and nothing a person typed."""
import json
import logging

import eventlet
import pytest
import structlog
from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from wire.bus import logs

CANARY = "13812345678"


@pytest.fixture
def written(capsys):
    logs.configure("INFO")
    return lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_an_exception_is_told_by_its_class_and_lines_without_its_words(written):
    """[X53] [X25]"""
    try:
        try:
            raise ValueError(CANARY)
        except ValueError as cause:
            raise RuntimeError(CANARY) from cause
    except RuntimeError as error:
        structlog.get_logger("t").error("broke", exc_info=error)
        logging.getLogger("nameko.containers").exception("error handling worker: %s", error)
    lines = written()
    assert len(lines) == 2 and CANARY not in json.dumps(lines)
    assert lines[0]["exception"][0] == "RuntimeError" and "ValueError" in lines[0]["exception"]
    assert any("test_logs.py" in line for line in lines[0]["exception"])
    assert lines[1]["event"] == "error handling worker: RuntimeError"


def test_a_database_error_reaches_the_log_without_values(written):
    """[X53]"""
    engine = create_engine("sqlite://", hide_parameters=True)
    with engine.connect() as sql:
        try:
            sql.execute(text("INSERT INTO nowhere VALUES (:v)"), {"v": CANARY})
        except SQLAlchemyError as error:
            structlog.get_logger("t").error("broke", exc_info=error)
    engine.dispose()
    lines = written()
    assert lines and CANARY not in json.dumps(lines)


@pytest.mark.parametrize("name", ["password", "session_token", "phone", "Authorization", "body", "signing_secret"])
def test_a_field_whose_name_promises_a_secret_is_left_out(written, name):
    """[X25]"""
    structlog.get_logger("t").info("hello", **{name: CANARY, "service": "pledge"})
    (line,) = written()
    assert line["service"] == "pledge" and CANARY not in json.dumps(line)


def test_a_line_break_forges_no_line(written):
    """[X25]"""
    structlog.get_logger("t").info('x\n{"event": "admin signed in"}')
    assert len(written()) == 1


def test_what_is_bound_belongs_to_one_greenlet(written):
    structlog.contextvars.clear_contextvars()

    def work(name):
        logs.bind(correlation=name)
        eventlet.sleep(0)
        structlog.get_logger("t").info("work")
        return logs.bound("correlation")

    both = [eventlet.spawn(work, name) for name in ("one", "two")]
    assert [g.wait() for g in both] == ["one", "two"] and logs.bound("correlation") == ""
    assert [line["correlation"] for line in written()] == ["one", "two"]


def test_an_incident_number_can_be_read_out():
    numbers = {logs.incident() for _ in range(500)}
    assert len(numbers) == 500 and not set("".join(numbers)) & set("01OIL")
