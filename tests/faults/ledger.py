"""The ledger: what was asked and accepted, written down where a crash cannot reach it, against the effects that are found.

Rule kept here: the ledger knows nothing of outbox, inbox or broker.  It holds what a person was told ("published") beside
what a person can see, and every difference has a name: lost, doubled, stuck, disordered, invented.  All of them are zero.
"""
import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

#: an effect that comes later than this after its cause was stuck (seconds)
STUCK_SECONDS = 60.0


class Journal:
    """Lines of JSON, each on the disk before the next thing happens."""

    def __init__(self, file: Path):
        self.file = file
        self._lines = open(file, "a", encoding="utf-8")  # noqa: SIM115

    def write(self, what: str, **told: Any) -> None:
        """``asked`` before a request leaves, ``accepted`` after its answer came."""
        self._lines.write(json.dumps({"what": what, **told}) + "\n")
        self._lines.flush()
        os.fsync(self._lines.fileno())

    def close(self) -> None:
        self._lines.close()

def read(file: Path) -> list[dict[str, Any]]:
    """The lines of a journal, whoever wrote it."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


@dataclass(frozen=True)
class Line:
    """An event at its place: in the producer's journal, or as it was applied by the reader.  ``at`` in seconds."""

    position: int
    subject: str
    version: int
    at: float
    topic: str = ""
    epoch: int = 1
    stream: str = "pledge.pledge"


@dataclass
class Effects:
    """What is found afterwards.  ``board``: edition of each pledge shown; ``notices``: pledges told of, once per notice."""

    journal: list[Line] = field(default_factory=list)
    applied: list[Line] = field(default_factory=list)
    board: dict[str, tuple[int, int]] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    announced: list[tuple[str, int]] = field(default_factory=list)
    watermark: int = 0
    waiting: int = 0


@dataclass
class Verdict:
    """Every difference, by its name, in words."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)
    disordered: list[str] = field(default_factory=list)
    invented: list[str] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        return {one.name: len(getattr(self, one.name)) for one in fields(self)}

    def demand_clean(self) -> None:
        """AssertionError with the first few of each kind."""
        assert not any(self.counts.values()), f"{self.counts}\n" + "\n".join(
            f"{one.name}: {line}" for one in fields(self) for line in getattr(self, one.name)[:5])


def balance(lines: Iterable[Mapping[str, Any]], effects: Effects) -> Verdict:
    """Hold the journal of the test against the effects."""
    asked, accepted, versions = set(), Counter(), {}
    verdict = Verdict()
    for line in lines:
        if line["what"] == "asked":
            asked.update(line["pledges"])
        elif line["what"] == "accepted":
            accepted.update(line["pledges"])
            versions |= {one: max(versions.get(one, 0), line.get("version", 0)) for one in line["pledges"]}
            if line.get("already"):
                verdict.doubled.append(f"{line['already']} pledges of {line['key']} had been published by the same request before")
    _producer(asked, accepted, effects, verdict)
    _reader(effects, verdict)
    _public(asked, accepted, versions, effects, verdict)
    return verdict


def _producer(asked: set[str], accepted: Counter[str], effects: Effects, verdict: Verdict) -> None:
    published = Counter(line.subject for line in effects.journal if line.topic == "pledge.pledge.published.v1")
    verdict.lost += [f"{one} was accepted and never announced" for one in accepted if one not in published]
    verdict.doubled += [f"{one} was announced {n} times" for one, n in published.items() if n > 1]
    verdict.invented += [f"{line.subject} was announced, nobody asked" for line in effects.journal if line.subject not in asked]
    places = sorted(line.position for line in effects.journal)
    if places != list(range(1, len(places) + 1)):
        verdict.lost.append(f"the positions of {len(places)} events are not gapless: up to {max(places)}")
    if effects.waiting:
        verdict.stuck.append(f"{effects.waiting} events are not sent")
    newest: dict[str, int] = {}
    for line in sorted(effects.journal, key=lambda found: found.position):
        if line.version <= newest.get(line.subject, 0):
            verdict.disordered.append(f"{line.subject} was announced in version {line.version} after {newest[line.subject]}")
        newest[line.subject] = line.version


def _reader(effects: Effects, verdict: Verdict) -> None:
    at = {(line.stream, line.epoch, line.position): line for line in effects.journal}
    times = Counter((line.stream, line.epoch, line.position) for line in effects.applied)
    verdict.lost += [f"{place} was never applied" for place in at if place not in times]
    verdict.doubled += [f"{place} was applied {n} times" for place, n in times.items() if n > 1]
    verdict.invented += [f"{place} was applied and is not in the journal" for place in times if place not in at]
    for line in effects.applied:
        source = at.get((line.stream, line.epoch, line.position))
        if source is not None and line.at - source.at > STUCK_SECONDS:
            verdict.stuck.append(f"{line.subject} came {line.at - source.at:.0f} s after it was announced")
    if at and effects.watermark != max(position for _, _, position in at):
        verdict.lost.append(f"the reader stands at {effects.watermark} of {max(position for _, _, position in at)}")


def _public(asked: set[str], accepted: Counter[str], versions: Mapping[str, int], effects: Effects, verdict: Verdict) -> None:
    newest: dict[str, int] = {}
    for line in effects.journal:
        newest[line.subject] = max(newest.get(line.subject, 0), line.version)
    verdict.lost += [f"{one} was accepted and is not on the board" for one in accepted if one not in effects.board]
    verdict.invented += [f"{one} is on the board, nobody asked" for one in effects.board if one not in asked]
    for one, (_, version) in effects.board.items():
        wanted = max(newest.get(one, 0), versions.get(one, 0))
        if version != wanted:
            verdict.disordered.append(f"{one} is on the board in version {version}, its newest is {wanted}")
    told = Counter(effects.notices)
    verdict.lost += [f"{one} was accepted and has no notice" for one in accepted if one not in told]
    verdict.doubled += [f"{one} has {n} notices" for one, n in told.items() if n > 1]
    verdict.invented += [f"a notice tells of {one}, nobody asked" for one in told if one not in asked]
    verdict.doubled += [f"notice {one} version {version} was announced {n} times"
                        for (one, version), n in Counter(effects.announced).items() if n > 1]
