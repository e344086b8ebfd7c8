"""办理经过 on the screen, in front of real services: who, when, from what to what, in words; nobody sees more than the thing itself."""
import json
import re
from dataclasses import replace
from datetime import date

from flask import g
from sqlalchemy import insert

from services.gateway.identity import accepting, invitations
from services.gateway.identity.acting import act
from services.gateway.deeds import AGGREGATES, FIELDS
from services.gateway.pages import history_words
from services.notice.storage import notice as notice_table
from tests.component.gateway.test_pages_policies import browser, text, town  # noqa: F401
from wire.contracts import event
from wire.contracts.gateway import DemandPassword
from wire.contracts.history import SERVICES, read_history_of
from wire.contracts.notice import NoticePosted
from wire.contracts.pledge import DraftPledge, ItemDraft, SaveDraft, SubmitPledge
from wire.contracts.policies import propose_policy_of
from wire.contracts.roster import (
    AdoptPolicies, Appoint, BeginTransfer, CloseWorkplace, DefineSystem, EndGrant, EndPosition, EndSystem, EndZone, GiveGrant, LinkPerson, OpenZone,
    PolicyChoice, RecordWhereabouts, RegisterWorkplace, SettleTransfer, SyncedMember, SyncMembers,
)

LAMPS = ItemDraft(matter="为20户安装路灯", target="20盏", deadline_on=date(2026, 12, 31))


def test_a_member_s_history_says_what_was_changed_from_what_to_what(town):  # noqa: F811
    """[X21]"""
    town.house.call(town.office, SyncMembers(rows=(SyncedMember(code="MV", organisation_code="W", post="会计"),)))
    town.house.settle()
    office = browser(town, town.office)
    said = text(office.get(f"/history/roster.member/{town.members['V']}"))
    for word in ("演V：党员的办理经过", "调整所在党组织 县办一", "党组织 柳溪村党支部 松坡村党支部", "职务 （空） 会计", "登记", "填写的内容"):
        assert word in said, (word, said)
    assert "org_" not in said and "sort_key" not in said and "姓名 演V" in said and "可用" not in said
    town.house.call(town.office, SyncMembers(rows=(SyncedMember(code="MV", organisation_code="V"),)))
    town.house.settle()


def test_a_member_s_history_is_headed_by_what_was_done(town):  # noqa: F811
    """Floating and transfer by their names, an organisation's form in words. [X21]"""
    one, office = town.members["V"], town.office
    town.house.call(office, RecordWhereabouts(member_id=one, whereabouts="outside", outside_place="东莞"))
    town.house.call(office, BeginTransfer(member_id=one, organisation_id=town.organisations["W"]))
    town.house.call(office, SettleTransfer(member_id=one, accepted=False))
    town.house.call(office, RecordWhereabouts(member_id=one, whereabouts="home"))
    town.house.settle()
    page = browser(town, office).get(f"/history/roster.member/{one}").text
    heads = re.findall(r"<h2>(.*?)</h2>", page)
    assert heads[:4] == ["流动", "组织关系转接", "组织关系转接", "流动"]
    organisation = text(browser(town, office).get(f"/history/roster.organisation/{town.organisations['V']}"))
    assert "ordinary" not in organisation and "形式 普通" in organisation


def test_who_wrote_for_whom_is_named_and_only_what_a_draft_changed_is_told(town):  # noqa: F811
    """代录: both names; an item is called by its number. [X21]"""
    clerk, organisation_id = town.people["clerk", "same"], town.organisations["V"]
    town.house.settle()
    pledge = town.house.call(clerk, DraftPledge(organisation_id=organisation_id, member_id=town.members["V"], year=2026, items=(LAMPS,)))
    changed = ItemDraft(item_id=pledge.items[0].item_id, matter=LAMPS.matter, target="25盏", deadline_on=date(2026, 11, 30))
    town.house.call(clerk, SaveDraft(pledge_id=pledge.pledge_id, version=pledge.version, items=(changed,)))
    town.house.call(clerk, SubmitPledge(pledge_id=pledge.pledge_id))
    said = text(browser(town, clerk).get(f"/history/pledge.pledge/{pledge.pledge_id}"))
    for word in ("提交审诺 clerk在V（代演V）", "状态 草拟 待审", "修改草稿", "第 1 项：目标 20盏 25盏", "第 1 项：时限", "起草"):
        assert word in said, (word, said)
    assert said.count("为20户安装路灯") == 1, "what stays as it was is told once"


def test_a_grant_s_history_is_for_those_who_may_see_grants(town):  # noqa: F811
    given = town.house.call(town.office, GiveGrant(organisation_id=town.organisations["V"], role="clerk", person_name="何小满"))
    town.house.call(town.office, EndGrant(grant_id=given.grant_id))
    at = f"/history/roster.grant/{given.grant_id}"
    said = text(browser(town, town.office).get(at))
    assert "收回" in said and "状态 已授予 已收回" in said and "材料员" in said
    assert browser(town, town.people["secretary", "same"]).get(at).status_code == 404
    assert browser(town, town.people["clerk", "outside"]).get(f"/history/roster.member/{town.members['V']}").status_code == 404


def test_a_member_reads_the_history_of_their_own_pledge_and_of_no_other(town):  # noqa: F811
    clerk, own = town.people["clerk", "same"], town.people["member", "same"]
    pledge = town.house.call(clerk, DraftPledge(
        organisation_id=town.organisations["V"], member_id=town.members["V"], year=2026, kind="immediate", items=(LAMPS,)))
    at = f"/history/pledge.pledge/{pledge.pledge_id}"
    assert browser(town, own).get(at).status_code == 200
    assert browser(town, town.people["member", "outside"]).get(at).status_code == 404


def test_a_long_history_comes_page_by_page_and_misses_nothing(town):  # noqa: F811
    clerk = town.people["clerk", "same"]
    pledge = town.house.call(clerk, DraftPledge(
        organisation_id=town.organisations["V"], member_id=town.members["V"], year=2026, kind="immediate", items=(LAMPS,)))
    for number in range(35):
        item = ItemDraft(item_id=pledge.items[0].item_id, matter=LAMPS.matter, target=f"{number}盏", deadline_on=date(2026, 12, 31))
        pledge = town.house.call(clerk, SaveDraft(pledge_id=pledge.pledge_id, version=pledge.version, items=(item,)))
    ask, found, before = read_history_of("pledge").request, [], 0
    while True:
        page = town.house.call(clerk, ask(aggregate="pledge.pledge", aggregate_id=pledge.pledge_id, before=before, limit=10))
        found += page.entries
        before = page.next
        if not before:
            break
    assert [entry.version for entry in found] == list(range(36, 0, -1))
    told = [(c.before, c.after) for entry in found[:-1] for c in entry.changes if c.path[-1] == "target"]
    assert told == [(f'"{n - 1}盏"' if n else '"20盏"', f'"{n}盏"') for n in range(34, -1, -1)], "each from what stood before it"
    first = browser(town, clerk).get(f"/history/pledge.pledge/{pledge.pledge_id}")
    assert 'rel="next"' in first.text and "起草" in text(browser(town, clerk).get(first.text.split('rel="next" href="')[1].split('"')[0]))


def test_what_was_proposed_of_a_policy_is_told_in_the_words_of_its_form(town):  # noqa: F811
    """Of every service, for whoever reads policies at the county. [L6]"""
    office = browser(town, town.office)
    for weight in ("40", "30"):
        rest = str((100 - int(weight)) / 4)
        names = ("self", "peers", "masses", "figures")
        rows = [{"name": "leader", "weight": weight, "mandatory": True}, *({"name": n, "weight": rest, "mandatory": False} for n in names)]
        town.house.call(town.office, propose_policy_of("evaluation").request(
            organisation_id=town.organisations["C"], document="evaluation.ScoringPolicy", body=json.dumps({"components": rows})))
    page = office.get("/history/evaluation.policy/evaluation.ScoringPolicy")
    said = text(page)
    for word in ("评分：政策内容的办理经过", "提出一个版本", "由哪几项评分组成：领导点评：权重 40 30", "县办一"):
        assert word in said, (word, said)
    assert office.get("/history/roster.policy/roster.TermPolicy").status_code == 200
    assert not re.search(r"\b[0-9a-f]{8}\b", said), "people are told what changed, not how machines call it"
    clerk = browser(town, town.people["clerk", "same"])
    assert clerk.get("/history/evaluation.policy/evaluation.ScoringPolicy").status_code == 404


def test_what_another_system_may_overwrite_is_ticked_in_words(town):  # noqa: F811
    page = text(browser(town, town.office).get("/county/policies/roster.SyncPolicy"))
    for word in ("名称", "领域", "上级编号", "姓名", "所在党组织编号", "入党日期"):
        assert word in page, word
    assert "parent_code" not in page and "joined_on" not in page


def test_the_policy_of_positions_names_positions_and_levels_in_words(town):  # noqa: F811
    page = text(browser(town, town.office).get("/county/policies/roster.PositionPolicy"))
    for word in ("哪一级", "主持工作的副书记", "第一书记", "党支部以上"):
        assert word in page, word
    assert "deputy_in_charge" not in page and "above" not in page


def test_a_history_leads_back_to_what_it_is_the_history_of(town):  # noqa: F811
    office = browser(town, town.office)
    member, village = town.members["V"], town.organisations["V"]
    for at, back in ((f"roster.member/{member}", f"/county/members/{member}"), (f"roster.organisation/{village}", f"/tree/{village}")):
        page = office.get(f"/history/{at}").text
        assert f'<nav class="crumbs" aria-label="位置"><a href="{back}">' in page and 'aria-current="true">名册</a>' in page, at
        assert office.get(back).status_code == 200


def test_an_adoption_by_a_preset_names_the_preset():
    assert history_words.value("preset", '"central"', "roster.policy") == "中央意见"


def test_an_adoption_is_called_by_the_title_of_its_document(town):  # noqa: F811
    said = town.house.call(town.office, propose_policy_of("pledge").request(
        organisation_id=town.organisations["C"], document="pledge.LedgerPolicy", body=json.dumps({"due_soon_days": 12})))
    adopted = town.house.call(town.office, AdoptPolicies(
        organisation_id=town.organisations["W"], starts_on=town.app.extensions["clock"].today(), basis="县委〔2026〕9 号",
        policies=(PolicyChoice(document="pledge.LedgerPolicy", hash=said.hash),)))[0]
    page = text(browser(town, town.office).get(f"/history/roster.policy/{adopted.adoption_id}"))
    assert "践诺台账：政策采用的办理经过" in page and "依据 县委〔2026〕9 号" in page and said.hash[:8] not in page


def test_accounts_and_keys_have_a_history_for_whoever_may_see_them(town):  # noqa: F811
    """What an administrator did and what the owner did, each by name; nobody placed below reads it. [X21]"""
    office = browser(town, town.office)
    with town.app.test_request_context():
        g.actor = town.office
        view = invitations.invite(town.organisations["V"], town.members["G"])
        made = accepting.accept_account(view.token, username="history.g", password="Lantern-7 over river")
        act(DemandPassword(account_id=made.id))
    said = text(office.get(f"/history/gateway.account/{made.id}"))
    for word in ("演G：账号的办理经过", "要求修改密码 县办一", "须先修改密码 否 是", "开通", "用户名"):
        assert word in said, (word, said)
    invited = text(office.get(f"/history/gateway.invitation/{town.members['G']}"))
    assert "账号 › 演G：开通邀请的办理经过" in invited and "发出开通邀请 县办一" in invited
    with town.app.extensions["store"].writing() as unit:
        unit.books.accounts.add(replace(unit.books.accounts.get(made.id), id="acc_first", person_id="prs_first", member_id="", username="h.first"))
    assert "还没有记录" in text(office.get("/history/gateway.invitation/prs_first")), "an account is there before any invitation"
    for at in (f"gateway.account/{made.id}", f"gateway.invitation/{town.members['G']}"):
        assert browser(town, town.people["secretary", "same"]).get(f"/history/{at}").status_code == 403
        assert browser(town, town.people["auditor", "above"]).get(f"/history/{at}").status_code == 200


def test_a_person_who_became_a_member_has_a_history(town):  # noqa: F811
    given = town.house.call(town.office, GiveGrant(organisation_id=town.organisations["W"], role="clerk", person_name="何大有"))
    town.house.call(town.office, LinkPerson(person_id=given.person_id, member_id=town.members["W"]))
    said = text(browser(town, town.office).get(f"/history/roster.person/{given.person_id}"))
    assert "何大有：非党员人员的办理经过" in said and "认作党员" in said
    assert browser(town, town.people["secretary", "same"]).get(f"/history/roster.person/{given.person_id}").status_code == 404


def test_a_notice_has_a_history_for_whoever_has_a_part_in_its_organisation(town):  # noqa: F811
    """The public sees the board and not how it came about."""
    now = town.house.bus("notice").room.clock.now()
    fact = NoticePosted(version=1, acted_by="notice", acted_by_name="公开栏", acted_at=now,
                        notice_id="ntc_history", organisation_id=town.organisations["V"], kind="progress", of="plg_x", title="路灯装好 12 盏",
                        person="演V", posted_at=now, scope="society")
    with town.house.bus("notice").writing() as unit:
        unit.announce(fact)
        unit.sql.execute(insert(notice_table).values(
            notice_id="ntc_history", version=1, organisation_id=town.organisations["V"], kind="progress", of="plg_x", title="路灯装好 12 盏",
            person="演V", posted_at=unit.now, state="posted", detail="", from_epoch=1, from_version=1))
    said = text(browser(town, town.people["clerk", "same"]).get("/history/notice.notice/ntc_history"))
    assert "公示的办理经过" in said and "路灯装好 12 盏" in said
    assert browser(town, town.people["clerk", "outside"]).get("/history/notice.notice/ntc_history").status_code == 404


def test_a_zone_s_history_leads_back_to_the_zones(town):  # noqa: F811
    clerk = town.people["clerk", "same"]
    zone = town.house.call(clerk, OpenZone(organisation_id=town.organisations["V"], kind="pioneer", name="先锋岗", place="村口",
                                           member_ids=(town.members["V"],)))
    page = browser(town, clerk).get(f"/history/roster.zone/{zone.zone_id}").text
    assert re.search(r'<a href="/tree/zones[^"]*">责任区</a> ›', page)


def test_what_begins_and_ends_says_so_in_words(town):  # noqa: F811
    """A position, a zone, a unit without an organisation, a system: none of their states is told in the code's own word. [X21]"""
    call, village = town.house.call, town.organisations["V"]
    position = call(town.office, Appoint(organisation_id=village, kind="liaison", member_id=town.members["V"]))
    call(town.office, EndPosition(position_id=position.position_id))
    zone = call(town.people["clerk", "same"], OpenZone(organisation_id=village, kind="pioneer", name="示范岗", place="村部",
                                                       member_ids=(town.members["V"],)))
    call(town.people["clerk", "same"], EndZone(zone_id=zone.zone_id))
    unit = call(town.office, RegisterWorkplace(organisation_id=village, name="竹编合作社", sector="private_enterprise", set_up_on=date(2026, 1, 5)))
    call(town.office, CloseWorkplace(workplace_id=unit.workplace_id, because="没有开业"))
    system = call(town.office, DefineSystem(name="卫健", organisation_id=town.organisations["C"]))
    call(town.office, EndSystem(system_id=system.system_id))
    town.house.settle()
    for address, words in ((f"position/{position.position_id}", "状态 在任 已免职"), (f"zone/{zone.zone_id}", "状态 在用 已撤销"),
                           (f"workplace/{unit.workplace_id}", "状态 待组建 已注销"), (f"system/{system.system_id}", "状态 在用 已停用")):
        assert words in (said := text(browser(town, town.office).get(f"/history/roster.{address}"))), said


def test_what_is_not_there_is_not_found(town):  # noqa: F811
    office = browser(town, town.office)
    for path in ("roster.member/mem_none", "roster.nothing/x", "notice.notice/x", "pledge.pledge/x?before=x", "pledge.pledge/" + "x" * 300):
        assert office.get(f"/history/{path}").status_code == 404, path


def test_every_value_and_every_deed_has_its_word():
    """A new field or event of these services gets its word in ``services/gateway/deeds.py``."""
    topics = [t for t in event.registry if t.partition(".")[0] in SERVICES and ".".join(t.split(".")[:2]) in AGGREGATES]
    assert [t for t in topics if history_words.deed(t) == t] == []
    names = {name for t in topics for name in _names(event.registry[t])}
    bare = {n for n in names if n not in history_words.NAMED and not n.endswith("_id") and n not in history_words.HIDDEN}
    assert sorted(n for n in bare if n not in FIELDS and n not in ("version", "acted_by", "acted_by_name", "acted_at")) == []


def _names(kind) -> set[str]:
    import dataclasses
    import typing
    found = set()
    for name, hint in typing.get_type_hints(kind).items():
        inner = [hint, *typing.get_args(hint), *(a for h in typing.get_args(hint) for a in typing.get_args(h))]
        nested = next((a for a in inner if dataclasses.is_dataclass(a)), None)
        if name in {f.name for f in dataclasses.fields(kind)}:
            found |= {name} | (_names(nested) if nested else set())
    return found


