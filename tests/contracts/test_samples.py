"""Every event and call has a sample in the repository, and every sample ever written loads for ever."""
import json
import typing
from pathlib import Path

import pytest

from tests.contracts.make_samples import FOLDER
from wire.contracts import calls, envelope, event
from wire.contracts.shape import dump, load, written

EVENTS = sorted((FOLDER / "events").glob("*.json"))
CALLS = sorted((FOLDER / "calls").glob("*.json"))


def topic_of(path: Path) -> str:
    """``pledge.pledge.published.v1.json``; later samples of the same topic carry a suffix: ``….v1~2.json``."""
    return path.name.removesuffix(".json").partition("~")[0]


def test_every_event_and_call_has_a_sample():
    assert {topic_of(p) for p in EVENTS} == set(event.registry)
    assert {topic_of(p) for p in CALLS} == set(calls.registry)


def holds(told, said) -> bool:
    """Whether everything that was said is told, however deep; a field that came later may stand beside it."""
    if isinstance(said, dict):
        return said.keys() <= told.keys() and all(holds(told[name], said[name]) for name in said)
    if isinstance(said, list):
        return len(told) == len(said) and all(map(holds, told, said))
    return bool(told == said)


def test_a_sample_is_not_told_by_less_or_by_something_else():
    said = {"items": [{"matter": "修路", "note": ""}]}
    assert holds({"items": [{"matter": "修路", "note": "", "later": 1}], "more": 2}, said)
    for told in ({"items": []}, {"items": [{"matter": "修路"}]}, {"items": [{"matter": "修桥", "note": ""}]}, {}):
        assert not holds(told, said)


@pytest.mark.parametrize("path", EVENTS, ids=topic_of)
def test_a_sample_of_an_event_loads_and_tells_the_same(path):
    sample = json.loads(path.read_text())
    news = envelope.unseal(path.read_bytes())
    assert (news.id, news.stream, news.position) == (sample["id"], ".".join(sample["type"].split(".")[:2]), sample["position"])
    told = json.loads(json.dumps(dump(news.event)))
    assert holds(told, sample["data"])
    assert news.event.subject == sample["subject"]
    assert written(news.event) == envelope.text_of(dump(news.event)), "the quick way of writing says the same, to the letter"


@pytest.mark.parametrize("path", CALLS, ids=topic_of)
def test_a_sample_of_a_call_loads_both_ways(path):
    operation, sample = calls.registry[topic_of(path)], json.loads(path.read_text())
    assert dump(load(operation.request, sample["request"]))
    if typing.get_origin(operation.reply) is tuple:
        loaded = [load(typing.get_args(operation.reply)[0], row, lenient=True) for row in sample["reply"]]
    else:
        loaded = [load(operation.reply, sample["reply"], lenient=True)]
    assert loaded


def test_an_event_tells_its_whole_state_whatever_its_name():
    """Events of one stream differ in name only, so a late or repeated one can replace any other."""
    by_stream: dict[str, set[tuple[str, ...]]] = {}
    for cls in event.registry.values():
        by_stream.setdefault(cls.stream, set()).add(tuple(sorted(typing.get_type_hints(cls))))
    assert {stream: len(shapes) for stream, shapes in by_stream.items()} == dict.fromkeys(by_stream, 1)
