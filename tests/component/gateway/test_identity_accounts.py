"""Accounts as the office keeps them: invited in a list, disabled, enabled, reset by link, a new password demanded."""
import pytest
from sqlalchemy import event

from tests.fakes_gateway import PASSWORD, access_log, account, adopt_sign_in, always, bearer, form, problem
from tests.fakes_pages import settle
from wire.contracts.roster import GrantGiven, GrantPage, GrantView, ListGrants, MemberRegistered
from wire.directory import write

NEW = "Another-9 lantern"


def registered(unit, member_id, name, place):
    return MemberRegistered(version=1, acted_by="prs_gao", acted_by_name="高宁", acted_at=unit.now, member_id=member_id, code=member_id,
                            name=name, sort_key=name, kind="member", organisation_id=place)


def given(unit, person_id, name, role, place):
    return GrantGiven(version=1, acted_by="prs_gao", acted_by_name="高宁", acted_at=unit.now, grant_id=f"grt_{person_id}", person_id=person_id,
                      person_name=name, role=role, organisation_id=place)


@pytest.fixture
def office(gate):
    settle(gate.store)
    with gate.store.writing() as unit:
        write(unit.sql, [(1, registered(unit, f"mbr_{n}", f"党员{n}", "org_village")) for n in range(3)])
        write(unit.sql, [(1, given(unit, "prs_lin", "林乔", "secretary", "org_village")),
                         (1, given(unit, "prs_tian", "田野", "superior", "org_county"))])
    gate.caller.hold("prs_gao", ("office", "org_county"))
    gate.caller.answers[ListGrants] = always(GrantPage(items=(), total=0, next=""))
    return bearer(gate.app, account(gate.store, username="gao.ning", person_id="prs_gao", name="高宁"))


@pytest.fixture
def lin(gate, office):
    gate.caller.hold("prs_lin", ("secretary", "org_village"))
    return account(gate.store, password=PASSWORD)


def sign_in(gate, password=PASSWORD):
    return gate.web.post("/api/v1/session", json={"username": "lin.qiao", "password": password})


def act(gate, headers, one, what, **body):
    return gate.web.post(f"/api/v1/accounts/{one.id}/{what}", headers=headers, json=body)


def test_disabling_ends_every_session_with_the_same_request(gate, office, lin):
    """At once, so within five seconds; enabled again, the owner signs in with the old password. [X10] [X11]"""
    mine = [bearer(gate.app, lin) for _ in range(3)]
    assert act(gate, office, lin, "disable").json["state"] == "disabled"
    assert [gate.web.get("/api/v1/session", headers=one).status_code for one in mine] == [401, 401, 401]
    assert problem(sign_in(gate)).code == "sign_in_failed"
    assert act(gate, office, lin, "disable").status_code == 200
    assert act(gate, office, lin, "enable").json["state"] == "active" and sign_in(gate).status_code == 201
    assert [gate.web.get("/api/v1/session", headers=one).status_code for one in mine] == [401, 401, 401]


def test_a_forced_change_is_enforced_on_the_server(gate, office, lin):
    """Every call is refused but those that change it, see oneself and leave; the old password is needed. [X4] [X5]"""
    assert act(gate, office, lin, "demand-password").json["must_change"]
    mine = {"Authorization": f"Bearer {sign_in(gate).json['token']}"}
    for method, path in (("GET", "/pledges?organisation_id=org_village"), ("POST", "/pledges"), ("GET", "/members?organisation_id=org_village"),
                         ("GET", "/accounts?organisation_id=org_village")):
        refused = gate.web.open(f"/api/v1{path}", method=method, headers=mine, json={} if method == "POST" else None)
        assert problem(refused).code == "password_change_needed" and refused.status_code == 403
    assert gate.web.get("/api/v1/session", headers=mine).status_code == 200
    change = lambda old, new: gate.web.put(  # noqa: E731
        "/api/v1/session/password", headers=mine, json={"old_password": old, "new_password": new})
    assert problem(change("wrong", NEW)).code == "wrong_password"
    assert problem(change(PASSWORD, PASSWORD)).code == "same_password"
    assert change(PASSWORD, NEW).status_code == 204
    assert problem(gate.web.get("/api/v1/members?organisation_id=org_village", headers=mine)).code == "not_found"


def test_a_password_is_changed_after_ninety_days_under_the_national_profile_only(gate, office, lin):
    """[X2] [X4]"""
    gate.clock.move(days=89)
    mine = lambda: {"Authorization": f"Bearer {sign_in(gate).json['token']}"}  # noqa: E731
    assert gate.web.get("/api/v1/members?organisation_id=org_village", headers=mine()).status_code == 404
    gate.clock.move(days=1)
    assert problem(gate.web.get("/api/v1/members?organisation_id=org_village", headers=mine())).code == "password_change_needed"
    adopt_sign_in(gate.app, password_profile="asvs")
    assert gate.web.get("/api/v1/members?organisation_id=org_village", headers=mine()).status_code == 404


def test_guessing_the_old_password_in_an_open_session_locks_like_signing_in(gate, lin):
    """[X5] [X6]"""
    mine = bearer(gate.app, lin)
    guess = lambda: gate.web.put(  # noqa: E731
        "/api/v1/session/password", headers=mine, json={"old_password": "guess", "new_password": NEW})
    assert [guess().status_code for _ in range(6)] == [422] * 5 + [429]
    assert sign_in(gate).status_code == 429


def test_a_reset_is_a_link_with_which_the_owner_chooses(gate, office, lin):
    """No administrator ever chooses or sees a password; the link is good once, ends every session, and keeps the name. [X14]"""
    here = bearer(gate.app, lin)
    link = act(gate, office, lin, "reset-password")
    assert link.status_code == 201 and "password" not in link.json
    assert sign_in(gate).status_code == 201, "the old one works until the link is used"
    weak = gate.web.post("/api/v1/invitations/reset", json={"token": link.json["token"], "password": "Linqiao-2026"})
    assert problem(weak).code == "weak_password"
    use = lambda: gate.web.post("/api/v1/invitations/reset", json={"token": link.json["token"], "password": NEW})  # noqa: E731
    assert use().status_code == 204 and use().status_code == 410
    assert gate.web.get("/api/v1/session", headers=here).status_code == 401
    assert sign_in(gate).status_code == 401 and sign_in(gate, NEW).status_code == 201


def test_whoever_chose_a_new_password_by_a_link_signs_in_at_once(gate, office, lin):
    """Too many wrong ones were why the link was asked for. [X6] [X14]"""
    for _ in range(6):
        sign_in(gate, "forgotten")
    token = act(gate, office, lin, "reset-password").json["token"]
    assert sign_in(gate).status_code == 429
    assert gate.web.post("/api/v1/invitations/reset", json={"token": token, "password": NEW}).status_code == 204
    assert sign_in(gate, NEW).status_code == 201


def test_a_reset_link_dies_with_the_account_and_with_a_newer_link(gate, office, lin):
    first = act(gate, office, lin, "reset-password").json["token"]
    second = act(gate, office, lin, "reset-password").json["token"]
    use = lambda token: gate.web.post("/api/v1/invitations/reset", json={"token": token, "password": NEW}).status_code  # noqa: E731
    assert use(first) == 410
    act(gate, office, lin, "disable")
    act(gate, office, lin, "enable")
    assert use(second) == 410


def test_nobody_manages_their_own_account_nor_that_of_somebody_above(gate, office, lin):
    """[X17] [X50]"""
    with gate.store.reading() as unit:
        own = unit.books.accounts.named("gao.ning")
    assert problem(act(gate, office, own, "disable")).code == "not_for_oneself"
    above = account(gate.store, username="tian.ye", person_id="prs_tian", name="田野")
    gate.caller.hold("prs_gao", ("office", "org_town"))
    assert act(gate, office, above, "disable").status_code == 403
    assert act(gate, office, lin, "disable").status_code == 200


@pytest.mark.parametrize("role", ["auditor", "operator", "secretary", "clerk", "superior"])
def test_only_the_office_manages_accounts(gate, office, lin, role):
    """The auditor reads the list and changes nothing; the operator does not even read it. [X19]"""
    gate.caller.hold("prs_gao", (role, "org_county"))
    for what in ("disable", "enable", "demand-password", "reset-password"):
        assert act(gate, office, lin, what).status_code == 403
    listed = gate.web.get("/api/v1/accounts?organisation_id=org_county", headers=office)
    assert listed.status_code == (200 if role == "auditor" else 403)


def test_the_list_is_searched_paged_and_ends_at_ones_own_part_of_the_tree(gate, office, lin):
    for n in range(3):
        account(gate.store, username=f"member{n}", person_id=f"mbr_{n}", member_id=f"mbr_{n}", name=f"党员{n}")
    account(gate.store, username="elsewhere", person_id="prs_tian", name="田野")

    def names(**query):
        page = gate.web.get("/api/v1/accounts", query_string={"organisation_id": "org_county"} | query, headers=office).json
        return [one["username"] for one in page["accounts"]], page["next"], page["total"]
    assert names()[2] == 6
    assert names(organisation_id="org_village") == (["lin.qiao", "member0", "member1", "member2"], "", 4)
    assert names(organisation_id="org_village", limit=2) == (["lin.qiao", "member0"], "member0", 4)
    assert names(organisation_id="org_village", limit=2, after="member0") == (["member1", "member2"], "", 4)
    assert names(search="党员1")[0] == ["member1"] and names(search="QIAO")[0] == ["lin.qiao"] and names(search="%")[0] == []
    act(gate, office, lin, "disable")
    assert names(state="disabled")[0] == ["lin.qiao"]


def test_a_list_is_invited_with_a_verdict_for_each(gate, office, lin):
    """Who has an account or is unknown stops nobody; each link makes the account of its person and works for a week."""
    wanted = ["mbr_0", "prs_lin", "mbr_1", "prs_nobody"]
    told = gate.web.post("/api/v1/organisations/org_village/invitations/list", headers=office, json={"person_ids": wanted})
    items = told.json["items"]
    assert [one["person_id"] for one in items] == wanted and [one["code"] for one in items] == ["", "has_account", "", "not_found"]
    many = gate.web.post("/api/v1/organisations/org_village/invitations/list", headers=office, json={"person_ids": ["mbr_0"] * 1001})
    assert len(many.json["items"]) == 1001, "any length, in pieces"
    last = many.json["items"][-1]["path"]
    items[0]["path"] = last
    gate.clock.move(days=6)
    for one, username in ((items[0], "member0"), (items[2], "member1")):
        joined = gate.web.post("/api/v1/invitations/account", json={
            "token": one["path"].partition("#")[2], "username": username, "password": PASSWORD})
        assert joined.status_code == 201
    with gate.store.reading() as unit:
        assert unit.books.accounts.named("member1").person_id == "mbr_1"


def test_what_is_done_and_what_is_refused_stands_in_the_operation_log(gate, office, lin):
    """[X21]"""
    act(gate, office, lin, "disable")
    gate.caller.hold("prs_gao", ("auditor", "org_county"))
    act(gate, office, lin, "enable")
    lines = [(one["operation"], one["result"], one["person_id"]) for one in access_log(gate.store)]
    assert ("gateway.disable_account", "done", "prs_gao") in lines and ("gateway.enable_account", "forbidden", "prs_gao") in lines
    assert next(one for one in access_log(gate.store) if one["operation"] == "gateway.disable_account")["subject"] == lin.person_id


def test_the_page_shows_accounts_and_hands_out_a_reset_link_once(house):
    """[X14]"""
    browser = house.enter("office", "org_county", name="江涛", member_id="")
    other = account(house.store, username="he.xiuying", person_id="prs_he", name="何秀英", member_id="mbr_he")
    page = browser.get("/county/accounts").text
    assert "he.xiuying" in page and "还没有登录过" in page
    shown = browser.post(f"/county/accounts/{other.id}/reset", data=form(page))
    assert "/invitation#" in shown.text and shown.headers["Cache-Control"] == "no-store"
    assert "/invitation#" not in browser.get("/county/accounts").text
    assert browser.post(f"/county/accounts/{other.id}/disable", data=form(page)).location.endswith("done=disabled")
    assert "已停用" in browser.get("/county/accounts?state=disabled").text
    assert "没有找到账号" in browser.get("/county/accounts?search=zzz").text


def test_the_owner_is_told_what_others_did_until_they_say_they_know(house):
    browser = house.enter("office", "org_county", name="江涛", member_id="")
    mine = house.enter("clerk")
    with house.store.reading() as unit:
        owner = unit.books.accounts.named("prs.clerk.mbr.he")
    browser.post(f"/county/accounts/{owner.id}/password", data=form(browser.get("/county/accounts").text))
    assert mine.get("/desk").location.startswith("/password")
    page = mine.get("/account").text
    assert "江涛要求您修改密码" in page and "1 条提醒" in page
    mine.post("/account/notes", data=form(page))
    assert "江涛要求您修改密码" not in mine.get("/account").text


def test_a_list_is_invited_from_the_page_and_its_links_are_shown_once(house):
    browser = house.enter("office", "org_county", name="江涛", member_id="")
    page = browser.get("/county/accounts/invite").text
    assert 'value="mbr_luo"' in page
    with house.store.writing() as unit:
        write(unit.sql, [(1, registered(unit, "mbr_luo", "罗大成", "org_village"))])
    shown = browser.post("/county/accounts/invite", data=form(page) | {"person_id": "mbr_luo"}).text
    assert shown.count("/invitation#") == 1 and "罗大成" in shown


def test_who_is_locked_since_when_and_why_is_seen_and_ended_by_an_administrator(gate, office, lin):
    """From the list, with the place it came from; the owner hears of it and the log names who did it. [X6] [X7]"""
    for _ in range(5):
        sign_in(gate, "guess")
    assert sign_in(gate).status_code == 429
    found = gate.web.get("/api/v1/accounts?organisation_id=org_county&state=locked", headers=office).json["accounts"]
    assert [one["username"] for one in found] == ["lin.qiao"]
    lock = found[0]["locks"][0]
    assert (lock["tries"], lock["network"]) == (5, "127.0.0.1") and lock["since"] < lock["until"]
    assert act(gate, office, lin, "unlock").json["locks"] == []
    assert sign_in(gate).status_code == 201
    with gate.store.reading() as unit:
        assert "已恢复" in unit.books.notes.unseen(lin.id)[-1]["sentence"]
    line = next(one for one in access_log(gate.store) if one["operation"] == "gateway.unlock_account")
    assert (line["person_id"], line["subject"], line["result"]) == ("prs_gao", lin.person_id, "done")
    act(gate, office, lin, "unlock")
    with gate.store.reading() as unit:
        assert len(unit.books.notes.unseen(lin.id)) == 1, "again: nothing happens"


def test_failures_of_a_name_nobody_has_lock_it_and_belong_to_nobody(gate, office, lin):
    """[X7]"""
    for _ in range(6):
        gate.web.post("/api/v1/session", json={"username": "nobody.here", "password": "guess"})
    assert gate.web.get("/api/v1/accounts?organisation_id=org_county&state=locked", headers=office).json["accounts"] == []


def test_a_long_list_is_invited_with_few_questions(gate, office):
    """Neither the database nor roster is asked for each person, known here or not."""
    people = [f"mbr_{n}" for n in range(3)] + [f"prs_new{n}" for n in range(200)]
    answers = [GrantView(grant_id=f"grt_{n}", person_id=f"prs_new{n}", person_name=f"新人{n}", member_id="", role="clerk",
                         organisation_id="org_village", organisation_name="柳溪村党支部", state="given") for n in range(199)]
    gate.caller.answers[ListGrants] = lambda actor, request: GrantPage(
        items=tuple(answers[:100] if not request.after else answers[100:]), total=199, next="" if request.after else "more")
    asked = []
    event.listen(gate.store.database.engine, "before_cursor_execute", lambda c, cursor, statement, *more: asked.append(statement))
    answer = gate.web.post("/api/v1/organisations/org_village/invitations/list", headers=office, json={"person_ids": people})
    assert [one["code"] for one in answer.json["items"]] == [""] * 202 + ["not_found"]
    assert len(gate.caller.of(ListGrants)) == 2 and len(asked) < 60
