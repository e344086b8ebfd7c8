"""A small house to try the bus with: one service that announces, one that keeps a board, on whichever world it is given."""
import time
from collections import defaultdict
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import ClassVar

import eventlet
from kombu import Connection
from nameko.containers import ServiceContainer
from sqlalchemy import Boolean, Column, Integer, MetaData, Table, Text, func, select

from wire.bus import embedded, inbox, migrate, outbox, retry, signing
from wire.bus.service import Bus, Projection
from wire.bus.settings import Settings, from_environment
from wire.bus.subscribe import subscribe
from wire.bus.tables import upsert
from wire.bus.unit import transaction
from wire.contracts import event
from wire.contracts.event import Facts
from wire.contracts.shape import bounded, shape, text


@shape
class TrialItem:
    item_id: str = text(80)
    words: str = text(400)
    due_on: date


@shape
class TrialFacts(Facts):
    pledge_id: str = text(80)
    member_name: str = text(40)
    state: str = text(20, default="published")
    weight: int = bounded(0, 100, default=1)
    items: tuple[TrialItem, ...] = ()


@event.event("trial.pledge.published.v1", key="pledge_id")
class TrialPublished(TrialFacts):
    """Three items, as a pledge of the house has."""


@event.event("trial.pledge.settled.v1", key="pledge_id")
class TrialSettled(TrialFacts):
    """Of a heard stream, but no door takes it."""


@event.event("trial.rumour.heard.v1", key="rumour_id")
class RumourHeard(Facts):
    """Of a stream nobody here listens to."""

    rumour_id: str = text(80)


metadata = MetaData()
board = Table(
    "trial_board", metadata, Column("id", Text, primary_key=True), Column("member_name", Text), Column("words", Text),
    Column("epoch", Integer), Column("version", Integer), Column("lost", Boolean))
#: every effect leaves a line, so that one applied twice shows
effects = Table("trial_effect", metadata, Column("n", Integer, primary_key=True, autoincrement=True), Column("id", Text),
                Column("epoch", Integer), Column("version", Integer))


class Mood:
    """What the board's door does to whom: name → how many more times it raises."""

    raises: ClassVar[defaultdict[str, int]] = defaultdict(int)
    tries: ClassVar[defaultdict[str, int]] = defaultdict(int)
    hold = None


class Trial:
    name = "trial"
    bus = Bus(lambda sql: sql)


class Board:
    name = "trialboard"
    bus = Bus(lambda sql: sql, projections=(Projection(board, "trial.pledge"),))

    @subscribe(TrialPublished)
    def on_published(self, unit, news):
        for n in news:
            Mood.tries[n.event.member_name] += 1
            if Mood.hold is not None:
                Mood.hold()
            if Mood.raises[n.event.member_name] > 0:
                Mood.raises[n.event.member_name] -= 1
                raise RuntimeError(f"no room on the board for {n.event.pledge_id}")
        upsert(unit.sql, board, ("id",), [
            {"id": n.event.pledge_id, "member_name": n.event.member_name, "words": "".join(i.words for i in n.event.items),
             "epoch": n.epoch, "version": n.event.version, "lost": False} for n in news], guard=("epoch", "version"))
        unit.sql.execute(effects.insert(), [
            {"id": n.event.pledge_id, "epoch": n.epoch, "version": n.event.version} for n in news])


def published(number, *, version=1, name="张三", cls=TrialPublished):
    return cls(
        pledge_id=f"plg_{number:06}", member_name=name, version=version, acted_by="per_1", acted_by_name="李四",
        acted_at=datetime.now(UTC), items=tuple(
            TrialItem(item_id=f"itm_{number}_{k}", words=f"为民办实事{k}", due_on=date(2026, 12, 31)) for k in range(3)))


def heard(number):
    return RumourHeard(rumour_id=f"rum_{number}", version=1, acted_by="per_1", acted_by_name="李四", acted_at=datetime.now(UTC))


QUICK = {"relay_sweep_seconds": 0.1, "hole_grace_seconds": 0.4, "healing_seconds": 0.8, "retry_first_seconds": 0.1,
         "return_grace_seconds": 0.5, "call_seconds": 2.0}


def settings_for(world, **more):
    """The settings of a world, quicker than in life; its databases migrated, its trial tables made."""
    found = from_environment(world.environment)
    values = {"data": found.data, "broker": found.broker, "database": found.database,
              "house": f"trial_{abs(hash(str(world.data)))}"} | QUICK | more
    _, public = signing.make_keys(Settings(data=found.data))
    return Settings(**values, verify_key=str(public))


def prepare(settings, *services):
    from wire.bus.database import open_database
    for service in services:
        migrate.upgrade(service, settings, folders=())
        database = open_database(settings, service)
        with transaction(database) as sql:
            metadata.create_all(sql)
        database.close()


class Running:
    """Containers by name, and what is in their databases."""

    def __init__(self, settings):
        self.settings = settings
        self.containers = {}

    def start(self, cls, name="", **settings):
        changed = Settings(**{**self.settings.__dict__, **settings}) if settings else self.settings
        container = self.containers[name or cls.name] = ServiceContainer(cls, changed.nameko())
        container.start()
        return self.bus(name or cls.name)

    def bus(self, name):
        return next(d for d in self.containers[name].dependencies if isinstance(d, Bus))

    def announce(self, *facts, name="trial"):
        with self.bus(name).writing() as unit:
            for fact in facts:
                unit.announce(fact)

    def rows(self, table, name="trialboard", order=None):
        with self.bus(name).reading() as unit:
            query = select(table)
            return unit.sql.execute(query.order_by(order) if order is not None else query).mappings().all()

    def count(self, table, name="trialboard"):
        with self.bus(name).reading() as unit:
            return unit.sql.execute(select(func.count()).select_from(table)).scalar_one()

    def mark(self, stream="trial.pledge", name="trialboard"):
        with self.bus(name).reading() as unit:
            return inbox.marks_of(unit.sql, [stream]).get(stream)

    def retries(self, name="trialboard"):
        with self.bus(name).reading() as unit:
            return retry.count(unit.sql)

    def unsent(self, name="trial"):
        bus = self.bus(name)
        with bus.reading() as unit:
            return outbox.unsent(unit.sql, unit.now)[0]

    def publish_raw(self, body, *, headers=None, topic="trial.pledge.published.v1", id_="evt_raw", exchange="trial.events",
                    content_type="application/cloudevents+json"):
        with Connection(self.settings.broker_uri) as connection:
            channel = connection.channel()
            channel.exchange_declare(exchange, type="topic", durable=True, auto_delete=False)
            channel.basic_publish(channel.prepare_message(
                body, content_type=content_type, headers=headers or {},
                properties={"message_id": id_, "type": topic, "delivery_mode": 2}), exchange=exchange, routing_key=topic)

    def stop(self, *names):
        for name in names or tuple(self.containers):
            self.containers.pop(name).stop()

    def kill(self, name):
        self.containers.pop(name).kill()


#: no promise is made in seconds here: this is how long the slowest machine may take
SECONDS = 90.0


def until(true, what=""):
    """Wait for it, its first true answer; the test fails, saying what it waited for, when it does not come."""
    ends = time.monotonic() + SECONDS
    while True:
        found = true()
        if found:
            return found
        assert time.monotonic() < ends, f"not within {SECONDS} s: {what or true}"
        eventlet.sleep(0.02)


@contextmanager
def running(world, *classes, start=True, **settings):
    Mood.raises.clear()
    Mood.tries.clear()
    Mood.hold = None
    made = settings_for(world, **settings)
    prepare(made, *{c.name for c in classes})
    found = Running(made)
    try:
        if start:
            for cls in classes:
                found.start(cls)
        yield found
    finally:
        for name in tuple(found.containers):
            found.kill(name)
        embedded.forget(made.house)
