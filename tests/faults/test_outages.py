"""What people meet while the broker or the database is away: an answer in time, public pages all the while, and all well
soon after."""
from time import monotonic
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
QUICK_PAGE = 1.0


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

    def since(self, number: int) -> dict[str, int]:
        """Outcomes from that one on, counted; AssertionError where one was no 503 or too late."""
        counted: dict[str, int] = {}
        for outcome, seconds in self.outcomes[number:]:
            assert outcome == "done" or outcome.startswith("503 "), f"{outcome} after {seconds:.1f} s"
            assert seconds < DEADLINE + SLACK, f"{outcome} only after {seconds:.1f} s"
            counted[outcome] = counted.get(outcome, 0) + 1
        return counted


@pytest.mark.parametrize("what", ["database", "broker"])
def test_calls_are_refused_in_time_while_it_is_away_and_done_soon_after_it_is_back(
        house, broker_up, database_up, journal, scale, say, what):
    """Killed with -9 and away for a few seconds, again and again: 503 within the deadline, back within 15 s and 40 s.

    [T7] [T9] [T32]
    """
    server, rounds, slowest = {"database": database_up, "broker": broker_up}[what], scale.of(1, 50), 0.0
    house.furnish("pledge", "notice")
    people = People(house, journal, house.sign(5000))
    house.start("pledge")
    house.start("notice")
    house.wait_ready()
    assert comes(people.publish_one, 10)
    for _ in range(rounds):
        began = len(people.outcomes)
        server.kill9()
        ends = monotonic() + 3.0
        while monotonic() < ends:
            people.publish_one()
            eventlet.sleep(0.05)
        assert any(outcome != "done" for outcome, _ in people.outcomes[began:]), "nobody noticed"
        came = monotonic()
        server.start()
        assert comes(people.publish_one, BACK[what], 0.02), f"not back {BACK[what]} s after the {what}"
        slowest = max(slowest, monotonic() - came)
        house.wait_ready(seconds=BACK[what])
        refused = people.since(began)
        standing(house)
    settle(house)
    chains_hold(house)
    verdict = balance(read(journal.file), effects(house))
    say(times=rounds, back_after=f"{slowest:.1f} s", last_round=refused, slowest_call=round(max(s for _, s in people.outcomes), 1),
        **verdict.counts)
    verdict.demand_clean()


@pytest.mark.parametrize(("how", "seconds"), [("stopped", 17.0), ("alarm", 6.0)])
def test_public_pages_stay_quick_and_the_rest_is_refused_in_time_while_the_broker_is_silent(
        house, broker_up, journal, say, how, seconds):
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
    assert comes(people.publish_one, 10)
    settle(house)
    assert comes(lambda: _get(f"{door}/board/{VILLAGE}")[0] == 200, 10), house.processes["gateway"].told()
    pages, others, lives, began = [], [], [], len(people.outcomes)

    def read_public_pages():
        while monotonic() < ends:
            pages.append(_get(f"{door}/board/{VILLAGE}"))
            eventlet.sleep(0.1)

    def read_what_is_not_prepared():
        while monotonic() < ends:
            others.append(_get(f"{door}/api/v1/public/boards/{VILLAGE}"))
            eventlet.sleep(0.1)

    def probe():
        while monotonic() < ends:
            lives.extend(_get(f"http://127.0.0.1:{p.port}/livez") for p in house.processes.values())
            eventlet.sleep(0.5)

    broker_up.pause() if how == "stopped" else broker_up.alarm(True)
    ends = monotonic() + seconds
    try:
        greenlets = [eventlet.spawn(work) for work in (read_public_pages, read_what_is_not_prepared, probe)]
        while monotonic() < ends:
            people.publish_one()
            eventlet.sleep(0.05)
        for greenlet in greenlets:
            greenlet.wait()
    finally:
        broker_up.resume() if how == "stopped" else broker_up.alarm(False)
    back = monotonic()
    refused = people.since(began)
    assert {status for status, _ in pages} == {200} and max(s for _, s in pages) < QUICK_PAGE, max(s for _, s in pages)
    assert {status for status, _ in others} <= {200, 503} and 503 in {status for status, _ in others}
    assert max(s for _, s in others) < DEADLINE + SLACK + QUICK_PAGE
    assert {status for status, _ in lives} == {200}, "a supervisor would have restarted a process"
    assert comes(people.publish_one, 40), "not back"
    back = monotonic() - back
    settle(house)
    standing(house)
    verdict = balance(read(journal.file), effects(house))
    assert all(process.running for process in house.processes.values())
    say(calls=refused, pages=len(pages), slowest_page=f"{max(s for _, s in pages):.2f} s", back_after=f"{back:.1f} s",
        **verdict.counts)
    verdict.demand_clean()


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
