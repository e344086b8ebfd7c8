"""Another system turns the cycle through /api/v1 alone: real services, the real door on a loopback port, nothing faked."""
import io
import json
import time
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any

import eventlet
import pytest
import xlsxwriter

from services.commendation.service import CommendationService
from services.evaluation.service import EvaluationService
from services.gateway.door.listener import Listener
from services.gateway.identity import setup
from services.gateway.service import GatewayService
from services.notice.service import NoticeService
from services.pledge.service import PledgeService
from services.roster.service import RosterService
from tests.fakes_gateway import PASSWORD
from tests.fakes_roster import KINDS
from wire.bus.testing import house

ORGANISATIONS = [("编号", "名称", "类别", "领域", "上级编号"),
                 ("5301", "石桥镇党委", "党委", "农村", "53"), ("530101", "柳溪村党支部", "党支部", "农村", "5301"),
                 ("530102", "青禾村党支部", "党支部", "农村", "5301")]
MEMBERS = [("姓名", "编号", "身份", "所在党组织编号", "岗位类别"), ("柳德顺", "M1", "正式党员", "530101", "无职党员"),
           ("何秀英", "M2", "正式党员", "530101", "在岗"), ("罗文清", "M3", "正式党员", "530101", "在岗"),
           ("陶小满", "M4", "正式党员", "530102", "在岗")]


@dataclass
class System:
    """Another system that speaks HTTP to the door's real port."""

    port: int
    token: str = ""

    def ask(self, method: str, path: str, body: Any = None, *, expect: int = 200, **headers: str) -> Any:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=90)
        try:
            sent = {"Authorization": f"Bearer {self.token}"} if self.token else {}
            data = body if isinstance(body, bytes) or body is None else json.dumps(body, ensure_ascii=False).encode()
            if body is not None:
                sent["Content-Type"] = "application/json"
            connection.request(method, f"/api/v1{path}", data, sent | headers)
            answer = connection.getresponse()
            told = answer.read()
            assert answer.status == expect, (method, path, answer.status, told.decode()[:2000])
            return json.loads(told) if told else None
        finally:
            connection.close()

    def upload(self, kind: str, rows) -> Any:
        out = io.BytesIO()
        book = xlsxwriter.Workbook(out, {"in_memory": True})
        page = book.add_worksheet()
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
        book.close()
        mark = b"----a-boundary"
        head = b'\r\nContent-Disposition: form-data; name="file"; filename="a.xlsx"\r\nContent-Type: application/octet-stream\r\n\r\n'
        body = b"--" + mark + head + out.getvalue() + b"\r\n--" + mark + b"--\r\n"
        kind_of_body = f"multipart/form-data; boundary={mark.decode()}"
        return self.ask("POST", f"/imports/{kind}", body, expect=201, **{"Content-Type": kind_of_body})


@pytest.fixture
def county(tmp_path, monkeypatch):
    """A running house and the token of the invitation that founds the county."""
    monkeypatch.setenv("JIANNUO_PORT", "0")
    monkeypatch.setenv("JIANNUO_LISTEN", "127.0.0.1:0")
    # a second factor has tests of its own
    monkeypatch.setenv("JIANNUO_GATEWAY_SECOND_FACTOR", "none")
    with house(tmp_path, RosterService, PledgeService, EvaluationService, CommendationService, NoticeService, GatewayService) as h:
        listener = next(e for e in h._containers["gateway"].subextensions if isinstance(e, Listener))
        yield h, listener.ports, setup.invite(h.bus("gateway"), "office").token


def joined(office: System, organisation_id: str, role: str, username: str, member_id: str = "", name: str = "") -> System:
    """Somebody with a new grant, confirmed where it decides (X45), invited and signed in."""
    grant = office.ask("POST", "/grants", {"organisation_id": organisation_id, "role": role, "member_id": member_id,
                                           "person_name": name}, expect=201)
    if not grant["works"]:
        office.ask("POST", "/grants/confirm", {"grant_ids": [grant["grant_id"]]})
    told = office.ask("POST", f"/organisations/{organisation_id}/invitations", {"person_id": grant["person_id"]}, expect=201)
    invited = System(office.port)
    account = {"token": told["token"], "username": username, "password": PASSWORD}
    invited.token = invited.ask("POST", "/invitations/account", account, expect=201)["token"]
    return invited


def soon(ask, fits, seconds: float = 90.0):
    """What ``ask`` answers as soon as it fits: news travels."""
    ends = time.monotonic() + seconds
    while not fits(found := ask()):
        assert time.monotonic() < ends, found
        eventlet.sleep(0.05)
    return found


def test_one_pledge_goes_round_through_the_api_alone(county):
    """From an empty system to a moved ranking: found, import, grant, invite, draft, review, sign, publish, progress, claim,
    verify, evaluate, complete; the public reads the board without logging in, and another village sees and may nothing."""
    h, ports, token = county
    today = h.bus("gateway").room.clock.today()
    year, last = today.year, f"{today.year}-12-31"
    office = System(ports["staff"])
    office.token = office.ask("POST", "/invitations/county", {
        "token": token, "code": "53", "name": "云岭县委", "person_name": "高宁", "username": "gao.ning", "password": PASSWORD},
        expect=201)["token"]
    root = office.ask("GET", "/session")["grants"][0]["organisation_id"]
    for kind, rows in (("organisations", ORGANISATIONS), ("members", MEMBERS)):
        one = f"/imports/{office.upload(kind, rows)['id']}"
        soon(lambda one=one: office.ask("GET", one), lambda job: job["state"] == "checked", 60)
        office.ask("POST", f"{one}/run")
        soon(lambda one=one: office.ask("GET", one), lambda job: job["state"] == "done", 60)
    places = {o["code"]: o["organisation_id"] for o in office.ask("GET", f"/organisations?organisation_id={root}")["organisations"]}
    people = {m["name"]: m["member_id"] for m in office.ask("GET", f"/members?organisation_id={root}")["members"]}
    h.settle()

    village, liu = places["530101"], people["柳德顺"]
    secretary = joined(office, village, "secretary", "he.xiuying", people["何秀英"])
    clerk = joined(office, village, "clerk", "su.xiao", name="苏晓")
    peer = joined(office, village, "member", "luo.wenqing", people["罗文清"])
    stranger = joined(office, places["530102"], "clerk", "qing.he", name="青禾")
    h.settle()

    draft = {"organisation_id": village, "member_id": liu, "year": year, "items": [
        {"matter": "修通二组到三组 1.2 公里机耕路", "target": "路面 3.5 米", "responsible": "柳德顺", "deadline_on": last},
        {"matter": "为 6 户独居老人每月上门两次", "target": "全年 144 次", "responsible": "柳德顺", "deadline_on": last}]}
    pledge, again = (clerk.ask("POST", "/pledges", draft, expect=201, **{"Idempotency-Key": "draft-1"}) for _ in range(2))
    assert again["pledge_id"] == pledge["pledge_id"]
    one = f"/pledges/{pledge['pledge_id']}"
    assert stranger.ask("GET", one, expect=404)["code"] == "not_found"
    clerk.ask("POST", f"{one}/submit")
    clerk.ask("POST", f"{one}/approve", expect=403)
    for item in pledge["items"]:
        verdicts = [{"criterion": c, "met": True} for c in secretary.ask("GET", one)["criteria"]]
        secretary.ask("PUT", f"{one}/items/{item['item_id']}/review", {"verdicts": verdicts})
    secretary.ask("POST", f"{one}/approve")
    assert secretary.ask("POST", f"{one}/sign")["number"]
    assert secretary.ask("POST", "/pledges/publish", {"pledge_ids": [pledge["pledge_id"]]}) == {"published": 1, "already": 0}

    citizen = System(ports["public"])
    read = lambda: citizen.ask("GET", f"/public/boards/{village}")  # noqa: E731
    board = soon(read, lambda b: b["pledges"])
    assert board["pledges"][0]["items"][0]["matter"].startswith("修通")
    assert citizen.ask("GET", one, expect=403)["code"] == "staff_door"
    road = pledge["items"][0]["item_id"]
    clerk.ask("POST", f"{one}/items/{road}/progress", {"progress": 100, "note": "路面已铺完"})
    clerk.ask("POST", f"{one}/items/{road}/claim", {"evidence": "竣工照片 6 张"})
    secretary.ask("POST", f"{one}/items/{road}/verify", {"solved": True, "implemented": True, "satisfied": True})
    assert soon(read, lambda b: b["fulfilled"] == 1)["pledges"][0]["items"][0]["word"] == "已兑现"
    h.settle()

    evaluation = clerk.ask("POST", "/evaluations", {"pledge_id": pledge["pledge_id"]}, expect=201)
    this = f"/evaluations/{evaluation['evaluation_id']}"
    statements = [{"item_id": i["item_id"], "statement": "已经办成"} for i in pledge["items"]]
    clerk.ask("PUT", f"{this}/self", {"items": statements, "score": "92"})
    for rater in (peer, secretary):
        rater.ask("PUT", f"{this}/peer", {"score": "90"})
    indicators = secretary.ask("GET", this)["indicators"]
    secretary.ask("PUT", f"{this}/comment", {"achievement": "办成两件实事", "problem": "进度前松后紧", "direction": "按月推进",
                                             "scores": [{"indicator": i, "score": "91"} for i in indicators]})
    strata = [{"stratum": s, "present": n} for s, n in (("superior", 2), ("own", 3), ("delegates", 3), ("cadres", 5), ("masses", 17))]
    secretary.ask("PUT", f"{this}/appraisal", {"held_on": today.isoformat(), "strata": strata, "issued": 30,
                                               "teller_ids": [people["何秀英"], people["罗文清"]]})
    for teller in (secretary, peer):
        teller.ask("PUT", f"{this}/totals", {"satisfied": 22, "basically": 6, "dissatisfied": 1, "unknown": 1, "invalid": 0})
    done = secretary.ask("GET", this)
    assert not done["tellers_disagree"] and not done["missing"], done["missing"]
    completed = secretary.ask("POST", f"{this}/complete", {
        "grade": done["suggested_grade"] or "qualified", "meeting": "支委会", "reason": "按会议决定"})
    assert completed["state"] == "completed"
    ranking = soon(lambda: secretary.ask("GET", f"/rankings?organisation_id={village}&year={year}"), lambda r: r["places"])
    assert (ranking["places"][0]["place"], ranking["places"][0]["member_name"]) == (1, "柳德顺")
    why = secretary.ask("GET", f"/rankings/{evaluation['evaluation_id']}?organisation_id={village}&year={year}")
    assert {reason["kind"] for reason in why["reasons"]} >= {"self", "masses", "leader"}


def test_a_grant_works_from_the_moment_it_is_given_until_the_moment_it_is_ended(county):
    """Whoever is signed in meanwhile need not sign in again, and gains no minute. [X49]"""
    h, ports, token = county
    office = System(ports["staff"])
    founder = {"code": "53", "name": "云岭县委", "person_name": "高宁", "username": "gao.ning", "password": PASSWORD}
    office.token = office.ask("POST", "/invitations/county", {"token": token} | founder, expect=201)["token"]
    rows = [dict(zip(("code", "name", "kind", "sector", "parent_code"), row, strict=True)) for row in ORGANISATIONS[1:]]
    told = office.ask("POST", "/organisations/sync", {"rows": [row | {"kind": KINDS[row["kind"]]} for row in rows]})
    assert told["refused"] == 0, told
    root = office.ask("GET", "/session")["grants"][0]["organisation_id"]
    places = {o["code"]: o["organisation_id"] for o in office.ask("GET", f"/organisations?organisation_id={root}")["organisations"]}
    h.settle()
    clerk = joined(office, places["530101"], "clerk", "su.xiao", name="苏晓")
    person = clerk.ask("GET", "/session")["person_id"]
    draft = {"organisation_id": places["530102"], "year": h.bus("gateway").room.clock.today().year,
             "items": [{"matter": "修缮村广场", "responsible": "支部"}]}
    clerk.ask("POST", "/pledges", draft, expect=403)
    given = office.ask("POST", "/grants", {"organisation_id": places["530102"], "role": "clerk", "person_id": person}, expect=201)
    soon(lambda: clerk.ask("GET", "/session")["grants"], lambda held: len(held) == 2)
    pledge = clerk.ask("POST", "/pledges", draft, expect=201)
    office.ask("DELETE", f"/grants/{given['grant_id']}")
    clerk.ask("POST", f"/pledges/{pledge['pledge_id']}/submit", expect=404)
    soon(lambda: clerk.ask("GET", "/session")["grants"], lambda held: len(held) == 1)
    clerk.ask("GET", f"/pledges/{pledge['pledge_id']}", expect=404)


def test_the_board_as_a_page_is_served_on_both_listeners_and_the_rest_on_one(county):
    h, ports, token = county
    office = System(ports["staff"])
    office.ask("POST", "/invitations/county", {"token": token, "code": "53", "name": "云岭县委", "person_name": "高宁",
                                               "username": "gao.ning", "password": PASSWORD}, expect=201)
    h.settle()

    def page(port, path):
        connection = HTTPConnection("127.0.0.1", port, timeout=90)
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer.status

    assert [page(port, "/") for port in (ports["staff"], ports["public"])] == [200, 200]
    assert [page(port, "/sign-in") for port in (ports["staff"], ports["public"])] == [200, 403]
    assert page(ports["staff"], "/openapi") == 404 and page(ports["public"], "/api/v1/openapi.json") == 200
