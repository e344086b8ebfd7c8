"""What people meet while the broker or the database is away: an answer in time, public pages all the while, and all well
soon after."""
from time import monotonic
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import eventlet
import pytest

from tests import servers
from tests.faults.effects import chains_hold, effects, settle, standing
from tests.faults.house import SECRETARY, VILLAGE, comes
from tests.faults.ledger import balance, read
from wire.contracts.calls import Away, Remote
from wire.contracts.pledge import PublishPledges

pytestmark = pytest.mark.distributed
DEADLINE, SLACK = 3.0, 0.5
#: back so soon after the server is there again (seconds)
BACK = {"database": 15.0, "broker": 40.0}
QUICK_PAGE, AWAY = 1.0, 3.0
#: what is done to the broker, and for how long: a stop is longer than anything may hang
SILENCES = ("stopped", 17.0), ("alarm", 4.0)


class People:
    """Publish one pledge after the other; ``outcomes`` is how each call ended and after how long."""

    def __init__(self, house, journal, ids):
        self.house, self.journal = house, journal
        self.ids = iter(ids)
        self.outcomes: list[tuple[str, float]] = []
        self._open: str | None = None

    def publish_one(self) -> bool:
        """One call; what was not answered is asked again under its key, as the next one."""
        one = self._open = self._open or next(self.ids)
        self.journal.write("asked", key=one, pledges=[one])
        began, outcome = monotonic(), "done"
        try:
            reply = self.house.caller.call(SECRETARY, PublishPledges(pledge_ids=(one,)), key=one, deadline=DEADLINE)
            self.journal.write("accepted", key=one, pledges=[one], already=reply.already, version=5)
            self._open = None
        except (Away, Remote) as refusal:
            outcome = f"{refusal.status} {refusal.code}"
        self.outcomes.append((outcome, monotonic() - began))
        return outcome == "done"

    def since(self, number: int, counted: dict[str, int]) -> dict[str, int]:
        """Outcomes from that one on, added to ``counted``; AssertionError where one was no 503 or too late."""
        crowded = servers.crowding()
        for outcome, seconds in self.outcomes[number:]:
            assert outcome == "done" or outcome.startswith("503 "), f"{outcome} after {seconds:.1f} s"
            assert seconds < DEADLINE + SLACK * crowded, f"{outcome} only after {seconds:.1f} s"
            counted[outcome] = counted.get(outcome, 0) + 1
        return counted


def test_calls_are_refused_in_time_while_a_server_is_away_and_done_soon_after_it_is_back(
        house, broker_up, database_up, journal, scale, say):
    """Killed with -9 and away for a few seconds, again and again: 503 within the deadline, back within 15 s for the
    database and 40 s for the broker, its own start included. [T7] [T9] [T32]
    """
    rounds, slowest, refused = scale.of(1, 50), dict.fromkeys(BACK, 0.0), {}
    house.environment["JIANNUO_LEASE_SECONDS"] = "5"
    house.furnish("pledge", "notice")
    people = People(house, journal, house.sign(5000 * rounds))
    house.start("pledge")
    house.start("notice")
    house.wait_ready()
    assert comes(people.publish_one, 60)
    for what, server in [("database", database_up), ("broker", broker_up)] * rounds:
        began = len(people.outcomes)
        server.kill9()
        ends = monotonic() + AWAY
        while monotonic() < ends:
            people.publish_one()
            eventlet.sleep(0.05)
        assert any(outcome != "done" for outcome, _ in people.outcomes[began:]), "nobody noticed"
        came = monotonic()
        server.start()
        assert comes(people.publish_one, 120, 0.02), f"not back after the {what}"
        slowest[what] = max(slowest[what], monotonic() - came)
        house.wait_ready()
        refused = people.since(began, refused)
        standing(house)
    crowded = servers.crowding()
    assert all(slowest[what] < seconds * crowded for what, seconds in BACK.items()), slowest
    settle(house)
    chains_hold(house)
    verdict = balance(read(journal.file), effects(house))
    say(times=rounds, back_after={what: f"{found:.1f} s" for what, found in slowest.items()}, refused=refused,
        slowest_call=round(max(s for _, s in people.outcomes), 1),
        **verdict.counts)
    verdict.demand_clean()


def test_public_pages_stay_quick_and_the_rest_is_refused_in_time_while_the_broker_is_silent(house, broker_up, journal, say):
    """A broker that takes the bytes and says nothing, or says that it takes none: nothing hangs, nothing is restarted.

    [T11] [T13] [T32]
    """
    house.environment |= {"JIANNUO_PORT": str(servers.free_port()), "JIANNUO_SIGNING_KEY": house.settings.signing_key}
    door = f"http://127.0.0.1:{house.environment['JIANNUO_PORT']}"
    house.furnish("pledge", "notice")
    people = People(house, journal, house.sign(5000))
    for name in ("pledge", "notice", "gateway"):
        house.start(name)
    house.wait_ready()
    assert comes(people.publish_one, 60)
    settle(house)
    assert comes(lambda: _get(f"{door}/board/{VILLAGE}")[0] == 200, 60), house.processes["gateway"].told()
    figures = {}
    for how, seconds in SILENCES:
        broker_up.pause() if how == "stopped" else broker_up.alarm(True)
        try:
            figures[how] = _meanwhile(house, people, door, seconds)
        finally:
            broker_up.resume() if how == "stopped" else broker_up.alarm(False)
        back = monotonic()
        assert comes(people.publish_one, 120), "not back"
        figures[how]["back_after"] = round(monotonic() - back, 1)
    settle(house)
    standing(house)
    verdict = balance(read(journal.file), effects(house))
    assert all(process.running for process in house.processes.values())
    say(**figures, **verdict.counts)
    verdict.demand_clean()


def _meanwhile(house, people: People, door: str, seconds: float) -> dict[str, Any]:
    """People publish, read a prepared page and one that is not, and a supervisor looks at every process, for so long."""
    ends, began = monotonic() + seconds, len(people.outcomes)

    def look(urls: list[str], pause: float) -> list[tuple[int, float]]:
        found = []
        while monotonic() < ends:
            found += map(_get, urls)
            eventlet.sleep(pause)
        return found

    pages = eventlet.spawn(look, [f"{door}/board/{VILLAGE}"], 0.1)
    others = eventlet.spawn(look, [f"{door}/api/v1/public/boards/{VILLAGE}"], 0.1)
    lives = eventlet.spawn(look, [f"http://127.0.0.1:{process.port}/livez" for process in house.processes.values()], 0.5)
    while monotonic() < ends:
        people.publish_one()
        eventlet.sleep(0.05)
    read_, asked, alive, crowded = pages.wait(), others.wait(), lives.wait(), servers.crowding()
    assert {status for status, _ in read_} == {200} and max(s for _, s in read_) < QUICK_PAGE * crowded, max(s for _, s in read_)
    assert {status for status, _ in asked} <= {200, 503} and 503 in {status for status, _ in asked}
    assert max(s for _, s in asked) < DEADLINE + (SLACK + QUICK_PAGE) * crowded
    assert {status for status, _ in alive} == {200}, "a supervisor would have restarted a process"
    return {"calls": people.since(began, {}), "pages": len(read_), "slowest_page": f"{max(s for _, s in read_):.2f} s"}


def _get(url: str) -> tuple[int, float]:
    """Status and seconds."""
    began = monotonic()
    try:
        with urlopen(url, timeout=20) as answer:
            answer.read()
            return answer.status, monotonic() - began
    except HTTPError as error:
        error.close()
        return error.code, monotonic() - began
