"""One member is exempt: told through the pages alone, in one process and on RabbitMQ + PostgreSQL."""
from datetime import date, timedelta

from tests.journeys.driver import Reader, Visitor, eventually
from tests.journeys.test_one_pledge_goes_round import Village, village  # noqa: F401

WHY = "术后长期卧床休养"


def test_a_member_who_is_ill_is_exempt_by_branch_and_town_and_counted_apart(village: Village):  # noqa: F811
    """The clerk records what the branch's meeting decided, the town's secretary approves, the desk counts the member apart and the
    board says a number; the member pledges elsewhere some day, and is asked again. [A2] [A4] [A6] [X18]"""
    village.officer("clerk", "V1", "cailiao", name="演材料")
    village.officer("secretary", "V1", "shuji", member="M1")
    village.officer("superior", "T1", "zhenshuji", name="演镇书记")
    village.member("M3", "santian")
    clerk, secretary, superior, member = (Reader(village.url, name) for name in ("cailiao", "shuji", "zhenshuji", "santian"))
    here, today = village.organisations["V1"], date.today()
    said = {"organisation_id": here, "member_id": village.members["M3"], "ground": "患病", "reason": WHY,
            "until_on": (today + timedelta(days=100)).isoformat()}
    # what is missing is told, nothing typed is lost
    told = clerk.send("/desk/exemptions/new", **said)
    assert told.status_code == 422 and WHY in told.text and "请填写开会的日期" in told.text
    meeting = {"meeting_kind": "支部党员大会", "meeting_on": (today - timedelta(days=2)).isoformat(), "meeting_due": "5", "meeting_present": "4",
               "conclusion": "同意"}
    told = clerk.send("/desk/exemptions/new", **said | meeting)
    assert told.status_code == 200 and "待上级批准" in told.text
    one = told.url.removeprefix(village.url).partition("?")[0]
    assert "演三田" in _uncovered(secretary.get("/desk"))
    assert secretary.send(one, f"{one}/approve").status_code == 403, "who decided in the branch does not approve"

    assert one in superior.get("/units") and WHY in superior.get(one)
    assert "免予承诺" in superior.send(one, f"{one}/approve").text
    desk = secretary.get("/desk")
    assert "免诺 1 人" in desk and "演三田" not in _uncovered(desk)
    assert "免予承诺" in member.get("/mine") and WHY in member.get(one)
    public = Visitor(village.url)
    board = eventually(lambda: (found := public.get(f"/public/boards/{here}"))["exempt"] == 1 and found)
    assert board["expected"] == 4 and "演三田" not in str(board) and WHY not in str(board)

    entry = f"/county/members/{village.members['M3']}"
    assert Reader(village.url, "xianban").send(entry, f"{entry}/move", organisation_id=village.organisations["V2"]).status_code == 200
    eventually(lambda: "转到别处承诺" in secretary.get(one))
    eventually(lambda: public.get(f"/public/boards/{here}")["exempt"] == 0)
    assert public.get(f"/public/boards/{village.organisations['V2']}")["expected"] == 2, "asked again, where they are now"


def _uncovered(desk: str) -> str:
    return desk.partition("未承诺党员")[2].partition("</section>")[0]
