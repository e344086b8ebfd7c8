"""Exemption 免予承诺: its states, its days, and what a branch may propose (A4)."""
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.pledge.domain.exemption import NAMES, OPEN, Approver, Exemption, Meeting, Words, day_counted, demand_sound, latest, months_later
from services.pledge.domain.policy import ExemptionPolicy
from services.pledge.domain.refusals import Incomplete, NotReady, NotYours
from wire.contracts.pledge import EXEMPTION_STATES

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
TODAY = AT.date()
POLICY = ExemptionPolicy()
ABOVE = Approver({"mem_chen"}, "陈镇书记", of_the_branch=False)
WORDS = Words(ground="患病", reason="长期卧床", conclusion="同意免予承诺")
MEETING = Meeting(kind="支委会", on=TODAY, due=5, present=4)
UNTIL = date(2026, 12, 31)


def proposed(**more):
    return replace(Exemption(
        id="exm_1", organisation_id="org_village", member_id="mem_zhang", member_name="张三", until_on=UNTIL, proposed_by="mem_li",
        proposed_by_name="李书记", proposed_at=AT), **more)


def granted(on=TODAY, **more):
    return proposed(**more).approved(ABOVE, AT, on)


#: what may happen to an exemption, on some day
VERBS = {
    "approve": lambda e, on: e.approved(ABOVE, AT, on), "refuse": lambda e, on: e.refused(ABOVE, AT, on, POLICY),
    "withdraw": lambda e, on: e.withdrawn(on, POLICY),
    "revoke": lambda e, on: e.revoked(on, POLICY), "expire": lambda e, on: e.overtaken("expired", on, POLICY),
    "move": lambda e, on: e.overtaken("moved", on, POLICY), "leave": lambda e, on: e.overtaken("left", on, POLICY)}


@given(st.lists(st.tuples(st.sampled_from(sorted(VERBS)), st.integers(0, 40)), max_size=12), st.integers(0, 500))
def test_whatever_happens_it_is_granted_by_approval_alone_and_never_after_it_was_closed(steps, later):
    """[A4]"""
    one, day, seen = proposed(), TODAY, ["proposed"]
    for verb, days in steps:
        day, before = day + timedelta(days=days), one
        try:
            one = VERBS[verb](one, day)
        except NotReady:
            continue
        assert (one is before) == (one.version == before.version), "a version more for every change and for nothing else"
        assert one is VERBS[verb](one, day), "a second call changes nothing"
        if one is not before:
            assert before.state in OPEN and one.version == before.version + 1
            assert (one.state == "granted") == (verb == "approve")
            seen.append(one.state)
    assert seen in (["proposed"], ["proposed", "granted"], ["proposed", "refused"], ["proposed", "ended"], ["proposed", "granted", "ended"])
    on = TODAY + timedelta(days=later)
    if one.in_force(on):
        assert "granted" in seen and one.from_on <= on <= UNTIL and (one.ended_on is None or on < one.ended_on)
    assert (one.forget_on is None) == (one.state in OPEN), "words of what is closed have an end, of what is open none"


def test_it_holds_from_the_day_of_approval_to_its_last_day_both_included():
    """[A4]"""
    one = granted()
    assert [one.in_force(day) for day in (TODAY - timedelta(days=1), TODAY, UNTIL, UNTIL + timedelta(days=1))] == [False, True, True, False]
    over = one.withdrawn(TODAY + timedelta(days=10), POLICY)
    assert [over.in_force(TODAY + timedelta(days=n)) for n in (9, 10)] == [True, False]
    assert (over.ended_because, over.forget_on) == ("withdrawn", date(2027, 3, 12))


def test_nobody_approves_their_own_nor_what_they_had_a_part_in():
    """[A4]"""
    for who in (Approver({"mem_zhang"}, "张三", False), Approver({"mem_li"}, "李书记", False), Approver({"mem_chen"}, "陈镇书记", True)):
        with pytest.raises(NotYours):
            proposed().demand_approver(who)
    proposed().demand_approver(ABOVE)


def test_what_is_past_its_day_is_not_approved():
    with pytest.raises(NotReady):
        proposed().approved(ABOVE, AT, UNTIL + timedelta(days=1))


def wrong(words=WORDS, until_on=UNTIL, meeting=MEETING, policy=POLICY, issues=True):
    try:
        demand_sound(words, until_on, meeting, policy, today=TODAY, issues=issues)
    except Incomplete as refused:
        return set(refused.errors)
    return set()


def test_a_proposal_is_told_everything_that_is_wrong_at_once():
    """[A4]"""
    assert wrong() == set()
    assert wrong(replace(WORDS, ground="事务忙", conclusion=" "), TODAY - timedelta(days=1), Meeting(kind="碰头会", on=TODAY + timedelta(days=1),
                 due=3, present=4)) == {"ground", "until_on", "meeting_kind", "meeting_on", "meeting_present", "conclusion"}
    assert wrong(until_on=latest(POLICY, TODAY)) == set() and wrong(until_on=latest(POLICY, TODAY) + timedelta(days=1)) == {"until_on"}


def test_without_a_meeting_only_where_the_county_says_so_and_only_by_who_may_decide():
    """[A4]"""
    free = replace(POLICY, needs_meeting=False)
    everything = {"meeting_kind", "meeting_on", "meeting_present"}
    assert wrong(meeting=Meeting()) == everything
    assert wrong(meeting=Meeting(), policy=free) == set()
    assert wrong(meeting=Meeting(), policy=free, issues=False) == everything, "who records does not decide"
    assert wrong(meeting=replace(MEETING, due=0), policy=free) == {"meeting_present"}, "what is said of a meeting must be whole"


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(0, 120))
def test_months_later_is_the_same_day_or_the_last_of_a_shorter_month(day, months):
    found = months_later(day, months)
    assert (found.year - day.year) * 12 + found.month - day.month == months
    assert found.day == day.day or (found.day < day.day and (found + timedelta(days=1)).day == 1)


def test_a_year_is_counted_as_of_today_or_as_of_its_nearest_day():
    assert [day_counted(year, TODAY) for year in (2025, 2026, 2027)] == [date(2025, 12, 31), TODAY, date(2027, 1, 1)]


def test_a_refusal_and_the_pages_call_a_state_alike():
    assert NAMES == EXEMPTION_STATES
