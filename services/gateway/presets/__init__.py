"""Presets 预设: bundles of policies that a county office picks and adopts as they are, files of data beside this one.

A file names documents and the fields that are its own; everything else has the default.  Adopting one pins every document
of every service, so that a later default changes nothing behind a county's back.
"""
import json
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from flask import current_app

from wire.contracts.actor import Actor
from wire.contracts.calls import NotFound
from wire.contracts.journal import PRODUCERS
from wire.contracts.policies import COUNTY_WIDE, PolicyView, propose_policy_of, read_policies_of
from wire.contracts.roster import AdoptionView, AdoptPolicies, CountyFounded, PolicyChoice

FOLDER = Path(__file__).parent
#: what a new system begins with
FIRST = "central"
NO_PRESET = "没有这个预设，请返回政策页重新选择。"


@dataclass(frozen=True, slots=True)
class Preset:
    """``policies``: by document the fields that are the preset's own, as JSON values."""

    name: str
    title: str
    about: str
    policies: Mapping[str, Mapping[str, Any]]

    def body(self, view: PolicyView) -> dict[str, Any]:
        """The whole content of a document by this preset, as JSON values."""
        return json.loads(view.default.body) | dict(self.policies.get(view.document, {}))


@cache
def every() -> Mapping[str, Preset]:
    """All presets, by name."""
    found = {}
    for file in sorted(FOLDER.glob("*.toml")):
        told = tomllib.loads(file.read_text())
        found[file.stem] = Preset(file.stem, told["title"], told["about"], told["policies"])
    return found


def named(name: str) -> Preset:
    """Raises NotFound."""
    if name not in every():
        raise NotFound(NO_PRESET)
    return every()[name]


def adopt(name: str, organisation_id: str, starts_on: date, call: Callable[..., Any], *, key: str, basis: str = "",
          part: bool = False) -> tuple[AdoptionView, ...]:
    """Propose every document to its service, then put them all in force together.  ``call(request, key)`` makes a call;
    ``part``: the organisation is a part of the county, which leaves out what holds for the whole.

    Again under the same key, or where the preset is in force: nothing changes.
    """
    preset, choices = named(name), []
    for view in documents(organisation_id, call, part=part):
        propose = propose_policy_of(view.document.partition(".")[0]).request
        said = call(propose(organisation_id=organisation_id, document=view.document, body=json.dumps(
            preset.body(view), ensure_ascii=False)), f"{key}:{view.document}" if key else "")
        choices.append(PolicyChoice(document=view.document, hash=said.hash))
    if not choices:
        return ()
    return call(AdoptPolicies(organisation_id=organisation_id, starts_on=starts_on, policies=tuple(choices), preset=name, basis=basis), key)


def begin(founded: CountyFounded, person_name: str, *, key: str) -> None:
    """Put the first preset in force for a county just founded, as its new administrator.  Again: nothing changes."""
    office = Actor(kind="person", person_id=founded.person_id, name=person_name)
    clients, today = current_app.extensions["clients"], current_app.extensions["clock"].today()
    adopt(FIRST, founded.organisation_id, today, lambda request, key: clients.call(request, office, key=key), key=key)


def documents(organisation_id: str, call: Callable[..., Any], on: date | None = None, *, part: bool = False) -> list[PolicyView]:
    """Every document of every service, as it is in force for the organisation; ``part``: but for what holds for the whole county."""
    return [view for service in PRODUCERS if not (part and service in COUNTY_WIDE)
            for view in call(read_policies_of(service).request(organisation_id=organisation_id, on=on), "")]
