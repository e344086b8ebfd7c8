"""The AsyncAPI page says what travels: every event is in it, every reference leads somewhere, every sample fits."""
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema_rs import Draft202012Validator

from services.gateway.api.asyncapi import document
from tests.contracts.test_samples import EVENTS, topic_of
from wire.contracts import event

DOCUMENT = document("v1")


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        yield from (v for k, v in part.items() if k == "$ref")
        part = list(part.values())
    if isinstance(part, list):
        for inner in part:
            yield from references(inner)


def test_every_event_stands_in_the_channel_of_its_stream():
    told = {m["$ref"].rpartition("/")[2]: c["address"] for c in DOCUMENT["channels"].values() for m in c["messages"].values()}
    assert told == {topic.replace(".", "_"): f"{cls.stream}.#" for topic, cls in event.registry.items()}


def test_it_is_read_by_people_who_read_chinese():
    """As the OpenAPI document is; no docstring of an event gets in."""
    said = {path: word for path, word in words(DOCUMENT) if path[-1] in ("title", "description")}
    assert len(said) > 2 * len(event.registry) and [path for path, word in said.items() if not re.search("[一-鿿]", word)] == []
    member = DOCUMENT["components"]["messages"]["roster_member_moved_v1"]
    assert member["title"] == "党员：调整所在党组织"
    assert DOCUMENT["components"]["schemas"]["roster_member_moved_v1"]["properties"]["kind"]["title"] == "身份"


def words(part: Any, *way: str) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(part, str):
        yield way, part
    for key, inner in part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ():
        yield from words(inner, *way, str(key))


def test_every_reference_leads_somewhere():
    for reference in set(references(DOCUMENT)):
        found = DOCUMENT
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]


@pytest.mark.parametrize("path", EVENTS, ids=topic_of)
def test_every_sample_fits_its_documented_payload(path):
    schema = DOCUMENT["components"]["messages"][topic_of(path).replace(".", "_")]["payload"]
    Draft202012Validator(schema | {"components": DOCUMENT["components"]}).validate(json.loads(path.read_text()))


def test_a_payload_that_misses_its_place_does_not_fit():
    sample = json.loads(EVENTS[0].read_text())
    del sample["position"]
    schema = DOCUMENT["components"]["messages"][topic_of(EVENTS[0]).replace(".", "_")]["payload"]
    assert not Draft202012Validator(schema | {"components": DOCUMENT["components"]}).is_valid(sample)
