"""Where one is signed in: listed, and signed out from afar."""
import pytest

from tests.fakes_gateway import PASSWORD, access_log, account, bearer, form, problem, session_of

EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36 Edg/120.0"


@pytest.fixture
def lin(gate):
    return account(gate.store, password=PASSWORD)


def sign_in(gate, agent, address):
    answer = gate.web.post("/api/v1/session", json={"username": "lin.qiao", "password": PASSWORD}, headers={"User-Agent": agent},
                           environ_base={"REMOTE_ADDR": address})
    return {"Authorization": f"Bearer {answer.json['token']}"}


def listed(gate, mine):
    return gate.web.get("/api/v1/sessions", headers=mine).json["items"]


def test_every_sign_in_is_listed_with_device_address_and_times(gate, lin):
    first = sign_in(gate, EDGE, "127.0.0.1")
    gate.clock.move(minutes=10)
    second = sign_in(gate, "county-sync/1.0", "127.0.0.2")
    mine, other = listed(gate, second)
    assert (mine["here"], mine["address"], mine["device"]) == (True, "127.0.0.2", "county-sync/1.0")
    assert (other["here"], other["address"], other["device"]) == (False, "127.0.0.1", EDGE) and other["created_at"] < mine["created_at"]
    gate.clock.move(minutes=5)
    gate.web.get("/api/v1/session", headers=first)
    assert listed(gate, second)[0]["seen_at"] > mine["seen_at"] or listed(gate, second)[0]["here"]


def test_one_or_all_others_are_signed_out_from_afar(gate, lin):
    """The named one is dead at its next request, the one at hand stays; somebody else's is not there. [X10]"""
    here, there, elsewhere = (bearer(gate.app, lin) for _ in range(3))
    theirs = session_of(gate.store, account(gate.store, username="su.xiao", person_id="prs_su"))
    names = [one["name"] for one in listed(gate, there) if not one["here"]]
    assert gate.web.delete(f"/api/v1/sessions/{names[0]}", headers=there).status_code == 204
    alive = [gate.web.get("/api/v1/session", headers=one).status_code for one in (here, there, elsewhere)]
    assert alive[1] == 200 and sorted(alive) == [200, 200, 401]
    assert gate.web.delete("/api/v1/sessions", headers=there).status_code == 204
    assert [gate.web.get("/api/v1/session", headers=one).status_code for one in (here, there, elsewhere)] == [401, 200, 401]
    own = listed(gate, there)[0]["name"]
    for name in (own, "made-up", names[0]):
        assert problem(gate.web.delete(f"/api/v1/sessions/{name}", headers=there)).code == "not_found"
    assert gate.web.get("/api/v1/session", headers={"Authorization": f"Bearer {theirs}"}).status_code == 200


def test_what_has_ended_by_itself_is_not_listed(gate, lin):
    bearer(gate.app, lin)
    gate.clock.move(minutes=31)
    assert len(listed(gate, bearer(gate.app, lin))) == 1


def test_a_name_in_the_list_opens_nothing(gate, lin):
    """[X9]"""
    mine = bearer(gate.app, lin)
    name = listed(gate, mine)[0]["name"]
    assert gate.web.get("/api/v1/session", headers={"Authorization": f"Bearer {name}"}).status_code == 401


def test_the_page_names_devices_in_words_and_signs_them_out(house):
    """[X21]"""
    mine = house.enter("clerk")
    with house.store.reading() as unit:
        owner = unit.books.accounts.named("prs.clerk.mbr.he")
    other = house.app.test_client()
    other.set_cookie("jn_session", session_of(house.store, owner, "browser"))
    with house.store.writing() as unit:
        unit.sql.exec_driver_sql("UPDATE session SET device = '" + EDGE + "'")
    page = mine.get("/account").text
    assert "Edge 浏览器 · Windows" in page and "就是这里" in page and page.count("Edge 浏览器") == 2
    mine.post("/account/sessions/end", data=form(page))
    assert other.get("/desk").status_code == 302 and mine.get("/account").status_code == 200
    assert access_log(house.store)[0]["operation"] == "gateway.end_session"


def test_a_device_that_calls_itself_markup_is_shown_as_text(house):
    """[X25] [X28]"""
    mine = house.enter("clerk")
    with house.store.writing() as unit:
        unit.sql.exec_driver_sql("UPDATE session SET kind = 'bearer', device = '<script>alert(1)</script>'")
    assert "<script>alert" not in mine.get("/account").text
