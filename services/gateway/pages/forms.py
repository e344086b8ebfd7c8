"""From a form to a call and back: what was typed is never lost, whatever the answer is.

A refusal comes back on the same page with the sentence, the errors beside their fields and everything that was typed; if
that page itself cannot be read (a service is away), a plain page keeps the form and sends it again with the same key.
"""
import dataclasses
import types
import typing
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from flask import g, redirect, render_template, request, url_for
from markupsafe import escape
from wire.contracts.calls import Invalid, Refusal
from wire.contracts.shape import Malformed, load

from services.gateway import clients, problems
from services.gateway.pages import here

S = TypeVar("S")
WRONG = "有的内容填写不对，请按提示改正后重新提交。"
#: fields of a form that are its own and not the person's words
OURS = ("csrf_token",)
#: what a person writes, by the name of the field
WRITTEN = {
    "matter": "承诺事项", "target": "目标", "responsible": "责任人", "category": "类别", "measure": "办法措施", "statement": "个人自评",
    "achievement": "成绩", "problem": "问题", "direction": "努力方向", "meeting": "会议", "reason": "理由", "note": "说明", "basis": "依据",
    "name": "姓名或名称", "person_name": "姓名", "proof": "佐证", "conclusion": "会议结论", "post": "职务", "duty": "设岗定责",
    "outside_place": "县外去向", "place": "地点或岗位", "because": "依据或原因"}
#: fields whose words are no text of the person's
UNSHOWN = ("criterion", "indicator", "find")


def read(cls: type[S], form: Mapping[str, Any], **given: Any) -> S:
    """The request of a form: its fields by name, ``given`` over them.  Raises Invalid with a sentence per field."""
    hints, values = typing.get_type_hints(cls), {}
    for field in dataclasses.fields(cls):  # type: ignore[arg-type]
        if field.name in given:
            values[field.name] = given[field.name]
        elif field.name in form:
            word = value(hints[field.name], form[field.name])
            if not (word == "" and field.default is not dataclasses.MISSING):
                values[field.name] = word
    try:
        return load(cls, values)
    except Malformed as malformed:
        raise Invalid(WRONG, errors=malformed.errors) from None


def value(kind: Any, word: Any) -> Any:
    """What a field of a form says, as JSON: figures in full width are figures too, an empty date is none."""
    if not isinstance(word, str):
        return word
    bare = word.strip()
    inner = [a for a in typing.get_args(kind) if a is not type(None)] if typing.get_origin(kind) in (typing.Union, types.UnionType) else []
    if inner:
        return value(inner[0], word) if bare else None
    if kind is bool:
        return {"1": True, "0": False}.get(bare, bare)
    if kind is int:
        return int(bare) if bare.isdecimal() and len(bare) < 16 else bare
    if kind is Decimal:
        return decimal(bare)
    return bare if kind is date else bare.replace("\r\n", "\n")


def decimal(word: str) -> str:
    """The figure as it is meant: full-width digits are digits."""
    return word.translate(str.maketrans("０１２３４５６７８９．", "0123456789."))


def attempt(cls: type, form: Mapping[str, Any] | None = None, **given: Any) -> tuple[Any, Refusal | None]:
    """Make the call of a form: its reply, or the refusal."""
    try:
        return clients.call(read(cls, request.form if form is None else form, **given)), None
    except Refusal as refusal:
        return None, refusal


def done(refusal: Refusal | None, to: str, page: Callable[[], Any]) -> Any:
    """Send the person on after it was done; else the same page again, with the refusal and what was typed."""
    return redirect(to, 303) if refusal is None else again(refusal, page)


def sent(call: type, to: str, operation: str, page: Callable[[], Any], *, word: str = "saved", **given: Any) -> Any:
    """Make the call of a form that stands on a list, and go on to that list ``to`` of the organisation at hand, which is told
    that it was done; else the same page again.  ``operation``: by which the list is read."""
    _, refusal = attempt(call, **given)
    return done(refusal, url_for(to, organisation=here.place(operation), done=word), page)


def again(refusal: Refusal, page: Callable[[], Any]) -> tuple[Any, int]:
    """The same page with the refusal, under its status; a page that keeps the form when the page cannot be read, or shows the
    form no longer because the right to it ended meanwhile."""
    g.refusal = refusal
    try:
        told = page()
    except Refusal:
        return kept(refusal), refusal.status
    if refusal.status == 403 and not all(escape(word) in told for _, word in typed() if not word.isascii()):
        return kept(refusal), refusal.status
    return told, refusal.status


def kept(refusal: Refusal) -> str:
    """A page that holds what was typed and sends it again under the same key, so that nothing is done twice."""
    return kept_page(refusal, request.full_path.rstrip("?"), typed())


def typed() -> list[tuple[str, str]]:
    """What the form at hand says, but for what belongs to the form, for passwords, and for
    characters nobody sees (NUL)."""
    return [(name, word.replace("\0", "")) for name, word in request.form.items(multi=True) if name not in OURS and "password" not in name]


def kept_page(refusal: Refusal | None, to: str, fields: Iterable[tuple[str, str]]) -> str:
    """The page that sends ``fields`` to ``to`` at a press: what the person wrote themselves is shown under the name it had
    there; identifiers, figures and what was looked for travel along unseen."""
    over = refusal is not None and refusal.status in problems.KEEPING
    return render_template("kept.html", refusal=refusal, over=over, to=to, fields=[
        (name, word, "" if word.isascii() or name.startswith(UNSHOWN) else label(name)) for name, word in fields])


def label(name: str) -> str:
    """What a field is called where it was filled in: ``items-1-matter`` is 第 2 项 · 承诺事项."""
    parts = name.split("-")
    number = next((f"第 {int(part) + 1} 项 · " for part in parts if part.isdecimal() and len(part) < 4), "")
    return number + next((word for part in parts[::-1] if (word := WRITTEN.get(part))), "填写的内容")


def shown(name: str, otherwise: Any = "") -> Any:
    """What a field shows: what was just sent (also when a row was only added), else what is known."""
    return request.form.get(name, otherwise) if request.method == "POST" else otherwise


def refusal() -> Refusal | None:
    return g.get("refusal")


def error(*path: str | int) -> str:
    """The sentence beside a field, however the schema nested it."""
    found: Any = getattr(refusal(), "errors", None)
    for step in path:
        if not isinstance(found, Mapping):
            return ""
        found = found.get(step, found.get(str(step)))
    if isinstance(found, (list, tuple)):
        return "".join(str(one) for one in found)
    return found if isinstance(found, str) else ""


def refused_here(verb: str, item_id: str = "") -> bool:
    """Whether the form that was just refused is this one: a page holds several with the same fields."""
    at = (request.endpoint or "").rpartition(".")[2]
    return refusal() is not None and at == verb and item_id == (request.view_args or {}).get("item_id", "")
