"""Invitations: the first minute of a county, and how somebody with a grant comes in."""
from dataclasses import replace

import pytest

from services.gateway.identity import setup
from tests.fakes_gateway import PASSWORD, account, always, bearer, problem
from tests.fakes_pages import settle
from wire.contracts.calls import Away, Forbidden
from wire.contracts.roster import CountyFounded, FoundCounty, GrantGiven, GrantPage, GrantView, ListGrants, MemberRegistered
from wire.directory import write

COUNTY = {"code": "5301", "name": "云岭县委", "person_name": "高宁", "username": "gao.ning", "password": PASSWORD}
GRANT = GrantView(grant_id="grt_1", person_id="prs_su", person_name="苏晓", member_id="mbr_su", role="clerk", organisation_id="org_village",
                  organisation_name="柳溪村党支部", state="given")


@pytest.fixture
def office(gate):
    settle(gate.store)
    gate.caller.hold("prs_gao", ("office", "org_county"))
    gate.caller.answers[ListGrants] = always(GrantPage(items=(GRANT,), total=1, next=""))
    return bearer(gate.app, account(gate.store, username="gao.ning", person_id="prs_gao", name="高宁"))


@pytest.fixture
def token(gate):
    gate.caller.answers[FoundCounty] = always(CountyFounded(organisation_id="org_county", person_id="prs_gao", grant_id="grt_gao"))
    return setup.invite(gate.store, "office").token


def found(gate, token, **changes):
    return gate.web.post("/api/v1/invitations/county", json=COUNTY | {"token": token} | changes)


def test_an_empty_system_is_founded_by_its_invitation(gate, token):
    """The first administrator is signed in at once; roster is asked as an invitation, not as a person. [X1] [X46]"""
    answer = found(gate, token)
    assert answer.status_code == 201
    made, = gate.caller.of(FoundCounty)
    assert made.actor.kind == "invitation" and made.request == FoundCounty(code="5301", name="云岭县委", person_name="高宁")
    me = gate.web.get("/api/v1/session", headers={"Authorization": f"Bearer {answer.json['token']}"}).json
    assert me["person_id"] == "prs_gao" and me["username"] == "gao.ning"
    assert not setup.is_empty(gate.store)


def test_an_invitation_is_good_once(gate, token):
    """[X46]"""
    assert found(gate, token).status_code == 201
    again = found(gate, token, username="another.name")
    assert again.status_code == 410 and problem(again).code == "invitation_invalid"
    assert len(gate.caller.of(FoundCounty)) == 1


def test_an_invitation_ends_after_thirty_minutes(gate, token):
    """[X46]"""
    gate.clock.move(minutes=30)
    assert found(gate, token).status_code == 410
    assert not gate.caller.of(FoundCounty)


def test_a_newer_invitation_ends_the_older(gate, token):
    newer = setup.invite(gate.store, "office").token
    assert found(gate, token).status_code == 410
    assert found(gate, newer).status_code == 201


def test_the_token_stands_in_the_fragment_and_is_kept_as_a_digest(gate):
    """A preview of the link neither sees nor spends it. [X46]"""
    invited = setup.invite(gate.store, "office")
    assert invited.path == f"/invitation#{invited.token}"
    with gate.store.reading() as unit:
        assert invited.token not in str(unit.sql.exec_driver_sql("SELECT * FROM invitation").all())


def test_a_weak_password_or_a_bad_name_spends_nothing(gate, token):
    for changes in ({"password": "password1"}, {"username": "高"}, {"username": "a b"}, {"password": "Gao.ning-2026"}):
        assert found(gate, token, **changes).status_code == 422
    assert not gate.caller.of(FoundCounty)
    assert found(gate, token).status_code == 201


def test_while_roster_is_away_the_invitation_stays_good_and_the_key_is_the_same(gate, token):
    """What was perhaps done before is not done twice. [T32]"""
    answer = gate.caller.answers.pop(FoundCounty)
    gate.caller.answers[FoundCounty] = Away("暂时没有回应。")
    away = found(gate, token)
    assert away.status_code == 503 and away.headers["Retry-After"]
    gate.caller.answers[FoundCounty] = answer
    assert found(gate, token).status_code == 201
    first, second = gate.caller.of(FoundCounty)
    assert first.key == second.key


def test_the_office_invites_somebody_who_holds_a_grant(gate, office):
    invited = gate.web.post("/api/v1/organisations/org_village/invitations", headers=office, json={"person_id": "prs_su"})
    assert invited.status_code == 201
    token = invited.json["token"]
    joined = gate.web.post("/api/v1/invitations/account", json={"token": token, "username": "su.xiao", "password": PASSWORD})
    assert joined.status_code == 201
    me = gate.web.get("/api/v1/session", headers={"Authorization": f"Bearer {joined.json['token']}"}).json
    assert (me["person_id"], me["member_id"], me["name"]) == ("prs_su", "mbr_su", "苏晓")
    again = gate.web.post("/api/v1/organisations/org_village/invitations", headers=office, json={"person_id": "prs_su"})
    assert problem(again).code == "has_account"


def invite(gate, headers, person_id, organisation_id="org_village"):
    return gate.web.post(f"/api/v1/organisations/{organisation_id}/invitations", headers=headers, json={"person_id": person_id})


def test_a_member_of_the_roll_is_invited_without_a_further_grant(gate, office):
    with gate.store.writing() as unit:
        write(unit.sql, [(1, MemberRegistered(
            version=1, acted_by="prs_gao", acted_by_name="高宁", acted_at=unit.now, member_id="mbr_liu", code="M1", name="柳德顺",
            sort_key="liu", kind="member", organisation_id="org_village"))])
    assert invite(gate, office, "mbr_liu").status_code == 201
    assert invite(gate, office, "mbr_liu", "org_town").status_code == 201
    assert invite(gate, office, "mbr_liu", "org_other").status_code == 404


def test_another_system_is_no_person_and_gets_no_link(gate, office):
    """Neither by what roster tells nor by what is known here: an account would outlive the key. [X48]"""
    gate.caller.answers[ListGrants] = always(GrantPage(items=(replace(GRANT, person_id="prs_key", member_id="", role="system"),), total=1, next=""))
    assert invite(gate, office, "prs_key").status_code == 404
    with gate.store.writing() as unit:
        write(unit.sql, [(1, GrantGiven(
            version=1, acted_by="prs_gao", acted_by_name="高宁", acted_at=unit.now, grant_id="grt_key", person_id="prs_key", person_name="大数据平台",
            member_id="", role="system", organisation_id="org_village", state="given"))])
    answer = invite(gate, office, "prs_key")
    assert answer.status_code == 404 and "数据接口不是人" in answer.json["detail"]
    with gate.store.reading() as unit:
        assert unit.books.places.strangers({"大数据平台"}) == {}


def test_who_is_not_there_is_not_invited(gate, office):
    assert invite(gate, office, "prs_nobody").status_code == 404
    assert invite(gate, office, "prs_su", "org_unknown").status_code == 404


@pytest.mark.parametrize("held", [(), (("auditor", "org_county"),), (("secretary", "org_village"),), (("office", "org_other"),),
                                  (("operator", "org_county"), ("clerk", "org_village"))])
def test_only_an_administrator_from_above_invites_by_the_grants_of_this_moment(gate, office, held):
    """Who may read the grants may not for that give accounts. [X16] [X19] [X49]"""
    gate.caller.hold("prs_gao", *held)
    assert invite(gate, office, "mbr_liu").status_code == 403


def test_while_roster_refuses_the_list_nobody_is_invited_by_it(gate, office):
    gate.caller.answers[ListGrants] = Forbidden("您没有这项权限。")
    assert invite(gate, office, "prs_su").status_code == 403


def test_a_county_invitation_makes_no_account_for_a_person(gate, token):
    answer = gate.web.post("/api/v1/invitations/account", json={"token": token, "username": "su.xiao", "password": PASSWORD})
    assert answer.status_code == 410


def test_a_taken_name_is_told_before_anything_is_spent(gate, token):
    account(gate.store, username="gao.ning", person_id="prs_other")
    taken = found(gate, token)
    assert taken.status_code == 409 and problem(taken).errors == {"username": "已有人使用，请换一个。"}
    assert found(gate, token, username="gao.ning2").status_code == 201


def test_the_demonstration_makes_accounts_and_making_them_again_changes_nothing(gate):
    first = setup.create_account(gate.store, username="Su.Xiao", password=PASSWORD, person_id="prs_su", name="苏晓", member_id="mbr_su")
    again = setup.create_account(gate.store, username="su.xiao", password=PASSWORD, person_id="prs_su", name="苏晓", member_id="mbr_su")
    assert first == again
    assert gate.web.post("/api/v1/session", json={"username": "su.xiao", "password": PASSWORD}).status_code == 201
