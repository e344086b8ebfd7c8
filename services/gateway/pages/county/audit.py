"""The auditors' page 操作日志: who did what when, and who looked at whose data, over all services; searched, paged, exported;
and whether each service's chain is whole."""
import io
from collections.abc import Iterator
from datetime import datetime
from heapq import merge
from itertools import islice

from eventlet import tpool
from flask import render_template, request
from wire.contracts.audit import AuditChain, AuditLine, AuditPage, audit_of, check_audit_of
from wire.contracts.calls import Away, Refusal
from wire.contracts.journal import PRODUCERS

from services.gateway import clients
from services.gateway.documents.attachment import attachment
from services.gateway.identity import looks
from services.gateway.jobs import sheet
from services.gateway.pages import forms, here
from services.gateway.pages.county import county
from services.gateway.summaries import operations_like, summary_of

SERVICES = {"gateway": "账号和访问", "roster": "党组织和党员", "pledge": "承诺", "evaluation": "评议", "commendation": "表彰", "notice": "公开栏"}
RESULTS = {"": "全部结果", "done": "办成", "read": "查看", "refused": "拒绝"}
SHOWN, PIECE, MOST = 50, 500, 20_000
#: a whole chain is looked at: longer than a page otherwise waits
CHECK_SECONDS = 60.0
COLUMNS = ("时间", "姓名", "人员编号", "代谁办理", "地址", "服务", "操作", "操作代码", "党组织", "对象", "结果", "关联号", "链上位置")


@county.get("/audit")
def audit():
    return audit_page()


def audit_page(chains: dict[str, AuditChain | None] | None = None) -> str:
    here.demand("gateway.audit")
    organisation_id = here.place("gateway.audit")
    places, away = _cursor(request.args.get("before", "")), []
    pages: dict[str, AuditPage] = {}
    for service in _services():
        try:
            pages[service] = _page(service, organisation_id, places.get(service, 0), SHOWN)
        except Away:
            away.append(SERVICES[service])
    merged = sorted(((line, service) for service, page in pages.items() for line in page.lines), key=lambda one: one[0].at, reverse=True)
    lines = merged[:SHOWN]
    more = len(merged) > SHOWN or any(page.next for page in pages.values())
    return render_template("county/audit.html", organisation_id=organisation_id, lines=lines, services=SERVICES, results=RESULTS, away=away,
                           asked={n: request.args.get(n, "") for n in FILTERS}, summary=summary_of, result=result_word, chains=chains,
                           next=_following(places, lines) if more else "")


FILTERS = ("service", "since", "until", "person", "what", "subject", "result")


def result_word(result: str) -> tuple[str, str]:
    return {"done": ("办成", "done"), "read": ("查看", "open")}.get(result, (f"拒绝（{result}）", "late"))


@county.post("/audit/check")
def check_audit():
    """核对: every line of every service's chain."""
    here.demand("gateway.check_audit")
    organisation_id, chains = here.place("gateway.check_audit"), {}
    for service in SERVICES:
        try:
            chains[service] = clients.call(check_audit_of(service).request(organisation_id=organisation_id), deadline=CHECK_SECONDS)
        except Away:
            chains[service] = None
    return audit_page(chains)


@county.get("/audit.xlsx")
def export_audit():
    """What the search finds, the newest of all services first, as a spreadsheet; one that is cut says so in its last line.

    The export leaves a line of its own.
    """
    here.demand("gateway.audit")
    organisation_id = here.place("gateway.audit")
    try:
        found = list(islice(_everything(organisation_id), MOST + 1))
    except Refusal as refusal:
        return forms.again(refusal, audit_page)
    rows = [list(COLUMNS), *(_cells(line, service) for line, service in found[:MOST])]
    if len(found) > MOST:
        rows.append([f"只列出最近的 {MOST} 行，更早的没有列出；请用起止日期或服务缩小范围，分几次导出。"])
    out = io.BytesIO()
    tpool.execute(sheet.made, rows, out, in_memory=True)
    looks.note("gateway.export_audit", organisation_id=organisation_id)
    return attachment(f"操作日志-{here.today().isoformat()}.xlsx", out.getvalue())


def _services() -> list[str]:
    wanted = request.args.get("service", "")
    return [wanted] if wanted in SERVICES else [one for one in SERVICES if one in PRODUCERS]


def _page(service: str, organisation_id: str, before: int, limit: int) -> AuditPage:
    asked = {name: request.args.get(name, "").strip() for name in FILTERS if name != "service"}
    if asked["what"] and not asked["what"].isascii():
        asked["what"] = " ".join(operations_like(asked["what"]))[:400] or "-"
    return clients.call(forms.read(audit_of(service).request, asked, organisation_id=organisation_id, before=before, limit=limit))


def _everything(organisation_id: str) -> Iterator[tuple[AuditLine, str]]:
    return merge(*(_all_of(service, organisation_id) for service in _services()), key=lambda one: one[0].at, reverse=True)


def _all_of(service: str, organisation_id: str) -> Iterator[tuple[AuditLine, str]]:
    before = 0
    while True:
        page = _page(service, organisation_id, before, PIECE)
        yield from ((line, service) for line in page.lines)
        before = page.next
        if not before:
            break


def _cursor(word: str) -> dict[str, int]:
    """``roster.120-pledge.88``: how far each service has been read."""
    pairs = (one.partition(".") for one in word[:300].split("-"))
    return {service: int(number) for service, _, number in pairs if service in SERVICES and number.isdecimal() and len(number) < 16}


def _following(places: dict[str, int], lines: list[tuple[AuditLine, str]]) -> str:
    last = places | {service: line.seq for line, service in lines}
    return "-".join(f"{service}.{number}" for service, number in sorted(last.items()))


def _cells(line: AuditLine, service: str) -> list[str]:
    at: datetime = here.local(line.at)
    return [f"{at:%Y-%m-%d %H:%M:%S}", line.person_name, line.person_id, line.on_behalf_of, line.address, SERVICES[service],
            summary_of(line.operation), line.operation, line.organisation_id and here.organisation_name(line.organisation_id), line.subject,
            result_word(line.result)[0], line.correlation, str(line.place or "")]
