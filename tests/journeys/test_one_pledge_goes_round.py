"""One pledge goes round: the same story in one process and on RabbitMQ + PostgreSQL, told through /api/v1 alone."""
from typing import Any

import pytest

from tests.conftest import World
from tests.journeys.driver import Refused, Visitor, deployed, eventually, founded, joined, workbook

YEAR = 2026
ORGANISATIONS = [
    ["T1", "石桥镇党委", "党委", "农村", "C1"], ["V1", "柳溪村党支部", "党支部", "农村", "T1"], ["V2", "松坡村党支部", "党支部", "农村", "T1"]]
MEMBERS = [["M1", "演一山", "V1", "支部书记"], ["M2", "演二水", "V1", ""], ["M3", "演三田", "V1", ""], ["M4", "演四林", "V1", ""],
           ["M5", "演五石", "V1", ""], ["M6", "演六云", "V2", "支部书记"]]
ITEMS = [
    {"matter": "修通二组到三组 1.2 公里机耕路", "target": "路面 3.5 米", "responsible": "演二水", "deadline_on": f"{YEAR}-12-31"},
    {"matter": "为 6 户独居老人每月上门两次", "target": "全年 144 次", "responsible": "演二水", "deadline_on": f"{YEAR}-12-31"},
    {"matter": "每周义务清扫村口广场一次", "responsible": "演二水", "deadline_on": None}]


class Village:
    """The county as far as this story needs it, entered as its officers would enter it."""

    def __init__(self, url: str, office: Visitor):
        self.url, self.office = url, office
        entered(office, "organisations", "党组织.xlsx", workbook(["编号", "名称", "类别", "领域", "上级编号"], ORGANISATIONS))
        entered(office, "members", "党员.xlsx", workbook(["姓名", "编号", "所在党组织编号", "职务", "身份"], [
            [name, code, place, post, "正式党员"] for code, name, place, post in MEMBERS]))
        root = office.get("/session")["grants"][0]["organisation_id"]
        self.organisations = {o["code"]: o["organisation_id"] for o in office.get("/organisations", organisation_id=root)["organisations"]}
        self.members = {m["code"]: m["member_id"] for m in office.get("/members", organisation_id=root)["members"]}

    def officer(self, role: str, place: str, username: str, *, member: str = "", name: str = "") -> Visitor:
        organisation_id = self.organisations[place]
        grant = self.office.post("/grants", organisation_id=organisation_id, role=role, person_name=name,
                                 member_id=self.members.get(member, ""))
        if not grant["works"]:
            # what decides waits for the superior (X45)
            self.office.post("/grants/confirm", grant_ids=[grant["grant_id"]])
        return joined(self.url, self.office, organisation_id, grant["person_id"], username)

    def member(self, code: str, username: str) -> Visitor:
        return joined(self.url, self.office, self.organisations["V1"], self.members[code], username)


@pytest.fixture
def village(world: World):
    with deployed(world, "--empty") as running:
        office = founded(running, code="C1", name="云岭县委", person_name="演县办", username="xianban")
        yield Village(running.url, office)


def test_one_pledge_goes_round(village: Village):
    """A branch pledges; a clerk drafts for a member whose first item serves it; the secretary reviews, signs, publishes; it is kept,
    verified, evaluated and ranked.

    [A2] [A13] [B3] [B7] [B8] [C1] [C3] [C5] [C8] [D2] [D3] [E3] [E5] [F2] [F3] [F5] [G1] [G2] [G17] [G22] [X17]
    """
    clerk = village.officer("clerk", "V1", "cailiao", name="演材料")
    secretary = village.officer("secretary", "V1", "shuji", member="M1")
    stranger = village.officer("clerk", "V2", "linchun", name="演邻村")
    member = village.member("M2", "ershui")
    public, here = Visitor(village.url), village.organisations["V1"]

    own = own_pledge(village, secretary)
    [offered] = clerk.get("/pledges/guide", organisation_id=here, member_id=village.members["M2"], year=YEAR)["servable"]
    assert (offered["item_id"], offered["organisation_name"]) == (own["items"][0]["item_id"], "柳溪村党支部")
    first = ITEMS[0] | {"serves_item_id": offered["item_id"]}
    pledge = clerk.post("/pledges", organisation_id=here, member_id=village.members["M2"], year=YEAR, items=[first, *ITEMS[1:]])
    one = f"/pledges/{pledge['pledge_id']}"
    assert pledge["state"] == "drafted" and [i["matter"] for i in pledge["items"]] == [i["matter"] for i in ITEMS]
    refused(404, stranger.get, one)
    refused(403, stranger.post, "/pledges", organisation_id=here, member_id=village.members["M2"], year=YEAR, items=ITEMS)
    refused((401, 403), public.get, one)
    assert eventually(lambda: on_board(public, here, own["pledge_id"])) and on_board(public, here, pledge["pledge_id"]) is None

    clerk.post(f"{one}/submit")
    refused(403, clerk.post, f"{one}/approve")
    refused(409, secretary.post, f"{one}/approve")
    pledge = reviewed(secretary, one)
    assert secretary.post(f"{one}/approve")["state"] == "approved"
    signed = secretary.post(f"{one}/sign")
    assert signed["number"] and len(signed["letter_hash"]) == 64
    assert secretary.post(f"{one}/sign")["number"] == signed["number"]
    refused(403, clerk.post, "/pledges/publish", pledge_ids=[pledge["pledge_id"]])
    assert secretary.post("/pledges/publish", pledge_ids=[pledge["pledge_id"]]) == {"published": 1, "already": 0}
    assert secretary.post("/pledges/publish", pledge_ids=[pledge["pledge_id"]]) == {"published": 0, "already": 1}
    shown = eventually(lambda: on_board(public, here, pledge["pledge_id"]))
    assert [i["matter"] for i in shown["items"]] == [i["matter"] for i in ITEMS]
    assert shown["items"][0]["responsible"] == "演二水" and shown["items"][0]["deadline_on"] == f"{YEAR}-12-31"

    done = f"{one}/items/{pledge['items'][0]['item_id']}"
    member.post(f"{done}/progress", progress=60, note="路基已经完成")
    eventually(lambda: on_board(public, here, pledge["pledge_id"])["items"][0]["progress"] == 60)
    member.post(f"{done}/claim", evidence="12 户签字，照片 6 张")
    refused(403, member.post, f"{done}/verify", solved=True, implemented=True, satisfied=True)
    refused_once = secretary.post(f"{done}/verify", solved=True, implemented=True, satisfied=False, note="再听听三组意见")
    assert refused_once["items"][0]["state"] == "open"
    member.post(f"{done}/claim", evidence="三组也签字了")
    secretary.post(f"{done}/verify", solved=True, implemented=True, satisfied=True)
    eventually(lambda: on_board(public, here, pledge["pledge_id"])["items"][0]["word"] == "已兑现")

    served = eventually(lambda: served_publicly(public, own))
    assert (served["serving"], served["serving_fulfilled"]) == (1, 1)
    [line] = public.get(f"/public/pledges/{own['pledge_id']}/items/{offered['item_id']}/serving")["items"]
    assert (line["pledgor_name"], line["word"]) == ("演二水", "已兑现")
    assert public.get(f"/public/pledges/{pledge['pledge_id']}")["items"][0]["serves"]["matter"] == "全村通组路当年修好"
    assert secretary.get(f"/pledges/{own['pledge_id']}/serving")["counts"][0]["fulfilled"] == 1

    evaluation = evaluated(village, secretary, member, pledge)
    eventually(lambda: secretary.get(one)["state"] == "evaluated")
    [place] = eventually(lambda: secretary.get("/rankings", organisation_id=here, year=YEAR)["places"])
    assert (place["place"], place["member_name"], place["score"]) == (1, "演二水", evaluation["score"])
    why = secretary.get(f"/rankings/{evaluation['evaluation_id']}", organisation_id=here, year=YEAR)
    assert {r["kind"] for r in why["reasons"]} >= {"self", "peers", "masses", "leader"} and why["pledge_id"] == pledge["pledge_id"]
    refused(403, stranger.get, "/rankings", organisation_id=here, year=YEAR)
    notices = eventually(lambda: [n for n in public.get(f"/public/boards/{here}")["notices"] if n["kind"] == "result"])
    assert "演二水" in notices[0]["person"] and evaluation["score"] not in notices[0]["title"]


def entered(office: Visitor, kind: str, name: str, content: bytes) -> None:
    job = office.imported(kind, name, content)
    assert job["state"] == "done", job


def own_pledge(village: Village, secretary: Visitor) -> dict[str, Any]:
    """The branch's own pledge, which is decided above it (C1), as far as the board."""
    superior = village.officer("superior", "T1", "zhenshuji", name="演镇委")
    pledge = secretary.post("/pledges", organisation_id=village.organisations["V1"], year=YEAR, items=[
        {"matter": "全村通组路当年修好", "target": "6 条", "responsible": "演一山", "deadline_on": f"{YEAR}-12-31"}])
    one = f"/pledges/{pledge['pledge_id']}"
    secretary.post(f"{one}/submit")
    reviewed(superior, one)
    superior.post(f"{one}/approve")
    superior.post(f"{one}/sign")
    superior.post("/pledges/publish", pledge_ids=[pledge["pledge_id"]])
    return pledge


def served_publicly(public: Visitor, own: dict[str, Any]) -> dict[str, Any] | None:
    """The item of the branch's pledge once a fulfilled one serves it."""
    item = public.get(f"/public/pledges/{own['pledge_id']}")["items"][0]
    return item if item["serving_fulfilled"] else None


def reviewed(secretary: Visitor, one: str) -> dict[str, Any]:
    """Item by item against every criterion, as the page would."""
    pledge = secretary.get(one)
    for item in pledge["items"]:
        pledge = secretary.put(f"{one}/items/{item['item_id']}/review", verdicts=[
            {"criterion": c, "met": True} for c in pledge["criteria"]])
    assert len(pledge["reviews"]) == len(pledge["items"])
    return pledge


def evaluated(village: Village, secretary: Visitor, member: Visitor, pledge: dict[str, Any]) -> dict[str, Any]:
    """Self, peers, leader, and a paper appraisal of thirty whose totals two tellers enter."""
    evaluation = eventually(lambda: secretary.post("/evaluations", pledge_id=pledge["pledge_id"]))
    one = f"/evaluations/{evaluation['evaluation_id']}"
    peers = [village.member(code, username) for code, username in (("M3", "santian"), ("M4", "silin"), ("M5", "wushi"))]
    member.put(f"{one}/self", score="90", items=[{"item_id": i["item_id"], "statement": "按承诺办了"} for i in pledge["items"]])
    refused(403, member.put, f"{one}/peer", score="100")
    for peer, score in zip([*peers, secretary], ("92", "88", "95.5", "90"), strict=True):
        peer.put(f"{one}/peer", score=score)
    asked = secretary.get(one)
    refused(422, secretary.put, f"{one}/comment", achievement="修了路", problem="", direction="再快些", scores=[])
    secretary.put(f"{one}/comment", achievement="修通了机耕路", problem="走访还不够勤", direction="年底前补齐上门次数", scores=[
        {"indicator": i, "score": "91"} for i in asked["indicators"]])
    refused(409, secretary.post, f"{one}/complete", grade="qualified", meeting="支部党员大会 12 月 20 日")
    attended = [{"stratum": s, "present": n} for s, n in (("superior", 2), ("own", 3), ("delegates", 2), ("cadres", 4), ("masses", 18))]
    held = {"held_on": f"{YEAR}-06-30", "issued": 29, "teller_ids": [village.members["M3"], village.members["M4"]]}
    refused(409, secretary.put, f"{one}/appraisal", strata=attended, **held)
    attended[-1]["present"] = 19
    secretary.put(f"{one}/appraisal", strata=attended, **held | {"issued": 30})
    totals = {"satisfied": 22, "basically": 4, "dissatisfied": 1, "unknown": 2, "invalid": 1}
    peers[0].put(f"{one}/totals", **totals)
    refused(403, peers[2].put, f"{one}/totals", **totals)
    peers[1].put(f"{one}/totals", **totals | {"satisfied": 21, "basically": 5})
    assert secretary.get(one)["tellers_disagree"]
    peers[1].put(f"{one}/totals", **totals)
    suggested = secretary.get(one)
    assert suggested["missing"] == []
    assert (suggested["tally"]["present"], suggested["tally"]["returned"], suggested["tally"]["valid"]) == (30, 30, 29)
    assert suggested["tally"]["satisfaction"] == "96.30"
    done = secretary.post(f"{one}/complete", grade=suggested["suggested_grade"], meeting="支部党员大会 12 月 20 日")
    assert done["state"] == "completed" and done["score"] and done["policy_version"]
    return done


def on_board(public: Visitor, organisation_id: str, pledge_id: str) -> dict[str, Any] | None:
    board = public.get(f"/public/boards/{organisation_id}")
    return next((p for p in board["pledges"] if p["pledge_id"] == pledge_id), None)


def refused(status: int | tuple[int, ...], act, *told: Any, **more: Any) -> dict[str, Any]:
    """The act is refused with that status and a Chinese sentence."""
    with pytest.raises(Refused) as refusal:
        act(*told, **more)
    problem = refusal.value.problem
    assert problem["status"] in (status if isinstance(status, tuple) else (status,)), problem
    assert problem["code"] and problem["detail"]
    return problem
