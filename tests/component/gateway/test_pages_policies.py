"""政策 on the screen, in front of real services: what is in force where, what a change would change, and then it does."""
import re
import secrets
from datetime import date
from html import unescape

import pytest

from services.commendation.service import CommendationService
from services.evaluation.domain.policy import AppraisalPolicy, ScoringPolicy
from services.evaluation.service import EvaluationService
from services.gateway import presets
from services.gateway.identity import rules
from services.gateway.pages.county import policy_reach
from services.gateway.service import Application, GatewayService
from services.notice.service import NoticeService
from services.pledge.domain.policy import DraftingPolicy
from services.pledge.service import PledgeService
from services.roster.service import RosterService
from tests.component.test_authority import County
from tests.fakes_gateway import sign_in_as
from wire.bus.testing import house
from wire.contracts.journal import PRODUCERS
from wire.contracts.pledge import DraftPledge, ItemDraft
from wire.contracts.policies import read_policies_of
from wire.contracts.roster import AdoptPolicies, ListAdoptions, PolicyChoice

SERVICES = (RosterService, PledgeService, EvaluationService, CommendationService, NoticeService, GatewayService)


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """A county, its running services, and browsers of its office and its auditor."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JIANNUO_PORT", "0")
        patch.setenv("JIANNUO_LISTEN", "127.0.0.1:0")
        patch.setenv("JIANNUO_GATEWAY_DEMONSTRATION", "1")
        with house(tmp_path_factory.mktemp("policies"), *SERVICES) as running:
            made = County(running)
            made.app = next(d for d in running._containers["gateway"].dependencies if isinstance(d, Application)).app
            yield made


@pytest.fixture
def today(town):
    return town.app.extensions["clock"].today()


def browser(town, actor):
    found = town.app.test_client()
    sign_in_as(town.app, found, actor, username=f"u.{secrets.token_hex(8)}")
    return found


@pytest.fixture
def office(town):
    return browser(town, town.office)


def text(answer) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text)))


def fields(answer, part: str) -> dict:
    """What a browser without JavaScript sends back of the form whose action ends in ``part``."""
    whole = next(f for f in re.findall(r"<form.*?</form>", answer.text, re.S) if re.search(rf'action="[^"?]*{part}(\?[^"]*)?"', f))
    found: dict = {}
    for tag in re.findall(r"<input[^>]*>", whole):
        said = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if said.get("type") in ("checkbox", "radio") and "checked" not in tag:
            continue
        found.setdefault(said["name"], []).append(unescape(said.get("value", "")))
    for name, inside in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', whole, re.S):
        chosen = re.search(r'value="([^"]*)" selected', inside) or re.search(r'value="([^"]*)"', inside)
        found[name] = [unescape(chosen[1])]
    for name, inside in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', whole, re.S):
        found[name] = [unescape(inside)]
    return found


def test_every_document_of_every_service_has_a_page_that_sends_itself_back_unchanged(town, office):
    """What is typed into no field is what is in force: no form loses anything, with JavaScript off."""
    listed = office.get("/county/policies")
    assert listed.status_code == 200
    links = set(re.findall(r'/county/policies/(\w+\.\w+)\?', listed.text))
    known = {v.document for s in ("roster", "pledge", "evaluation", "notice", "gateway") for v in documents(town, s)}
    assert links >= known
    for document in sorted(links):
        page = office.get(f"/county/policies/{document}")
        assert " object at 0x" not in page.text, f"{document}: an empty line under rows says nothing, whatever a column is called"
        answer = office.post(f"/county/policies/{document}", data=fields(page, document))
        assert answer.status_code == 200 and "完全一样，不需要采用" in text(answer), (document, text(answer)[:600])


def test_a_change_is_shown_with_whom_it_reaches_before_it_is_made(town, office, today):
    """The office lets the village have five items: the difference, two organisations, then it is in force there only."""
    at = f"/county/policies/pledge.DraftingPolicy?organisation={town.organisations['V']}"
    typed = fields(office.get(at), "pledge.DraftingPolicy") | {"f.most_items": "5", "basis": "县委〔2026〕3 号"}
    preview = office.post(at, data=typed)
    said = text(preview)
    assert "一份承诺最多几项 100 5" in said and "涉及 2 个党组织 、 2 名党员" in said and "现在还没有生效" in said
    assert _policy(town, "pledge", DraftingPolicy, "V").most_items == 100
    done = office.post(f"/county/policies/pledge.DraftingPolicy/adopt?organisation={town.organisations['V']}", data=fields(preview, "adopt"))
    assert done.status_code == 303, text(done)
    town.house.settle()
    assert _policy(town, "pledge", DraftingPolicy, "G").most_items == 5 and _policy(town, "pledge", DraftingPolicy, "W").most_items == 100
    page = text(office.get(done.location))
    assert "已采用" in page and "县委〔2026〕3 号" in page and "执行中" in page and "柳溪村党支部" in page
    assert "下级 1 处有自己的" in text(office.get("/county/policies"))


def _policy(town, service, document, place):
    with town.house.reading(service) as unit:
        return unit.policy(document, town.organisations[place])


def test_rows_are_changed_added_and_left_out(town, office, today):
    """[G17] [L1]"""
    at = "/county/policies/evaluation.AppraisalPolicy"
    typed = fields(office.get(at), "evaluation.AppraisalPolicy")
    typed |= {"f.quorums.0.least": "３５", "f.quorums.1.sector": "", "f.quorums.6.sector": "school", "f.quorums.6.least": "25",
              "f.satisfied": "100", "f.basically": "75.5"}
    preview = office.post(at, data=typed)
    said = text(preview)
    for word in ("各领域的到会人数：农村 至少到会（人） 30 至少到会（人） 35", "各领域的到会人数：社区 至少到会（人） 30 （没有这一项）",
                 "中小学、职校 （没有这一项） 至少到会（人） 25", "“基本满意”计几分 100 75.5"):
        assert word in said, (word, said)
    office.post(f"{at}/adopt", data=fields(preview, "adopt"))
    town.house.settle()
    found = _policy(town, "evaluation", AppraisalPolicy, "V")
    assert (found.quorum("rural"), found.quorum("community"), found.quorum("school"), str(found.basically)) == (35, 30, 25, "75.5")


def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(town, office):
    at = "/county/policies/evaluation.ScoringPolicy"
    typed = fields(office.get(at), "evaluation.ScoringPolicy") | {"f.components.0.weight": "两成", "f.peers_least": "许多"}
    answer = office.post(at, data=typed)
    assert answer.status_code == 422
    for word in ('value="两成"', 'value="许多"', "请填写数字", "请填写整数"):
        assert word in answer.text, word
    answer = office.post(at, data=typed | {"f.components.0.weight": "-1", "f.peers_least": "3"})
    assert answer.status_code == 422 and "权重不能小于 0" in answer.text
    answer = office.post(at, data=typed | {"f.components.0.weight": "25.5", "f.peers_least": "3"})
    assert answer.status_code == 422 and "各项权重加起来是 105.5，应当正好是 100" in answer.text
    past = office.post(at, data=fields(office.get(at), "evaluation.ScoringPolicy") | {"starts_on": "昨天"})
    assert past.status_code == 422 and "请填写从哪一天起执行" in past.text


def test_what_is_under_way_and_would_be_decided_otherwise_is_named_and_opens(town, office, today):
    """The first ones on the page, all of them behind the count; not those of a part with figures of its own."""
    clerk, made = town.people["clerk", "same"], []
    for number in range(policy_reach.FIRST + 2):
        made.append(town.house.call(clerk, DraftPledge(
            organisation_id=town.organisations["V"], member_id=town.members["V"], year=today.year, kind="immediate",
            items=(ItemDraft(matter=f"为{number}户修路", target="1条", deadline_on=date(today.year, 12, 31)),))).pledge_id)
    at = "/county/policies/pledge.DraftingPolicy"
    asked = {"f.alike_percent": "61"}
    village = f"{at}?organisation={town.organisations['V']}"
    preview = office.post(village, data=fields(office.get(village), "pledge.DraftingPolicy") | asked)
    assert "草拟中的承诺要按新的办： 演V （柳溪村党支部）" in text(preview) and "看全部" in preview.text
    assert sum(f"/desk/pledges/{one}" in preview.text for one in made) == policy_reach.FIRST
    whole = office.get(f"{at}/affected?organisation={town.organisations['V']}")
    assert all(f"/desk/pledges/{one}" in whole.text for one in made)
    assert office.get(f"{at}/affected?organisation={town.organisations['W']}").text.count("/desk/pledges/") == 0
    evaluation = "/county/policies/evaluation.ScoringPolicy"
    preview = office.post(evaluation, data=fields(office.get(evaluation), "evaluation.ScoringPolicy") | {"f.peers_least": "4"})
    assert "现在没有正在进行的评议。" in text(preview)
    clerk_page = browser(town, clerk).get(f"{at}/affected")
    assert clerk_page.status_code == 403


def test_of_two_who_change_one_policy_the_second_sees_what_the_first_changed_and_loses_nothing(town, office, today):
    """Both opened the form; also when the second was already asked to confirm."""
    at = "/county/policies/pledge.DraftingPolicy"
    first, second = (fields(office.get(at), "pledge.DraftingPolicy") for _ in range(2))
    waiting = office.post(at, data=second | {"f.alike_percent": "70"})
    preview = office.post(at, data=first | {"f.most_items": "40"})
    assert office.post(f"{at}/adopt", data=fields(preview, "adopt")).status_code == 303
    town.house.settle()
    late = office.post(at, data=second | {"f.annual_pledges": "3"})
    assert late.status_code == 409 and "看看会改变什么" in late.text and "确认采用" not in late.text
    said = text(late)
    assert re.search(r"您打开这一页之后，县办一（[^）]+）采用了第 \d+ 版", said), said
    assert "一份承诺最多几项 100 40" in said, said
    kept = fields(late, "pledge.DraftingPolicy")
    assert (kept["f.annual_pledges"], kept["f.most_items"]) == (["3"], ["100"]), "what was typed"
    confirmed = office.post(f"{at}/adopt", data=fields(waiting, "adopt"))
    assert confirmed.status_code == 412 and "您的还没有采用" in confirmed.text
    assert fields(confirmed, "pledge.DraftingPolicy")["f.alike_percent"] == ["70"], "what was proposed"
    assert _policy(town, "pledge", DraftingPolicy, "C").most_items == 40
    again = office.post(at, data=fields(late, "pledge.DraftingPolicy") | {"f.most_items": "40"})
    assert again.status_code == 200 and office.post(f"{at}/adopt", data=fields(again, "adopt")).status_code == 303
    town.house.settle()
    found = _policy(town, "pledge", DraftingPolicy, "C")
    assert (found.most_items, found.annual_pledges) == (40, 3)


def test_a_past_day_is_refused_when_it_is_looked_at_and_when_it_is_confirmed(town, office):
    at = "/county/policies/notice.BoardPolicy"
    early = office.post(at, data=fields(office.get(at), "notice.BoardPolicy") | {"f.notices": "5", "starts_on": "1850-01-01"})
    assert early.status_code == 422 and "不能改动过去" in early.text and "最早填" in early.text and "确认采用" not in early.text
    assert 'value="1850-01-01"' in early.text
    preview = office.post(at, data=fields(office.get(at), "notice.BoardPolicy") | {"f.notices": "5"})
    answer = office.post(f"{at}/adopt", data=fields(preview, "adopt") | {"starts_on": "2020-01-01"})
    assert answer.status_code == 422 and "不能改动过去" in answer.text


def test_a_preset_is_adopted_whole_and_what_differs_from_it_is_named(town, office, today):
    at = "/county/policies/presets/central"
    assert office.post(at, data=fields(office.get(at), "central")).status_code == 303
    town.house.settle()
    page = text(office.get("/county/policies"))
    assert "执行中的预设： 中央意见" in page and "各项都与预设一致" in page
    scoring = "/county/policies/evaluation.ScoringPolicy"
    preview = office.post(scoring, data=fields(office.get(scoring), "evaluation.ScoringPolicy") | {"f.excellent_share": "4"})
    office.post(f"{scoring}/adopt", data=fields(preview, "adopt"))
    town.house.settle()
    assert "不同 优秀不超过几分之一" in text(office.get("/county/policies"))
    assert _policy(town, "evaluation", ScoringPolicy, "V").excellent_share == 4


def test_an_adoption_that_does_not_hold_yet_is_said_to_be_so(town, office, today):
    """A service refused what it never got: the page does not pretend."""
    town.house.call(town.office, AdoptPolicies(organisation_id=town.organisations["G"], starts_on=today, policies=(
        PolicyChoice(document="pledge.CoveragePolicy", policy_version="forged", hash="0" * 64),)))
    town.house.settle()
    at = town.organisations["G"]
    assert "新版本未生效" in text(office.get(f"/county/policies?organisation={at}"))
    page = office.get(f"/county/policies/pledge.CoveragePolicy?organisation={at}")
    assert re.search(r"采用的第 1 版（[^）]+起）还没有生效", text(page))
    assert "还没有生效" not in text(office.get("/county/policies/pledge.CoveragePolicy"))


def test_what_holds_here_does_not_depend_on_the_page_of_the_list(town, office, today):
    """However many adoptions below come before it."""
    for number in range(3):
        town.house.call(town.office, AdoptPolicies(organisation_id=town.organisations["G"], starts_on=today, policies=(
            PolicyChoice(document="pledge.LedgerPolicy", policy_version=f"local-{number}", hash=str(number) * 64),)))
    town.house.call(town.office, AdoptPolicies(organisation_id=town.organisations["V"], starts_on=today, policies=(
        PolicyChoice(document="pledge.LedgerPolicy", policy_version="forged", hash="0" * 64),)))
    standing = town.house.call(town.office, ListAdoptions(
        organisation_id=town.organisations["G"], document="pledge.LedgerPolicy", standing=True, limit=1)).adoptions
    assert {one.policy_version for one in standing if one.organisation_id == town.organisations["G"]} == {"22222222"}
    at = town.organisations["V"]
    below = town.house.call(town.office, ListAdoptions(organisation_id=at, document="pledge.LedgerPolicy", standing=True)).adoptions
    assert "00000000" in {one.policy_version for one in below} and not any(one.hash == "2" * 64 for one in below)
    assert re.search(r"采用的第 1 版（[^）]+起）还没有生效", text(office.get(f"/county/policies/pledge.LedgerPolicy?organisation={at}&after=0")))


def test_signing_in_goes_by_what_the_county_adopts_and_no_part_of_it_adopts_its_own(town, office, today):
    """The office makes idle sessions end after a quarter of an hour; the town cannot. [X9] [X13]"""
    at = "/county/policies/gateway.SignInPolicy"
    page = office.get(at)
    assert "登录须用动态口令的角色" in page.text and "这是演示县，登录不要求动态口令" in page.text
    refused = office.post(at, data=fields(page, "SignInPolicy") | {"f.second_factor": ["secretary"], "f.tries": "5"})
    assert refused.status_code == 422 and "三种角色必须使用动态口令" in refused.text
    preview = office.post(at, data=fields(page, "SignInPolicy") | {"f.idle_minutes": "15"})
    assert "多少分钟不用就自动退出 30 15" in text(preview)
    assert office.post(f"{at}/adopt", data=fields(preview, "adopt")).status_code == 303
    town.house.settle()
    assert town.app.extensions[rules.KEY].now().idle_minutes == 15
    below = office.get(f"{at}?organisation={town.organisations['T']}")
    assert "全县统一" in below.text and "看看会改变什么" not in below.text and "15" in text(below)
    answer = office.post(f"{at}/adopt?organisation={town.organisations['T']}", data=fields(preview, "adopt") | {"key": "another"})
    assert answer.status_code == 409 and "登录和密码的政策全县统一" in answer.text
    assert "登录和密码" not in text(office.get(f"/county/policies?organisation={town.organisations['T']}"))


def test_the_auditor_reads_and_changes_nothing(town):
    auditor = browser(town, town.people["auditor", "above"])
    page = auditor.get("/county/policies/pledge.ReviewPolicy")
    assert page.status_code == 200 and "审诺标准" in page.text and "看看会改变什么" not in page.text
    data = re.findall(r'name="csrf_token" value="([^"]*)"', page.text)
    answer = auditor.post("/county/policies/pledge.ReviewPolicy", data={"csrf_token": data[0], "typed": "1"})
    assert answer.status_code == 403


def test_who_holds_no_such_grant_has_no_page(town):
    clerk = browser(town, town.people["clerk", "same"])
    assert clerk.get("/county/policies").status_code == 403
    assert "政策" not in text(clerk.get("/desk"))


def test_what_does_not_exist_is_not_found(office):
    for path in ("/county/policies/nobody.Policy", "/county/policies/pledge.Nothing", "/county/policies/presets/none",
                 "/county/policies/pledge.ReviewPolicy?version=" + "0" * 64):
        assert office.get(path).status_code == 404, path


def documents(town, service):
    return town.house.call(town.office, read_policies_of(service).request(organisation_id=town.organisations["C"]))


def test_every_preset_names_fields_that_are_there(town):
    views = {view.document: view for service in PRODUCERS for view in documents(town, service)}
    for preset in presets.every().values():
        assert set(preset.policies) <= set(views)
        for document, values in preset.policies.items():
            assert set(values) <= {f.name for f in views[document].fields}, (preset.name, document)
