"""免诺 through the use cases: the branch proposes, the superior decides, coverage follows, and who may read why (A4)."""
import json
from dataclasses import replace
from datetime import timedelta

import pytest

from services.pledge import usecases
from services.pledge.domain.policy import CoveragePolicy
from services.pledge.domain.refusals import AlreadyExempt, Incomplete, NotYours
from tests.fakes import NOW, FakeUnit, day, member, person
from tests.fakes_pledge import CLERK, FAR_CLERK, SECRETARY, SUPERIOR, ZHANG, Village
from tests.unit.pledge.test_floating import coverage, draft, pledged
from wire.bus.sealing import Vault
from wire.contracts.calls import Forbidden, NotFound
from wire.contracts.event import facts_of
from wire.contracts.pledge import (
    ApproveExemption, ExemptionEnded, ExemptionGranted, ProposeExemption, ReadCoverage, ReadExemption, RefuseExemption, WithdrawExemption,
)
from wire.contracts.roster import MemberMoved

VAULT = Vault("a secret of these tests")
LIAISON = person("liaison", "org_town", member_id="mem_liu", name="刘联络")


def asked(member_id="mem_zhang", organisation_id="org_village", **more):
    return ProposeExemption(**{
        "organisation_id": organisation_id, "member_id": member_id, "ground": "患病", "reason": "长期卧床", "until_on": day("2026-12-31"),
        "meeting_kind": "支委会", "meeting_on": day("2026-03-01"), "meeting_due": 5, "meeting_present": 4, "conclusion": "同意免予承诺"} | more)


def propose(village, actor=SECRETARY, **more):
    return village.do(actor, usecases.propose_exemption, asked(**more), VAULT)


def approve(village, one, actor=SUPERIOR):
    return village.do(actor, usecases.approve_exemption, ApproveExemption(exemption_id=one.exemption_id))


def withdraw(village, one, actor=SECRETARY):
    return village.do(actor, usecases.withdraw_exemption, WithdrawExemption(exemption_id=one.exemption_id, note="已经康复"), VAULT)


def read(village, one, actor=SECRETARY):
    return village.do(actor, usecases.read_exemption, ReadExemption(exemption_id=one.exemption_id), VAULT)


def news(village, member_id, **now):
    """The roster said so: the directory has it, and the exemptions follow."""
    village.directory.members[member_id] = member(village.directory.members[member_id] | now)
    told = MemberMoved(member_id=member_id, code="M", name="张三", sort_key="zhang", kind="member", organisation_id="org_other", version=2,
                       acted_by="prs_office", acted_by_name="县办", acted_at=NOW)
    unit = FakeUnit(village.books, actor=person("office", "org_town"), directory=village.directory)
    usecases.follow_roster(unit, [type("Said", (), {"event": told})])
    village.announced += unit.announced
    return unit


def test_two_steps_by_two_people_and_each_announces_once():
    """The branch's decision is no exemption; the superior's approval is, from that day on. [A4]"""
    village = Village()
    one = propose(village, CLERK)
    assert (one.state, village.announced) == ("proposed", []) and propose(village, SECRETARY) == one, "the same again: the same answer"
    assert coverage(village, "org_village", SECRETARY).exempt == 0
    assert approve(village, one).state == "granted" and approve(village, one).state == "granted"
    assert village.topics() == ["ExemptionGranted"]
    assert withdraw(village, one).state == "ended" and withdraw(village, one).ended_because == "withdrawn"
    assert village.topics() == ["ExemptionGranted", "ExemptionEnded"]


def test_who_is_exempt_is_counted_apart_and_no_longer_among_the_unpledged():
    """Shown as a number of their own, by name to who works with persons; out of the denominator unless the county counts them. [A4] [A2]"""
    village = Village()
    before = coverage(village, "org_village", SECRETARY)
    approve(village, propose(village))
    found = coverage(village, "org_village", SECRETARY)
    assert (found.exempt, [one.name for one in found.exempted], found.expected) == (1, ["张三"], before.expected - 1)
    assert {one.name for one in before.uncovered} - {one.name for one in found.uncovered} == {"张三"}
    assert found.pledged + len(found.uncovered) == found.expected
    followed = coverage(village, "org_village", LIAISON)
    assert (followed.exempt, followed.exempted) == (1, ()), "who only follows is told how many"
    counted = Village(policies={CoveragePolicy: CoveragePolicy(exempt_counted=True)})
    approve(counted, propose(counted))
    assert (coverage(counted, "org_village", SECRETARY).expected, coverage(counted, "org_village", SECRETARY).exempt) == (before.expected, 1)


def test_an_exempt_member_who_pledges_all_the_same_has_pledged():
    """Encouraged to do what they can: the exemption asks nothing and forbids nothing. [A4] [A6]"""
    village = Village()
    approve(village, propose(village))
    assert draft(village, "org_village", CLERK).pledgor_name == "张三"
    pledged(village, "org_village")
    found = coverage(village, "org_village", SECRETARY)
    assert (found.pledged, found.exempt) == (0, 1), "signed, and not public yet: as the board counts it"
    one = village.books.pledges.kept["plg_1"]
    village.books.pledges.kept["plg_1"] = replace(one, state="published", published_at=NOW)
    found = coverage(village, "org_village", SECRETARY)
    assert (found.pledged, found.exempt, found.exempted) == (1, 0, ())


def test_a_year_gone_by_is_counted_as_it_ended():
    village = Village()
    approve(village, propose(village))

    def exempt(year):
        return village.do(SECRETARY, usecases.read_coverage, ReadCoverage(organisation_id="org_village", year=year)).exempt
    assert [exempt(year) for year in (2025, 2026, 2027)] == [0, 1, 0]
    village.now = NOW.replace(year=2027)
    assert [exempt(year) for year in (2026, 2027)] == [1, 0]


def test_nobody_decides_on_what_is_their_own_and_the_clerk_never():
    """[A4]"""
    village = Village()
    with pytest.raises(Forbidden):
        propose(village, CLERK, member_id="mem_wang")
    with pytest.raises(Forbidden):
        propose(village, SECRETARY, member_id="mem_li")
    one = propose(village, CLERK)
    for who in (CLERK, SECRETARY):
        with pytest.raises(Forbidden):
            approve(village, one, who)
    with pytest.raises(Forbidden):
        withdraw(village, one, CLERK)
    both = replace(SECRETARY, member_id="mem_wu", grants=(*SECRETARY.grants, *SUPERIOR.grants))
    for who in (replace(SUPERIOR, member_id="mem_wang"), both):
        with pytest.raises(NotYours):
            approve(village, one, who)
    assert approve(village, one).state == "granted"


def test_a_second_one_waits_for_the_first_to_end_and_another_branch_has_no_say():
    """[A4] [A7]"""
    village = Village()
    one = propose(village)
    with pytest.raises(AlreadyExempt):
        propose(village, reason="又一份材料")
    with pytest.raises(NotFound):
        propose(village, FAR_CLERK, organisation_id="org_other")
    with pytest.raises(Incomplete):
        propose(village, member_id="mem_wang", meeting_kind="")
    refused = village.do(SUPERIOR, usecases.refuse_exemption, RefuseExemption(exemption_id=one.exemption_id, note="材料不足"), VAULT)
    assert (refused.state, village.announced) == ("refused", []), "what others never heard of is not announced"
    assert read(village, one).note == "材料不足" and propose(village, reason="补了材料").state == "proposed"


def test_a_member_of_a_party_group_is_exempt_in_the_branch():
    village = Village()
    approve(village, propose(village, member_id="mem_group", organisation_id="org_group"))
    assert [one.name for one in coverage(village, "org_village", SECRETARY).exempted] == ["孙八"]


@pytest.mark.parametrize(("now", "because"), [
    ({"organisation_id": "org_other"}, "moved"), ({"inflow_id": "org_other", "whereabouts": "inflow"}, "moved"), ({"state": "left"}, "left")])
def test_it_ends_where_the_member_pledges_no_more(now, because):
    """[A4] [A7]"""
    village = Village()
    approve(village, propose(village))
    assert news(village, "mem_zhang").announced == [], "what is heard again ends nothing that stands"
    [ended] = news(village, "mem_zhang", **now).announced
    assert (type(ended), ended.ended_because, ended.acted_by_name) == (ExemptionEnded, because, "县办")
    assert news(village, "mem_zhang", **now).announced == []


def test_a_proposal_whose_member_left_is_dropped_without_a_word_to_others():
    village = Village()
    one = propose(village)
    unit = news(village, "mem_zhang", state="left")
    assert unit.announced == [] and [what for _, _, _, what, _ in unit.remembered] == ["pledge.exemption.dropped"]
    assert read(village, one).ended_because == "left"


def test_its_day_ends_it_and_its_words_go_when_their_time_is_over():
    """[A4] [X38]"""
    village = Village()
    one = approve(village, propose(village))
    clock = FakeUnit(village.books, actor=person("office"), directory=village.directory, now=NOW.replace(year=2027, month=1, day=1))
    assert (usecases.end_past(clock, 10), usecases.end_past(clock, 10)) == (1, 0)
    [ended] = clock.announced
    assert (ended.ended_because, ended.ended_on, ended.acted_by_name) == ("expired", day("2027-01-01"), "系统")
    assert read(village, one).reason == "长期卧床"
    assert village.books.exemptions.forget(day("2027-12-31"), 10) == 0 and village.books.exemptions.forget(day("2028-01-01"), 10) == 1
    assert (read(village, one).reason, read(village, one).ground, read(village, one).meeting_present) == ("", "", 4)


def test_why_is_told_to_who_works_with_persons_and_to_the_member_and_to_nobody_else():
    """Not in the event, not in the history, not in the answer to a change, and not legibly in the row. [A4] [X18]"""
    village = Village()
    one = propose(village)
    approve(village, one)
    for who in (SECRETARY, CLERK, SUPERIOR, ZHANG):
        assert read(village, one, who).reason == "长期卧床"
    for who in (LIAISON, FAR_CLERK, person("auditor", "org_town"), person("member", member_id="mem_wang")):
        with pytest.raises(NotFound):
            read(village, one, who)
    [event] = village.announced
    assert isinstance(event, ExemptionGranted) and event.scope == "branch"
    told = json.dumps(facts_of(event), ensure_ascii=False) + repr(one)
    assert not [word for word in ("患病", "卧床", "同意免予") if word in told]
    assert "张三" not in json.dumps(facts_of(event), ensure_ascii=False)
    assert "患病".encode() not in village.books.exemptions.get(one.exemption_id).words


def test_what_is_too_late_to_approve_is_said():
    village = Village()
    one = propose(village, until_on=day("2026-03-10"))
    village.now = NOW + timedelta(days=30)
    with pytest.raises(Exception, match="期限已经过去"):
        approve(village, one)
