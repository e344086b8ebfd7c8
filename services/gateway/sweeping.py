"""What the gateway keeps and has an end is taken out when it is over (X38): sessions, failed sign-ins, invitations, resets, secrets
of keys, notes, jobs and their files.  The access log is trimmed by the Bus, as every operation log is.

Rule kept: a piece at a time, each in a unit of its own, so that no sweep holds the database however much there is.
"""
import os
import shutil
import stat
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from services.gateway.domain.policy import SignInPolicy
from services.gateway.identity.managing import RESET_WITHIN
from services.gateway.jobs import exporting, importing
from services.gateway.settings import GatewaySettings
from services.gateway.storage import Store
from wire.bus.sets import PAGE
from wire.bus.timer import to_the_end

EVERY_SECONDS = 900.0
#: files of a job are large: so many at a time
FILES = 10


def sweep(store: Store, settings: GatewaySettings, policy: SignInPolicy) -> dict[str, int]:
    """Take out what is over; how much of what.  A second call finds nothing."""
    with store.reading() as unit:
        now = unit.now
    gone = {name: to_the_end(lambda work=work: _piece(store, work), most) for name, (work, most) in _over(settings, policy, now).items()}
    return gone | {"folders": _folders(now - timedelta(days=settings.job_file_days))}


def _over(settings: GatewaySettings, policy: SignInPolicy, now: datetime) -> dict[str, tuple[Callable[[Any], int], int]]:
    """Work on the books, and how much of it one piece does at most."""
    def ago(days: int) -> datetime:
        return now - timedelta(days=days)

    return {
        "sessions": (lambda books: books.sessions.sweep(now, timedelta(minutes=policy.idle_minutes)), PAGE),
        "failures": (lambda books: books.failures.sweep(now - timedelta(minutes=2 * policy.lock_minutes)), PAGE),
        "invitations": (lambda books: books.invitations.sweep(ago(settings.invitation_days)), PAGE),
        "factors": (lambda books: books.factors.sweep(now - RESET_WITHIN), PAGE),
        "secrets": (lambda books: books.keys.sweep(ago(settings.secret_days)), PAGE),
        "notes": (lambda books: books.notes.sweep(ago(settings.note_days)), PAGE),
        "files": (lambda books: books.jobs.sweep_files(ago(settings.job_file_days), FILES), FILES),
        "jobs": (lambda books: books.jobs.sweep(ago(settings.job_days)), PAGE),
    }


def _piece(store: Store, work: Callable[[Any], int]) -> int:
    with store.writing() as unit:
        return work(unit.books)


def _folders(before: datetime) -> int:
    """Remove what processes that were killed left on this machine's disk before then; how many folders."""
    left = [folder for name in (importing.FOLDER, exporting.FOLDER) for folder in Path(tempfile.gettempdir()).glob(f"{name}*")
            if _of_ours(folder, before)]
    for folder in left:
        shutil.rmtree(folder, ignore_errors=True)
    return len(left)


def _of_ours(folder: Path, before: datetime) -> bool:
    try:
        seen = folder.lstat()
    except FileNotFoundError:
        return False
    return stat.S_ISDIR(seen.st_mode) and seen.st_uid == os.getuid() and seen.st_mtime < before.timestamp()
