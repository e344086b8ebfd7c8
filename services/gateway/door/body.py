"""Reading the body of a request: up to the limit, within the deadline, into a file that costs no memory.

It is read before a worker is taken, so slow uploads hold connections, never workers; the application sees it whole.
Chunks are read here and not by the web server, whose reader has no bound on a chunk's line.
"""
import tempfile
import time
from typing import Any, BinaryIO

import eventlet

PIECE = 65_536
IN_MEMORY = 262_144
LINE = 1_024


class TooLarge(Exception):
    """More than the limit was announced or sent."""


class TooSlow(Exception):
    """It did not arrive in time."""


class Broken(Exception):
    """It ended early, or its framing is wrong."""


class Body:
    """One request's body on its way in.  ``seconds`` may pass, plus one for every ``rate`` bytes that came."""

    def __init__(self, source: BinaryIO, *, limit: int, seconds: float, rate: int):
        self._source, self._limit, self._seconds, self._rate = source, limit, seconds, rate
        self._began = time.monotonic()
        self.size = 0
        self.kept: Any = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed with the answer

    def take(self, length: int | None) -> None:
        """Take it in, by length or (None) in chunks; what came of a refused one is thrown away."""
        try:
            if length is None:
                self._chunks()
            else:
                self._piece(length)
            self.kept.seek(0)
        except BaseException:
            self.kept.close()
            raise

    def _piece(self, length: int) -> None:
        """``length`` bytes; refused before reading when they are more than the limit."""
        if self.size + length > self._limit:
            raise TooLarge
        while length:
            piece = self._within(self._source.read1, min(PIECE, length))  # type: ignore[attr-defined]
            if not piece:
                raise Broken("ended early")
            self.kept.write(piece)
            self.size += len(piece)
            length -= len(piece)

    def _chunks(self) -> None:
        """Chunks until the last; trailers are passed over."""
        while length := self._chunk_length():
            self._piece(length)
            if self._line() != b"":
                raise Broken("chunk without an end")
        for _ in range(50):
            if self._line() == b"":
                return
        raise Broken("too many trailers")

    def _chunk_length(self) -> int:
        word = self._line().split(b";", 1)[0].strip()
        if not word or len(word) > 12 or not all(c in b"0123456789abcdefABCDEF" for c in word):
            raise Broken("no chunk length")
        return int(word, 16)

    def _line(self) -> bytes:
        line = self._within(self._source.readline, LINE)
        if not line.endswith(b"\n"):
            raise Broken("line too long or cut")
        return line.rstrip(b"\r\n")

    def _within(self, read: Any, most: int) -> bytes:
        left = self._seconds + self.size / self._rate - (time.monotonic() - self._began)
        if left <= 0:
            raise TooSlow
        with eventlet.Timeout(left, TooSlow):
            try:
                return read(most)
            except OSError as error:
                raise Broken(type(error).__name__) from None
