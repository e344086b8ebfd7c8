"""One-time codes by the clock (动态口令, RFC 6238): HMAC-SHA1, six digits, a new one every thirty seconds."""
import base64
import hmac
import secrets
import struct
from datetime import datetime
from urllib.parse import quote, urlencode

SECONDS, DIGITS, SECRET_BYTES = 30, 6, 20
#: clocks may be a step apart in either direction
APART = 1


def new_secret() -> bytes:
    return secrets.token_bytes(SECRET_BYTES)


def step_of(now: datetime) -> int:
    return int(now.timestamp()) // SECONDS


def code_at(secret: bytes, step: int) -> str:
    """The code of that step."""
    digest = hmac.digest(secret, struct.pack(">Q", step), "sha1")
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset:offset + 4])[0] & 0x7FFFFFFF) % 10**DIGITS:0{DIGITS}d}"


def matching(secret: bytes, code: str, step: int) -> int | None:
    """The step, at most one away, whose code this is; every one is looked at, so that the time taken tells nothing."""
    found = None
    for near in range(step - APART, step + APART + 1):
        if hmac.compare_digest(code_at(secret, near), code):
            found = near
    return found


def written(secret: bytes) -> str:
    """The secret as it is typed into an app."""
    return base64.b32encode(secret).decode().rstrip("=")


def address(secret: bytes, *, house: str, username: str) -> str:
    """What the QR code holds."""
    label = quote(f"{house}:{username}")
    return f"otpauth://totp/{label}?" + urlencode({"secret": written(secret), "issuer": house, "digits": DIGITS, "period": SECONDS})
