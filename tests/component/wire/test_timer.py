"""What a service does by the clock: never twice at a time, alone where it is asked to be."""
import eventlet
import pytest
from nameko.containers import ServiceContainer

from wire.bus.database import open_database
from wire.bus.settings import Settings
from wire.bus.timer import every, only_one


def service(work, seconds=0.02, **options):
    class Ticking:
        name = "ticking"

        @every(seconds, **options)
        def tick(self):
            work()

    return Ticking


def run(cls, settings, enough=lambda: True, seconds=0.05):
    """Run the service for so long, and on until it is ``enough``."""
    container = ServiceContainer(cls, settings.nameko())
    container.start()
    eventlet.sleep(seconds)
    with eventlet.Timeout(30, False):
        while not enough():
            eventlet.sleep(0.02)
    container.stop()


def test_a_timer_never_overlaps_itself(tmp_path):
    now, most = [0], []

    def work():
        now[0] += 1
        most.append(now[0])
        eventlet.sleep(0.05)
        now[0] -= 1

    run(service(work), Settings(data=tmp_path), lambda: len(most) >= 3)
    assert len(most) >= 3 and max(most) == 1


def test_a_timer_that_fails_comes_again(tmp_path):
    turns = []

    def work():
        turns.append(1)
        raise ValueError("every time")

    run(service(work), Settings(data=tmp_path), lambda: len(turns) >= 3)
    assert len(turns) >= 3


def test_an_eager_timer_does_not_wait_for_its_first_turn(tmp_path):
    turns = []
    run(service(lambda: turns.append(1), 3600, eager=True), Settings(data=tmp_path), lambda: turns)
    assert len(turns) == 1


@pytest.mark.distributed
def test_of_two_replicas_one_at_a_time_does_the_work(database, tmp_path):
    """[T30]"""
    settings = Settings(data=tmp_path, database=database.database("timer"), broker="pyamqp://h/v")
    one, two = open_database(settings, "ticking"), open_database(settings, "ticking")
    done = []

    def work():
        done.append("one")
        assert only_one(two, "ticking.tick", lambda: done.append("two")) is False

    try:
        assert only_one(one, "ticking.tick", work) is True
        assert only_one(two, "ticking.tick", lambda: done.append("two")) is True
        assert done == ["one", "two"]
    finally:
        one.close()
        two.close()
