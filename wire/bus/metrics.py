"""What the bus counts: one registry per process, read at /metrics.  Labels are names of the house, never data."""
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

REGISTRY = CollectorRegistry()
SECONDS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3, 10, 30)


def _counter(name: str, what: str, *labels: str) -> Counter:
    return Counter(f"jiannuo_{name}", what, labels, registry=REGISTRY)


def _gauge(name: str, what: str, *labels: str) -> Gauge:
    return Gauge(f"jiannuo_{name}", what, labels, registry=REGISTRY)


# writing side
published = _counter("published", "events handed to the broker", "service", "stream")
confirmed = _counter("confirmed", "events the broker confirmed", "service", "stream")
returned = _counter("returned", "events nobody was bound for, returned by the broker", "service", "stream")
unrouted = _counter("unrouted", "events given up as unrouted after the grace time", "service", "stream")
outbox_age = _gauge("outbox_age_seconds", "age of the oldest unsent event", "service")
outbox_waiting = _gauge("outbox_waiting", "unsent events", "service")

# reading side: ``service`` is the one that listens
consumed = _counter("consumed", "events applied", "service", "stream")
duplicates = _counter("duplicates", "events that had been applied before", "service", "stream")
retried = _counter("retried", "events that failed and will be tried again", "service", "stream")
parked = _counter("parked", "events set aside for a person", "service", "stream")
altered = _counter("altered", "events that came again with another content: somebody forges, or a journal was changed", "service", "stream")
unreadable = _counter("unreadable", "messages that are no event", "service")
healed = _counter("healed", "missing events fetched from their producer's journal", "service", "stream")
parked_rows = _gauge("parked_rows", "events set aside now", "service")
lag = _gauge("subscription_lag", "positions between the producer's head and what was applied", "service", "stream")
handler_seconds = Histogram(
    "jiannuo_handler_seconds", "time of one batch of events", ("service", "handler"), buckets=SECONDS, registry=REGISTRY)

# calls: at the door, and at the caller's
call_seconds = Histogram(
    "jiannuo_call_seconds", "time of a call inside the service", ("service", "operation", "outcome"), buckets=SECONDS,
    registry=REGISTRY)
asked_seconds = Histogram(
    "jiannuo_asked_seconds", "time of a call as its caller saw it", ("operation", "outcome"), buckets=SECONDS,
    registry=REGISTRY)
waiting_calls = _gauge("waiting_calls", "replies being waited for in this process")

# rules
unusable_policies = _counter("unusable_policies", "times a service went by its default because what was adopted could not be read",
                             "service", "document")

# loops
iterations = _counter("loop_iterations", "turns of a loop", "service", "loop")


def page() -> bytes:
    """The text a scraper reads."""
    return generate_latest(REGISTRY)
