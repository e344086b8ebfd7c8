"""The auditors' page: every service's log as one, searched, paged and exported."""
import io
import re
from dataclasses import replace
from datetime import timedelta
from importlib import import_module

import eventlet
import openpyxl
import pytest
from sqlalchemy import Text

from services.gateway.identity import looks
from services.gateway.jobs import sheet
from services.gateway.summaries import POLICIES, SERVICES, SUMMARIES
from tests.fakes_gateway import access_log, form
from tests.fakes_pages import NOW
from wire.bus.tables import upsert
from wire.contracts.audit import AuditChain, AuditLine, AuditPage, audit_of, check_audit_of
from wire.contracts.calls import Away, registry
from wire.contracts.journal import PRODUCERS
from wire.directory import grants, members
from wire.policy.documents import title_of


def line(seq, service, **more):
    return AuditLine(**dict(seq=seq, at=NOW - timedelta(minutes=100 - seq), kind="person", person_id="prs_li", person_name="李书记", on_behalf_of="",
                            address="192.0.2.7", operation=f"{service}.give_grant", organisation_id="org_village", subject="grt_1",
                            result="done", correlation="cor_1", place=seq) | more)


@pytest.fixture
def logged(house):
    """Sixty lines in roster, thirty in pledge, one refused in the gateway; nothing elsewhere."""
    kept = {"roster": [line(n, "roster") for n in range(60, 0, -1)], "pledge": [line(n, "pledge", operation="pledge.sign") for n in range(30, 0, -1)],
            "gateway": [line(99, "gateway", operation="gateway.sign_in", result="sign_in_failed", person_name="=cmd|' /C calc'!A0", subject="+1+1")]}

    def answer(service):
        def page(actor, request):
            found = [one for one in kept.get(service, []) if not request.before or one.seq < request.before]
            if request.what:
                found = [one for one in found if any(word in one.operation for word in request.what.split())]
            return AuditPage(lines=tuple(found[:request.limit]), next=found[request.limit - 1].seq if len(found) > request.limit else 0)
        return page
    for service in PRODUCERS:
        house.caller.answers[audit_of(service).request] = answer(service)
        house.caller.answers[check_audit_of(service).request] = AuditChain(chained=7, unlinked=1, broken=3 if service == "pledge" else 0)
    house.auditor = house.enter("auditor", "org_county", name="白露", member_id="")
    return house


def test_lines_of_all_services_come_newest_first_and_page_without_a_gap(logged):
    seen, address = [], "/county/audit"
    while address:
        page = logged.auditor.get(address).text
        seen += page.count('data-label="操作"') * [1]
        following = page.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
        address = following
        assert len(seen) <= 91
    assert len(seen) == 91


def test_a_line_says_in_words_who_did_what_where_with_what_result(logged):
    page = logged.auditor.get("/county/audit").text
    assert "开通权限" in page and "李书记" in page and "柳溪村党支部" in page and "没有办成：用户名或密码不对" in page and "192.0.2.7" in page
    signed = logged.auditor.get("/county/audit?what=签").text
    assert "定诺：编号签订" in signed and "用户名或密码不对" not in signed
    assert "没有查到" in logged.auditor.get("/county/audit?what=没有这样的操作").text
    asked = logged.caller.of(audit_of("roster").request)[-1].request
    assert asked.organisation_id == "org_county"
    logged.auditor.get("/county/audit?service=pledge&since=2026-11-01&person=李&result=refused")
    asked = logged.caller.of(audit_of("pledge").request)[-1].request
    assert (str(asked.since), asked.person, asked.result) == ("2026-11-01", "李", "refused")
    assert logged.auditor.get("/county/audit?since=yesterday").status_code == 422


def exported(logged, **asked):
    """The spreadsheet of what the search finds, taken by the link beside it."""
    at = logged.auditor.get("/county/exports/audit/new", query_string={"organisation": "org_county"} | asked)
    begun = logged.auditor.post("/county/exports/audit/new", data=form(at.text))
    assert begun.status_code == 303, begun.text
    with eventlet.Timeout(60):
        while "导出中" in (report := logged.auditor.get(begun.location).text):
            eventlet.sleep(0.05)
    assert "已做好" in report, report
    answer = logged.auditor.get(re.search(r'href="([^"]*file.xlsx)"', report)[1])
    return openpyxl.load_workbook(io.BytesIO(answer.data)), answer


def test_a_log_longer_than_a_file_takes_names_the_days_to_ask_for(logged):
    """Nobody's memory is filled by a log of years: days come out whole, and of one day a service at a time. [X33]"""
    logged.app.extensions["gateway"] = replace(logged.app.extensions["gateway"], export_rows=50)

    def report():
        at = logged.auditor.get("/county/exports/audit/new?organisation=org_county")
        begun = logged.auditor.post("/county/exports/audit/new", data=form(at.text))
        with eventlet.Timeout(60):
            while "导出中" in (said := logged.auditor.get(begun.location).text):
                eventlet.sleep(0.05)
        return said
    today = f"{NOW.astimezone(logged.clock.zone):%Y-%m-%d}"
    assert f"超过 50 行，没有导出来。{today} 一天就有这么多，请按服务分开导出。" in report()
    daily = tuple(line(n, "roster", at=NOW - timedelta(days=(200 - n) // 20)) for n in range(200, 0, -1))
    for service in PRODUCERS:
        lines = daily if service == "roster" else ()
        logged.caller.answers[audit_of(service).request] = lambda actor, request, lines=lines: AuditPage(lines=lines, next=0)
    day = lambda ago: f"{(NOW - timedelta(days=ago)).astimezone(logged.clock.zone):%Y-%m-%d}"  # noqa: E731
    assert f"先导 {day(1)} 到 {day(0)}，再导 {day(2)} 以前的。" in report()


def test_the_export_is_a_job_that_takes_out_all_that_was_found_and_no_formula(logged):
    """Every line of every service, the newest first, however many pages they come in. [X21] [X33] [T26]"""
    book, answer = exported(logged)
    rows = list(book.active.iter_rows())
    cells = [cell for row in rows for cell in row]
    assert len(rows) == 92 and all(cell.value is None or (cell.data_type == "s" and isinstance(cell.value, str)) for cell in cells)
    assert {row[1].value for row in rows[1:]} == {"李书记", "=cmd|' /C calc'!A0"}
    named = [row[1] for row in rows[1:]]
    assert [bool(cell.quotePrefix) for cell in named] == [cell.value.startswith("=") for cell in named]
    times = [row[0].value for row in rows[1:]]
    assert times == sorted(times, reverse=True) and len({row[5].value for row in rows[1:]}) > 1
    assert "attachment" in answer.headers["Content-Disposition"] and answer.headers["Content-Disposition"].isascii()
    header = [cell.value for cell in rows[0]]
    assert "编号" in header and not {"操作代码", "对象编号", "关联号", "人员内部编号"} & set(header), "what only the house understands is asked for"
    assert "gateway.export.audit" in [one["operation"] for one in access_log(logged.store)]


def test_the_export_asks_what_the_page_asked(logged):
    book, _ = exported(logged, what="签", service="pledge", person="李")
    assert {row[6] for row in book.active.iter_rows(min_row=2, values_only=True)} == {"定诺：编号签订"}
    asked = logged.caller.of(audit_of("pledge").request)[-1].request
    assert asked.person == "李" and asked.organisation_id == "org_county" and "pledge.sign" in asked.what.split()


def test_what_no_sheet_holds_goes_onto_the_next_under_the_same_header(tmp_path):
    """A log of years has more lines than a sheet has rows; none is left out."""
    rows = [["时间"], *([str(n)] for n in range(7))]
    assert sheet.made(rows, str(tmp_path / "made.xlsx"), a_sheet=3, constant_memory=True) == 7
    book = openpyxl.load_workbook(tmp_path / "made.xlsx")
    told = [[row[0] for row in page.iter_rows(values_only=True)] for page in book.worksheets]
    assert told == [["时间", "0", "1", "2"], ["时间", "3", "4", "5"], ["时间", "6"]]


def test_what_something_was_done_to_is_looked_for_and_told_by_name(logged):
    """By a person's or an organisation's name, ended ones too; an id still works. [X21]"""
    logged.auditor.get("/county/audit?subject=柳溪")
    assert logged.caller.of(audit_of("pledge").request)[-1].request.subjects == ("org_village",)
    logged.auditor.get("/county/audit?subject=没有这个人")
    assert logged.caller.of(audit_of("pledge").request)[-1].request.subjects == ("-",), "and not everything"
    page = logged.auditor.get("/county/audit?subject=grt_1").text
    asked = logged.caller.of(audit_of("pledge").request)[-1].request
    assert (asked.subject, asked.subjects) == ("grt_1", ()) and "权限 …1" in page


def test_a_code_of_the_county_is_looked_for_like_a_name(logged):
    """Of an organisation, of a member, of who acted; whoever is no member is found by name. [X21]"""
    grown(logged)

    def asked(**words):
        logged.auditor.get("/county/audit", query_string=words)
        return logged.caller.of(audit_of("pledge").request)[-1].request
    assert asked(subject="yl-sq-lx-01").subjects == ("mem_liu",) and asked(subject="柳德").subjects == ("mem_liu",)
    assert asked(subject="ORG_VILLAGE").subjects == ("org_village",) and asked(subject="何小满").subjects == ("prs_he",)
    assert asked(person="YL-SQ-LX-01").person == "mem_liu" and asked(person="李").person == "李"


def test_nothing_of_the_house_s_own_words_is_on_the_page(logged):
    """People by name, a policy by its title, a job as what it is. [X21]"""
    grown(logged)
    subjects = ("mem_liu", "prs_he", "gateway.SignInPolicy", "undo-job_01a2b3c4d5")
    logged.caller.answers[audit_of("roster").request] = AuditPage(
        lines=tuple(line(n, "roster", subject=one) for n, one in enumerate(subjects, 1)), next=0)
    page = logged.auditor.get("/county/audit?service=roster").text
    for word in ("党员：柳德顺", "人员：何小满", "政策：登录和密码", "导入或导出 …b3c4d5"):
        assert word in page, word
    assert "SignInPolicy" not in page and ">undo-" not in page


def test_every_policy_is_called_by_its_title():
    documents = {f"{service}.{name}": one for service in SERVICES if service != "commendation" for name, one in vars(
        import_module(f"services.{service}.domain.policy")).items() if isinstance(one, type) and "title" in vars(one)}
    assert {name: title_of(one) for name, one in documents.items()} == POLICIES


def grown(logged):
    """The gateway has heard of a member, and of somebody who holds a grant and is none."""
    with logged.store.writing() as unit:
        blank = {one.name: "" for one in members.c if isinstance(one.type, Text) and not one.nullable}
        upsert(unit.sql, members, ("id",), [blank | {"id": "mem_liu", "code": "YL-SQ-LX-01", "name": "柳德顺", "organisation_id": "org_village",
                                                     "epoch": 1, "version": 1, "lost": False}])
        upsert(unit.sql, grants, ("id",), [{"id": "grt_9", "person_id": "prs_he", "person_name": "何小满", "member_id": "", "role": "clerk",
                                            "organisation_id": "org_village", "state": "given", "position_id": "", "epoch": 1, "version": 1,
                                            "lost": False}])


def test_one_look_at_the_log_leaves_one_line(logged):
    """Though six services were asked. [X21]"""
    logged.auditor.get("/county/audit")
    mine = [one for one in access_log(logged.store) if one["person_id"] == "prs_auditor_"]
    assert [(one["operation"], one["result"]) for one in mine] == [("gateway.audit", "read")]


def test_each_chain_is_checked_and_a_broken_one_stands_out(logged):
    """[X22]"""
    logged.caller.answers[check_audit_of("notice").request] = Away("没有回应。")
    page = logged.auditor.post("/county/audit/check", data=form(logged.auditor.get("/county/audit").text)).text
    assert page.count("完整</span>") == 4 and "从第 3 条起被改动或缺失" in page and "暂时读不到" in page


def test_a_service_that_is_away_hides_only_its_own_lines(logged):
    logged.caller.answers[audit_of("pledge").request] = Away("没有回应。")
    page = logged.auditor.get("/county/audit").text
    assert "“承诺”的日志暂时读不到" in page and "开通权限" in page


@pytest.mark.parametrize("role", ["office", "operator", "secretary"])
def test_others_do_not_come_in(logged, role):
    """[X19]"""
    other = logged.enter(role, "org_county", name="别人", member_id="")
    for address in ("/county/audit", "/county/exports/audit/new"):
        assert other.get(address).status_code == 403
    assert "请联系审计管理员" in other.get("/county/audit").text, "nobody is sent to themselves for it"
    assert access_log(logged.store)[0]["result"] == "forbidden" and access_log(logged.store)[0]["person_id"] == f"prs_{role}_"


def test_every_operation_has_words_a_person_understands(house):
    """What a service logs of a call, and what the gateway logs of its own. [X21]"""
    bare = [name for name, one in registry.items() if name not in SUMMARIES and (one.writes or looks.personal(one)) and one.grants.kind == "person"]
    assert bare == []
