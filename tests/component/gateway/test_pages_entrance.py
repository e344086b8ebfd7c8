"""Coming in: signing in, invitations, setting the county up; and who is let in to see whom."""
import html
import re
from pathlib import Path

import pytest

import services.gateway
from services.gateway.identity import setup
from services.gateway.pages import forms
from services.gateway.pages.entrance import own_address
from tests.fakes_gateway import PASSWORD, account, adopt_sign_in, form
from wire import directory
from wire.contracts import pledge as p, roster as r
from wire.contracts.calls import Forbidden, Remote

TEMPLATES = Path(services.gateway.__file__).with_name("templates")


def sign_in(house, username, password, **more):
    hidden = form(house.web.get("/sign-in").text)
    return house.web.post("/sign-in", data=hidden | {"username": username, "password": password} | more)


def test_signing_in_leads_to_the_page_that_was_wanted(house):
    account(house.store, username="he.xiuying", person_id="prs_he", name="何秀英", member_id="mbr_he", password=PASSWORD)
    house.caller.hold("prs_he", ("clerk", "org_village"))
    answer = sign_in(house, "He.Xiuying", PASSWORD, next="/desk/ledger?state=late")
    assert (answer.status_code, answer.location) == (303, "/desk/ledger?state=late")
    assert "逾期 20 天" in house.web.get(answer.location).text
    hidden = form(house.web.get("/desk").text)
    assert house.web.post("/sign-out", data=hidden).location == "/sign-in?done=out"
    assert house.web.get("/desk").status_code == 302


def test_a_wrong_password_and_an_unknown_name_are_answered_alike(house):
    """Unknown users are answered like known ones."""
    account(house.store, username="he.xiuying", password=PASSWORD)
    pages = [sign_in(house, name, "Wrong-1 password") for name in ("he.xiuying", "nobody")]
    assert [one.status_code for one in pages] == [401, 401]
    seen = [re.sub(r'value="[^"]*"', "", one.text) for one in pages]
    assert seen[0] == seen[1] and "用户名或密码不对" in seen[0]


@pytest.mark.parametrize("wanted", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "javascript:alert(1)",
                                    "desk", "", "/desk\r\nX: y", "/" + "x" * 2000])
def test_signing_in_leads_nowhere_else(house, wanted):
    """Redirects are checked."""
    with house.app.test_request_context():
        assert own_address(wanted) == "/desk"


def test_an_empty_county_is_set_up_by_its_invitation_and_only_once(house):
    """A single-use invitation, looked at without being spent."""
    house.caller.answers[r.FoundCounty] = r.CountyFounded(organisation_id="org_county", person_id="prs_first", grant_id="grt_first")
    house.caller.hold("prs_first", ("office", "org_county"))
    token = setup.invite(house.store, "office").token
    for _ in range(2):
        hidden = form(house.web.get("/invitation").text)
        page = house.web.post("/invitation/open", data=hidden | {"token": token}).text
        assert "设立本县" in page
    filled = form(page) | {"name": "中共云岭县委员会", "code": "YL", "person_name": "江涛", "username": "jiang",
                           "password": PASSWORD, "again": PASSWORD}
    mistyped = house.web.post("/invitation", data=filled | {"again": "other"})
    assert mistyped.status_code == 422 and "两次输入的密码不一样" in mistyped.text and "中共云岭县委员会" in mistyped.text
    assert PASSWORD not in mistyped.text
    weak = house.web.post("/invitation", data=filled | {"password": "12345678", "again": "12345678"})
    assert weak.status_code == 422 and 'id="f-password-wrong"' in weak.text
    done = house.web.post("/invitation", data=filled)
    assert done.location == "/desk"
    assert "江涛" in house.web.get("/county/grants").text
    assert house.caller.of(r.FoundCounty)[-1].request.person_name == "江涛"
    again = house.app.test_client()
    spent = again.post("/invitation", data=filled | form(again.get("/invitation").text))
    assert spent.status_code == 410 and "已经用过" in spent.text


def test_an_unknown_invitation_says_whom_to_ask(house):
    hidden = form(house.web.get("/invitation").text)
    answer = house.web.post("/invitation/open", data=hidden | {"token": "nothing"})
    assert answer.status_code == 410 and "联系邀请您的人" in answer.text


def test_a_password_is_changed_with_the_old_one(house):
    account(house.store, username="he.xiuying", person_id="prs_he", password=PASSWORD)
    sign_in(house, "he.xiuying", PASSWORD)
    hidden = form(house.web.get("/password").text)
    wrong = house.web.post("/password", data=hidden | {"old_password": "no", "new_password": "Bridge-9 in fog", "again": "Bridge-9 in fog"})
    assert wrong.status_code == 422 and "原密码不对" in wrong.text
    right = house.web.post("/password", data=hidden | {"old_password": PASSWORD, "new_password": "Bridge-9 in fog", "again": "Bridge-9 in fog"})
    assert "done=password" in right.location


def test_giving_a_role_shows_a_link_once(house):
    browser = house.enter("office", "org_county", name="江涛", member_id="")
    page = browser.get("/county/grants").text
    answer = browser.post("/county/grants", data=form(page) | {"organisation_id": "org_village", "member_id": "mbr_su", "role": "clerk"})
    assert re.search(r"http://localhost/invitation#[\w-]{43}", answer.text)
    sent = house.caller.of(r.GiveGrant)[-1].request
    assert (sent.role, sent.member_id, sent.organisation_id) == ("clerk", "mbr_su", "org_village")
    assert "/invitation#" not in browser.get("/county/grants").text
    assert answer.headers["Cache-Control"] == "no-store"


def test_whoever_has_the_name_of_somebody_known_is_that_person_or_another(house):
    """Chosen once, kept through another refusal, and no longer meant once the name is another. [X50]"""
    browser = house.enter("office", "org_county", name="江涛", member_id="")
    page = browser.get("/county/grants").text
    typed = form(page) | {"organisation_id": "org_village", "member_id": "", "person_id": "", "person_name": "何小满", "role": "clerk"}
    answers = house.caller.answers[r.GiveGrant]
    house.caller.answers[r.GiveGrant] = Remote("name_known", 409, "请选“同名的另一个人”后再提交。", {
        "person_name": ["请选是不是同一个人。"], "person_id": {"prs_8": "何小满（不是党员，柳溪村党支部）"}})
    refused = browser.post("/county/grants", data=typed)
    offered = '<input type="radio" name="meant" value="prs_8"> 就是何小满（不是党员，柳溪村党支部）'
    assert refused.status_code == 409 and offered in refused.text and "同名的另一个人</label>" in refused.text
    assert 'name="meant"' not in page and 'value="何小满"' in refused.text
    house.caller.answers[r.GiveGrant] = Remote("separate_duties", 409, "三员要分开。")
    chosen = typed | {"meant_of": "何小满", "meant": "prs_8"}
    assert 'name="meant" value="prs_8" checked' in browser.post("/county/grants", data=chosen).text
    house.caller.answers[r.GiveGrant] = answers
    for said, wanted in ((chosen, ("prs_8", False)), (chosen | {"meant": "another"}, ("", True)), (chosen | {"person_name": "何大满"}, ("", False))):
        browser.post("/county/grants", data=said)
        sent = house.caller.of(r.GiveGrant)[-1].request
        assert (sent.person_id, sent.another) == wanted


def test_an_ended_grant_is_said(house):
    browser = house.enter("office", "org_county", name="江涛", member_id="")
    answer = browser.post("/county/grants/end", data=form(browser.get("/county/grants").text) | {"grant_id": "grt_1"})
    assert "立即生效" in browser.get(answer.location).text and house.caller.of(r.EndGrant)[-1].request.grant_id == "grt_1"


def test_what_the_roster_forbids_is_a_page_with_a_sentence(house):
    """A clerk of one village reads nothing of another."""
    browser = house.enter("clerk")
    house.caller.answers[r.ListMembers] = Forbidden("您在这个党组织没有办理这件事的权限，请联系上级党组织开通。")
    answer = browser.get("/county/members")
    assert answer.status_code == 403 and "没有办理这件事的权限" in answer.text and 'href="/desk">回到工作台' in answer.text
    elsewhere = browser.get("/county/members?organisation=org_other")
    assert elsewhere.status_code == 403 and "您的权限不包括这个党组织" in elsewhere.text
    assert len(house.caller.of(r.ListMembers)) == 1


@pytest.mark.parametrize("address, status, word", [
    ("/county/imports", 403, "没有这项权限"), ("/units", 403, "您没有这项权限"), ("/desk/ledger?organisation=org_other", 403, "不包括这个党组织"),
    ("/desk/ledger?year=1066", 422, "2000 到 2200"), ("/desk/ranking?year=abc", 422, "2000 到 2200"), ("/desk/ledger?year=", 200, "践诺台账")])
def test_a_page_says_at_once_what_it_does_not_show(house, address, status, word):
    answer = house.enter("secretary").get(address)
    assert answer.status_code == status and word in answer.text


def test_whom_to_give_a_role_is_searched(house):
    browser = house.enter("office", "org_county", name="江涛", member_id="")
    first = browser.get("/county/grants").text
    assert "下面列出全部" in first and "共 2 项" in first and "方立" not in first
    assert "方立" in browser.get(re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")).text
    page = browser.get("/county/grants?search=柳").text
    assert "找到 1 人" in page and '<option value="mbr_luo"' not in page
    with house.store.writing() as unit:
        directory.write(unit.sql, [(1, r.MemberRegistered(
            version=1, acted_by="prs_1", acted_by_name="江涛", acted_at=unit.now, member_id="mbr_he", code="M1", name="何秀英", sort_key="he",
            kind="member", organisation_id="org_village"))])
    typed = form(page) | {"look": "1", "search": "柳", "member_id": "mbr_he", "person_name": "新来的材料员", "role": "liaison"}
    kept = browser.post("/county/grants", data=typed)
    assert kept.status_code == 200 and not house.caller.of(r.GiveGrant) and "找到 1 人" in kept.text
    for word in ('<option value="mbr_he" selected>', 'value="新来的材料员"', '<option value="liaison" selected>'):
        assert word in kept.text, word


def test_members_and_organisations_are_searched_and_lead_on(house):
    browser = house.enter("office", "org_county", name="江涛", member_id="")
    assert "罗大成" not in browser.get("/county/members?search=柳").text
    page = browser.get("/county/organisations").text
    assert "柳溪村党支部" in page and "/county/members?organisation=org_village" in page


def test_the_superior_sees_the_units_below_and_what_waits(house):
    page = house.enter("superior", "org_town", name="田野", member_id="mbr_tian").get("/units").text
    assert "柳溪村党支部" in page and "中共云岭县委员会" not in page and "/desk/pledges/plg_1/review" in page
    assert 'href="/desk/ledger?organisation=org_village"' in page
    assert "/desk/ledger?organisation=org_town&amp;year=2026&amp;below=1&amp;public=1&amp;state=late" in page, "a figure opens what it counts"


def test_what_merged_organisations_left_waits_with_the_superior(house):
    """Whose secretary is gone has somebody above who verifies; what is done is not listed."""
    page = house.enter("superior", "org_town", name="田野", member_id="mbr_tian").get("/units").text
    left = page.split('id="left"')[1].split("</section>")[0]
    assert "已撤并组织留下的" in left and "去签订" in left and "修通二组到三组" not in left
    assert left.index("带 8 名青年") < left.index("去核验") < left.index("常用药由 62 种") < left.index("看事项")
    asked = [one.request for one in house.caller.of(p.ReadLedger)]
    assert asked and all(one.ended and one.below and one.organisation_id == "org_town" for one in asked)
    house.caller.answers[p.ReadLedger] = p.LedgerPage(items=(), total=0, next="", due_soon_days=30)
    house.caller.answers[p.ListPledges] = p.PledgePage(pledges=(), next="", total=0)
    assert 'id="left"' not in house.web.get("/units").text


def test_a_superiors_queue_takes_in_what_is_below(house):
    house.enter("superior", "org_town", name="田野", member_id="mbr_tian").get("/desk/reviews")
    assert house.caller.of(p.ListPledges)[-1].request.below is True
    house.enter("secretary").get("/desk/reviews")
    assert house.caller.of(p.ListPledges)[-1].request.below is False


def test_a_character_nobody_sees_is_refused_and_nothing_typed_is_lost(house):
    """A NUL pasted along: a sentence, and everything else to be sent with one press; of a foreign form nothing. [T23]"""
    browser = house.enter("clerk")
    hidden = form(browser.get("/desk/pledges/new?member=mbr_luo").text)
    typed = hidden | {"member_id": "mbr_luo", "items-0-matter": "修路\0和装灯", "items-0-target": "20 盏"}
    answer = browser.post("/desk/pledges/new", data=typed)
    assert answer.status_code == 400 and "看不见的控制字符" in answer.text and not house.caller.of(p.DraftPledge)
    assert "修路和装灯" in answer.text and "20 盏" in answer.text and "\0" not in answer.text
    assert 'action="/desk/pledges/new"' in answer.text and form(answer.text)["key"] == hidden["key"]
    foreign = browser.post("/desk/pledges/new", data=typed | {"csrf_token": "x"})
    assert foreign.status_code == 400 and "修路" not in foreign.text


def test_a_session_that_ends_while_a_form_is_filled_in_costs_nothing_typed(house):
    """Signing in on the very page that says so, then one press sends what was typed, under the same key."""
    account(house.store, username="he.xiuying", person_id="prs_he", name="何秀英", member_id="mbr_he", password=PASSWORD)
    house.caller.hold("prs_he", ("clerk", "org_village"))
    sign_in(house, "he.xiuying", PASSWORD)
    hidden = form(house.web.get("/desk/pledges/new?member=mbr_luo").text)
    typed = {"member_id": "mbr_luo", "items-0-matter": "写了很久的<一项>", "items-0-source": "own"}
    house.web.delete_cookie("jn_session")
    ended = house.web.post("/desk/pledges/new", data=hidden | typed)
    assert ended.status_code == 401 and "登录已失效" in ended.text and 'name="password"' in ended.text
    kept = sent_back(ended.text)
    wrong = house.web.post("/sign-in/again", data=kept | {"username": "he.xiuying", "password": "Wrong-1 password"})
    assert wrong.status_code == 401 and "写了很久的&lt;一项&gt;" in wrong.text and "Wrong-1" not in wrong.text
    again = house.web.post("/sign-in/again", data=sent_back(wrong.text) | {"username": "he.xiuying", "password": PASSWORD})
    assert "已重新登录" in again.text and 'action="/desk/pledges/new"' in again.text
    assert "写了很久的&lt;一项&gt;</textarea>" in again.text and "第 1 项 · 承诺事项</label>" in again.text
    done = house.web.post("/desk/pledges/new", data=sent_back(again.text) | {"items-0-matter": "写了很久的<一项>"})
    assert done.status_code == 303
    made = house.caller.of(p.DraftPledge)[-1]
    assert made.request.items[0].matter == "写了很久的<一项>" and hidden["key"] in made.key


def test_what_somebody_else_typed_is_not_handed_to_whoever_signs_in_after_them(house):
    for username, person_id in (("he.xiuying", "prs_he"), ("lin.qiao", "prs_lin")):
        account(house.store, username=username, person_id=person_id, password=PASSWORD)
        house.caller.hold(person_id, ("clerk", "org_village"))
    sign_in(house, "he.xiuying", PASSWORD)
    hidden = form(house.web.get("/desk/pledges/new?member=mbr_luo").text)
    house.web.delete_cookie("jn_session")
    ended = house.web.post("/desk/pledges/new", data=hidden | {"items-0-matter": "只给书记看的"})
    other = house.web.post("/sign-in/again", data=sent_back(ended.text) | {"username": "lin.qiao", "password": PASSWORD}, follow_redirects=True)
    assert "另一位同志填写的" in other.text and "只给书记看的" not in other.text and "林乔" in other.text


@pytest.mark.parametrize(("sent", "back"), [("/desk/pledges/new", "/desk/pledges/new"), ("/desk/pledges/plg_1/sign", "/desk")])
def test_whoever_lost_every_cookie_comes_back_to_the_page_of_the_form(house, sent, back):
    """What was typed cannot be told from a foreign form's then; where no page is, the desk. [X29]"""
    account(house.store, username="he.xiuying", person_id="prs_he", password=PASSWORD)
    house.caller.hold("prs_he", ("clerk", "org_village"))
    ended = house.web.post(sent, data={"items-0-matter": "修路"})
    assert ended.status_code == 401 and "修路" not in ended.text
    told = house.web.post("/sign-in/again", data=sent_back(ended.text) | {"username": "he.xiuying", "password": PASSWORD})
    assert (told.status_code, told.location) == (303, back)


def test_what_is_kept_is_called_as_it_was_where_it_was_typed():
    """Every line of a form, but for dates, codes and figures, which nobody writes in Chinese."""
    line = re.compile(r'(?:fields\.line\(|field\("[a-z]+", )"([a-z_]+)", "[^"]+"([^}]*)')
    written = {name for file in TEMPLATES.rglob("*.html") for name, more in line.findall(file.read_text())
               if not re.search('type="|numeric|"spellcheck"', more) and not name.endswith(("_on", "code"))}
    assert len(written) > 8 and {name for name in written if forms.label(name) == "填写的内容"} == set(), written


def test_who_comes_to_a_page_with_a_session_that_ended_is_told_so_and_comes_back_to_it(house):
    account(house.store, username="he.xiuying", person_id="prs_he", name="何秀英", member_id="mbr_he", password=PASSWORD)
    house.caller.hold("prs_he", ("clerk", "org_village"))
    assert "登录已失效" not in house.web.get("/desk/ledger?state=late", follow_redirects=True).text
    sign_in(house, "he.xiuying", PASSWORD)
    house.clock.move(minutes=31)
    told = house.web.get("/desk/ledger?state=late", follow_redirects=True).text
    assert "登录已失效，请重新登录" in told
    back = house.web.post("/sign-in", data=form(told) | {"username": "he.xiuying", "password": PASSWORD})
    assert (back.status_code, back.location) == (303, "/desk/ledger?state=late")


def sent_back(page):
    """The hidden fields of a page as its last form sends them."""
    return {name: html.unescape(word) for name, word in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)}


def test_a_form_from_elsewhere_is_not_kept_for_whoever_signs_in(house):
    """[X29]"""
    answer = house.web.post("/desk/pledges/new", data={"items-0-matter": "别处来的内容", "csrf_token": "made up"})
    assert answer.status_code == 401 and "别处来的内容" not in answer.text


def test_what_a_page_says_of_the_ends_of_sessions_is_the_policy(house):
    """[X9]"""
    adopt_sign_in(house.app, idle_minutes=20, absolute_hours=4)
    page = house.enter("office", "org_county", name="江涛", member_id="").get("/account").text
    assert "20 分钟不用会自动退出，最长 4 小时" in page
