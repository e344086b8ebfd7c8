"""Messages to the broker: what was placed together travels in bundles, persistent and mandatory, with pipelined confirms.

A returned message is acknowledged by the broker as well, and its return carries no delivery tag: it is matched by message id.
"""
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from wire.bus import outbox
from wire.bus.frames import PERSISTENT, Publications
from wire.bus.line import Line
from wire.bus.outbox import Stretch
from wire.bus.settings import Settings
from wire.contracts.envelope import BUNDLE_TYPE, CONTENT_TYPE, bundle

#: events and bytes of a bundle: the broker's work is per message, a consumer's memory per prefetched message
BUNDLE_MOST, BUNDLE_BYTES = 100, 64_000


@dataclass(frozen=True, slots=True)
class Message:
    """Events of one stream and topic, in order of position, as one message; named after the first."""

    stream: str
    epoch: int
    rows: Sequence[Row]
    body: bytes

    @property
    def content_type(self) -> str:
        return CONTENT_TYPE if len(self.rows) == 1 else BUNDLE_TYPE


def messages_of(stretch: Stretch) -> Iterator[Message]:
    """The stretch cut into as few messages as its topics and the bounds of a bundle allow."""
    def made() -> Message:
        return Message(stretch.stream, stretch.epoch, rows, bodies[0] if len(bodies) == 1 else bundle(bodies))

    rows: list[Row] = []
    bodies: list[bytes] = []
    size = 0
    for row in stretch.rows:
        body = outbox.sealed(stretch.epoch, row)
        if rows and (row.topic != rows[0].topic or len(rows) == BUNDLE_MOST or size + len(body) > BUNDLE_BYTES):
            yield made()
            rows, bodies, size = [], [], 0
        rows.append(row)
        bodies.append(body)
        size += len(body)
    if rows:
        yield made()


class Publisher:
    """A line that publishes a batch and says what became of each message."""

    def __init__(self, settings: Settings, service: str):
        self._settings = settings
        self.exchange = f"{service}.events"
        self.line = Line(settings, settings.heartbeat)
        self._tag = 0
        #: what waits for its confirm, by tag; and all of the batch, by the name a return carries
        self._open: dict[int, Message] = {}
        self._named: dict[str, Message] = {}
        self._refused: list[Message] = []
        self._returned: list[Message] = []

    def connect(self) -> None:
        """Raises LineDown."""
        channel = self.line.open()
        with self.line.bounded():
            channel.exchange_declare(self.exchange, type="topic", durable=True, auto_delete=False)
            channel.confirm_select()
        channel.events["basic_ack"].add(self._on_ack)
        channel.events["basic_nack"].add(self._on_nack)
        channel.events["basic_return"].add(self._on_return)
        self._tag, self._open = 0, {}
        if self.line.native:
            self._frames = Publications(channel.channel_id, self.exchange, channel.connection.frame_max)

    def publish(self, stretches: Sequence[Stretch]) -> tuple[set[str], set[str]]:
        """Publish all, wait for every confirm; the ids of the events that were returned and of those that were refused.

        Raises LineDown when it is not over in time: then nothing is known of this batch.
        """
        self._named, self._refused, self._returned = {}, [], []
        with self.line.bounded():
            if self.line.native:
                with self.line.corked() as write:
                    for message in self._messages(stretches):
                        first = message.rows[0]
                        write(self._frames.write(message.content_type, first.topic, first.id, message.stream, message.epoch,
                                                 first.position, message.body))
            else:
                for message in self._messages(stretches):
                    self._send(message)
            while self._open:
                self.line.drain(self._settings.confirm_seconds)
        return _ids(self._returned), _ids(self._refused)

    def _messages(self, stretches: Sequence[Stretch]) -> Iterator[Message]:
        for stretch in stretches:
            for message in messages_of(stretch):
                self._tag += 1
                self._open[self._tag] = self._named[message.rows[0].id] = message
                yield message

    def _send(self, message: Message) -> None:
        """In memory there are no frames."""
        channel, first = self.line.channel, message.rows[0]
        prepared = channel.prepare_message(
            message.body, content_type=message.content_type,
            headers={"stream": message.stream, "epoch": message.epoch, "position": first.position},
            properties={"message_id": first.id, "delivery_mode": PERSISTENT, "type": first.topic})
        channel.basic_publish(prepared, exchange=self.exchange, routing_key=first.topic, mandatory=True)

    def _on_ack(self, tag: int, multiple: bool) -> None:
        for known in self._covered(tag, multiple):
            del self._open[known]

    def _on_nack(self, tag: int, multiple: bool) -> None:
        for known in self._covered(tag, multiple):
            self._refused.append(self._open.pop(known))

    def _covered(self, tag: int, multiple: bool) -> list[int]:
        if not multiple:
            return [tag] if tag in self._open else []
        return [known for known in self._open if known <= tag]

    def _on_return(self, error: Any, exchange: str, key: str, message: Any) -> None:
        # its own message ids are known; what somebody else's return would carry is none of them
        if (returned := self._named.get(message.properties.get("message_id", ""))) is not None:
            self._returned.append(returned)


def _ids(messages: Sequence[Message]) -> set[str]:
    return {row.id for message in messages for row in message.rows}
