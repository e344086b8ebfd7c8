"""Declare a call once: its request, its reply and who may make it.  An operation without a declaration does not exist.

A call is named ``<service>.<verb>``.  ``grants`` says which role may do it and how far the grant reaches; the service
refuses everybody else (X16).  Errors cross as stable codes with a Chinese sentence that says what to do next.
"""
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, dataclass_transform

from wire.contracts.actor import SCOPES, Reach, Role
from wire.contracts.shape import shape


@dataclass(frozen=True, slots=True)
class Grants:
    """Who may make a call: roles with their reach; or the public, another service, or the invitation of a new county."""

    roles: tuple[tuple[Role, Reach], ...] = ()
    kind: str = "person"


PUBLIC = Grants(kind="public")
SERVICES = Grants(kind="service")
INVITED = Grants(kind="invitation")


def grants(**reaches: Reach) -> Grants:
    """``grants(clerk=Reach.OWN, office=Reach.WITHIN)``."""
    return Grants(roles=tuple((Role(role), reach) for role, reach in reaches.items()))


@dataclass(frozen=True, slots=True)
class Operation:
    """A declared call: what it is named, what it takes and answers, who may make it."""

    name: str
    request: type
    reply: Any
    grants: Grants
    writes: bool
    #: nobody decides on what is their own: ``permit(member_id=…)`` refuses the owner
    not_own: bool
    #: what an API key must be given to make it, one of ``SCOPES``; empty where no key may
    scope: str = ""
    #: the operation log says who did it, and neither whom nor what it was about (G2)
    secret: bool = False

    @property
    def service(self) -> str:
        return self.name.partition(".")[0]

    @property
    def verb(self) -> str:
        return self.name.partition(".")[2]


registry: dict[str, Operation] = {}
_by_request: dict[type, Operation] = {}


@dataclass_transform(kw_only_default=True, frozen_default=True)
def call(name: str, *, reply: Any, grants: Grants, writes: bool = False, not_own: bool = False,
         scope: str = "", secret: bool = False) -> Callable[[type], type]:
    """Declare the request class of ``<service>.<verb>``; ``reply`` is a shape, or ``tuple[Shape, …]`` for a list of them.

    A name declared twice is refused.  A call that writes carries an idempotency key and leaves a line in the audit.  What an API key
    may call names the ``scope`` that opens it, and nothing else does.
    """
    def declare(cls: type) -> type:
        if name in registry:
            raise ValueError(f"{name} is declared twice")
        by_key = any(role == Role.SYSTEM for role, _ in grants.roles)
        if not_own and by_key:
            raise ValueError(f"{name} decides about people: no API key may (X48)")
        if scope not in (SCOPES if by_key else ("",)):
            raise ValueError(f"{name}: a call that API keys may make names its scope, one of {', '.join(SCOPES)}")
        made = shape(cls)
        registry[name] = _by_request[made] = Operation(name, made, reply, grants, writes, not_own, scope, secret)
        return made

    return declare


def operation_of(request: type) -> Operation:
    """The declaration of a request class.  Raises KeyError: an undeclared operation is none."""
    return _by_request[request]


def of_every_service(verb: str, template: type, **said: Any) -> Callable[[str], Operation]:
    """One call that every service answers alike: a function from a service to its operation ``<service>.<verb>``.

    ``template`` holds the fields; each service's request is a class of its own, made when first asked for.
    """
    def of(service: str) -> Operation:
        name = f"{service}.{verb}"
        if name not in registry:
            fields: dict[str, Any] = {"__annotations__": dict(template.__annotations__), "__doc__": template.__doc__,
                                      "__module__": template.__module__}
            fields |= {n: vars(template)[n] for n in template.__annotations__ if n in vars(template)}
            call(name, **said)(type(f"{service.title()}{template.__name__}", (), fields))
        return registry[name]

    return of


class Refusal(Exception):
    """A no that is part of the rules: a stable code, an HTTP status, a Chinese sentence that says what to do next.

    Domain code, which may not import this, raises its own exceptions with the same attributes (``code``, ``status``,
    ``sentence``, ``errors``); they cross alike.
    """

    code = "refused"
    status = 409

    def __init__(self, sentence: str, *, errors: Mapping[str, Any] | None = None):
        self.sentence = sentence
        self.errors = dict(errors or {})
        super().__init__(sentence)


class NotFound(Refusal):
    code, status = "not_found", 404


class Forbidden(Refusal):
    code, status = "forbidden", 403


class Invalid(Refusal):
    """The request does not fit its shape; ``errors`` names the fields."""

    code, status = "invalid", 422


class Unsigned(Refusal):
    """The actor of the call is not signed by the gateway, or the signature is stale or for another call (X43)."""

    code, status = "unsigned", 401


class Stale(Refusal):
    """Somebody else changed it in the meantime: read again, then decide."""

    code, status = "stale", 412


class KeyReused(Refusal):
    """The idempotency key was used for another request."""

    code, status = "idempotency_key_reused", 422


class Away(Refusal):
    """The service does not answer within the deadline; nothing is known to have happened, the same key may be sent again."""

    code, status = "service_away", 503


class Remote(Refusal):
    """A refusal that came over the wire, with the code and status it had there; ``incident`` is the short number of an error."""

    def __init__(self, code: str, status: int, sentence: str, errors: Mapping[str, Any] | None = None, incident: str = ""):
        super().__init__(sentence, errors=errors)
        self.code, self.status, self.incident = code, status, incident
