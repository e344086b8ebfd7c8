"""Every look at people is noted, and what is logged keeps no secret and is never forged."""
import json

import pytest

from services.gateway.identity import looks
from tests.fakes_gateway import PASSWORD, access_log, account, bearer
from wire.bus import logs
from wire.contracts import notice
from wire.contracts.calls import registry


def test_which_reads_are_looks_at_people_follows_from_what_they_answer():
    """No list to forget something in: every reply that names a member or a person, and no public page. [X21]"""
    found = {o.name for o in registry.values() if looks.personal(o)}
    assert {"roster.list_members", "roster.read_member", "roster.list_grants", "pledge.ledger", "pledge.read", "evaluation.read",
            "gateway.list_accounts", "commendation.ranking", "roster.audit"} <= found
    assert "roster.list_organisations" not in found and "roster.read_policies" not in found
    assert all(registry[name].request is not notice.ReadBoard for name in found)


def test_a_page_with_several_looks_leaves_a_line_for_each_and_none_twice(house):
    """[X21]"""
    browser = house.enter("secretary")
    browser.get("/desk/ledger")
    mine = [one for one in access_log(house.store) if one["result"] == "read"]
    assert len({(one["operation"], one["subject"], one["organisation_id"]) for one in mine}) == len(mine) >= 1
    assert {one["operation"] for one in mine} >= {"pledge.ledger"} and all(one["person_id"] == "prs_secretary_mbr_he" for one in mine)


def test_what_cannot_be_noted_is_not_shown(house, monkeypatch):
    """[X21]"""
    browser = house.enter("office", "org_county", name="江涛", member_id="")
    monkeypatch.setattr(looks.audit, "write", lambda *a, **k: (_ for _ in ()).throw(OSError("disk full")))
    answer = browser.get("/county/members")
    assert answer.status_code == 500 and "柳德顺" not in answer.text


CANARY = "kanarienvogel-4711"


def test_no_password_code_key_or_name_reaches_the_running_log(gate, capfd):
    """Canaries in every field somebody types, right or wrong. [X24] [X25]"""
    logs.configure("INFO")
    account(gate.store, password=PASSWORD, name=f"林{CANARY}n")
    gate.web.post("/api/v1/session", json={"username": f"{CANARY}u", "password": f"{CANARY}p"})
    gate.web.post("/api/v1/session", json={"username": "lin.qiao", "password": PASSWORD, "code": f"{CANARY}c"}, headers={"User-Agent": f"{CANARY}a"})
    gate.web.post("/api/v1/invitations/account", json={"token": f"{CANARY}t", "username": f"{CANARY}u", "password": f"{CANARY}p"})
    gate.web.get(f"/api/v1/members?organisation_id={CANARY}o&search={CANARY}s", headers={"Authorization": f"Bearer jn_{CANARY}"})
    gate.web.get(f"/{CANARY}path", headers={"X-Forwarded-For": CANARY, "Cookie": f"jn_session={CANARY}"})
    said = "".join(capfd.readouterr())
    assert said.count('"event": "request"') >= 5 and CANARY not in said and PASSWORD not in said
    assert CANARY not in str([{k: v for k, v in one.items() if k != "person_name"} for one in access_log(gate.store)])


def test_a_villager_who_looks_at_public_pages_leaves_no_address_anywhere(house, capfd):
    """Found or not, in the running log and in the operation log. [X24]"""
    logs.configure("INFO")
    before = len(access_log(house.store))
    for path in ("/", "/board/org_village", "/pledges/plg_liu", "/board/org_none", "/notices/nothing"):
        house.web.get(path, environ_base={"REMOTE_ADDR": "203.0.113.77"}, headers={"X-Forwarded-For": "203.0.113.78"})
    said = "".join(capfd.readouterr())
    assert said.count('"event": "request"') >= 5 and "203.0.113." not in said
    assert len(access_log(house.store)) == before


@pytest.mark.parametrize("word", ["\n{\"event\": \"forged\"}", "\r\nforged", "\x1b[2Jforged", "\u2028forged", "a\tforged"])
def test_nothing_typed_begins_a_line_of_its_own_in_the_log(gate, capfd, word):
    """[X24]"""
    logs.configure("INFO")
    gate.web.post("/api/v1/session", json={"username": word, "password": word}, headers={"traceparent": "00-" + "a" * 32 + "-" + "b" * 16 + "-01"})
    gate.web.get("/api/v1/members", query_string={"organisation_id": word}, headers=bearer(gate.app, account(gate.store, username="other.one")))
    said = "".join(capfd.readouterr()).splitlines()
    assert len(said) >= 2, "nothing was logged"
    for one in said:
        assert json.loads(one)["event"] != "forged" and "\x1b" not in one
