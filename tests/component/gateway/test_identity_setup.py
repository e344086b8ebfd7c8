"""An empty system is set up by three people, each with a link of their own (三员分设)."""
import pytest

from services.gateway.identity import setup
from tests.fakes_gateway import PASSWORD, access_log, always, form, problem
from wire.contracts.calls import Refusal
from wire.contracts.roster import AppointAdministrator, CountyFounded, FoundCounty, GrantView


class NotFounded(Refusal):
    code = "not_founded"


def appointed(actor, request):
    return GrantView(grant_id="grt_" + request.role, person_id="prs_" + request.role, person_name=request.person_name, member_id="",
                     role=request.role, organisation_id="org_county", organisation_name="云岭县委", state="given")


@pytest.fixture
def links(gate):
    gate.caller.answers[FoundCounty] = always(CountyFounded(organisation_id="org_county", person_id="prs_gao", grant_id="grt_gao"))
    gate.caller.answers[AppointAdministrator] = appointed
    return {role: setup.invite(gate.store, role).token for role in setup.open_roles(gate.store)}


def found(gate, token, **changes):
    return gate.web.post("/api/v1/invitations/county", json={
        "token": token, "code": "5301", "name": "云岭县委", "person_name": "高宁", "username": "gao.ning", "password": PASSWORD} | changes)


def appoint(gate, token, username, person_name="罗成"):
    return gate.web.post("/api/v1/invitations/administrator", json={
        "token": token, "person_name": person_name, "username": username, "password": PASSWORD})


def test_three_links_make_three_people_with_three_different_grants(gate, links):
    """[X19] [X46]"""
    assert list(links) == ["office", "operator", "auditor"] and len(set(links.values())) == 3
    assert found(gate, links["office"]).status_code == 201
    for role, name in (("operator", "罗成"), ("auditor", "白露")):
        assert appoint(gate, links[role], f"{role}.one", name).status_code == 201
        made = gate.caller.of(AppointAdministrator)[-1]
        assert (made.actor.kind, made.request.role, made.request.person_name) == ("invitation", role, name)
    assert setup.open_roles(gate.store) == ()


def test_a_link_is_for_its_own_administration_only(gate, links):
    """Whoever holds the auditor's link founds nothing, and the founder's makes no auditor. [X19]"""
    assert found(gate, links["auditor"]).status_code == 410
    assert appoint(gate, links["office"], "luo.cheng").status_code == 410
    assert not gate.caller.of(FoundCounty) and not gate.caller.of(AppointAdministrator)


def test_who_comes_before_the_county_is_founded_loses_nothing(gate, links):
    gate.caller.answers[AppointAdministrator] = NotFounded("本县还没有设立。")
    assert problem(appoint(gate, links["operator"], "luo.cheng")).code == "not_founded"
    found(gate, links["office"])
    gate.caller.answers[AppointAdministrator] = appointed
    assert appoint(gate, links["operator"], "luo.cheng").status_code == 201


def test_links_that_ran_out_unused_are_made_anew_and_used_ones_never(gate, links):
    """[X46]"""
    found(gate, links["office"])
    gate.clock.move(minutes=31)
    assert appoint(gate, links["auditor"], "bai.lu").status_code == 410
    assert setup.open_roles(gate.store) == ("operator", "auditor")
    again = setup.invite(gate.store, "auditor").token
    assert appoint(gate, again, "bai.lu", "白露").status_code == 201
    assert setup.open_roles(gate.store) == ("operator",)


@pytest.mark.parametrize("role, heading", [("office", "设立本县"), ("operator", "系统管理员"), ("auditor", "审计管理员")])
def test_a_preview_and_a_look_spend_nothing(house, role, heading):
    """GET shows nothing of the token, POST /open shows whose link it is, and only the last step spends it. [X46]"""
    house.caller.answers[FoundCounty] = CountyFounded(organisation_id="org_county", person_id="prs_first", grant_id="grt_first")
    house.caller.answers[AppointAdministrator] = appointed
    token = setup.invite(house.store, role).token
    for _ in range(3):
        assert house.app.test_client().get("/invitation").status_code == 200
        page = house.web.post("/invitation/open", data=form(house.web.get("/invitation").text) | {"token": token}).text
        assert heading in page
    typed = {"name": "中共云岭县委员会", "code": "YL", "person_name": "江涛", "username": "jiang.one", "password": PASSWORD, "again": PASSWORD}
    assert house.web.post("/invitation", data=form(page) | typed).location == "/desk"
    other = house.app.test_client()
    assert other.post("/invitation", data=form(other.get("/invitation").text) | {"token": token} | typed).status_code == 410


def test_no_token_stands_in_the_log_or_the_access_log(house, capfd):
    """[X24] [X25] [X46]"""
    from wire.bus import logs

    logs.configure("INFO")
    house.caller.answers[FoundCounty] = CountyFounded(organisation_id="org_county", person_id="prs_first", grant_id="grt_first")
    token = setup.invite(house.store, "office").token
    page = house.web.post("/invitation/open", data=form(house.web.get("/invitation").text) | {"token": token}).text
    house.web.post("/invitation", data=form(page) | {"name": "中共云岭县委员会", "code": "YL", "person_name": "江涛", "username": "jiang",
                                                     "password": PASSWORD, "again": PASSWORD})
    said = "".join(capfd.readouterr())
    assert "request" in said and token not in said and PASSWORD not in said and "江涛" not in said
    assert token not in str(access_log(house.store)) and access_log(house.store)
