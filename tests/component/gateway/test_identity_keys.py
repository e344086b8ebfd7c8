"""API keys: told once, scoped, bound to a part of the tree, a year at most, rotated; and never deciding (X48)."""
import importlib

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import update

from services.gateway.identity import keys as keyring
from services.gateway.storage.tables import api_key
from tests.fakes_gateway import access_log, account, always, bearer, form, problem
from tests.fakes_pages import settle
from wire.bus.calls.door import admit
from wire.contracts import evaluation, pledge, roster as r  # noqa: F401  (declare what is tried below)
from wire.contracts.actor import SCOPES, Actor, HeldGrant, Reach
from wire.contracts.calls import Forbidden, call, grants, registry

MEMBERS = "/api/v1/members?organisation_id=org_village"


@pytest.fixture
def office(gate):
    settle(gate.store)
    gate.caller.hold("prs_gao", ("office", "org_county"))
    gate.caller.hold("prs_key", ("system", "org_village"))
    given = r.GrantView(grant_id="grt_key", person_id="prs_key", person_name="县信息系统", member_id="", role="system",
                        organisation_id="org_village", organisation_name="柳溪村党支部", state="given")
    gate.caller.answers |= {r.GiveGrant: always(given), r.EndGrant: always(given),
                            r.ListMembers: always(r.MemberPage(members=(), total=0, next=""))}
    return bearer(gate.app, account(gate.store, username="gao.ning", person_id="prs_gao", name="高宁"))


def make(gate, office, **more):
    return gate.web.post("/api/v1/keys", headers=office, json={
        "organisation_id": "org_village", "name": "县信息系统 2", "scopes": ["members:read"]} | more)


def by(key):
    return {"Authorization": f"Bearer {key}"}


def test_a_key_acts_as_a_system_with_its_own_grant_and_scopes(gate, office):
    made = make(gate, office).json
    key = made["key"]
    assert key.startswith("jn_") and len(key.split("_")[1]) == 32
    assert gate.web.get(MEMBERS, headers=by(key)).status_code == 200
    actor = gate.caller.of(r.ListMembers)[-1].actor
    assert (actor.kind, actor.person_id, actor.name, actor.scopes) == ("system", "prs_key", "县信息系统 2", ("members:read",))
    assert [(h.role, h.organisation_id) for h in actor.grants] == [("system", "org_village")]
    give = gate.caller.of(r.GiveGrant)[-1]
    assert give.actor.person_id == "prs_gao" and (give.request.role, give.request.organisation_id) == ("system", "org_village")
    assert give.request.person_name == "县信息系统 2", "the first one stands beside it in the list of grants"
    assert give.request.another, "a member who has its name is not asked about"


def test_it_is_told_once_and_kept_as_a_digest(gate, office, tmp_path):
    """[X48]"""
    key = make(gate, office).json["key"]
    listed = gate.web.get("/api/v1/keys?organisation_id=org_village", headers=office)
    assert listed.json["keys"][0]["name"] == "县信息系统 2" and key not in listed.text and key.split("_", 2)[2] not in listed.text
    for file in tmp_path.glob("gateway.sqlite*"):
        assert key.split("_", 2)[2].encode() not in file.read_bytes()


@pytest.mark.parametrize("days, status", [(0, 422), (1, 201), (366, 201), (367, 422)])
def test_it_lives_a_year_at_most(gate, office, days, status):
    """[X48]"""
    answer = make(gate, office, days=days)
    assert answer.status_code == status
    if status == 201:
        gate.clock.move(days=days, seconds=-1)
        assert gate.web.get(MEMBERS, headers=by(answer.json["key"])).status_code == 200
        gate.clock.move(seconds=1)
        assert gate.web.get(MEMBERS, headers=by(answer.json["key"])).status_code == 401


def test_two_secrets_are_good_while_it_is_rotated_and_never_three(gate, office):
    """[X48]"""
    made = make(gate, office).json
    rotate = lambda days=7: gate.web.post(  # noqa: E731
        f"/api/v1/keys/{made['view']['key_id']}/rotate", headers=office, json={"days": days}).json["key"]
    alive = lambda *keys: [gate.web.get(MEMBERS, headers=by(key)).status_code == 200 for key in keys]  # noqa: E731
    gate.clock.move(seconds=1)
    first, second = made["key"], rotate()
    gate.clock.move(seconds=1)
    assert alive(first, second) == [True, True]
    third = rotate()
    gate.clock.move(seconds=1)
    assert alive(first, second, third) == [False, True, True]
    gate.clock.move(days=7)
    assert alive(first, second, third) == [False, False, True]
    with gate.store.reading() as unit:
        office.update(bearer(gate.app, unit.books.accounts.named("gao.ning")))
    fourth = rotate(0)
    assert alive(third, fourth) == [False, True]


def test_revoked_it_opens_nothing_at_once_and_its_grant_ends(gate, office):
    """[X48] [X49]"""
    made = make(gate, office).json
    one = f"/api/v1/keys/{made['view']['key_id']}"
    assert gate.web.delete(one, headers=office).json["state"] == "revoked"
    assert gate.caller.of(r.EndGrant)[-1].request.grant_id == "grt_key"
    assert "已停用" in problem(gate.web.get(MEMBERS, headers=by(made["key"]))).detail
    assert gate.web.delete(one, headers=office).status_code == 200
    assert problem(gate.web.post(f"{one}/rotate", headers=office, json={})).code == "no_key"


@pytest.mark.parametrize("change", [lambda k: k[:-1] + ("A" if k[-1] != "A" else "B"), lambda k: k + "A", lambda k: k.replace("jn_", "jn-"),
                                    lambda k: "jn_" + "0" * 32 + k[35:], lambda k: k.upper(), lambda k: k.split("_", 2)[2]])
def test_anything_but_the_key_itself_opens_nothing(gate, office, change):
    key = make(gate, office).json["key"]
    assert gate.web.get(MEMBERS, headers=by(change(key))).status_code == 401


def test_a_key_opens_no_page_no_session_no_import_and_no_export(gate, office):
    key = make(gate, office).json["key"]
    for method, path in (("GET", "/session"), ("GET", "/sessions"), ("POST", "/session/factor"), ("GET", "/imports"), ("DELETE", "/session"),
                         ("GET", "/exports/x"), ("POST", "/exports/members")):
        assert problem(gate.web.open(f"/api/v1{path}", method=method, headers=by(key))).code == "key_not_for_this"
    gate.web.set_cookie("jn_session", key)
    assert gate.web.get("/api/v1/session").status_code == 401


#: what an API key must never be able to do, tried one by one
NEVER = [name for name, o in registry.items() if o.not_own] + [
    "roster.give_grant", "roster.end_grant", "evaluation.hold_appraisal", "evaluation.enter_totals", "gateway.make_key", "gateway.rotate_key",
    "gateway.invite", "gateway.disable_account", "gateway.reset_password", "pledge.submit", "roster.adopt_policies"]


@pytest.mark.parametrize("name", sorted(set(NEVER)))
def test_a_key_never_approves_verifies_counts_or_grants(name):
    """With every scope and a grant over the whole county it is refused before anything is looked at. [X45] [X48]"""
    everything = tuple(SCOPES)
    key = Actor(kind="system", person_id="prs_key", name="县信息系统", scopes=everything, grants=tuple(
        HeldGrant(grant_id=f"grt_{role}", role=role, organisation_id="org_county") for role in ("system", "office", "secretary", "superior")))
    with pytest.raises(Forbidden):
        admit(registry[name], key)


def test_a_call_that_decides_about_people_cannot_even_be_declared_for_keys():
    """[X48]"""
    with pytest.raises(ValueError, match="no API key may"):
        call("pledge.made_up", reply=r.GrantView, grants=grants(secretary=Reach.OWN, system=Reach.WITHIN), writes=True, not_own=True)(
            type("MadeUp", (), {"__annotations__": {}}))
    assert "pledge.made_up" not in registry


def test_a_scope_opens_its_own_calls_only_and_says_in_words_what_is_missing():
    """[X48]"""
    reader = Actor(kind="system", person_id="prs_key", name="县信息系统", scopes=("members:read",), grants=(
        HeldGrant(grant_id="grt_key", role="system", organisation_id="org_county"),))
    admit(registry["roster.list_members"], reader)
    for name, word in (("roster.sync_members", "同步党员"), ("roster.list_organisations", "读取党组织"), ("pledge.ledger", "读取承诺"),
                       ("commendation.ranking", "读取践诺榜")):
        with pytest.raises(Forbidden, match=f"没有“{word}"):
            admit(registry[name], reader)
    with pytest.raises(Forbidden, match="不能用密钥"):
        admit(registry["pledge.approve"], reader)


def test_every_scope_opens_something_and_whoever_syncs_reads_nothing():
    opened = keyring.scopes()
    assert set(opened) == set(SCOPES) and all(opened.values())
    assert opened["members:sync"] == ["roster.sync_members"]


@pytest.mark.parametrize("scope", ["", "made:up"])
def test_a_call_for_keys_names_a_scope_that_is_known(scope):
    with pytest.raises(ValueError, match="names its scope"):
        call("roster.made_up", reply=r.GrantView, grants=grants(system=Reach.WITHIN), scope=scope)(type("MadeUp", (), {"__annotations__": {}}))


def test_a_person_gains_nothing_by_a_systems_grant_and_a_key_nothing_by_a_persons():
    """Grants of the one kind do not count for the other."""
    held = tuple(HeldGrant(grant_id="g", role=role, organisation_id="org_county") for role in ("system",))
    with pytest.raises(Forbidden):
        admit(registry["roster.list_members"], Actor(kind="person", person_id="p", name="某人", grants=held))
    office = tuple(HeldGrant(grant_id="g", role=role, organisation_id="org_county") for role in ("office",))
    with pytest.raises(Forbidden):
        admit(registry["roster.list_members"], Actor(kind="system", person_id="p", name="某系统", grants=office, scopes=("members:read",)))


def test_a_key_is_made_for_scopes_that_there_are(gate, office):
    for wrong, said in (([], "至少选一个"), (["evaluation:write"], "没有这样的范围"), (["members:read", "made:up"], "rankings:read（读取践诺榜）")):
        refused = problem(make(gate, office, scopes=wrong))
        assert refused.code == "bad_scope" and said in refused.detail
    assert not gate.caller.of(r.GiveGrant)


def test_keys_from_before_keep_what_they_had(gate, office):
    """They were scoped by service and direction."""
    make(gate, office)
    migration = importlib.import_module("services.gateway.migrations.0005_key_scopes")
    with gate.store.writing() as unit:
        unit.sql.execute(update(api_key).values(scopes="commendation:read roster:write"))
        with Operations.context(MigrationContext.configure(unit.sql)):
            migration.upgrade()
            migration.upgrade()
    [one] = gate.web.get("/api/v1/keys?organisation_id=org_village", headers=office).json["keys"]
    assert one["scopes"] == ["members:sync", "organisations:sync", "rankings:read"]


def test_what_a_key_looks_at_stands_in_the_access_log(gate, office):
    """[X21]"""
    gate.web.get(MEMBERS, headers=by(make(gate, office).json["key"]))
    line = access_log(gate.store)[0]
    assert (line["kind"], line["person_id"], line["operation"], line["result"]) == ("system", "prs_key", "roster.list_members", "read")
    listed = gate.web.get("/api/v1/keys?organisation_id=org_village", headers=office).json["keys"][0]
    assert listed["used_at"] and listed["used_from"] == "127.0.0.1"


def test_the_page_makes_rotates_and_revokes(house):
    house.caller.hold("prs_key", ("system", "org_county"))
    given = r.GrantView(grant_id="grt_key", person_id="prs_key", person_name="县信息系统", member_id="", role="system",
                        organisation_id="org_county", organisation_name="云岭县委", state="given")
    house.caller.answers[r.GiveGrant] = given
    browser = house.enter("office", "org_county", name="江涛", member_id="")
    page = browser.get("/county/keys").text
    assert "没有接口密钥" in page and "同步党组织" in page and "> members:read" not in page
    typed = form(page) | {"organisation_id": "org_county", "name": "县信息系统", "days": "30", "scopes": ["members:read", "members:sync"]}
    made = browser.post("/county/keys", data=typed)
    assert made.text.count("jn_") == 1 and made.headers["Cache-Control"] == "no-store"
    assert 'value="县信息系统"' not in made.text and "checked" not in made.text, "the next key begins empty"
    assert "读取党员名册（含个人信息）" in made.text
    none = browser.post("/county/keys", data=typed | {"scopes": []})
    assert none.status_code == 422 and 'value="县信息系统"' in none.text and "至少选一个范围" in none.text
    empty = browser.post("/county/keys", data=typed | {"name": "", "scopes": []})
    assert empty.status_code == 422 and "至少选一个范围" in empty.text and 'id="f-name-wrong"' in empty.text, "every field that is missing is named"
    long = browser.post("/county/keys", data=typed | {"days": "367"})
    assert long.status_code == 422 and long.text.count(" checked>") == 2, "the ticks are kept"
    page = browser.get("/county/keys").text
    assert "jn_" not in page and "还没有用过" in page
    where = next(part for part in page.split('"') if part.endswith("/rotate?organisation=org_county"))
    assert "jn_" in browser.post(where, data=form(page)).text and "正在更换" in browser.get("/county/keys").text
    assert browser.post(where.replace("rotate", "revoke"), data=form(page)).location.endswith("done=revoked")
    assert "已停用" in browser.get("/county/keys").text


def test_only_the_office_keeps_keys(house):
    """[X19]"""
    auditor = house.enter("auditor", "org_county", name="审计", member_id="")
    assert "新建密钥" not in auditor.get("/county/keys").text
    assert auditor.post("/county/keys", data=form(auditor.get("/account").text) | {
        "organisation_id": "org_county", "name": "我的", "days": "3", "scopes": "members:read"}).status_code == 403
    assert house.enter("secretary").get("/county/keys").status_code == 403

