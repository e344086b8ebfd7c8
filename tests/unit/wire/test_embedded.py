"""The broker in memory: what the bus uses of AMQP, and nobody polls."""
import time
import uuid

import eventlet
import pytest
from hypothesis import given, strategies as st
from kombu import Connection, Consumer, Exchange, Queue

from wire.bus import embedded
from wire.bus.embedded.broker import broker

EVENTS = Exchange("pledge.events", type="topic", durable=True)


@pytest.fixture
def name():
    name = f"house_{uuid.uuid4().hex}"
    yield name
    embedded.forget(name)


def connect(name) -> Connection:
    return Connection(f"embedded://localhost/{name}")


def bound(channel, queue, key="#"):
    Queue(queue, exchange=EVENTS, routing_key=key, durable=True)(channel).declare()


def publish(channel, key, body=b"{}", **properties):
    message = channel.prepare_message(body, content_type="application/json", headers={"h": 1}, properties=properties)
    channel.basic_publish(message, exchange=EVENTS.name, routing_key=key, mandatory=True)


def got(channel, queue) -> list[str]:
    found = []
    while (message := channel.basic_get(queue)) is not None:
        found.append(message.delivery_info["routing_key"])
        message.ack()
    return found


def test_a_message_arrives_with_its_properties_as_over_amqp(name):
    with connect(name) as connection:
        channel = connection.channel()
        bound(channel, "q")
        publish(channel, "a.b", reply_to="r", correlation_id="c", message_id="m")
        message = channel.basic_get("q")
        assert message.body == b"{}" and message.headers == {"h": 1}
        expected = {"content_type": "application/json", "reply_to": "r", "correlation_id": "c", "message_id": "m"}
        assert {k: message.properties[k] for k in expected} == expected


@pytest.mark.parametrize(("pattern", "key", "covers"), [
    ("pledge.*", "pledge.publish", True), ("pledge.*", "pledge", False), ("pledge.*", "pledge.a.b", False), ("#", "", True),
    ("#", "a.b.c", True), ("pledge.#", "pledge", True), ("pledge.#", "pledge.a.b", True), ("pledge.#", "pledges.a", False),
    ("*.b.#", "a.b", True), ("#.c", "a.b.c", True), ("#.c", "c", True), ("a.*.c", "a.b.c", True), ("a.*.c", "a.c", False)])
def test_topics_mean_what_amqp_says(pattern, key, covers):
    assert embedded.matches(pattern, key) is covers


@given(st.lists(st.sampled_from("ab"), min_size=1, max_size=5))
def test_a_topic_covers_itself_and_all_is_covered_by_the_hash(words):
    key = ".".join(words)
    assert embedded.matches(key, key) and embedded.matches("#", key) and embedded.matches(".".join("*" for _ in words), key)


def test_a_message_goes_once_to_each_queue_that_wants_it(name):
    with connect(name) as connection:
        channel = connection.channel()
        bound(channel, "all")
        bound(channel, "all", "pledge.*")
        bound(channel, "some", "pledge.*")
        publish(channel, "pledge.a")
        publish(channel, "evaluation.a")
        assert got(channel, "all") == ["pledge.a", "evaluation.a"] and got(channel, "some") == ["pledge.a"]


def test_an_unroutable_message_comes_back_and_is_confirmed_as_the_real_broker_does(name):
    """[T20]"""
    heard = []
    with connect(name) as connection:
        channel = connection.channel()
        EVENTS(channel).declare()
        channel.confirm_select()
        channel.events["basic_return"].add(lambda error, exchange, key, message: heard.append((key, message.properties["message_id"])))
        channel.events["basic_ack"].add(lambda tag, multiple: heard.append((tag, multiple)))
        publish(channel, "nobody", message_id="m1")
        bound(channel, "q")
        publish(channel, "somebody", message_id="m2")
        assert heard == [("nobody", "m1"), (1, False), (2, False)]


def test_two_houses_share_nothing_and_one_house_shares_everything(name):
    with connect(name) as one, connect(name) as two, connect(f"{name}_other") as other:
        for connection in (one, other):
            bound(connection.channel(), "q")
        publish(two.channel(), "a")
        assert got(other.channel(), "q") == [] and got(one.channel(), "q") == ["a"]
    embedded.forget(f"{name}_other")


def test_a_consumer_is_woken_by_the_put_itself(name):
    """A loop that polls would let each of these wait for its next turn; the machine's own pauses hit one or the other only."""
    arrived, waited = [], []
    with connect(name) as reading, connect(name) as writing:
        Consumer(reading.channel(), queues=[Queue("q", exchange=EVENTS, routing_key="#")],
                 on_message=lambda message: (arrived.append(time.monotonic()), message.ack())).consume()
        sending = writing.channel()
        for _ in range(10):
            loop = eventlet.spawn(reading.drain_events, timeout=60)
            eventlet.sleep(0.02)
            put = time.monotonic()
            publish(sending, "a")
            loop.wait()
            waited.append(arrived[-1] - put)
    assert min(waited) < 0.01


def test_a_consumer_that_waits_costs_nothing(name):
    def cost():
        before = time.process_time()
        with pytest.raises(TimeoutError):
            reading.drain_events(timeout=0.3)
        return time.process_time() - before

    with connect(name) as reading:
        Consumer(reading.channel(), queues=[Queue("q", exchange=EVENTS, routing_key="#")], on_message=print).consume()
        assert min(cost() for _ in range(3)) < 0.01


def test_no_more_is_delivered_than_was_asked_for_until_it_is_acknowledged(name):
    held = []
    with connect(name) as connection:
        channel = connection.channel()
        consumer = Consumer(channel, queues=[Queue("q", exchange=EVENTS, routing_key="#")], on_message=held.append)
        consumer.qos(prefetch_count=2)
        consumer.consume()
        for _ in range(3):
            publish(channel, "a")
        for _ in range(2):
            connection.drain_events(timeout=0.1)
        with pytest.raises(TimeoutError):
            connection.drain_events(timeout=0.02)
        held[0].ack()
        connection.drain_events(timeout=0.1)
        assert len(held) == 3 and broker(name).moving() == {"unacknowledged": 2}


def test_what_was_not_acknowledged_is_delivered_again_first_and_marked(name):
    with connect(name) as dying, connect(name) as next_:
        channel = dying.channel()
        bound(channel, "q")
        for key in ("a", "b", "c"):
            publish(channel, key)
        first, second = channel.basic_get("q"), channel.basic_get("q")
        second.ack()
        assert first.delivery_info["routing_key"] == "a"
        dying.release()
        again = next_.channel().basic_get("q")
        assert again.delivery_info["routing_key"] == "a" and again.delivery_info["redelivered"]
        again.requeue()
        assert got(next_.channel(), "q") == ["a", "c"]


def test_an_expired_message_is_never_delivered(name):
    """[T32]"""
    with connect(name) as connection:
        channel = connection.channel()
        bound(channel, "q")
        publish(channel, "late", expiration="10")
        publish(channel, "early", expiration="5000")
        eventlet.sleep(0.02)
        assert got(channel, "q") == ["early"]


def test_an_exclusive_queue_ends_with_its_connection(name):
    with connect(name) as connection:
        Queue("mine", exchange=EVENTS, routing_key="mine", exclusive=True)(connection.channel()).declare()
        assert "mine" in broker(name).queues
    assert "mine" not in broker(name).queues and broker(name).route(EVENTS.name, "mine") == ()


def test_a_closed_connection_wakes_whoever_waits_in_it(name):
    with connect(name) as reading:
        Consumer(reading.channel(), queues=[Queue("q", exchange=EVENTS, routing_key="#")], on_message=print).consume()
        waiting = eventlet.spawn(reading.drain_events)
        eventlet.sleep(0.01)
        reading.release()
        with pytest.raises(ConnectionError), eventlet.Timeout(60):
            waiting.wait()
