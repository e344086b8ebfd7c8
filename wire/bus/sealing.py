"""What only one service may read again: sealed with a key made from the secret file in the data folder (X18, X47).

Two uses, two keys: one seals (AES-256-GCM, bound to whom it belongs), one marks short words so that a stolen table is of
no use for guessing them.
"""
import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from nameko.extensions import DependencyProvider

from wire.bus import settings as settings_

NONCE = 12


class Unsealable(Exception):
    """It was sealed with another secret file, for somebody else, or was changed."""


class Vault:
    def __init__(self, secret: str):
        self._sealing = AESGCM(_key(secret, b"jiannuo sealing"))
        self._marking = _key(secret, b"jiannuo marking")

    def seal(self, plain: bytes, owner: str) -> bytes:
        nonce = secrets.token_bytes(NONCE)
        return nonce + self._sealing.encrypt(nonce, plain, owner.encode())

    def open(self, sealed: bytes, owner: str) -> bytes:
        """Raises Unsealable."""
        try:
            return self._sealing.decrypt(sealed[:NONCE], sealed[NONCE:], owner.encode())
        except (InvalidTag, ValueError):
            raise Unsealable from None

    def mark(self, *words: str) -> str:
        """A digest of the words that cannot be computed without the secret file."""
        return hmac.new(self._marking, "\0".join(words).encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True, kw_only=True)
class SealingSettings:
    """Read from ``JIANNUO_<SERVICE>_…``."""

    #: the file with the secret, one for all replicas; empty: ``<service>.secret`` in the data folder, made at the first start
    secret_file: str = ""


class Sealing(DependencyProvider):
    """A service's own vault, for its doors."""

    def setup(self) -> None:
        service, settings = self.container.service_name, settings_.of(self.container)
        said = settings_.read(SealingSettings, f"{settings_.PREFIX}{service.upper()}_")
        self._vault = Vault(secret_of(said.secret_file, settings.data, service))

    def get_dependency(self, worker_ctx: Any) -> Vault:
        return self._vault


def secret_of(file: str, data: Path, service: str) -> str:
    """The secret in the file, or in ``<service>.secret`` of the data folder; made where there is none, readable by its owner only.

    Two processes that start at once make one.
    """
    path = Path(file) if file else data / f"{service}.secret"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        made = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        made.touch(mode=0o600)
        made.write_text(secrets.token_hex(32))
        try:
            os.link(made, path)
        except FileExistsError:
            pass
        finally:
            made.unlink()
    return path.read_text().strip()


def _key(secret: str, use: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=use).derive(secret.encode())
