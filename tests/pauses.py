"""How long nobody got a turn, told apart from what the machine itself took from everybody."""
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import eventlet


@contextmanager
def longest_pauses() -> Iterator[dict[str, float]]:
    """The longest time nobody got a turn, in seconds: on the ``hub``, and on a thread of the operating system beside it
    (``machine``)."""
    longest, over = {"hub": 0.0, "machine": 0.0}, []

    def watch(name: str, sleep: Callable[[float], None]) -> None:
        while not over:
            before = time.monotonic()
            sleep(0.01)
            longest[name] = max(longest[name], time.monotonic() - before)

    plain = eventlet.patcher.original("threading").Thread(target=watch, args=("machine", eventlet.patcher.original("time").sleep))
    watching = eventlet.spawn(watch, "hub", eventlet.sleep)
    plain.start()
    try:
        yield longest
    finally:
        over.append(True)
        watching.wait()
        plain.join()
