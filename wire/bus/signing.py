"""Who asks is signed: the gateway holds the private key, every service the public one (X43).

The signature covers the actor, the operation, the SHA-256 of the request's bytes, the idempotency key, the deadline
and the time of signing.  It is good for a minute, for this call only.  A service that asks another for its journal
signs nothing: the broker lets services publish nothing else.
"""
import base64
import binascii
import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization as pem
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from wire.bus.settings import Refused, Settings
from wire.contracts.actor import Actor
from wire.contracts.calls import Unsigned
from wire.contracts.envelope import Unreadable, parse, text_of
from wire.contracts.shape import Malformed, dump, load

FORGED = "无法确认操作人的身份，这次没有办理，请重新登录后再试。"
CLOCK = "签名时间与本机时间相差 {} 秒，这次没有办理，请联系运维人员核对各台服务器的时钟。"
TOKEN_LIMIT = 60_000
#: the one verb services ask each other; nobody signs for them
JOURNAL = "journal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What a token says.  Times are aware UTC, carried as milliseconds."""

    actor: Actor
    operation: str
    digest: str
    key: str
    issued_at: datetime
    ends_at: datetime


def digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


class Signer:
    """Signs claims; without a key (a service) it only states them."""

    def __init__(self, key: Ed25519PrivateKey | None = None):
        self._key = key

    def token(self, claims: Claims) -> str:
        said = text_of({
            "actor": dump(claims.actor), "operation": claims.operation, "digest": claims.digest, "key": claims.key,
            "issued_at": _milliseconds(claims.issued_at), "ends_at": _milliseconds(claims.ends_at)}).encode()
        signature = self._key.sign(said) if self._key else b""
        return f"{_encode(said)}.{_encode(signature)}"


class Verifier:
    """Checks tokens against the gateway's public key."""

    def __init__(self, key: Ed25519PublicKey, now: Callable[[], datetime], seconds: int = 60):
        self._key, self._now, self._seconds = key, now, seconds

    def claims(self, token: object, operation: str, body: bytes) -> Claims:
        """What the token says, if it is the gateway's, fresh, and for this operation and these bytes.

        A token without a signature passes only for a service that asks for a journal.  Raises Unsigned, with a
        sentence that names the clock when the time is what is wrong.
        """
        if not isinstance(token, str) or len(token) > TOKEN_LIMIT:
            raise Unsigned(FORGED)
        said, _, signature = token.partition(".")
        try:
            text, signed = _decode(said), _decode(signature)
            found = parse(text)
            claims = Claims(
                actor=load(Actor, found["actor"]), operation=found["operation"], digest=found["digest"], key=found["key"],
                issued_at=_instant(found["issued_at"]), ends_at=_instant(found["ends_at"]))
        except (binascii.Error, ValueError, Unreadable, Malformed, KeyError, TypeError, OverflowError, OSError):
            raise Unsigned(FORGED) from None
        if signed:
            try:
                self._key.verify(signed, text)
            except InvalidSignature:
                raise Unsigned(FORGED) from None
        elif claims.actor.kind != "service" or operation.partition(".")[2] != JOURNAL:
            raise Unsigned(FORGED)
        if claims.operation != operation or claims.digest != digest(body) or not isinstance(claims.key, str):
            raise Unsigned(FORGED)
        apart = (self._now() - claims.issued_at).total_seconds()
        if abs(apart) > self._seconds:
            raise Unsigned(CLOCK.format(round(abs(apart))))
        return claims


def make_keys(settings: Settings) -> tuple[Path, Path]:
    """Make the pair of keys in the data folder unless it is there; returns the private and the public file.

    A second call changes nothing.  The private one is readable by its owner only.
    """
    folder = settings.data / "keys"
    private, public = folder / "signing.pem", folder / "verify.pem"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not private.exists():
        key = Ed25519PrivateKey.generate()
        handle = os.open(private, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(key.private_bytes(pem.Encoding.PEM, pem.PrivateFormat.PKCS8, pem.NoEncryption()))
    if not public.exists():
        public.write_bytes(_private(private).public_key().public_bytes(
            pem.Encoding.PEM, pem.PublicFormat.SubjectPublicKeyInfo))
    return private, public


def signer_of(settings: Settings) -> Signer:
    """The signer of this process: with the gateway's key where the settings give one, without it elsewhere."""
    if settings.signing_key:
        return Signer(_private(Path(settings.signing_key)))
    return Signer(_private(make_keys(settings)[0])) if settings.embedded else Signer()


def verifier_of(settings: Settings, now: Callable[[], datetime]) -> Verifier:
    """The verifier of this process.  Raises Refused when a distributed service was given no public key."""
    if not settings.verify_key and not settings.embedded:
        raise Refused("缺少 JIANNUO_VERIFY_KEY：请填写网关公钥文件的路径，然后重新启动。")
    file = Path(settings.verify_key) if settings.verify_key else make_keys(settings)[1]
    try:
        key = pem.load_pem_public_key(file.read_bytes())
    except (OSError, ValueError):
        raise Refused(f"无法读取公钥文件 {file}，请检查 JIANNUO_VERIFY_KEY。") from None
    if not isinstance(key, Ed25519PublicKey):
        raise Refused(f"公钥文件 {file} 不是 Ed25519 公钥，请重新生成。")
    return Verifier(key, now, settings.signature_seconds)


def _private(file: Path) -> Ed25519PrivateKey:
    try:
        key = pem.load_pem_private_key(file.read_bytes(), None)
    except (OSError, ValueError, TypeError):
        raise Refused(f"无法读取私钥文件 {file}，请检查 JIANNUO_SIGNING_KEY。") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise Refused(f"私钥文件 {file} 不是 Ed25519 私钥，请重新生成。")
    return key


def _milliseconds(instant: datetime) -> int:
    return round(instant.timestamp() * 1000)


def _instant(value: object) -> datetime:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"not a time: {value!r}")
    return datetime.fromtimestamp(value / 1000, UTC)


def _encode(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode()


def _decode(value: str) -> bytes:
    return base64.b64decode(value.encode(), altchars=b"-_", validate=True)
