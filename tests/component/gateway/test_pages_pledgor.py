"""Whose pledge it is, told where it is drafted and reviewed: leaders, who floats, who has no post."""
import re
from dataclasses import replace

import pytest

from services.gateway.identity import looks
from tests.fakes_gateway import form
from tests.fakes_pages import board_pledge, coverage, pledge_view
from wire.contracts import evaluation as e, notice as n, pledge as p, roster as r
from wire.contracts.calls import Away, Invalid, Remote, operation_of

FIVE = ("体现先进性", "围绕中心工作", "符合岗位实际", "符合群众意愿", "切实可行")
HIGHER = "内容和标准高于普通党员"
LEADER = p.Pledgor(post="村委会主任", post_kind="leader", rank="grassroots", home_name="柳溪村党支部")


def shows(house, state="submitted", **more):
    """Every pledge is read as this one."""
    view = pledge_view("plg_1", state, **more)
    house.caller.answers[p.ReadPledge] = view
    return view


def reviewed(item_id, criteria, met=True):
    return p.ItemReview(item_id=item_id, reviewed_by_name="李书记", reviewed_at=pledge_view().acted_at, passed=met,
                        verdicts=tuple(p.CriterionVerdict(criterion=c, met=met) for c in criteria))


def test_a_leading_cadres_items_are_reviewed_by_the_higher_criterion_too(house):
    """[A12]"""
    shows(house, criteria=(*FIVE, HIGHER), pledgor=LEADER)
    browser = house.enter("secretary")
    page = browser.get("/desk/pledges/plg_1/review").text
    assert "领导干部（村（社区）班子） · 村委会主任" in page
    assert f'name="criterion-5" value="{HIGHER}"' in page and page.count(f">{HIGHER}</th>") == 3
    ticked = {f"criterion-{i}": word for i, word in enumerate((*FIVE, HIGHER))} | {f"met-itm_1-{i}": "1" for i in range(6)}
    browser.post("/desk/pledges/plg_1/review", data=form(page) | ticked)
    assert [v.criterion for v in house.caller.of(p.ReviewItem)[-1].request.verdicts] == [*FIVE, HIGHER]


def test_an_item_reviewed_before_the_criterion_was_asked_for_is_neither_passed_nor_failed(house):
    """A stored review of five criteria, where six are asked for now. [A12]"""
    shows(house, criteria=(*FIVE, HIGHER), reviews=(
        reviewed("itm_1", FIVE), reviewed("itm_2", (*FIVE, HIGHER)), reviewed("itm_3", FIVE, met=False)))
    page = house.enter("secretary").get("/desk/pledges/plg_1/review").text
    assert "还有标准没有判定" in page and "还有 <b>2</b> 项没有通过全部标准" in page
    shows(house, "approved", criteria=(*FIVE, HIGHER), reviews=(reviewed("itm_1", FIVE),))
    assert "还有标准没有判定" not in house.enter("secretary").get("/desk/pledges/plg_1/review").text


def test_leaders_who_have_not_pledged_while_others_have_stand_on_the_desk(house):
    """[A12]"""
    fang = p.Uncovered(member_id="mbr_fang", name="方立", post_kind="leader", rank="grassroots")
    luo = p.Uncovered(member_id="mbr_luo", name="罗大成")
    house.caller.answers[p.ReadCoverage] = lambda actor, request: replace(
        coverage(request), uncovered=(fang, luo), leaders_behind=(fang,), others_pledged=30)
    page = house.enter("clerk").get("/desk").text
    assert "已有 30 名党员签订承诺书，还有 1 名领导干部没有" in page and "方立</a>（村（社区）班子）" in page
    assert page.count("（领导干部）") == 1


def test_a_members_draft_chooses_which_organisations_item_it_serves(house):
    """Offered with the branch's and the town's; what is chosen is sent and comes back chosen. [A13]"""
    browser = house.enter("clerk")
    page = browser.get("/desk/pledges/new?member=mbr_luo").text
    assert "柳溪村党支部：修通全村机耕路 3 公里" in page and "石桥镇党委：全镇机耕路通到每个组" in page
    typed = {"member_id": "mbr_luo", "items-0-matter": "出工 30 天修路", "items-0-source": "own", "items-0-serves_item_id": "itm_org"}
    browser.post("/desk/pledges/new", data=form(page) | typed)
    sent = house.caller.of(p.DraftPledge)[-1].request
    assert [(i.matter, i.serves_item_id) for i in sent.items] == [("出工 30 天修路", "itm_org")], "choosing alone makes no item"
    again = browser.post("/desk/pledges/new", data=form(page) | typed | {"add": "1"}).text
    assert '<option value="itm_org" selected>' in again
    assert "支撑哪项党组织承诺" not in browser.get("/desk/pledges/new?member=organisation").text


@pytest.mark.parametrize("refusal", [Away("承诺服务暂时没有回应，请稍后重试。"), Remote("pledges_elsewhere", 409, "应在流入地承诺。")])
def test_what_an_item_serves_stays_chosen_while_the_guide_is_away(house, refusal):
    """On a new pledge and on one under way. [A13]"""
    shows(house, "drafted")
    browser, guide = house.enter("clerk"), house.caller.answers[p.ReadGuide]
    for address in ("/desk/pledges/new?member=mbr_luo", "/desk/pledges/plg_1/edit"):
        house.caller.answers[p.ReadGuide] = guide
        typed = form(browser.get(address).text) | {"member_id": "mbr_luo", "items-0-matter": "修路", "items-0-serves_item_id": "itm_org"}
        house.caller.answers[p.ReadGuide] = refusal
        page = browser.post(address, data=typed | {"add": "1"}).text
        assert '<option value="itm_org" selected>刚才选的一项' in page and ">修路</textarea>" in page, address


def test_a_link_that_cannot_be_is_refused_beside_its_field(house):
    house.caller.answers[p.SaveDraft] = Invalid("没有找到这项党组织承诺。", errors={"items": {"0": {"serves_item_id": ["没有找到这项党组织承诺。"]}}})
    shows(house, "drafted")
    browser = house.enter("clerk")
    answer = browser.post("/desk/pledges/plg_1/edit", data=form(browser.get("/desk/pledges/plg_1/edit").text) | {
        "items-0-matter": "修路", "items-0-serves_item_id": "itm_gone"})
    assert answer.status_code == 422 and 'id="f-items-0-serves_item_id-wrong"' in answer.text


def test_what_an_item_serves_is_shown_to_its_people_and_its_reviewer(house):
    """With its state, and a way there: to the pledge where it may be read, else as the public sees it. [A13]"""
    link = p.ServedItem(item_id="itm_1", serves_pledge_id="plg_town", serves_item_id="itm_town", organisation_id="org_town",
                        organisation_name="石桥镇党委", matter="全镇机耕路通到每个组", deadline_on=None, state="open", progress=40)
    shows(house, serves=(link,))
    for address in ("/desk/pledges/plg_1", "/desk/pledges/plg_1/review"):
        page = house.enter("secretary").get(address).text
        assert "石桥镇党委的承诺" in page and 'href="/pledge/plg_town">全镇机耕路通到每个组' in page, address
    shows(house, serves=(replace(link, organisation_id="org_village"),))
    assert 'href="/desk/pledges/plg_town#itm_town"' in house.enter("secretary").get("/desk/pledges/plg_1").text


def serving(n, **more):
    return p.LedgerLine(**{
        "pledge_id": f"plg_{n}", "item_id": f"itm_{n}", "number": f"2026-{n:03}", "pledgor_name": f"党员{n}", "member_id": f"mbr_{n}",
        "matter": f"出工 {n} 天", "deadline_on": None, "progress": 20, "pledge_state": "published", "state": "open", "overdue_days": 0,
        "organisation_id": "org_village", "serves_item_id": "itm_1"} | more)


def test_an_organisations_item_lists_the_members_items_that_serve_it(house):
    """With their states, opened down to the facts; the whole list is searched and paged. [A13]"""
    shows(house, "published", member_id="", pledgor_name="柳溪村党支部", published_at=pledge_view().acted_at)
    lines = (serving(7), serving(8, state="fulfilled"), serving(9, organisation_id="org_other"))
    house.caller.answers[p.ListServing] = lambda actor, request: p.ServingPage(
        items=lines, total=3, next="itm_1|plg_9|1", counts=(p.Served(item_id="itm_1", items=60, fulfilled=12),))
    browser = house.enter("secretary")
    page = browser.get("/desk/pledges/plg_1").text
    assert "60 项党员承诺支撑这一项，已兑现 12 项" in page and 'href="/desk/pledges/plg_7#itm_7">党员7：出工 7 天' in page
    assert 'href="/pledge/plg_9">党员9' in page, "of another branch: as the public sees it"
    whole = browser.get("/desk/pledges/plg_1/items/itm_1/serving?search=党员").text
    assert "党员8" in whole and "已兑现" in whole and "after=itm_1%7Cplg_9%7C1" in whole
    assert house.caller.of(p.ListServing)[-1].request.search == "党员"
    assert browser.get("/desk/pledges/plg_1/items/itm_none/serving").location == "/desk/pledges/plg_1"


def test_the_public_page_leads_both_ways(house):
    """[A13]"""
    he, own = board_pledge("plg_he"), replace(board_pledge("plg_liu"), pledgor_name="柳溪村党支部")
    link = n.BoardServed(pledge_id="plg_liu", item_id="plg_liu_0", organisation_id="org_village", organisation_name="柳溪村党支部",
                         matter="修通机耕路", word="办理中 40%", tone="open")
    shown = {"plg_he": replace(he, items=(replace(he.items[0], serves=link), *he.items[1:])),
             "plg_liu": replace(own, items=(replace(own.items[0], serving=51, serving_fulfilled=9), *own.items[1:]))}
    house.caller.answers[n.ReadBoardPledge] = lambda actor, request: shown[request.pledge_id]
    house.caller.answers[n.ReadBoardServing] = lambda actor, request: n.BoardServingPage(next="" if request.after else "/a/|plg|itm", items=(
        n.BoardServing(pledge_id="plg_he", item_id="plg_he_0", pledgor_name="何秀英", organisation_id="org_village",
                       organisation_name="柳溪村党支部", matter="出工 30 天", deadline_on=None, progress=10, word="长期", tone="open"),))
    assert 'href="/pledge/plg_liu">柳溪村党支部的承诺：修通机耕路</a>（办理中 40%）' in house.web.get("/pledge/plg_he").text
    page = house.web.get("/pledge/plg_liu").text
    assert "51 项党员承诺支撑这一项，已兑现 9 项" in page
    listed = house.web.get("/pledge/plg_liu/items/plg_liu_0/serving?search=何").text
    assert house.caller.of(n.ReadBoardServing)[-1].request.search == "何" and "search=%E4%BD%95&amp;after=" in listed
    assert 'href="/pledge/plg_he">出工 30 天' in listed and "看后面的" in listed
    assert house.web.get("/pledge/plg_liu/items/itm_none/serving").location == "/pledge/plg_liu"


WITHOUT = p.Pledgor(member_id="mbr_luo", post_kind="without", home_id="org_village", home_name="柳溪村党支部")
SOCIAL = p.Start(label="履行社会责任", matter="参加公益活动，", source="own", category="履行社会责任")


def guides(house, **more):
    """Every draft is guided by this."""
    house.caller.answers[p.ReadGuide] = p.Guide(**more)


def test_a_member_without_duty_is_told_so_first_and_who_may_assign_it_is_led_there(house):
    """[A10]"""
    guides(house, pledgor=WITHOUT, lacks_duty=True, starts=(SOCIAL,), advice=(
        p.Advice(rule="A10", sentence="无职党员先设岗定责，再按岗承诺。"),))
    page = house.enter("clerk").get("/desk/pledges/new?member=mbr_luo").text
    assert "无职党员先设岗定责" in page and 'href="/county/members/mbr_luo#h-acts"' in page
    assert page.index("起草参考") < page.index('name="items-0-matter"')
    page = house.enter("member", member_id="mbr_luo").get("/desk/pledges/new?member=mbr_luo").text
    assert "无职党员先设岗定责" in page and "#h-acts" not in page, "who may not assign one is told, and led nowhere"


def test_a_beginning_is_written_into_the_next_row_and_keeps_what_is_typed(house):
    """Social responsibility with its category; as able with its commitment. [A8] [A10]"""
    able = p.Start(label="力所能及", matter="力所能及地", source="own", category="", commitment="as_able")
    guides(house, pledgor=WITHOUT, starts=(SOCIAL, able))
    browser = house.enter("clerk")
    page = browser.get("/desk/pledges/new?member=mbr_luo").text
    typed = form(page) | {"member_id": "mbr_luo", "items-0-matter": "看望老人", "items-0-source": "own"}
    social = browser.post("/desk/pledges/new", data=typed | {"start": "履行社会责任"}).text
    assert "看望老人" in social and re.search(r'name="items-1-matter"[^>]* autofocus[^>]*>参加公益活动，</textarea>', social)
    assert 'value="履行社会责任"' in social
    assert '<option value="as_able" selected>' not in social
    assert '<option value="as_able" selected>' in browser.post("/desk/pledges/new", data=typed | {"start": "力所能及"}).text
    for odd in ("0", "-1", "x", "９9999", "从岗位写起"):
        assert browser.post("/desk/pledges/new", data=typed | {"start": odd}).status_code == 200
    assert not house.caller.of(p.DraftPledge)
    shows(house, "drafted")
    again = browser.post("/desk/pledges/plg_1/edit", data=form(browser.get("/desk/pledges/plg_1/edit").text) | {"start": "履行社会责任"}).text
    assert ">参加公益活动，</textarea>" in again and not house.caller.of(p.SaveDraft)


def test_a_beginning_of_whoever_was_chosen_before_is_not_written_for_another(house):
    """The button says which beginning; whoever is chosen now is offered it or not. [A10] [A11]"""
    post = p.Start(label="从岗位写起", matter="立足本职岗位（村会计），", source="post", category="")
    starts = {"mbr_luo": (post, SOCIAL), "mbr_he": (SOCIAL,)}
    house.caller.answers[p.ReadGuide] = lambda actor, request: p.Guide(starts=starts[request.member_id])
    browser = house.enter("clerk")
    page = browser.get("/desk/pledges/new?member=mbr_luo").text
    assert '<button class="btn-plain" name="start" value="从岗位写起"' in page
    typed = form(page) | {"member_id": "mbr_he", "items-0-matter": "看望老人"}
    told = browser.post("/desk/pledges/new", data=typed | {"start": "从岗位写起"}).text
    assert ">看望老人</textarea>" in told and ">立足本职" not in told and ">参加公益活动" not in told
    assert ">参加公益活动，</textarea>" in browser.post("/desk/pledges/new", data=typed | {"start": "履行社会责任"}).text


def test_who_has_a_post_begins_with_it(house):
    """The first item's source is the post, which stands first among the sources. [A11]"""
    post = p.Start(label="从岗位写起", matter="立足本职岗位（村会计），", source="post", category="")
    guides(house, pledgor=p.Pledgor(post="村会计", post_kind="staff"), starts=(post,), advice=(
        p.Advice(rule="A11", sentence="立足本职岗位（村会计）承诺。"),))
    browser = house.enter("clerk")
    page = browser.get("/desk/pledges/new?member=mbr_luo").text
    assert "立足本职岗位（村会计）承诺" in page and "在岗 · 村会计" in page
    sources = [page.split(f'id="f-items-{i}-source"')[1].split("</select>")[0] for i in (0, 1)]
    assert [s.index('value="post"') < s.index('value="annual_goal"') for s in sources] == [True, True]
    assert ['value="post" selected' in s for s in sources] == [True, False]
    browser.post("/desk/pledges/new", data=form(page) | {"member_id": "mbr_luo", "items-0-matter": "账目上墙", "items-0-source": "post",
                                                        "items-1-source": "post"})
    assert [(i.matter, i.source) for i in house.caller.of(p.DraftPledge)[-1].request.items] == [("账目上墙", "post")]


def test_whoever_was_chosen_from_the_list_is_guided_at_a_press(house):
    """Nothing typed is lost, nothing is saved. [A8]"""
    browser = house.enter("clerk")
    page = browser.get("/desk/pledges/new").text
    assert "看这位承诺人的起草参考" in page and "起草参考</h2>" not in page and not house.caller.of(p.ReadGuide)
    guides(house, pledgor=p.Pledgor(post_kind="staff", whereabouts="outside", home_name="柳溪村党支部"), advice=(
        p.Advice(rule="A8", sentence="罗大成流动在县外，仍在柳溪村党支部承诺。"),))
    told = browser.post("/desk/pledges/new", data=form(page) | {"member_id": "mbr_luo", "guide": "1", "items-0-matter": "修路"}).text
    assert "罗大成流动在县外" in told and "流动党员</b>（县外流动" in told and ">修路</textarea>" in told
    assert house.caller.of(p.ReadGuide)[-1].request.member_id == "mbr_luo" and not house.caller.of(p.DraftPledge)


def test_looking_at_a_guide_is_a_look_at_somebody():
    """Post, duty and whereabouts: it leaves its line in the access log. [X21]"""
    assert looks.personal(operation_of(p.ReadGuide))


ELSEWHERE = Remote("pledges_elsewhere", 409, "罗大成是流动党员，应在流入地承诺。")


@pytest.mark.parametrize("refusal", [
    Away("承诺服务暂时没有回应，请稍后重试。"), Remote("forbidden", 403, "您没有权限。"), Remote("not_found", 404, "名册里没有这名党员。"),
    ELSEWHERE])
def test_a_guide_that_cannot_be_had_takes_nothing_else_with_it(house, refusal):
    """Also where whoever was chosen left while the form was open, or floats elsewhere: what was typed is there."""
    house.caller.answers[p.ReadGuide] = refusal
    browser = house.enter("clerk")
    page = browser.get("/desk/pledges/new?member=mbr_luo")
    assert page.status_code == 200
    told = browser.post("/desk/pledges/new", data=form(page.text) | {"member_id": "mbr_luo", "guide": "1", "items-0-matter": "修路"})
    assert told.status_code == 200 and ">修路</textarea>" in told.text
    shows(house, "drafted")
    edit = browser.get("/desk/pledges/plg_1/edit")
    assert edit.status_code == 200
    told = browser.post("/desk/pledges/plg_1/edit", data=form(edit.text) | {"add": "1", "items-0-matter": "修路"})
    assert told.status_code == 200 and ">修路</textarea>" in told.text


def test_where_somebody_pledges_instead_is_said_in_place_of_the_guide(house):
    """[A7] [A8]"""
    house.caller.answers[p.ReadGuide] = ELSEWHERE
    page = house.enter("clerk").get("/desk/pledges/new?member=mbr_luo").text
    assert "起草参考</h2>" in page and ELSEWHERE.sentence in page


@pytest.mark.parametrize("call", [p.ReadCoverage, r.ListMembers, p.ListServing, e.ListEvaluations])
def test_a_part_one_may_not_see_takes_nothing_else_with_it(house, call):
    house.caller.answers[call] = Remote("forbidden", 403, "您没有权限。")
    browser = house.enter("clerk")
    for page in ("/desk/pledges/new", "/desk/pledges/plg_1", "/desk"):
        assert browser.get(page).status_code == 200, page


def test_what_is_said_of_the_whole_pledge_is_seen_by_drafter_and_reviewer(house):
    """[A1] [A8]"""
    hint = p.Hint(item_id="", sentence="共 8 项，比一般的 5 项多。请量力而行。")
    floats = p.Pledgor(post_kind="staff", whereabouts="inflow", home_name="月塘村党支部", inflow_name="柳溪村党支部")
    shows(house, "submitted", hints=(hint,), pledgor=floats)
    page = house.enter("secretary").get("/desk/pledges/plg_1/review").text
    assert "整份承诺：</b>共 8 项" in page and "流动党员</b>（县内流动，组织关系在月塘村党支部）" in page
    shows(house, "drafted", hints=(hint,))
    assert "整份承诺：</b>共 8 项" in house.enter("clerk").get("/desk/pledges/plg_1/edit").text


def test_what_was_saved_last_is_not_said_again_where_saving_was_refused(house):
    """The address of the form still says it; two tabs on one draft. [T23]"""
    view = shows(house, "drafted")
    house.caller.answers[p.SaveDraft] = Remote("stale", 412, "这份承诺在您填写期间被改动过。")
    browser = house.enter("clerk")
    page = browser.get("/desk/pledges/plg_1/edit?done=saved").text
    assert "已保存。" in page
    told = browser.post("/desk/pledges/plg_1/edit?done=saved", data=form(page) | {"items-0-matter": "修路", "version": str(view.version)})
    assert told.status_code == 412 and "被改动过" in told.text and "已保存。" not in told.text
