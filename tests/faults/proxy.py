"""A wire to PostgreSQL that can be cut at the worst moment: at a COMMIT, before it arrives or before its answer returns."""
import socket
from contextlib import suppress

import eventlet
from eventlet.green import socket as green

COMMIT = b"COMMIT\x00"


class Proxy:
    """Listens on ``port`` and passes everything on to the server; ``arm`` cuts the next connection that commits."""

    def __init__(self, target: int):
        self._target = target
        self._listener = eventlet.listen(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._armed = ""
        self.cuts: dict[str, int] = {"before": 0, "after": 0}
        self._serving = eventlet.spawn(self._serve)

    def arm(self, side: str) -> None:
        """``before``: the COMMIT never arrives.  ``after``: it does, its answer is lost."""
        self._armed = side

    @property
    def armed(self) -> bool:
        return bool(self._armed)

    def close(self) -> None:
        self._serving.kill()
        self._listener.close()

    def _serve(self) -> None:
        while True:
            client, _ = self._listener.accept()
            server = green.socket()
            try:
                server.connect(("127.0.0.1", self._target))
            except OSError:
                client.close()
                continue
            cut: list[bool] = []
            eventlet.spawn_n(self._pump, client, server, cut, True)
            eventlet.spawn_n(self._pump, server, client, cut, False)

    def _pump(self, source, target, cut: list[bool], asking: bool) -> None:
        with suppress(OSError, EOFError):
            while data := source.recv(65536):
                if cut and not asking:
                    break
                if asking and self._armed and COMMIT in data:
                    side, self._armed = self._armed, ""
                    self.cuts[side] += 1
                    if side == "before":
                        break
                    cut.append(True)
                target.sendall(data)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        # the other one is read by the other greenlet, which wakes now and closes it
        source.close()
