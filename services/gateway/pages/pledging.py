"""Where the signed-in member pledges, by the gateway's own copy of the roll: the service decides all the same."""
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app, request

from services.gateway.pages import here


@dataclass(frozen=True)
class Places:
    """``home``: where the member belongs; ``first``: where they pledge, for a floating one the inflow organisation (A7);
    ``second``: the community that confirmed their report 双报到 (A9).  Empty where there is none."""

    home: str = ""
    first: str = ""
    second: str = ""

    @property
    def all(self) -> tuple[str, ...]:
        """Every organisation in which the pledge may be made: a party group's branch as well."""
        found = [one for place in (self.first, self.second) if place for one in (place, _branch_of(place))]
        return tuple(dict.fromkeys(found))


def places() -> Places:
    """The places of whoever is signed in; none for who is not on the roll, or not known to this copy yet."""
    me = entry()
    if me is None or me["state"] != "active" or me["lost"]:
        return Places()
    home, first, second = me["organisation_id"], me["inflow_id"] or me["organisation_id"], me["residence_id"]
    if not me["residence_confirmed_on"] or second in (first, _branch_of(first)):
        second = ""
    return Places(home, first, second)


def place() -> str:
    """The organisation a new pledge is for: the one named in the address where a grant reaches it or the member pledges there,
    else as ``here.place`` finds it; whoever writes only their own is led to where that is."""
    wanted, mine = request.args.get("organisation", "")[:80], places()
    if wanted in mine.all:
        return wanted
    found = here.place("pledge.draft")
    return found if not mine.first or here.may("pledge.draft", found) else mine.first


def left() -> Mapping[str, Any] | None:
    """The entry of whoever was on the roll and is no more."""
    me = entry()
    return me if me is not None and (me["state"] != "active" or me["lost"]) else None


def entry() -> Mapping[str, Any] | None:
    """The signed-in person's own row of the roll."""
    member_id = here.actor().member_id
    return current_app.extensions["directory"].member(member_id) if member_id else None


def _branch_of(organisation_id: str) -> str:
    found = here.organisation(organisation_id)
    return found["parent_id"] if found and found["kind"] == "group" else organisation_id
