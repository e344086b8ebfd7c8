"""Accounts by spreadsheet: each line an invitation, its link in a file that is taken once. [X46]"""
import io
from contextlib import nullcontext
from dataclasses import replace

import openpyxl
import pytest
from sqlalchemy import select

from services.gateway.identity.sessions import digest
from services.gateway.jobs.account_lines import FORMULA
from services.gateway.storage import tables
from services.roster.domain.reading import Odd, no_formula
from tests.component.gateway.test_jobs_imports import post, sheet, uploaded
from tests.fakes_gateway import account, bearer
from wire import directory
from wire.bus.tables import audit, history, upsert

HEAD = ["人员编号", "姓名", "党组织编号"]
LIN, ZHOU, CLERK = ["M1", "林一", "V"], ["M2", "周二", "V"], ["", "何材料", "V"]


def organisation(id_, code, path, **more):
    return {"id": id_, "code": code, "name": f"{code}党组织", "kind": "branch", "sector": "rural", "parent_id": None, "path": path,
            "state": "active", "form": "ordinary", "system_id": "", "merged_into": "", "epoch": 1, "version": 1, "lost": False} | more


def member(id_, code, name, place, **more):
    return {"id": id_, "code": code, "name": name, "sort_key": name, "kind": "member", "organisation_id": place, "post": "", "post_kind": "staff",
            "state": "active", "rank": "", "duty": "", "joined_on": None, "nameplate_on": None, "standing": "normal", "whereabouts": "here",
            "inflow_id": "", "transfer_to_id": "", "residence_id": "", "residence_confirmed_on": None, "merged_into": "", "epoch": 1,
            "version": 1, "lost": False} | more


def grant(id_, person_id, name, place, **more):
    return {"id": id_, "person_id": person_id, "person_name": name, "member_id": "", "role": "clerk", "organisation_id": place, "state": "given",
            "position_id": "", "epoch": 1, "version": 1, "lost": False} | more


@pytest.fixture
def office(gate):
    gate.app.extensions["gateway"] = replace(gate.app.extensions["gateway"], job_patience_seconds=0)
    gate.caller.hold("prs_gao", ("office", "org_c"))
    with gate.store.writing() as unit:
        upsert(unit.sql, directory.organisations, ("id",), [
            organisation("org_c", "C", "/org_c/"), organisation("org_v", "V", "/org_c/org_v/"), organisation("org_w", "W", "/org_c/org_w/"),
            organisation("org_x", "X", "/org_x/"), organisation("org_d", "D", "/org_c/org_d/", state="dissolved")])
        upsert(unit.sql, directory.members, ("id",), [
            member("mem_1", "M1", "林一", "org_v"), member("mem_2", "M2", "周二", "org_v"), member("mem_3", "M3", "孙三", "org_w"),
            member("mem_4", "M4", "李四", "org_v", state="left"), member("mem_5", "M5", "外五", "org_x")])
        upsert(unit.sql, directory.grants, ("id",), [
            grant("grt_1", "prs_he", "何材料", "org_v"), grant("grt_2", "prs_a", "同名", "org_w"), grant("grt_3", "prs_b", "同名", "org_w"),
            grant("grt_4", "mem_3", "孙三", "org_v", member_id="mem_3")])
    return bearer(gate.app, account(gate.store, username="gao.ning", person_id="prs_gao", name="高宁"))


def invited(gate, office, *rows):
    return post(gate, office, uploaded(gate, office, sheet([HEAD, *rows]), "accounts"), "run")


def links(gate, office, job):
    answer = gate.web.post(f"/api/v1/imports/{job['id']}/links", headers=office)
    if answer.status_code != 200:
        return answer
    page = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    return [[cell or "" for cell in row] for row in page.iter_rows(values_only=True)]


def works(gate, token):
    with gate.store.reading() as unit:
        found = unit.books.invitations.with_digest(digest(token))
    return found is not None and found.spent_at is None


def token(row):
    return row[3].partition("#")[2]


def test_each_line_becomes_an_invitation_and_its_link_is_in_the_file(gate, office):
    job = uploaded(gate, office, sheet([HEAD, LIN, ZHOU, CLERK]), "accounts")
    assert (job["state"], job["total"], job["importable"], job["repeated"]) == ("checked", 3, 3, 0)
    with gate.store.reading() as unit:
        assert unit.sql.execute(select(tables.invitation)).all() == [], "looking writes nothing"
    done = post(gate, office, job, "run")
    assert done["state"] == "done" and "已邀请 3 人" in done["sentence"]
    head, *rows = links(gate, office, done)
    assert head == ["姓名", "人员编号", "党组织编号", "开通链接", "有效期至", "说明"]
    assert [row[:3] for row in rows] == [["林一", "M1", "V"], ["周二", "M2", "V"], ["何材料", "", "V"]]
    assert all(row[3].startswith("http://localhost/invitation#") and works(gate, token(row)) for row in rows)
    with gate.store.reading() as unit:
        found = unit.sql.execute(select(tables.invitation)).mappings().all()
    assert {(one["person_id"], one["member_id"]) for one in found} == {("mem_1", "mem_1"), ("mem_2", "mem_2"), ("prs_he", "")}
    assert {(one["expires_at"] - one["created_at"]).days for one in found} == {7}


def test_the_links_are_taken_once_by_their_owner_only_and_stand_nowhere_else(gate, office):
    """Not in the operation log, not in the history, not as text in any file of the job. [X46] [X25]"""
    job = invited(gate, office, LIN)
    gate.caller.hold("prs_other", ("office", "org_c"))
    other = bearer(gate.app, account(gate.store, username="other", person_id="prs_other"))
    assert links(gate, other, job).status_code == 404
    with gate.store.reading() as unit:
        kept = b"".join(unit.sql.scalars(select(tables.job_file.c.body)))
    [_, row] = links(gate, office, job)
    again = links(gate, office, job)
    assert again.status_code == 404 and "只能下载一次" in again.json["detail"]
    secret = token(row)
    with gate.store.reading() as unit:
        logged = repr([unit.sql.execute(select(table)).all() for table in (audit, history, tables.job, tables.invitation)])
    assert "gateway.take_links" in logged and "gateway.invite_people" in logged
    assert secret not in logged and secret.encode() not in kept and len(secret) > 20


def test_who_has_an_account_is_counted_as_repeated_and_gets_no_link(gate, office):
    account(gate.store, username="zhou.er", person_id="mem_2", name="周二")
    job = uploaded(gate, office, sheet([HEAD, LIN, ZHOU]), "accounts")
    assert (job["importable"], job["repeated"]) == (1, 1)
    [_, lin, zhou] = links(gate, office, post(gate, office, job, "run"))
    assert token(lin) and not token(zhou) and "已经有账号" in zhou[5]


def test_what_is_wrong_is_told_by_cell_and_nobody_is_invited(gate, office):
    job = uploaded(gate, office, sheet([HEAD, LIN, ["M9", "", "V"], ["M1", "林二", "V"], ["M4", "", "V"], ["M5", "", "X"], ["M2", "", "W"],
                                        ["", "", "V"], ["", "生人", "V"], ["", "同名", "W"], ["M1", "", "V"], ["M2", "", "D"], ["=A1", "", "V"],
                                        ["M3", "", "V"]]), "accounts")
    assert (job["state"], job["total"], job["importable"], job["wrong"]) == ("wrong", 13, 2, 11)
    assert [(f["row"], f["column"]) for f in job["faults"]] == [
        (3, "人员编号"), (4, "姓名"), (5, "人员编号"), (6, "党组织编号"), (7, "党组织编号"), (8, "人员编号"), (9, "姓名"), (10, "姓名"),
        (11, "人员编号"), (12, "党组织编号"), (13, "人员编号")]
    assert post(gate, office, job, "run").status_code == 422
    with gate.store.reading() as unit:
        assert unit.sql.execute(select(tables.invitation)).all() == []
    answer = gate.web.post(f"/api/v1/imports/{job['id']}/run?right_only=true", headers=office)
    assert answer.status_code == 200


@pytest.mark.parametrize(("cell", "formula"), [
    ("-001", False), ("+86", False), ("M1", False), ("=A1", True), ("@SUM(1)", True), ("-1+cmd|' /C calc'!A0", True), ("+1\n(2)", True)])
def test_what_is_a_formula_on_the_roll_is_one_among_accounts_and_nothing_else_is(gate, office, cell, formula):
    """[T26]"""
    with gate.store.writing() as unit:
        upsert(unit.sql, directory.members, ("id",), [member("mem_6", cell, "郑六", "org_v")])
    job = uploaded(gate, office, sheet([HEAD, [cell, "", "V"]]), "accounts")
    assert (job["state"], [fault["sentence"] for fault in job["faults"]]) == (("wrong", [FORMULA]) if formula else ("checked", []))
    with pytest.raises(Odd) if formula else nullcontext():
        assert no_formula(cell) == cell


def test_the_same_file_again_makes_new_links_and_the_ones_before_end(gate, office):
    [_, first] = links(gate, office, invited(gate, office, LIN))
    [_, second] = links(gate, office, invited(gate, office, LIN))
    assert not works(gate, token(first)) and works(gate, token(second))


def test_undo_ends_the_links_unless_somebody_has_used_theirs(gate, office):
    job = invited(gate, office, LIN, ZHOU)
    [_, _, zhou] = links(gate, office, job)
    used = account(gate.store, username="lin.yi", person_id="mem_1", name="林一")
    told = post(gate, office, job, "undo")
    assert told["state"] == "done" and told["faults"][0]["value"] == "M1" and "林一已经用链接开通了账号" in told["faults"][0]["sentence"]
    assert used and works(gate, token(zhou)), "not even the others' links end"


def test_undo_leaves_a_link_that_was_made_since(gate, office):
    job = invited(gate, office, LIN, ZHOU)
    [_, lin, zhou] = links(gate, office, job)
    gate.clock.move(seconds=60)
    answer = gate.web.post("/api/v1/organisations/org_c/invitations", headers=office, json={"person_id": "mem_1"})
    told = post(gate, office, job, "undo")
    assert told["state"] == "undone" and "全部作废" in told["sentence"] and not works(gate, token(zhou)) and not works(gate, token(lin))
    assert answer.status_code == 201 and works(gate, answer.json["path"].partition("#")[2])


def test_who_administers_nothing_invites_nobody(gate, office):
    gate.caller.hold("prs_gao", ("clerk", "org_v"))
    job = uploaded(gate, office, sheet([HEAD, LIN]), "accounts")
    assert job["state"] == "failed" and "县级管理员" in job["sentence"]


def test_a_right_that_ended_after_the_check_invites_nobody(gate, office):
    """The grants of the moment of writing decide. [X49]"""
    job = uploaded(gate, office, sheet([HEAD, LIN]), "accounts")
    gate.caller.hold("prs_gao", ("clerk", "org_v"))
    assert post(gate, office, job, "run")["state"] == "checked"
    with gate.store.reading() as unit:
        assert unit.sql.execute(select(tables.invitation)).all() == []


def test_more_people_than_one_sheet_may_invite_are_refused(gate, office):
    gate.app.extensions["gateway"] = replace(gate.app.extensions["gateway"], sheet_accounts=1)
    job = uploaded(gate, office, sheet([HEAD, LIN, ZHOU]), "accounts")
    assert job["state"] == "failed" and "最多邀请 1 人" in job["sentence"]
