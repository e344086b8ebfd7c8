"""How every service shows its policy documents and takes proposals, the same for all: its Bus opens these doors."""
from typing import Any

from wire.bus.history import Place
from wire.contracts.calls import Invalid, Refusal
from wire.contracts.envelope import Unreadable, parse
from wire.contracts.policies import PolicyContent, PolicyView, read_policies_of, version_of
from wire.contracts.shape import Malformed
from wire.policy.documents import body_of, digest, form, read, registry, title_of
from wire.policy.in_force import NotHeld, hold

NO_DOCUMENT = "没有这份政策，请返回政策列表重新选择。"
NO_VERSION = "没有找到这个版本，请返回政策列表重新选择。"
WRONG = "有的内容填写不对，请按提示改正后重新提交。"
NO_JSON = "应为一个 JSON 对象。"


class NoSuchPolicy(Refusal):
    """No document, or no version, of this name here."""

    code, status = "no_such_policy", 404


def read_policies(unit: Any, request: Any) -> tuple[PolicyView, ...]:
    """The documents of this service (all, or the one named), each with its form, its default and what is asked for."""
    unit.permit(request.organisation_id)
    names = [request.document] if request.document else [n for n in registry if n.startswith(f"{unit.room.service}.")]
    return tuple(_view(unit, name, request) for name in names)


def _view(unit: Any, name: str, request: Any) -> PolicyView:
    document, policies = _document(unit, name), unit.policies
    default = document()
    told: dict[str, Any] = {"document": name, "title": title_of(document), "fields": form(document), "default": _content(default)}
    if request.hash:
        try:
            return PolicyView(**told, content=_content(policies.version(document, name, request.hash)))
        except NotHeld:
            raise NoSuchPolicy(NO_VERSION) from None
    standing = policies.standing(name, request.organisation_id, request.on or unit.today)
    if standing is None:
        return PolicyView(**told, content=_content(default))
    return PolicyView(**told, content=_content(policies.version(document, name, standing["hash"]), standing["hash"]),
                      organisation_id=standing["organisation_id"], starts_on=standing["starts_on"], number=standing["number"])


def propose_policy(unit: Any, request: Any) -> PolicyContent:
    """Keep a version of a document, so that it can be adopted.  The same content again is the same version.

    Refuses, field by field, what does not fit the document or its own check.
    """
    unit.permit(request.organisation_id)
    document = _document(unit, request.document)
    try:
        made: Any = read(document, parse(request.body.encode()))
    except Unreadable:
        raise Invalid(WRONG, errors={"body": NO_JSON}) from None
    except Malformed as malformed:
        raise Invalid(WRONG, errors=malformed.errors) from None
    hash_ = digest(made)
    version = version_of(hash_)
    told = PolicyContent(version=version, hash=hash_, body=body_of(made))
    new = hold(unit.sql, {
        "document": request.document, "hash": hash_, "version": version, "body": told.body, "proposed_by": unit.actor.person_id,
        "proposed_by_name": unit.actor.name, "proposed_at": unit.now})
    if new:
        unit.remember(f"{unit.room.service}.policy", request.document, 1, "proposed", {
            "policy_version": version, "hash": hash_} | parse(told.body.encode()))
    return told


def belongs(unit: Any, aggregate: str, aggregate_id: str) -> Place | None:
    """Whose the history of a document's proposals is: the county's, for whoever reads policies there.  None for anything else."""
    service = unit.room.service
    if aggregate != f"{service}.policy" or aggregate_id not in registry:
        return None
    return Place(unit.policies.county(), "", read_policies_of(service).request)


def _document(unit: Any, name: str) -> type:
    document = registry.get(name)
    if document is None or not name.startswith(f"{unit.room.service}."):
        raise NoSuchPolicy(NO_DOCUMENT)
    return document


def _content(document: Any, hash_: str = "") -> PolicyContent:
    return PolicyContent(version=document.version, hash=hash_ or digest(document), body=body_of(document))

