"""The operation log 操作日志 of every service as one list, the newest line first: what the auditors' page shows and an export takes out.

Lines are asked for page by page and merged by time, so that however long the log is, a page of each service is in hand.
"""
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from heapq import merge
from typing import Any

from flask import current_app

from services.gateway.jobs.listing import PAGE, Listing, Out
from services.gateway.jobs.refused import REFUSED
from services.gateway.summaries import POLICIES, SERVICES, operations_like, summary_of
from wire.contracts.audit import AuditLine, AuditPage, audit_of
from wire.contracts.calls import Invalid
from wire.contracts.shape import Malformed, load

RESULTS = {"": "全部结果", "done": "办成", "read": "查看", "refused": "没有办成"}
#: what an object is by the beginning of its id, where it has no name here
OBJECTS = {"plg": "承诺", "itm": "承诺事项", "exm": "免诺", "evl": "评议", "mem": "党员", "prs": "人员", "org": "党组织", "grt": "权限",
           "pos": "职务", "asg": "分工", "zon": "责任区", "rep": "评议代表", "sys": "条线", "wkp": "新单位", "adp": "政策采用",
           "acc": "账号", "key": "接口密钥",
           "job": "导入或导出", "inv": "开通邀请", "ntc": "公示", "act": "活动记录"}
WRONG = "查找条件填写不对，请改正后再查，日期写成 2026-12-31。"
#: organisations and people a name is looked up as
NAMED = 100
Line = tuple[AuditLine, str]


def services_of(filters: Mapping[str, Any]) -> list[str]:
    """The services asked: the one named, or all."""
    wanted = filters.get("service", "")
    return [wanted] if wanted in SERVICES else list(SERVICES)


def asked_of(service: str, filters: Mapping[str, Any], *, before: int = 0, limit: int = PAGE) -> Any:
    """The call to one service with what was typed: Chinese words for an operation, names and codes are looked up first; what is neither is an id.

    Raises Invalid, field by field.
    """
    said = {name: str(word).strip() for name, word in filters.items() if name != "service" and str(word).strip()}
    if not said.get("what", "").isascii():
        said["what"] = " ".join(operations_like(said["what"]))[:400] or "-"
    subjects: tuple[str, ...] = ()
    directory = current_app.extensions["directory"]
    if subject := said.get("subject", ""):
        subjects = tuple(directory.called(subject, NAMED))
        if subjects or not subject.isascii():
            del said["subject"]
            subjects = subjects or ("-",)
    if person := said.get("person", ""):
        said["person"] = directory.coded(person) or person
    try:
        return load(audit_of(service).request, {**said, "subjects": list(subjects), "before": before, "limit": limit})
    except Malformed as malformed:
        raise Invalid(WRONG, errors=malformed.errors) from None


def result_word(result: str) -> tuple[str, str]:
    """A result in words, and its tone."""
    return {"done": ("办成", "done"), "read": ("查看", "open")}.get(result, (f"没有办成：{REFUSED.get(result, result)}", "late"))


def object_word(line: AuditLine) -> str:
    """What it was done to: by name where this house knows one, else by what it is and the end of its id."""
    # what takes an import back is called after it
    subject = line.subject.removeprefix("undo-")
    if not subject or subject == line.organisation_id:
        return ""
    kind, _, rest = subject.partition("_")
    directory = current_app.extensions["directory"]
    if subject.endswith("Policy") and "." in subject:
        return f"政策：{POLICIES.get(subject, subject)}"
    if kind == "prs":
        name = directory.person_name(subject)
    else:
        found = directory.member(subject) if kind == "mem" else directory.organisation(subject) if kind == "org" else None
        name = found["name"] if found else ""
    if name:
        return f"{OBJECTS[kind]}：{name}"
    return f"{OBJECTS[kind]} …{rest[-6:]}" if kind in OBJECTS and rest else subject


def _place(line: AuditLine) -> str:
    found = current_app.extensions["directory"].organisation(line.organisation_id) if line.organisation_id else None
    return found["name"] if found else line.organisation_id


def _code(line: AuditLine) -> str:
    """The county's code of who acted; empty for whoever is no member."""
    found = current_app.extensions["directory"].member(line.person_id) if line.person_id else None
    return found["code"] if found else ""


def _at(line: AuditLine) -> str:
    at: datetime = line.at.astimezone(current_app.extensions["clock"].zone)
    return f"{at:%Y-%m-%d %H:%M:%S}"


class AuditListing(Listing):
    """A list that is asked of several services at once; a row is a line and its service."""

    @property
    def title(self) -> str:
        return self.label

    def asked(self, filters: Mapping[str, Any]) -> Any:
        return asked_of(services_of(filters)[0], filters)

    def narrower(self, first: Line, last: Line) -> str:
        """The days whose lines go into one file whole; of a single day, one service at a time."""
        zone = current_app.extensions["clock"].zone
        newest, oldest = (one[0].at.astimezone(zone).date() for one in (first, last))
        if newest == oldest:
            return f"{newest} 一天就有这么多，请按服务分开导出。"
        since = oldest + timedelta(days=1)
        return f"请分几次导出：先导 {since} 到 {newest}，再导 {oldest} 以前的。"

    def pages(self, ask: Callable[[Any], Any], filters: Mapping[str, Any]) -> Iterator[tuple[Line, ...]]:
        """In pieces of a page, by time."""
        lines = merge(*(_all_of(service, ask, filters) for service in services_of(filters)), key=lambda one: one[0].at, reverse=True)
        piece: list[Line] = []
        for line in lines:
            piece.append(line)
            if len(piece) == PAGE:
                yield tuple(piece)
                piece = []
        yield tuple(piece)


def _all_of(service: str, ask: Callable[[Any], Any], filters: Mapping[str, Any]) -> Iterator[Line]:
    before = 0
    while True:
        page: AuditPage = ask(asked_of(service, filters, before=before))
        yield from ((line, service) for line in page.lines)
        if not (before := page.next):
            return


AUDIT = AuditListing("audit", "操作日志", audit_of("roster").request, "lines", "gateway.audit", (
    Out("at", "时间", lambda one: _at(one[0])), Out("person_name", "姓名", lambda one: one[0].person_name),
    Out("person_code", "编号", lambda one: _code(one[0])), Out("on_behalf_of", "代谁办理", lambda one: one[0].on_behalf_of),
    Out("address", "地址", lambda one: one[0].address), Out("service", "服务", lambda one: SERVICES[one[1]]),
    Out("summary", "操作", lambda one: summary_of(one[0].operation)), Out("operation", "操作代码", lambda one: one[0].operation, False),
    Out("organisation", "党组织", lambda one: _place(one[0])), Out("object", "对象", lambda one: object_word(one[0])),
    Out("subject", "对象编号", lambda one: one[0].subject, False), Out("result", "结果", lambda one: result_word(one[0].result)[0]),
    Out("correlation", "关联号", lambda one: one[0].correlation, False),
    Out("person_id", "人员内部编号", lambda one: one[0].person_id, False), Out("place", "链上位置", lambda one: str(one[0].place or ""))),
    {"service": ("服务", SERVICES), "since": ("从", {}), "until": ("到", {}), "person": ("谁", {}), "what": ("操作", {}), "subject": ("对象", {}),
     "result": ("结果", RESULTS)})
