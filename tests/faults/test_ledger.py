"""The ledger itself: it must notice one missing, one doubled, one late, one out of order and one that nobody asked for."""
from dataclasses import replace

import pytest

from tests.faults.ledger import STUCK_SECONDS, Effects, Journal, Line, balance, read

PUBLISHED, PROGRESSED = "pledge.pledge.published.v1", "pledge.pledge.item_progressed.v1"
COUNT = 200


@pytest.fixture
def lines(tmp_path):
    journal = Journal(tmp_path / "accepted.jsonl")
    for first in range(0, COUNT, 20):
        pledges = [f"plg_{n}" for n in range(first, first + 20)]
        journal.write("asked", key=f"unit {first}", pledges=pledges)
        journal.write("accepted", key=f"unit {first}", pledges=pledges, already=0, version=5)
    journal.write("accepted", key="", pledges=["plg_7"], version=6)
    journal.close()
    return read(journal.file)


@pytest.fixture
def found():
    journal = [Line(n + 1, f"plg_{n}", 5, 1000.0 + n, PUBLISHED) for n in range(COUNT)]
    journal.append(Line(COUNT + 1, "plg_7", 6, 1300.0, PROGRESSED))
    return Effects(
        journal=journal, applied=[replace(line, at=line.at + 1) for line in journal],
        board={f"plg_{n}": (1, 6 if n == 7 else 5) for n in range(COUNT)}, notices=[f"plg_{n}" for n in range(COUNT)],
        announced=[(f"ntc_{n}", 1) for n in range(COUNT)], watermark=COUNT + 1)


def test_a_house_in_order_balances(lines, found):
    balance(lines, found).demand_clean()


WRONG = {
    "lost: not on the board": ("lost", lambda f: f.board.pop("plg_99")),
    "lost: no notice": ("lost", lambda f: f.notices.remove("plg_99")),
    "lost: never applied": ("lost", lambda f: f.applied.pop(99)),
    "lost: never announced": ("lost", lambda f: f.journal.pop(99)),
    "lost: the last one is not taken": ("lost", lambda f: setattr(f, "watermark", COUNT)),
    "lost: a hole in the positions": ("lost", lambda f: f.journal.append(Line(COUNT + 3, "plg_1", 6, 1300.0, PROGRESSED))),
    "doubled: applied twice": ("doubled", lambda f: f.applied.append(f.applied[99])),
    "doubled: announced twice": ("doubled", lambda f: f.journal.append(Line(COUNT + 2, "plg_99", 6, 1300.0, PUBLISHED))),
    "doubled: two notices": ("doubled", lambda f: f.notices.append("plg_99")),
    "doubled: a notice announced twice": ("doubled", lambda f: f.announced.append(("ntc_99", 1))),
    "stuck: not sent": ("stuck", lambda f: setattr(f, "waiting", 1)),
    "stuck: too late": ("stuck", lambda f: f.applied.append(replace(f.applied.pop(), at=1300.0 + STUCK_SECONDS + 1))),
    "disordered: an older version stayed": ("disordered", lambda f: f.board.update(plg_7=(1, 5))),
    "disordered: announced the wrong way round": (
        "disordered", lambda f: f.journal.extend([Line(COUNT + 2, "plg_9", 7, 1300.0), Line(COUNT + 3, "plg_9", 6, 1300.0)])),
    "invented: on the board": ("invented", lambda f: f.board.update(plg_nobody=(1, 5))),
    "invented: a notice": ("invented", lambda f: f.notices.append("plg_nobody")),
    "invented: applied from nowhere": ("invented", lambda f: f.applied.append(Line(COUNT + 9, "plg_1", 9, 1000.0))),
}


@pytest.mark.parametrize(("kind", "spoil"), WRONG.values(), ids=WRONG)
def test_one_thing_wrong_is_noticed_under_its_name(lines, found, kind, spoil):
    spoil(found)
    verdict = balance(lines, found)
    assert verdict.counts[kind] >= 1, verdict.counts
    with pytest.raises(AssertionError, match=kind):
        verdict.demand_clean()


def test_an_answer_that_says_it_was_done_before_is_a_double(lines, found):
    lines[1]["already"] = 20
    assert balance(lines, found).counts["doubled"] == 1


def test_the_journal_is_on_the_disk_line_by_line(tmp_path):
    journal = Journal(tmp_path / "j.jsonl")
    journal.write("asked", key="k", pledges=["plg_1"])
    assert read(tmp_path / "j.jsonl") == [{"what": "asked", "key": "k", "pledges": ["plg_1"]}]
    journal.close()
