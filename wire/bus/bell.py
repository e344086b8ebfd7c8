"""A bell for a loop: rung before anybody waits, it still wakes the next who does."""
import eventlet
from eventlet.event import Event


class Bell:
    def __init__(self) -> None:
        self._event = Event()

    def ring(self) -> None:
        """Wake who waits, or the next who will.  A second ring before that adds nothing."""
        if not self._event.ready():
            self._event.send()

    def wait(self, seconds: float | None) -> bool:
        """Wait to be rung, at most so long (None: for ever); whether it was."""
        with eventlet.Timeout(seconds, False):
            self._event.wait()
        rung = self._event.ready()
        if rung:
            self._event = Event()
        return rung
