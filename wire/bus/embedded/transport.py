"""The kombu transport of the embedded mode: what the bus uses of AMQP, on the broker in memory."""
# kombu's own signatures carry no types, and it declares class attributes narrower than it uses them
# mypy: disable-error-code="no-untyped-def, assignment, override, union-attr, attr-defined"
import time
from collections import defaultdict, deque
from collections.abc import Callable
from queue import Empty
from typing import Any

from amqp.exceptions import ChannelError, error_for_code
from kombu.transport import virtual
from kombu.transport.base import Transport as Plain

from wire.bus.bell import Bell
from wire.bus.embedded.broker import broker

NO_ROUTE = 312


class QoS(virtual.QoS):
    """An acknowledgement makes room: the consumer is woken for what waits."""

    def ack(self, delivery_tag) -> None:
        super().ack(delivery_tag)
        self.channel.connection.bell.ring()

    def reject(self, delivery_tag, requeue=False) -> None:
        super().reject(delivery_tag, requeue=requeue)
        self.channel.connection.bell.ring()


class Channel(virtual.Channel):
    QoS = QoS
    body_encoding = None

    def __init__(self, connection, **kwargs):
        super().__init__(connection, **kwargs)
        self.events: dict[str, set[Callable]] = defaultdict(set)
        self._confirming, self._published = False, 0

    # publishing

    def prepare_message(self, body, priority=None, content_type=None, content_encoding=None, headers=None, properties=None):
        """As AMQP has it: content type, encoding and headers are properties too (nameko reads them there)."""
        found = {k: v for k, v in (properties or {}).items() if v is not None}
        found |= {"content_type": content_type, "content_encoding": content_encoding, "application_headers": headers or {}}
        body = body.encode() if isinstance(body, str) else bytes(body)
        return super().prepare_message(body, priority, content_type, content_encoding, headers, found)

    def confirm_select(self, nowait=False) -> None:
        self._confirming = True

    def basic_publish(self, message, exchange="", routing_key="", mandatory=False, **kwargs):
        self._published += 1
        properties = message["properties"]
        if properties.get("expiration") is not None:
            properties["ends_at"] = time.monotonic() + int(properties["expiration"]) / 1000
        queues = self.state.route(exchange, routing_key)
        for queue in queues:
            own = {**properties, "body_encoding": None, "delivery_tag": self._next_delivery_tag(),
                   "delivery_info": {"exchange": exchange, "routing_key": routing_key, "redelivered": False}}
            self.state.put(queue, {**message, "properties": own})
        if mandatory and not queues:
            self._return(message, exchange, routing_key)
        if self._confirming:
            for heard in tuple(self.events["basic_ack"]):
                heard(self._published, False)

    def _return(self, message, exchange, routing_key) -> None:
        error = error_for_code(NO_ROUTE, "NO_ROUTE", (60, 50), ChannelError)
        heard = tuple(self.events["basic_return"])
        if not heard:
            raise error
        properties = {**message["properties"], "delivery_tag": 0, "delivery_info": {}}
        returned = self.Message({**message, "properties": properties}, channel=self)
        for hear in heard:
            hear(error, exchange, routing_key, returned)

    # queues

    def queue_declare(self, queue=None, passive=False, exclusive=False, **kwargs):
        found = super().queue_declare(queue, passive=passive, **kwargs)
        if exclusive:
            self.connection.exclusive.add(found.queue)
        return found

    def queue_bind(self, queue, exchange=None, routing_key="", arguments=None, **kwargs):
        super().queue_bind(queue, exchange, routing_key, arguments, **kwargs)
        self.state.rebound()

    def queue_unbind(self, queue, exchange=None, routing_key="", arguments=None, **kwargs):
        super().queue_unbind(queue, exchange, routing_key, arguments, **kwargs)
        self.state.rebound()

    def queue_delete(self, queue, if_unused=False, if_empty=False, **kwargs):
        if if_empty and self._size(queue):
            return
        self.state.forget(queue)

    def _has_queue(self, queue, **kwargs):
        return queue in self.state.queues

    def _new_queue(self, queue, **kwargs):
        self.state.queues.setdefault(queue, deque())

    def _size(self, queue):
        return len(self.state.queues.get(queue, ()))

    def _purge(self, queue):
        size = self._size(queue)
        self.state.queues[queue] = deque()
        return size

    # consuming

    def basic_consume(self, queue, no_ack=False, callback=None, consumer_tag="", **kwargs):
        super().basic_consume(queue, no_ack, callback, consumer_tag, **kwargs)
        self.state.listeners[queue].append(self.connection.bell)
        self.connection.bell.ring()

    def basic_cancel(self, consumer_tag, nowait=False):
        queue = self._tag_to_queue.get(consumer_tag)
        super().basic_cancel(consumer_tag)
        bells = self.state.listeners[queue]
        if queue is not None and self.connection.bell in bells:
            bells.remove(self.connection.bell)

    @property
    def unacknowledged(self) -> int:
        return len(self._qos._delivered) - len(self._qos._dirty) if self._qos else 0

    def _get(self, queue, timeout=None):
        message = self.state.take(queue)
        message["properties"]["delivery_info"]["queue"] = queue
        return message

    def _restore(self, message):
        """Back to the head of its own queue, marked as delivered before."""
        queue = message.delivery_info.get("queue")
        raw = message._raw
        raw["properties"]["delivery_info"]["redelivered"] = True
        self.state.put(queue, raw, first=True)

    def close(self):
        if not self.closed:
            for tag in list(self._consumers):
                self.basic_cancel(tag)
        super().close()


class Transport(virtual.Transport):
    """``embedded://localhost/<house>``."""

    Channel = Channel
    polling_interval = None
    driver_type = driver_name = "embedded"
    connection_errors = (ConnectionError, *virtual.Transport.connection_errors)
    implements = Plain.implements.extend(asynchronous=False, exchange_type=frozenset(["direct", "topic"]), heartbeats=False)

    def __init__(self, client, **kwargs: Any):
        super().__init__(client, **kwargs)
        self.state = broker(client.virtual_host or "/")
        self.bell = Bell()
        self.exclusive: set[str] = set()
        self.connected = False
        self.state.connections.add(self)

    def establish_connection(self):
        self.connected = True
        return super().establish_connection()

    def verify_connection(self, connection):
        return self.connected

    def close_connection(self, connection):
        self.connected = False
        super().close_connection(connection)
        for queue in self.exclusive:
            self.state.forget(queue)
        self.exclusive.clear()
        self.bell.ring()

    def drain_events(self, connection, timeout=None):
        """Deliver one message, or wait for one.  Raises TimeoutError; ConnectionError when closed meanwhile."""
        ends = None if timeout is None else time.monotonic() + timeout
        while True:
            if not self.connected:
                raise ConnectionError("the connection was closed")
            try:
                return self.cycle.get(self._deliver)
            except Empty:
                left = None if ends is None else ends - time.monotonic()
                if left is not None and left <= 0:
                    raise TimeoutError from None
                self.bell.wait(left)
