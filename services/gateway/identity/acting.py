"""Deciding about accounts and keys: like a call of any service, in this process (``wire.contracts.gateway`` says why).

The actor's grants are asked of roster at this moment, ``permit`` is asked in the transaction, the line of the operation
log commits with the change; what is refused leaves a line as well.
"""
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import current_app, g

from services.gateway.identity import looks
from wire.bus import audit
from wire.bus.calls.door import admit
from wire.contracts.actor import PUBLIC, Actor
from wire.contracts.calls import Forbidden, Operation, Refusal, operation_of
from wire.contracts.shape import dump

UseCase = Callable[..., Any]
_usecases: dict[type, UseCase] = {}


def decides(request: type) -> Callable[[UseCase], UseCase]:
    """Make ``(unit, request, **given) -> reply`` what happens when this declared call is made."""
    def keep(usecase: UseCase) -> UseCase:
        _usecases[request] = usecase
        return usecase

    return keep


def decided(request: type) -> bool:
    """Whether this call is decided here, and not over the bus."""
    return request in _usecases


def act(request: Any, **given: Any) -> Any:
    """Make the declared call for whoever is at the door, by the grants of this moment.  Raises what it refuses.

    ``given``: what had to be asked of other services before the transaction began.
    """
    operation = operation_of(type(request))
    actor = current_app.extensions["clients"].signed(operation, g.get("actor") or PUBLIC)
    try:
        reply = carry_out(current_app.extensions["store"], operation, actor, request,
                          correlation=g.get("correlation", ""), **given)
    except Refusal as refusal:
        if operation.writes or refusal.code == Forbidden.code:
            organisation_id, subject = audit.named_in(dump(request))
            looks.note(operation.name, _whom(subject), organisation_id=organisation_id, result=refusal.code)
        raise
    looks.saw(operation, request)
    return reply


def _whom(subject: str) -> str:
    """Of an account the person."""
    if not subject.startswith("acc_"):
        return subject
    with current_app.extensions["store"].reading() as unit:
        account = unit.books.accounts.get(subject)
    return account.person_id if account else subject


@contextmanager
def about_to(request: type) -> Iterator[Any]:
    """A unit that reads what has to be seen before this declared call is made, with the rights the call needs."""
    operation = operation_of(request)
    actor = current_app.extensions["clients"].signed(operation, g.get("actor") or PUBLIC)
    admit(operation, actor)
    with current_app.extensions["store"].reading(actor, operation, correlation=g.get("correlation", "")) as unit:
        yield unit


def carry_out(store: Any, operation: Operation, actor: Actor, request: Any, *, correlation: str = "", **given: Any) -> Any:
    """The call itself, on a store."""
    admit(operation, actor)
    opened = store.writing if operation.writes else store.reading
    with opened(actor, operation, correlation=correlation) as unit:
        return _usecases[type(request)](unit, request, **given)
