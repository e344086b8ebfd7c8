"""One connection's conversation in HTTP: deadlines for headers, framing that cannot be read in two ways, a polite end."""
import json
from typing import Any

import eventlet
from nameko.web.server import HttpOnlyProtocol
from werkzeug.wrappers import Response

from services.gateway import problems

#: after a refusal the sender may still be sending: so much is passed over before the socket closes, so that the answer is read
LINGER_BYTES, LINGER_SECONDS = 4_000_000, 1.0


class Conversation(HttpOnlyProtocol):
    """``smuggled``: the request's framing is ambiguous and must be refused (T28).  ``part()``: this is the last answer."""

    smuggled = False
    _parting = False
    _timer: eventlet.Timeout

    def handle_one_request(self) -> None:
        self._timer = eventlet.Timeout(self.server.limits.header_seconds)
        try:
            super().handle_one_request()
        except eventlet.Timeout as timeout:
            if timeout is not self._timer:
                raise
            self.close_connection = True
        finally:
            self._timer.cancel()
        if self._parting:
            self._linger()

    def get_environ(self) -> dict[str, Any]:
        """Called when the headers are complete."""
        self._timer.cancel()
        environ = super().get_environ()
        environ["jiannuo.conversation"] = self
        lengths = self.headers.get_all("content-length", [])
        codings = self.headers.get_all("transfer-encoding", [])
        self.smuggled = (
            len(lengths) > 1 or len(codings) > 1 or any(not (w.isascii() and w.isdigit()) for w in lengths)
            or any(w.strip().lower() != "chunked" for w in codings))
        return environ

    def part(self) -> None:
        """Answer, then close: the body was not taken."""
        self.close_connection = self._parting = True

    def _linger(self) -> None:
        """Closing with unread data would reset the connection, and the answer would be lost on the way."""
        left = LINGER_BYTES
        with eventlet.Timeout(LINGER_SECONDS, False):
            try:
                self.wfile.flush()
                self.connection.shutdown(1)
                while left > 0 and (piece := self.connection.recv(65_536)):
                    left -= len(piece)
            except OSError:
                pass


def hurried(path: str, status: int, sentence: str, headers: dict[str, str]) -> Response:
    """An answer made outside the application, with the same words: a document under /api, a bare page elsewhere."""
    problem = problems.said(status, sentence)
    if path.startswith("/api/"):
        body, kind = json.dumps(problem.document(), ensure_ascii=False), "application/problem+json; charset=utf-8"
    else:
        body, kind = problems.bare_page(problem), "text/html; charset=utf-8"
    return Response(body, status=status, content_type=kind, headers={
        "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'", **headers})
