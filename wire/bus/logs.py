"""Logs: one JSON object per line on standard error, with the correlation and trace of the work at hand.

No secret, no personal data and no value out of a database error gets in (X25, X53): an exception is told by its class
and the lines of code it passed, never by its message; fields whose names promise a secret are left out.  Line breaks
are escaped by JSON, so nobody forges a line.
"""
import logging
import secrets
import sys
import traceback
from typing import Any

import structlog

HIDDEN = ("password", "secret", "token", "authorization", "cookie", "signature", "phone", "id_number", "body", "data", "params")
#: letters and digits nobody mistakes for each other on the telephone
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
QUIET = ("amqp", "kombu", "alembic", "sqlalchemy", "urllib3", "nameko")


def incident() -> str:
    """A short number a person can read out: it stands on the screen and in the log line."""
    return "".join(secrets.choice(LETTERS) for _ in range(8))


def bind(**names: str) -> None:
    """Start a piece of work in this greenlet: every line from here on carries these names.

    Context does not cross the spawning of a greenlet: bind where the work is done.
    """
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(**{k: v for k, v in names.items() if v})


def bound(name: str) -> str:
    """What was bound under this name in this greenlet, or an empty text."""
    return structlog.contextvars.get_contextvars().get(name, "")


def configure(level: str = "INFO") -> None:
    """Send everything, also what libraries log, through one JSON writer.  A second call replaces the first."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars, structlog.stdlib.add_log_level, structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True), hide, tell_exception]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(), wrapper_class=structlog.stdlib.BoundLogger)
    handler = _Standard()
    handler.addFilter(without_values)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.JSONRenderer(ensure_ascii=False)]))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(level)))


class _Standard(logging.StreamHandler):
    """Writes to whatever standard error is at the moment."""

    @property
    def stream(self) -> Any:
        return sys.stderr

    @stream.setter
    def stream(self, found: Any) -> None:
        """The base class sets one at its start; it is not kept."""


def hide(logger: Any, method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Leave out the fields whose names promise a secret or personal data."""
    return {k: v for k, v in event.items() if not any(word in k.lower() for word in HIDDEN)}


def tell_exception(logger: Any, method: str, event: dict[str, Any]) -> dict[str, Any]:
    """An exception as its class and the lines it passed, without its message: that may hold what a person typed."""
    found = event.pop("exc_info", None)
    if found is True:
        found = sys.exc_info()
    error = found[1] if isinstance(found, tuple) else found
    if isinstance(error, BaseException):
        event["exception"] = told(error)
    return event


def told(error: BaseException) -> list[str]:
    """``["ValueError", "usecases.py:41 publish_pledge", …]``, with the causes after it."""
    lines: list[str] = []
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        lines.append(type(cause).__name__)
        lines += [f"{_short(f.filename)}:{f.lineno} {f.name}" for f in traceback.extract_tb(cause.__traceback__)[-12:]]
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return lines


def without_values(record: logging.LogRecord) -> bool:
    """Libraries put exceptions into their messages; only the class stays."""
    if isinstance(record.args, tuple):
        record.args = tuple(type(a).__name__ if isinstance(a, BaseException) else a for a in record.args)
    return True


def _short(path: str) -> str:
    return "/".join(path.rsplit("/", 3)[-3:])
