"""The machinery that carries events and calls: knows no event by name, and keeps what is committed from being lost."""
from kombu.transport import TRANSPORT_ALIASES

TRANSPORT_ALIASES["embedded"] = "wire.bus.embedded:Transport"
