"""The operation log (操作日志): written in the transaction that decides, then linked into a hash chain.

Linking runs beside the work, in order of ``seq``, so that no two units wait for each other at the chain's end; from
then on a changed or missing line is found.  Who, when, what, where, result, from which address, for whom; beyond the
names of the two no personal data.

What is older than it must be kept is taken off the chain's beginning, and a line at its end says where it begins now: so
lines that went without such a word are missed.
"""
import hashlib
import re
from collections.abc import Iterable
from datetime import datetime
from itertools import takewhile
from typing import Any

from sqlalchemy import Connection, ScalarSelect, bindparam, delete, func, insert, select, update

from wire.bus.tables import audit
from wire.contracts.actor import Actor, service_actor
from wire.contracts.envelope import text_of

ALGORITHM = "sha256"
#: the verb of the line that says up to where the log was trimmed
TRIM = ".trim_log"
FIELDS = ("at", "kind", "person_id", "person_name", "on_behalf_of", "address", "operation", "organisation_id", "subject",
          "result", "correlation")
_ID = re.compile(r"[a-z]{3}_[A-Za-z0-9_]{1,76}")


def line(at: datetime, actor: Actor, operation: str, *, on_behalf_of: str = "", organisation_id: str = "", subject: str = "",
         result: str = "done", correlation: str = "") -> dict[str, Any]:
    """One line of the log as a row.  ``on_behalf_of``: the name of whoever the actor acted for (代录)."""
    return {"at": at, "kind": actor.kind, "person_id": actor.person_id, "person_name": actor.name,
            "on_behalf_of": on_behalf_of, "address": actor.address, "operation": operation,
            "organisation_id": organisation_id, "subject": subject, "result": result, "correlation": correlation}


def named_in(asked: Any) -> tuple[str, str]:
    """The organisation a request names, and whom or else what: the member, the person, or the first thing named by its id.

    What is no id is passed over: nothing else that was typed gets into the log.
    """
    ids = {name: word for name, word in asked.items() if name.endswith("_id") and isinstance(word, str) and _ID.fullmatch(
        word)} if isinstance(asked, dict) else {}
    organisation_id = ids.pop("organisation_id", "")
    return organisation_id, ids.get("member_id") or ids.get("person_id") or next(iter(ids.values()), "")


def write(sql: Connection, lines: Iterable[dict[str, Any]]) -> None:
    rows = list(lines)
    if rows:
        sql.execute(insert(audit), rows)


def link(sql: Connection, most: int = 1000) -> int:
    """Chain up to ``most`` lines that are not yet; returns how many.  One at a time per service: call it in one loop."""
    rows = sql.execute(select(audit).where(audit.c.place.is_(None)).order_by(audit.c.seq).limit(most).with_for_update(
        skip_locked=True)).mappings().all()
    if not rows:
        return 0
    last = sql.execute(select(audit.c.place, audit.c.link).where(audit.c.place.is_not(None)).order_by(
        audit.c.place.desc()).limit(1)).first()
    place, before = (last.place, last.link) if last else (0, "")
    linked = []
    for row in rows:
        place, before = place + 1, _link(before, row)
        linked.append({"this": row["seq"], "at_place": place, "with_link": before})
    sql.execute(update(audit).where(audit.c.seq == bindparam("this")).values(
        place=bindparam("at_place"), link=bindparam("with_link")), linked)
    return len(linked)


def broken(sql: Connection) -> int | None:
    """The first place where the chain does not hold, None if it holds from end to end."""
    before, expected = "", 0
    # one statement, so that a trimming meanwhile is either in both or in neither; line by line: the log of a year does not fit
    # the memory of a small machine
    rows = sql.execute(select(audit, _trimmed().label("trimmed")).where(audit.c.place.is_not(None)).order_by(audit.c.place),
                       execution_options={"yield_per": 1000})
    for row in rows.mappings():
        if not expected:
            place, _, before = (row["trimmed"] or "0 ").partition(" ")
            expected = int(place) + 1
        if row["place"] != expected or row["link"] != _link(before, row):
            rows.close()
            return expected
        before, expected = row["link"], expected + 1
    return None


def trim(sql: Connection, service: str, before: datetime, at: datetime, most: int = 1000) -> int:
    """Take up to ``most`` lines written before then off the beginning of the chain; how many.  None is left: nothing is written.

    A line younger than that keeps all behind it, and the last one stays, as what the next is linked to.
    """
    oldest = sql.execute(select(audit.c.place, audit.c.link, audit.c.at).where(audit.c.place.is_not(None)).order_by(
        audit.c.place).limit(most + 1)).all()
    over = list(takewhile(lambda row: row.at < before, oldest[:-1]))
    if over:
        last = over[-1]
        sql.execute(delete(audit).where(audit.c.place <= last.place))
        write(sql, [line(at, service_actor(service), service + TRIM, subject=f"{last.place} {last.link}")])
    return len(over)


def _trimmed() -> ScalarSelect[str]:
    """Place and link of the last line that was taken off, as the line about it says."""
    told = audit.alias()
    return select(told.c.subject).where(told.c.operation.endswith(TRIM), told.c.kind == "service").order_by(
        told.c.seq.desc()).limit(1).scalar_subquery()


def chained(sql: Connection) -> int:
    return sql.execute(select(func.count()).select_from(audit).where(audit.c.place.is_not(None))).scalar_one()


_UNLINKED = select(func.count()).select_from(audit).where(audit.c.place.is_(None))


def unlinked(sql: Connection) -> int:
    return sql.execute(_UNLINKED).scalar_one()


def _link(before: str, row: Any) -> str:
    told = [row[f].isoformat() if isinstance(row[f], datetime) else row[f] for f in FIELDS]
    return f"{ALGORITHM}:" + hashlib.sha256(text_of([before, *told]).encode()).hexdigest()
