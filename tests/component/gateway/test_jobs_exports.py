"""A list taken out as a spreadsheet: what it shows, the columns one picks, persons masked, nothing calculated, one line in the log."""
import html
import io
import re
from dataclasses import replace
from datetime import date

import eventlet
import openpyxl
import pytest
from sqlalchemy import select

from tests.fakes_gateway import account, bearer, form, problem
from wire.bus.tables import audit
from wire.contracts import roster as r

PEOPLE = [r.MemberView(member_id=f"mem_{n}", code=f"M{n:05d}", name=name, kind="member", organisation_id="org_village",
                       organisation_name="柳溪村党支部", post=post, post_kind="staff", joined_on=date(2010, 7, 1), state="active", version=1)
          for n, (name, post) in enumerate([("曾小明", "支部委员"), ("=cmd|' /C calc'!A0", "@SUM(1)"), ("单立人", "+86"), ("解春", "")] * 300)]


def listed(actor, request):
    """1,200 people in pages, as roster would answer."""
    start = int(request.after or 0)
    page = PEOPLE[start:start + request.limit]
    if actor.grants[0].role in ("auditor", "liaison"):
        page = [replace(one, name=r.masked_name(one.name), code=r.masked_code(one.code), joined_on=None, masked=True) for one in page]
    following = start + len(page)
    return r.MemberPage(members=tuple(page), total=len(PEOPLE), next=str(following) if following < len(PEOPLE) else "")


@pytest.fixture
def asks(gate):
    """Somebody with this role asks for an export; the finished job and its rows."""
    gate.app.extensions["gateway"] = replace(gate.app.extensions["gateway"], job_patience_seconds=0)
    gate.caller.answers[r.ListMembers] = listed

    def ask(role="office", columns=(), **filters):
        person_id = f"prs_{role}"
        gate.caller.hold(person_id, (role, "org_county"))
        headers = bearer(gate.app, account(gate.store, username=f"x.{role}", person_id=person_id, name="高宁"))
        answer = gate.web.post("/api/v1/exports/members", headers=headers, json={
            "filters": {"organisation_id": "org_county", **filters}, "columns": list(columns)})
        assert answer.status_code == 201, answer.text
        job = answer.json
        with eventlet.Timeout(60):
            while job["state"] == "exporting":
                eventlet.sleep(0.05)
                job = gate.web.get(f"/api/v1/exports/{job['id']}", headers=headers).json
        assert job["state"] == "done", job
        book = openpyxl.load_workbook(io.BytesIO(gate.web.get(f"/api/v1/exports/{job['id']}/file.xlsx", headers=headers).data))
        return job, [[cell.value for cell in row] for row in book.active.iter_rows()], book.active
    return ask


def test_every_row_of_the_list_comes_out_with_the_columns_picked_and_the_same_filters(gate, asks):
    job, rows, _ = asks(columns=["name", "joined_on"], search="曾", kind="member")
    assert rows[0] == ["姓名", "入党日期"] and rows[1] == ["曾小明", "2010-07-01"] and len(rows) == 1 + len(PEOPLE) == 1 + job["total"]
    made = [one.request for one in gate.caller.of(r.ListMembers)]
    assert len(made) == 3 and {(one.search, one.kind, one.organisation_id) for one in made} == {("曾", "member", "org_county")}


def test_nothing_in_it_is_calculated_when_opened_or_edited(asks):
    """[T26]"""
    _, _, page = asks(columns=["name", "post"])
    for cell in (page["A3"], page["B3"], page["B4"]):
        assert cell.data_type == "s" and cell.quotePrefix and cell.value[0] in "=@+"


@pytest.mark.parametrize(("role", "code", "name", "joined"), [
    ("office", "M00000", "曾小明", "2010-07-01"), ("secretary", "M00000", "曾小明", "2010-07-01"), ("auditor", "M0****", "曾**", ""),
    ("liaison", "M0****", "曾**", "")])
def test_persons_are_masked_as_roster_tells_them_to_whoever_only_follows_and_the_export_says_so(asks, role, code, name, joined):
    """[X18]"""
    job, rows, _ = asks(role, columns=["code", "name", "joined_on"])
    assert rows[1] == [code, name, joined] and ("遮掩" in job["sentence"]) == (name != "曾小明")


def test_asking_for_it_leaves_a_line_in_the_operation_log(gate, asks):
    """[X21]"""
    asks()
    with gate.store.reading() as unit:
        lines = unit.sql.execute(select(audit).where(audit.c.operation == "gateway.export.members")).mappings().all()
    assert [(line["person_id"], line["subject"], line["result"]) for line in lines] == [("prs_office", "org_county", "done")]


def test_it_belongs_to_who_asked_and_a_list_or_filter_that_is_none_is_refused(gate, asks):
    """[X17]"""
    job, *_ = asks()
    other = bearer(gate.app, account(gate.store, username="su.xiao", person_id="prs_su"))
    for path in ("", "/file.xlsx"):
        assert problem(gate.web.get(f"/api/v1/exports/{job['id']}{path}", headers=other)).status == 404
    for name, filters, status in (("secrets", {}, 404), ("members", {"organisation_id": "org_county", "salary": "1"}, 422), ("members", {}, 422)):
        assert problem(gate.web.post(f"/api/v1/exports/{name}", headers=other, json={"filters": filters})).status == status
    assert "写 {}" in gate.web.post("/api/v1/exports/members", headers=other, json={}).get_data(as_text=True)


def test_on_the_pages_the_link_beside_a_list_leads_to_the_columns_and_the_file(house):
    house.caller.answers[r.ListMembers] = listed
    office = house.enter("office", "org_county", name="江涛", member_id="")
    page = office.get("/county/members?organisation=org_county&search=曾").text
    assert "/county/exports/members/new?organisation=org_county" in page
    page = office.get("/county/exports/members/new?organisation=org_county&search=曾").text
    assert 'value="joined_on" checked' in page and 'name="search" value="曾"' in page
    typed = form(page) | {"organisation_id": "org_county", "search": "曾", "column": ["name"]}
    where = office.post("/county/exports/members/new", data=typed).location
    with eventlet.Timeout(60):
        while 'http-equiv="refresh"' in (page := office.get(where).text):
            eventlet.sleep(0.05)
    assert "已导出 1200 行" in page and office.get(f"{where}/file.xlsx").data[:2] == b"PK"


def test_the_filters_of_the_list_go_with_the_link_and_are_said(house):
    house.caller.answers[r.ListMembers] = listed
    office = house.enter("office", "org_county", name="江涛", member_id="")
    page = office.get("/county/members?organisation=org_county&kind=probationary&whereabouts=floating&search=曾").text
    link = html.unescape(re.search(r'href="(/county/exports/members/new[^"]*)"', page)[1])
    page = office.get(link).text
    assert "身份“预备党员”、流动“流动和失联”、查找“曾”" in page
    where = office.post("/county/exports/members/new", data=form(page) | {"column": ["name"]}).location
    seen = office.get(where).text
    assert "身份“预备党员”" in seen and "流动“流动和失联”" in seen
    assert {(made.request.kind, made.request.whereabouts, made.request.search) for made in house.caller.of(r.ListMembers)[-2:]} == {
        ("probationary", "floating", "曾")}
    assert "没有设条件" in office.get("/county/exports/members/new?organisation=org_county").text
