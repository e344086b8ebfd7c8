"""The auditors' page 操作日志: who did what when, and who looked at whose data, over all services; searched, paged, exported;
and whether each service's chain is whole."""
from flask import render_template, request
from wire.contracts.audit import AuditChain, AuditLine, AuditPage, check_audit_of
from wire.contracts.calls import Away

from services.gateway import clients
from services.gateway.jobs.audit_list import RESULTS, asked_of, object_word, result_word, services_of
from services.gateway.pages import here
from services.gateway.pages.county import county
from services.gateway.summaries import SERVICES, summary_of

SHOWN = 50
FILTERS = ("service", "since", "until", "person", "what", "subject", "result")
#: a whole chain is looked at: longer than a page otherwise waits
CHECK_SECONDS = 60.0
#: that no other administrator reads it is the point of it (X19)
APART = "操作日志只由审计管理员查阅，县级管理员和系统运维都看不到；要查什么，请联系审计管理员。"


@county.get("/audit")
def audit():
    return audit_page()


def audit_page(chains: dict[str, AuditChain | None] | None = None) -> str:
    here.demand("gateway.audit", sentence=APART)
    organisation_id = here.place("gateway.audit")
    places, away = _cursor(request.args.get("before", "")), []
    pages: dict[str, AuditPage] = {}
    for service in services_of(request.args):
        try:
            pages[service] = _page(service, organisation_id, places.get(service, 0))
        except Away:
            away.append(SERVICES[service])
    merged = sorted(((line, service) for service, page in pages.items() for line in page.lines), key=lambda one: one[0].at, reverse=True)
    lines = merged[:SHOWN]
    more = len(merged) > SHOWN or any(page.next for page in pages.values())
    return render_template("county/audit.html", organisation_id=organisation_id, lines=lines, services=SERVICES, results=RESULTS, away=away,
                           asked=_filters(), summary=summary_of, object=object_word, result=result_word, chains=chains,
                           next=_following(places, lines) if more else "")


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


def _page(service: str, organisation_id: str, before: int) -> AuditPage:
    return clients.call(asked_of(service, _filters() | {"organisation_id": organisation_id}, before=before, limit=SHOWN))


def _filters() -> dict[str, str]:
    return {name: request.args.get(name, "").strip()[:200] for name in FILTERS}


def _cursor(word: str) -> dict[str, int]:
    """``roster.120-pledge.88``: how far each service has been read."""
    pairs = (one.partition(".") for one in word[:300].split("-"))
    return {service: int(number) for service, _, number in pairs if service in SERVICES and number.isdecimal() and len(number) < 16}


def _following(places: dict[str, int], lines: list[tuple[AuditLine, str]]) -> str:
    last = places | {service: line.seq for line, service in lines}
    return "-".join(f"{service}.{number}" for service, number in sorted(last.items()))
