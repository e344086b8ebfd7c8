"""Where people come out after signing in, and how they find their way: first steps, the operator's page, the menu, what is not there."""
import os
import re
import shlex
import shutil
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest
from flask import url_for

from services.gateway.identity.invitations import issue
from services.gateway.pages import menu
from services.gateway.pages.menu import GROUPS, below
from tests.fakes_gateway import account, form
from wire.bus.settings import Settings
from wire.bus.tables import upsert
from wire.contracts import roster as r
from wire.contracts.calls import Forbidden, NotFound, Stale
from wire.directory import grants, members, organisations
from wire.policy import adoptions

CHECKOUT = Path(__file__).resolve().parents[3]


def steps(page):
    """The first steps with whether each is ticked."""
    listed = page.partition('<ol class="steps">')[2].partition("</ol>")[0]
    return {word: "已办" in state for state, word in re.findall(r'class="state \w+">([^<]+)</span><span><b>([^<]+)</b>', listed)}


def test_a_new_county_is_told_what_to_do_and_sees_it_ticked_from_the_facts(house):
    office = house.enter("office", "org_county", member_id="")
    page = office.get("/desk", follow_redirects=True).text
    assert steps(page) == {"导入党组织": True, "导入党员": False, "登记书记等职务": False, "确认有决定权的职务": False, "邀请开通账号": False,
                           "采用办法": False}
    edition = {"epoch": 1, "version": 1, "lost": False}
    with house.store.writing() as unit:
        upsert(unit.sql, members, ("id",), [edition | dict.fromkeys(
            (c.name for c in members.columns if c.name not in edition and not c.nullable), "") | {"id": "mbr_a", "state": "active"}])
        upsert(unit.sql, grants, ("id",), [edition | {
            "id": "grt_a", "person_id": "prs_a", "person_name": "甲", "member_id": "mbr_a", "role": "secretary", "organisation_id": "org_village",
            "state": "given", "position_id": ""}])
    found = steps(office.get("/units").text)
    assert [found[word] for word in ("导入党员", "登记书记等职务", "确认有决定权的职务", "邀请开通账号")] == [True, True, False, False]
    with house.store.writing() as unit:
        for one in ("prs_a", "prs_b"):
            issue(unit, "account", seconds=60, person_id=one)
        issue(unit, "account", seconds=0, person_id="prs_late")
    assert "已发出 2 个链接，还没有人开通" in office.get("/units").text
    account(house.store, username="jia", person_id="prs_a", name="甲")
    with house.store.writing() as unit:
        unit.sql.execute(grants.update().values(state="confirmed"))
        upsert(unit.sql, adoptions, ("id",), [edition | {
            "id": "adp_1", "document": "evaluation.scoring", "policy_version": "a", "hash": "b", "organisation_id": "org_county",
            "starts_on": house.clock.today(), "number": 1, "basis": "", "preset": "central", "adopted_by_name": "甲", "adopted_at": unit.now}])
    assert "开始使用" not in office.get("/units").text, "once all is done, nothing is shown any more"


def test_the_steps_are_for_who_may_take_them_over_the_whole_county(house):
    with house.store.writing() as unit:
        unit.sql.execute(organisations.delete().where(organisations.c.parent_id.is_not(None)))
    for role, place in (("superior", "org_town"), ("auditor", "org_county")):
        assert "开始使用" not in house.enter(role, place, member_id="").get("/units").text


def test_every_step_leads_somewhere(house):
    office = house.enter("office", "org_county", member_id="")
    house.caller.answers[r.ListWaiting] = lambda actor, request: r.GrantPage(items=(), total=0, next="")
    house.caller.answers[r.ListAdoptions] = lambda actor, request: r.AdoptionPage(adoptions=(), next="")
    listed = office.get("/units").text.partition('<ol class="steps">')[2].partition("</ol>")[0]
    for address in re.findall(r'href="([^"]+)"', listed):
        assert office.get(address.replace("&amp;", "&")).status_code == 200, address
    assert re.search(r'value="members" checked', office.get("/county/imports?kind=members").text)


def test_the_operator_lands_on_the_system_and_sees_nobody(house):
    """[X19]"""
    operator = house.enter("operator", "org_county", name="看机器的", member_id="")
    page = operator.get("/desk", follow_redirects=True).text
    assert "<h1>系统</h1>" in page and "动态口令没有开通" in page
    assert "柳" not in page.partition("<main")[2]
    assert house.enter("office", "org_county", member_id="").get("/system").status_code == 403


def test_the_operator_is_given_the_command_that_works_for_this_house(house, tmp_path, monkeypatch):
    """Wherever its data is: as the page has it, a shell runs it."""
    folder = tmp_path / "县 里的数据"
    folder.mkdir()
    shutil.copy(tmp_path / "gateway.sqlite", folder)
    monkeypatch.setitem(house.app.config, "CONSOLE", Settings(data=folder).console)
    page = house.enter("operator", "org_county", name="看机器的", member_id="").get("/system").text
    command = unescape(re.search(r"<code[^>]*>(.*?)</code>", page)[1]).replace(".venv/bin/python", shlex.quote(sys.executable))
    bare = {name: word for name, word in os.environ.items() if not name.startswith("JIANNUO_")}
    done = subprocess.run(f"{command} status", shell=True, cwd=CHECKOUT, env=bare, capture_output=True, text=True)
    assert done.returncode == 0 and "gateway：待发 0" in done.stdout, done.stderr


def test_no_password_of_a_house_on_several_processes_is_shown(house, monkeypatch):
    """[X52]"""
    settings = Settings(broker="pyamqp://u:geheim@mq", database="postgresql+psycopg2://u:geheim@db/x")
    monkeypatch.setitem(house.app.config, "CONSOLE", settings.console)
    page = house.enter("operator", "org_county", name="看机器的", member_id="").get("/system").text
    assert "JIANNUO_BROKER=…" in page and "照启动时" in page and "geheim" not in page


def test_whoever_has_no_right_yet_is_told_whom_to_ask(house):
    someone = house.enter("member", "org_village", member_id="")
    house.caller.grants.clear()
    page = someone.get("/desk", follow_redirects=True).text
    assert "请本单位书记或县级管理员" in page and "写承诺" not in page


def test_a_page_that_is_not_for_one_says_which_rights_one_has(house):
    refused = house.enter("clerk").get("/county/accounts")
    assert refused.status_code == 403 and "您现在的权限：柳溪村党支部 材料员" in refused.text and "重新提交" not in refused.text
    lost = house.enter("clerk", member_id="mbr_x").get("/county/nowhere")
    assert lost.status_code == 404 and "回到工作台" in lost.text and "重新提交" not in lost.text


@pytest.mark.parametrize("refusal, said", [
    (Forbidden("您没有办理这件事的权限，请联系上级党组织开通。"), "您现在的权限"), (NotFound("没有找到这名党员。"), "请回到列表重新选择")])
def test_what_will_not_be_done_is_not_offered_again_but_what_was_typed_is_kept(house, refusal, said):
    """The page of the form cannot be shown either."""
    browser = house.enter("secretary")
    token = form(browser.get("/account").text)
    house.caller.answers |= {r.CorrectMember: refusal, r.ReadMember: refusal}
    answer = browser.post("/county/members/mbr_liu/correct", data=token | {"name": "柳得顺", "post": "支委", "version": "1"})
    assert answer.status_code == refusal.status and said in answer.text and "柳得顺" in answer.text
    assert "重新提交" not in answer.text and "过一会儿" not in answer.text


def test_a_grant_that_ends_while_a_form_is_open_takes_nothing_that_was_typed(house):
    """Whether the page or the door says no; what is not our own form is kept for nobody. [X29] [X49]"""
    browser = house.enter("office", "org_county", name="江涛", member_id="")
    page, known = browser.get("/county/grants").text, list(house.caller.grants)
    house.caller.grants.clear()
    for person in known:
        house.app.extensions["clients"].forget(person)
    house.caller.answers[r.GiveGrant] = Forbidden("您没有这项权限。")
    typed = form(page) | {"person_name": "聘用的材料员何小满", "role": "clerk", "organisation_id": "org_county"}
    answer = browser.post("/county/grants", data=typed)
    assert answer.status_code == 403 and "聘用的材料员何小满" in answer.text and "可以复制" in answer.text
    assert "没有保存任何内容" in answer.text and "重新提交" not in answer.text
    assert "何小满" in browser.post("/county/members/new", data=typed).text
    strange = browser.post("/county/grants", data=typed | {"csrf_token": "x"})
    assert strange.status_code == 400 and "何小满" not in strange.text


def test_two_tabs_keep_what_the_second_typed_and_lead_to_what_the_first_saved(house):
    office = house.enter("office", "org_county", member_id="")
    house.caller.answers[r.ChangeOrganisation] = Stale("别人刚改过，请核对现在的内容后再办理。")
    page = office.get("/tree/org_village/edit").text
    answer = office.post("/tree/org_village/edit", data=form(page) | {"name": "柳溪联村党支部", "version": "1", "kind": "branch", "sector": "rural"})
    assert answer.status_code == 412 and 'value="柳溪联村党支部"' in answer.text and 'href="/tree/org_village" target="_blank"' in answer.text
    assert form(answer.text)["version"] == "3", "saving again puts it in place of what was just looked at"


def test_who_may_not_see_a_list_is_not_offered_its_export(house):
    clerk = house.enter("clerk")
    assert clerk.get("/county/exports/members/new?organisation=org_village").status_code == 200
    for address in ("/county/exports/members/new?organisation=org_county", "/county/exports/organisations/new?organisation=org_town"):
        refused = clerk.get(address)
        assert refused.status_code == 403 and "您的权限不包括这个党组织" in refused.text


def test_every_page_of_the_staff_stands_below_an_entry_of_the_menu(house):
    known = {page for places in GROUPS.values() for page, _, _ in places}
    with house.app.test_request_context():
        for rule in house.app.url_map.iter_rules():
            if rule.endpoint.partition(".")[0] in ("desk", "county", "tree", "superior", "member", "operator"):
                at = below(rule.rule)
                assert at and set(at) <= known or rule.rule.startswith("/county/exports/<"), rule.rule


def test_a_page_new_in_the_menu_is_marked_without_a_further_word(house, monkeypatch):
    """Its own address says where what begins like it stands."""
    monkeypatch.setattr(menu, "ELSEWHERE", ())
    with house.app.test_request_context():
        for places in GROUPS.values():
            for page, _, _ in places:
                assert below(url_for(page)) == below(url_for(page) + "/one/edit") == (page,)


@pytest.mark.parametrize("role, place, address, group, word", [
    ("office", "org_county", "/county/members", "名册", "党员"), ("office", "org_county", "/county/keys", "管理", "密钥"),
    ("secretary", "org_village", "/desk/pledges/plg_1/review", "承诺", "审诺"), ("clerk", "org_village", "/desk/ledger", "承诺", "台账"),
    ("clerk", "org_village", "/desk/pledges/new", "承诺", "今日待办"),
    ("office", "org_county", "/tree/org_village", "名册", "组织"), ("office", "org_county", "/county/exports/members/new", "名册", "党员"),
    ("auditor", "org_county", "/county/exports/audit/new", "管理", "日志")])
def test_the_menu_marks_where_one_is_on_both_levels(house, role, place, address, group, word):
    page = house.enter(role, place).get(address).text
    main = re.search(r'<nav aria-label="主导航">(.*?)</nav>', page, re.S)[1]
    assert f'<summary>菜单<span class="quiet"> · {word}</span>' in main
    assert re.search(rf'aria-current="true">{group}</a>', main)
    row = re.search(rf'<nav class="menu-pages" aria-label="{group}">(.*?)</nav>', page, re.S)[1]
    assert re.findall(r'aria-current="page">([^<]+)<', row) == [word]


def test_who_has_few_pages_needs_no_groups(house):
    page = house.enter("member").get("/mine").text
    assert "menu-all" not in page and 'aria-current="page">我的承诺' in page


def test_a_name_leads_to_the_person_where_the_reader_may_look_at_them(house):
    office = house.enter("office", "org_county", member_id="")
    assert 'href="/county/members/mbr_he">何秀英</a>' in office.get("/tree/zones?organisation=org_village").text
    assert 'href="/county/members/mbr_su">苏晓</a>' in office.get("/county/grants").text
    clerk = house.enter("clerk", member_id="mbr_x").get("/desk").text
    assert '<a href="/county/members/mbr_luo">罗大成</a>' in clerk
