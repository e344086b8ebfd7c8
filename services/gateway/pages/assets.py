"""Style sheets and scripts: an address of their own for every version, and compressed on the way.

Only files are compressed: a page for one person holds a form token, and compressing that beside what was typed would let
somebody on the line guess it.
"""
import gzip
import hashlib
from functools import lru_cache
from pathlib import Path

from flask import request, url_for
from werkzeug.wrappers import Response

STATIC = Path(__file__).parent.parent / "static"
WORTH_IT = ("text/css", "text/javascript", "image/svg+xml")


def address(name: str) -> str:
    """The address of a static file with its fingerprint: a new version is a new address, so it may be kept for ever."""
    return url_for("static", filename=name, v=fingerprint(name))


def compress(response: Response) -> Response:
    """Send a static text compressed to whoever takes it so."""
    if request.endpoint != "static" or response.mimetype not in WORTH_IT or response.status_code != 200:
        return response
    response.vary.add("Accept-Encoding")
    if "gzip" in request.accept_encodings and request.view_args:
        response.close()
        response.direct_passthrough = False
        response.set_data(zipped(request.view_args["filename"]))
        response.headers["Content-Encoding"] = "gzip"
    return response


@lru_cache(maxsize=100)
def fingerprint(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]


@lru_cache(maxsize=100)
def zipped(name: str) -> bytes:
    return gzip.compress((STATIC / name).read_bytes(), mtime=0)
