"""What only the gateway may read again: sealed with a key made from the secret file in the data folder (X47).

Two uses, two keys: one seals (AES-256-GCM, bound to whom it belongs), one marks short codes so that a stolen table is of
no use for guessing them.
"""
import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

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


def _key(secret: str, use: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=use).derive(secret.encode())
