"""API keys 接口密钥: another system acts with a ``system`` grant over a part of the tree, within scopes, for a year at most; it
never approves, verifies, counts or grants (X48)."""
from datetime import datetime

from wire.contracts.actor import Reach
from wire.contracts.calls import call, grants
from wire.contracts.shape import bounded, shape, text

KEEPERS = grants(office=Reach.WITHIN)
KEY_STATES = {"active": "可用", "expired": "已过期", "revoked": "已停用"}
MOST_DAYS, OVERLAP_DAYS = 366, 30


@shape
class KeyView:
    """``secrets``: how many are good now, two while the key is being rotated."""

    key_id: str
    name: str
    organisation_id: str
    organisation_name: str
    scopes: tuple[str, ...]
    state: str
    secrets: int
    made_by_name: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    used_from: str
    version: int


@shape
class KeyMade:
    """``key`` is what the other system sends as its bearer token; told once, kept as a digest."""

    key: str
    view: KeyView


@shape
class KeyPage:
    keys: tuple[KeyView, ...]
    next: str


@call("gateway.list_keys", reply=KeyPage, grants=grants(office=Reach.WITHIN, auditor=Reach.WITHIN))
class ListKeys:
    """Keys bound at or below an organisation, the newest first."""

    organisation_id: str = text(80)
    search: str = text(60, default="")
    after: str = text(80, default="")
    limit: int = bounded(1, 200, default=50)


@call("gateway.make_key", reply=KeyMade, grants=KEEPERS, writes=True)
class MakeKey:
    """``scopes``: at least one of ``organisations:read``, ``organisations:sync``, ``members:read``, ``members:sync``, ``posts:read``,
    ``pledges:read``, ``rankings:read``."""

    organisation_id: str = text(80)
    name: str = text(40, least=2, label="用途")
    scopes: tuple[str, ...]
    days: int = bounded(1, MOST_DAYS, default=365, label="有效天数")


@call("gateway.rotate_key", reply=KeyMade, grants=KEEPERS, writes=True)
class RotateKey:
    """A second secret; the one before works on for ``days``, so that the other system can be changed over."""

    key_id: str = text(80)
    days: int = bounded(0, OVERLAP_DAYS, default=7, label="旧密钥再用几天")


@call("gateway.revoke_key", reply=KeyView, grants=KEEPERS, writes=True)
class RevokeKey:
    """It opens nothing from now on, and its grant has ended everywhere."""

    key_id: str = text(80)
