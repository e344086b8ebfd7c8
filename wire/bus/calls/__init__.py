"""Calls: ``@answers`` opens a door, ``Caller`` asks.  nameko RPC over the same broker, with one deadline for everything."""
from wire.bus.calls.ask import Caller, hang_up, shared
from wire.bus.calls.hall import answers

__all__ = ["Caller", "answers", "hang_up", "shared"]
