"""A small county that answers the calls of the pages from memory, so that every page can be rendered without a service."""
import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from tests import fakes_pages_exemptions, fakes_pages_tree
from tests.fakes_gateway import FakeCaller
from wire.bus.tables import upsert
from wire.contracts import commendation as c, evaluation as e, notice as n, pledge as p, roster as r
from wire.contracts.actor import Actor
from wire.contracts.calls import NotFound, registry
from wire.directory import organisations

NOW = datetime(2026, 11, 20, 1, 42, tzinfo=UTC)
BOARD_ITEMS = {
    "plg_liu": (("修通二组到三组 1.2 公里机耕路，路面 3.5 米", "柳德顺", date(2026, 9, 30), 100, "对应诉求 12 户联名", "已兑现", "done"),
                ("为 6 户独居老人每月上门两次，全年 144 次", "柳德顺、何秀英", date(2026, 12, 31), 82, "已完成 118 次", "办理中 82%", "open")),
    "plg_he": (("村卫生室药品目录上墙，常用药由 62 种增至 80 种", "何秀英", date(2026, 10, 31), 70, "整改期限 12 月 5 日", "逾期 20 天", "late"),
               ("组织 4 次义诊，每次不少于 40 人", "何秀英", date(2026, 12, 20), 75, "已办 3 次", "30 天内到期", "due")),
    "plg_tao": (("每周义务清扫村口广场一次", "陶*", None, 100, "", "本季已完成", "done"),)}
PEOPLE = {"plg_liu": ("柳德顺", "党支部书记"), "plg_he": ("何秀英", "支部委员"), "plg_tao": ("陶*", "")}


def board_pledge(pledge_id: str) -> n.BoardPledge:
    name, post = PEOPLE[pledge_id]
    items = tuple(n.BoardItem(item_id=f"{pledge_id}_{i}", matter=m, responsible=who, deadline_on=on, progress=done, note=note,
                              word=word, tone=tone, overdue_days=20 * (tone == "late"), long_running=on is None)
                  for i, (m, who, on, done, note, word, tone) in enumerate(BOARD_ITEMS[pledge_id]))
    return n.BoardPledge(
        pledge_id=pledge_id, number="云践〔2026〕017 号", pledgor_name=name, post=post, kind="annual", commitment="written",
        published_at=NOW - timedelta(days=200), fulfilled=sum(i.tone == "done" for i in items), items=items,
        letter_hash="7f3a91c0d2e408bb" * 4, organisation_id="org_village")


NOTICES = (
    n.BoardNotice(notice_id="ntc_1", kind="closed_item", of="plg_liu", title="机耕路修通", person="柳德顺", posted_at=NOW - timedelta(days=1)),
    n.BoardNotice(notice_id="ntc_2", kind="progress", of="plg_he", title="义诊已办 3 次", person="何秀英", posted_at=NOW - timedelta(days=17)),
    n.BoardNotice(notice_id="ntc_3", kind="result", of="evl_liu", title="上半年群众满意度 93.33%", person="柳德顺",
                  posted_at=NOW - timedelta(days=120)))
ORGANISATIONS = (("org_county", "中共云岭县委员会", "county_committee", "government", None, "/org_county/"),
                 ("org_town", "石桥镇党委", "committee", "rural", "org_county", "/org_county/org_town/"),
                 ("org_village", "柳溪村党支部", "branch", "rural", "org_town", "/org_county/org_town/org_village/"),
                 ("org_other", "青禾村党支部", "branch", "rural", "org_town", "/org_county/org_town/org_other/"))


def board(request: n.ReadBoard) -> n.BoardView:
    if request.organisation_id not in {o[0] for o in ORGANISATIONS}:
        raise NotFound("没有找到这个党组织，请从首页重新查找。")
    chosen = [board_pledge(i) for i in PEOPLE] if request.organisation_id == "org_village" else []
    if request.search:
        chosen = [x for x in chosen if request.search in x.pledgor_name or any(request.search in i.matter for i in x.items)]
    name = {o[0]: o[1] for o in ORGANISATIONS}[request.organisation_id]
    some = bool(chosen) or bool(request.search)
    return n.BoardView(
        organisation_id=request.organisation_id, name=name, year=2026, updated_at=NOW if some else None,
        above=(n.Crumb(organisation_id="org_county", name="云岭县委"), n.Crumb(organisation_id="org_town", name="石桥镇党委")),
        below=(n.Crumb(organisation_id="org_group", name="第一党小组"),) if some else (), expected=33, pledged=31 if some else 0,
        oral=2 if some else 0, items=96 if some else 0, due=41 if some else 0, long_running=12 if some else 0,
        fulfilled=43 if some else 0, overdue=2 if some else 0, fulfilment=Decimal("44.79") if some else None,
        pledges=tuple(chosen), notices=NOTICES if some else (), next="",
        exempt=1 if some else 0, published=31 if some else 0)


def county(request: n.ReadCounty) -> n.CountyView:
    lines = boards(n.ReadBoards(search=request.search)).items
    return n.CountyView(name="云岭县", organisations=19, pledged=188, expected=200, items=612, fulfilled=263, overdue=9,
                        fulfilment=Decimal("42.97"), boards=lines, notices=NOTICES, exempt=3)


def boards(request: n.ReadBoards) -> n.BoardsPage:
    """Each with two items overdue; everything is said to lie below everything."""
    sums = n.BoardFigures(pledged=31, items=96, fulfilled=43, overdue=2)
    place = {o[0]: o[5] for o in ORGANISATIONS}.get(request.organisation_id, "/")
    page = paged_by(request, tuple(
        n.BoardLine(organisation_id=o[0], name=o[1], path=o[5], pledged=31, items=96, fulfilled=43, overdue=2, with_below=sums)
        for o in ORGANISATIONS if request.search in o[1] and o[5].startswith(place)), n.BoardsPage)
    return replace(page, figures=None if request.search or request.after else sums)


def one_pledge(request: n.ReadBoardPledge) -> n.BoardPledge:
    if request.pledge_id not in PEOPLE:
        raise NotFound("没有找到这份承诺，可能还没有亮诺，请回到公开栏查看。")
    return board_pledge(request.pledge_id)


def item(item_id: str, matter: str, state: str = "open", progress: int = 0, on: date | None = date(2026, 12, 31)) -> p.ItemFacts:
    return p.ItemFacts(item_id=item_id, position=int(item_id[-1]), matter=matter, category="基础设施", source="demand",
                       measure="村两委牵头，村民投工", target="路面 3.5 米", responsible="柳德顺", deadline_on=on, state=state,
                       progress=progress, note="已铺 900 米", evidence="照片 6 张" if state != "open" else "",
                       claimed_at=NOW if state == "claimed" else None)


def pledge_view(pledge_id: str = "plg_liu", state: str = "published", **more: Any) -> p.PledgeView:
    facts: dict[str, Any] = dict(
        version=7, acted_by="prs_clerk", acted_by_name="苏晓", acted_at=NOW, pledge_id=pledge_id,
        number="云践〔2026〕017 号" if state in ("signed", "published", "evaluated") else "", organisation_id="org_village",
        member_id="mbr_liu", pledgor_name="柳德顺", year=2026, state=state,
        items=(item("itm_1", "修通二组到三组 1.2 公里机耕路", progress=70), item("itm_2", "为 6 户独居老人每月上门两次", "claimed", 100),
               item("itm_3", "带 8 名青年办成 1 个合作社", "fulfilled", 100)),
        letter_hash="7f3a91c0d2e408bb" * 4 if state in ("signed", "published", "evaluated") else "", submitted_at=NOW,
        signed_at=NOW if state in ("signed", "published") else None, organisation_name="柳溪村党支部",
        criteria=("体现先进性", "围绕中心工作", "符合岗位职责", "符合群众意愿", "切实可行"),
        hints=(p.Hint(item_id="itm_1", sentence="“进一步加强”不好核验，请写明做什么、做多少、做到什么程度。"),),
        history=(p.HistoryLine(at=NOW, by_name="苏晓", what="草拟"), p.HistoryLine(at=NOW, by_name="苏晓", what="提交")))
    return p.PledgeView(**facts | more)


def line(pledge_id: str, state: str, name: str = "柳德顺", member: str = "mbr_liu") -> p.PledgeLine:
    return p.PledgeLine(pledge_id=pledge_id, number="云践〔2026〕017 号" if state in ("signed", "published") else "",
                        organisation_id="org_village", member_id=member, pledgor_name=name, year=2026, kind="annual",
                        commitment="written", state=state, items=3, fulfilled=1, submitted_at=NOW - timedelta(days=5), version=3)


LINES = (line("plg_1", "submitted"), line("plg_2", "returned", "何秀英", "mbr_he"), line("plg_3", "approved", "苏晓", "mbr_su"),
         line("plg_4", "signed", "方立", "mbr_fang"), line("plg_liu", "published"))


LETTER = "公开承诺书：云践〔2026〕017 号\n党组织：柳溪村党支部\n承诺事项：1\n内容：修通 <二组> 到三组 & 1.2 公里机耕路\\n分两段\n定诺日期：2026-03-02"


SERVABLE = (p.Servable(item_id="itm_org", organisation_id="org_village", organisation_name="柳溪村党支部", matter="修通全村机耕路 3 公里"),
            p.Servable(item_id="itm_town", organisation_id="org_town", organisation_name="石桥镇党委", matter="全镇机耕路通到每个组"))


def letter(pledge_id: str) -> p.LetterView:
    if next((x.state for x in LINES if x.pledge_id == pledge_id), "published") not in ("signed", "published"):
        raise NotFound("这份承诺还没有定诺，没有承诺书。")
    return p.LetterView(
        pledge_id=pledge_id, number="云践〔2026〕017 号", text=LETTER, letter_hash=hashlib.sha256(LETTER.encode()).hexdigest(),
        copies=p.COPIES, signed_by_name="李书记", signed_at=NOW)


def grants(request: r.ListGrants) -> r.GrantPage:
    """Two pages: what somebody looks for is on the second."""
    shown = (grant_view(grant_id="grt_2", person_name="方立"),) if request.after else (grant_view(),)
    return r.GrantPage(items=shown, total=2, next="" if request.after else "0|/org_county/|clerk|grt_1")


def pledges(request: p.ListPledges) -> p.PledgePage:
    return p.PledgePage(pledges=tuple(x for x in LINES if not request.state or x.state == request.state), next="")


def ledger(request: p.ReadLedger) -> p.LedgerPage:
    """The pledged items of the village, narrowed as the service would."""
    def row(i, name, matter, on, done, state, late):
        return p.LedgerLine(pledge_id="plg_liu", item_id=f"itm_{i}", number=f"2026-02{i}", pledgor_name=name, member_id="mbr_liu",
                            matter=matter, deadline_on=on, progress=done, pledge_state="published", state=state, overdue_days=late,
                            organisation_id="org_village")
    rows = (row(1, "柳德顺", "修通二组到三组 1.2 公里机耕路", date(2026, 9, 30), 100, "fulfilled", 0),
            row(2, "何秀英", "常用药由 62 种增至 80 种并上墙", date(2026, 10, 31), 70, "open", 20),
            row(3, "何秀英", "组织 4 次义诊，每次不少于 40 人", date(2026, 12, 15), 75, "open", 0),
            row(4, "苏晓", "带 8 名青年办成 1 个合作社", date(2026, 12, 31), 90, "claimed", 0))
    fits = {"": lambda x: True, "late": lambda x: x.overdue_days > 0}.get(request.state, lambda x: x.state == request.state)
    return paged_by(request, tuple(x for x in rows if fits(x) and request.search in x.matter + x.pledgor_name + x.number), p.LedgerPage)


def coverage(request: p.ReadCoverage) -> p.Coverage:
    return p.Coverage(organisation_id=request.organisation_id, year=2026, expected=33, pledged=31,
                      uncovered=(p.Uncovered(member_id="mbr_luo", name="罗大成"), p.Uncovered(member_id="mbr_fang", name="方立")),
                      items=96, due=41, fulfilled=43, overdue=2, long_running=12, due_fulfilment=Decimal("95.35"), total_fulfilment=Decimal("44.79"),
                      floated_in=2, floated_out=3, outside=4, unreachable=1, residents=6, residents_pledged=5,
                      exempt=1, exempted=(p.Uncovered(member_id="mbr_gu", name="顾平"),))


def evaluation_view(**more: Any) -> e.EvaluationView:
    facts: dict[str, Any] = dict(
        version=4, acted_by="prs_clerk", acted_by_name="苏晓", acted_at=NOW, evaluation_id="evl_liu", organisation_id="org_village",
        member_id="mbr_liu", member_name="柳德顺", pledge_id="plg_liu", year=2026, state="opened", policy_version="default-1",
        components=(e.ComponentFacts(kind="self", score=Decimal("90"), weight=Decimal("10"), voices=1),
                    e.ComponentFacts(kind="peers", score=Decimal("88.5"), weight=Decimal("30"), voices=5)),
        organisation_name="柳溪村党支部",
        items=(e.PledgedItem(item_id="itm_1", matter="修通二组到三组 1.2 公里机耕路", deadline_on=date(2026, 9, 30), state="fulfilled",
                             progress=100, fulfilled_at=NOW),
               e.PledgedItem(item_id="itm_2", matter="为 6 户独居老人每月上门两次", deadline_on=date(2026, 12, 31), state="open",
                             progress=82, fulfilled_at=None)),
        peers_expected=12, peers_entered=5, indicators=("德", "能", "勤", "绩", "廉"), quorum=30,
        strata=tuple(e.StratumCount(stratum=s, present=k) for s, k in zip(e.STRATA, (3, 5, 2, 7, 17), strict=True)),
        tellers=(e.TellerEntry(teller_name="何秀英", entered=True), e.TellerEntry(teller_name="苏晓", entered=False)),
        tally=e.TallyFacts(held_on=date(2026, 11, 10), present=34, issued=34, returned=33, valid=30, satisfied=26, basically=2,
                           dissatisfied=1, unknown=1, satisfaction=Decimal("93.33"), awareness=Decimal("96.67")),
        missing=("党员互评还差 7 人", "计票人苏晓还没有录入票数"))
    return e.EvaluationView(**facts | more)


def evaluations(request: e.ListEvaluations) -> e.EvaluationPage:
    def one(i, name, member, state, score, grade):
        return e.EvaluationLine(evaluation_id=i, pledge_id=i.replace("evl_", "plg_"), organisation_id="org_village", member_id=member,
                                member_name=name, year=2026, state=state, score=score, grade=grade)
    lines = (one("evl_liu", "柳德顺", "mbr_liu", "opened", None, None), one("evl_he", "何秀英", "mbr_he", "completed", Decimal("91.25"), "excellent"))
    return paged_by(request, tuple(x for x in lines if request.state in ("", x.state) and request.member_id in ("", x.member_id)
                                   and request.search in x.member_name), e.EvaluationPage)


def unopened(request: e.ListUnopened) -> e.UnopenedPage:
    return paged_by(request, tuple(
        e.UnopenedLine(pledge_id=f"plg_{n}", organisation_id="org_village", member_id=f"mbr_{n}", member_name=name, items=3)
        for n, name in enumerate(("方立", "罗大成", "柳德顺")) if request.search in name), e.UnopenedPage)


def paged_by(request: Any, lines: tuple, page: type) -> Any:
    """The page that was asked for; ``after`` counts."""
    at = int(request.after or 0)
    return page(items=lines[at:at + request.limit], total=len(lines), next=str(at + request.limit) if at + request.limit < len(lines) else "")


def place(i: int, name: str, score: str) -> c.Place:
    return c.Place(place=i, evaluation_id=f"evl_{i}", member_id=f"mbr_{i}", member_name=name, organisation_id="org_village",
                   organisation_name="柳溪村党支部", score=Decimal(score), satisfaction=Decimal("93.33"), due_fulfilment=Decimal("100"),
                   on_time=Decimal("97.5"), grade="excellent")


PLACES = (place(1, "何秀英", "95.12"), place(2, "柳德顺", "92.4"), place(2, "苏晓", "92.4"))


def reason(kind: str, score: str, weight: str, voices: int) -> c.Reason:
    return c.Reason(kind=kind, score=Decimal(score), weight=Decimal(weight), voices=voices)


def explanation(request: c.ExplainPlace) -> c.Explanation:
    return c.Explanation(place=PLACES[1], of=3, pledge_id="plg_liu", policy_version="default-1", split_by="satisfaction", reasons=(
        reason("self", "90", "10", 1), reason("peers", "88.5", "30", 12), reason("masses", "93.33", "40", 30), reason("leader", "92", "20", 1)))


def organisation_views(request: r.ListOrganisations) -> r.OrganisationPage:
    found = tuple(r.OrganisationView(organisation_id=i, code=f"C{k:03d}", name=name, kind=kind, sector=sector, parent_id=parent, path=path,
                                     founded_on=None, re_elected_on=None, state="active", version=1, members=33)
                  for k, (i, name, kind, sector, parent, path) in enumerate(ORGANISATIONS)
                  if request.search in name and request.kind in ("", kind))
    return r.OrganisationPage(organisations=found, next="")


MEMBERS = (("mbr_liu", "柳德顺", "党支部书记"), ("mbr_he", "何秀英", "支部委员"), ("mbr_su", "苏晓", "党员"), ("mbr_luo", "罗大成", ""))


def member_views(request: r.ListMembers) -> r.MemberPage:
    found = tuple(r.MemberView(member_id=i, code=f"M{k}", name=name, kind="member", organisation_id="org_village", organisation_name="柳溪村党支部",
                               post=post, post_kind="staff", joined_on=date(2001, 7, 1), state="active", version=1)
                  for k, (i, name, post) in enumerate(MEMBERS) if request.search in name)
    return r.MemberPage(members=found, total=len(found), next="")


def grant_view(**more: Any) -> r.GrantView:
    return r.GrantView(**dict(grant_id="grt_1", person_id="prs_1", person_name="苏晓", member_id="mbr_su", role="clerk",
                              organisation_id="org_village", organisation_name="柳溪村党支部", state="given") | more)


ANSWERS: dict[type, Callable[[Any], Any]] = {
    n.ReadBoard: board, n.ReadCounty: county, n.ReadBoards: boards, n.ReadBoardPledge: one_pledge, p.ListPledges: pledges, p.ReadLedger: ledger,
    p.ReadCoverage: coverage,
    p.ReadGuide: lambda q: p.Guide(servable=SERVABLE if q.member_id else ()),
    p.ListServing: lambda q: p.ServingPage(items=(), total=0, next=""),
    p.ReadPledge: lambda q: pledge_view(q.pledge_id, next((x.state for x in LINES if x.pledge_id == q.pledge_id), "published")),
    p.ReadLetter: lambda q: letter(q.pledge_id),
    p.PublishPledges: lambda q: p.Published(published=len(q.pledge_ids), already=0),
    e.ListEvaluations: evaluations, e.ListUnopened: unopened,
    e.ReadEvaluation: lambda q: evaluation_view(evaluation_id=q.evaluation_id), c.ExplainPlace: explanation,
    c.ReadRanking: lambda q: c.RankingPage(organisation_id=q.organisation_id, year=q.year, total=3, places=PLACES, next=""),
    r.ListOrganisations: organisation_views, r.ListMembers: member_views, r.ListGrants: grants,
    r.GiveGrant: lambda q: grant_view(role=q.role), r.EndGrant: lambda q: grant_view(state="ended")}


ANSWERS |= fakes_pages_tree.answers(ORGANISATIONS) | fakes_pages_exemptions.ANSWERS

#: writing calls answer with the thing as it stands
for _writes in registry.values():
    if _writes.writes and _writes.service in ("pledge", "evaluation"):
        ANSWERS.setdefault(_writes.request, lambda q: pledge_view() if type(q).__module__.endswith("pledge") else evaluation_view())


def county_caller() -> FakeCaller:
    """The gateway's caller in front of the small county; put an exception into ``answers`` to see a refusal."""
    return FakeCaller(answers={request: _answering(answer) for request, answer in ANSWERS.items()})


def _answering(answer: Callable[[Any], Any]) -> Callable[[Actor, Any], Any]:
    return lambda actor, request: answer(request)


def settle(store: Any) -> None:
    """Let the gateway's own copy of the roster know the small county."""
    with store.writing() as unit:
        upsert(unit.sql, organisations, ("id",), [
            {"id": i, "code": i, "name": name, "kind": kind, "sector": sector, "parent_id": parent, "path": path, "state": "active",
             "epoch": 1, "version": 1, "lost": False} for i, name, kind, sector, parent, path in ORGANISATIONS])
