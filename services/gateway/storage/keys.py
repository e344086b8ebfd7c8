"""API keys: what they are called, what they reach, until when; their secrets as digests."""
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from services.gateway.storage.tables import api_key, api_secret
from wire.bus.tables import drop_some
from wire.contracts.calls import Stale
from wire.directory import organisations, under


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """``person_id`` and ``grant_id``: as whom and by which grant roster knows it.  ``scopes``: words with spaces between."""

    id: str
    name: str
    organisation_id: str
    person_id: str
    grant_id: str
    scopes: str
    state: str
    version: int
    made_by: str
    made_by_name: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    used_from: str = ""


class KeyBook:
    def __init__(self, sql: Connection):
        self._sql = sql

    def get(self, key_id: str) -> Key | None:
        row = self._sql.execute(select(api_key).where(api_key.c.id == key_id)).first()
        return Key(**row._mapping) if row else None

    def add(self, new: Key) -> None:
        self._sql.execute(insert(api_key).values(**_row(new)))

    def save(self, changed: Key) -> None:
        found = self._sql.execute(update(api_key).where(
            api_key.c.id == changed.id, api_key.c.version == changed.version - 1).values(**_row(changed)))
        if found.rowcount != 1:
            raise Stale("密钥刚被别人改过，请刷新后重试。")

    def add_secret(self, key_id: str, digest: str, *, at: datetime, ends: datetime) -> None:
        self._sql.execute(insert(api_secret).values(digest=digest, key_id=key_id, created_at=at, ends_at=ends))

    def shorten_secrets(self, key_id: str, ends: datetime) -> None:
        """Those there are end then at the latest."""
        self._sql.execute(update(api_secret).where(api_secret.c.key_id == key_id, api_secret.c.ends_at > ends).values(ends_at=ends))

    def keep_newest_secret(self, key_id: str, at: datetime) -> None:
        """Of those that are good, all but the newest end now."""
        good = self._sql.execute(select(api_secret.c.digest).where(api_secret.c.key_id == key_id, api_secret.c.ends_at > at)
                                 .order_by(api_secret.c.created_at.desc(), api_secret.c.digest)).scalars().all()
        if good[1:]:
            self._sql.execute(update(api_secret).where(api_secret.c.digest.in_(good[1:])).values(ends_at=at))

    def opened_by(self, key_id: str, digest: str, at: datetime) -> bool:
        """Whether this secret of the key is good at that moment."""
        return self._sql.execute(select(api_secret.c.key_id).where(
            api_secret.c.digest == digest, api_secret.c.key_id == key_id, api_secret.c.ends_at > at)).first() is not None

    def secrets(self, key_id: str, at: datetime) -> int:
        """How many secrets are good: two while the key is being rotated."""
        return self._sql.execute(select(func.count()).select_from(api_secret).where(
            api_secret.c.key_id == key_id, api_secret.c.ends_at > at)).scalar_one()

    def used(self, key_id: str, at: datetime, address: str) -> None:
        self._sql.execute(update(api_key).where(api_key.c.id == key_id).values(used_at=at, used_from=address))

    def sweep(self, before: datetime) -> int:
        """Forget secrets that ended before then; the keys stay, as the list of who could do what."""
        return drop_some(self._sql, api_secret, api_secret.c.ends_at < before)

    def page(self, path: str, *, search: str, after: str, limit: int) -> list[dict[str, Any]]:
        """Keys bound at or below the path, the newest first, with the name of their organisation."""
        query = select(api_key, organisations.c.name.label("organisation_name")).join(
            organisations, organisations.c.id == api_key.c.organisation_id).where(under(organisations.c.path, path))
        if search:
            query = query.where(func.lower(api_key.c.name).contains(search.lower(), autoescape=True))
        if after:
            query = query.where(api_key.c.id < after)
        return [dict(r) for r in self._sql.execute(query.order_by(api_key.c.id.desc()).limit(limit)).mappings()]


def _row(one: Key) -> dict[str, Any]:
    return {name: getattr(one, name) for name in Key.__slots__}
