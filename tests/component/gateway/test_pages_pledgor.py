"""Whose pledge it is, told where it is drafted and reviewed: leaders, who floats, who has no post."""
from dataclasses import replace

from tests.fakes_gateway import form
from tests.fakes_pages import coverage, pledge_view
from wire.contracts import pledge as p

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
