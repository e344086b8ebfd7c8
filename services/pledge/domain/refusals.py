"""What pledge refuses, each with a stable code, an HTTP status and a sentence that says what to do next."""
from collections.abc import Mapping
from typing import Any


class Refused(Exception):
    """A no of the rules; it crosses the wire by its attributes."""

    code = "refused"
    status = 409

    def __init__(self, sentence: str, *, errors: Mapping[str, Any] | None = None):
        self.sentence = sentence
        self.errors = dict(errors or {})
        super().__init__(sentence)


class NotReady(Refused):
    """The pledge or its item is not in a state in which this can be done."""

    code, status = "not_ready", 409


class NotReviewed(Refused):
    """Some item has not passed every criterion yet (C8)."""

    code, status = "not_reviewed", 409


class NotYours(Refused):
    """Nobody decides about their own pledge; an organisation's own is decided above it (C1)."""

    code, status = "not_yours", 403


class Incomplete(Refused):
    """Something that must be written is missing or does not fit; ``errors`` names it."""

    code, status = "incomplete", 422


class AlreadyPledged(Refused):
    """The pledgor has as many annual pledges of the year as the policy allows: what is evaluated must not be picked."""

    code, status = "already_pledged", 409


class AlreadyExempt(Refused):
    """The member has an exemption in this branch that is open: in force, or waiting for approval."""

    code, status = "already_exempt", 409

    def __init__(self, name: str, state: str):
        super().__init__(f"{name}已有一项免诺（{state}），请先在免诺名单里办理那一项。", errors={"member_id": ["已有一项没有结束的免诺。"]})


class UnknownItem(Refused):
    """The pledge has no such item."""

    code, status = "item_not_found", 404

    def __init__(self):
        super().__init__("这份承诺中没有这一项，请刷新页面后重试。")


class PledgesElsewhere(Refused):
    """A floating member pledges in the organisation of the inflow place (A7)."""

    code = "pledges_elsewhere"

    def __init__(self, name: str, place: str):
        super().__init__(f"{name}是流动党员，应在流入地（{place}）承诺；流出地协助教育管理，请到流入地党组织起草。")
