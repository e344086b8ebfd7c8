"""Whose the gateway's own things are: who may see an account, a key or whom somebody invited may read what was done to it."""
from typing import Any

from wire.bus.history import Place, lines
from wire.contracts.gateway import ListAccounts, ListKeys


def belongs(unit: Any, aggregate: str, aggregate_id: str) -> Place | None:
    """Where an account, an API key or an invited person stands; None for what is not there.

    An invitation is told by its person, and stands where that person stands highest, as an account does.
    """
    if aggregate == "gateway.account":
        account = unit.books.accounts.get(aggregate_id)
        return account and Place(unit.books.places.highest_of(account.person_id, account.member_id), "", ListAccounts, account.name)
    if aggregate == "gateway.key":
        key = unit.books.keys.get(aggregate_id)
        return key and Place(key.organisation_id, "", ListKeys)
    # the invitation itself is swept when it is over, its history is not; an account may have been there before the first one
    if aggregate == "gateway.invitation" and (lines(unit.sql, aggregate, aggregate_id, most=1) or unit.books.accounts.of_person(aggregate_id)):
        return Place(unit.books.places.highest_of(aggregate_id), "", ListAccounts, unit.books.places.person_name(aggregate_id))
    return None
