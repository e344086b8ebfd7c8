"""The embedded mode's transport: ``embedded://localhost/<house>``; it wakes its consumers instead of being polled.

Two houses in one process share nothing unless they share the name.  It speaks what the bus uses of AMQP: direct and
topic exchanges, mandatory with ``basic_return``, prefetch per channel, redelivery of what was not acknowledged, message
expiry, exclusive queues.  A publish in confirm mode is confirmed at once.  What memory loses when the process dies,
healing brings back.
"""
from wire.bus.embedded.broker import forget, matches
from wire.bus.embedded.transport import Transport

__all__ = ["Transport", "forget", "matches"]
