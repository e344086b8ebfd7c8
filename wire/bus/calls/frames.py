"""Bodies too large for this house are dropped frame by frame while they arrive (T22)."""
from collections.abc import Callable
from struct import unpack_from
from typing import Any

from amqp.method_framing import frame_handler

HEADER, BODY = 2, 3


def capped(limit: int) -> Callable:
    """A frame handler for py-amqp (``transport_options={"frame_handler": …}``): a body over ``limit`` arrives empty."""

    def make(connection: Any, callback: Callable) -> Callable:
        inner = frame_handler(connection, callback)
        left: dict[int, int] = {}

        def on_frame(frame: tuple) -> bool:
            kind, channel, buffer = frame
            if kind == HEADER:
                size = unpack_from(">Q", buffer, 4)[0]
                if size > limit:
                    left[channel] = size
                    # the size in the header becomes none: the message is complete without its body
                    return inner((kind, channel, bytes(buffer[:4]) + bytes(8) + bytes(buffer[12:])))
            elif kind == BODY and channel in left:
                connection.bytes_recv += 1
                left[channel] -= len(buffer)
                if left[channel] <= 0:
                    del left[channel]
                return False
            return inner(frame)

        return on_frame

    return make
