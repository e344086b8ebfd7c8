"""免诺 behind its doors and on its books: SQLite and PostgreSQL, the list, the history, the operation log (A4)."""
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from services.pledge.service import PledgeService
from services.pledge.storage.tables import exemptions
from tests.component.pledge.test_books import Shelf, shelf  # noqa: F401
from tests.component.pledge.test_doors import refused, topics
from tests.fakes import NOW, all_pages, person
from tests.fakes_pledge import CLERK, SECRETARY, SUPERIOR, ZHANG
from tests.unit.pledge.test_exemption import TODAY, granted, proposed
from tests.unit.pledge.test_exempting import asked
from wire.bus.tables import audit, history
from wire.contracts.calls import Stale
from wire.contracts.history import read_history_of
from wire.contracts.pledge import (
    ApproveExemption, ListExemptions, Pledged, PledgedAmong, ReadCoverage, ReadExemption, ReadExemptionRules, RefuseExemption, WithdrawExemption,
)
from wire.contracts.roster import MemberLeft, MemberMoved

OFFICE = person("office", "org_county", name="县办一")


def today(running):
    with running.reading("pledge") as unit:
        return unit.today


def proposal(running, member_id="mem_zhang", **more):
    now = today(running)
    return asked(member_id, **{"until_on": now + timedelta(days=90), "meeting_on": now} | more)


def listed(running, actor, **more):
    return running.call(actor, ListExemptions(**{"organisation_id": "org_village"} | more))


def test_an_exemption_goes_its_whole_way(running):
    """Proposed for the branch by the clerk, approved above, withdrawn by the branch: told twice, kept with who and when. [A4] [X21]"""
    one = running.call(CLERK, replace(proposal(running), member_id="mem_group"))
    assert refused(running, SECRETARY, ApproveExemption(exemption_id=one.exemption_id)) == ("forbidden", 403)
    for _ in range(2):
        assert running.call(SUPERIOR, ApproveExemption(exemption_id=one.exemption_id)).state == "granted"
    assert running.call(SECRETARY, ReadCoverage(organisation_id="org_village", year=today(running).year)).exempt == 1
    for _ in range(2):
        running.call(SECRETARY, WithdrawExemption(exemption_id=one.exemption_id, note="已经康复"))
    running.settle()
    assert topics(running) == ["granted", "ended"]
    seen = running.call(SECRETARY, ReadExemption(exemption_id=one.exemption_id))
    assert (seen.reason, seen.note, seen.decided_by_name, seen.meeting_kind) == ("长期卧床", "已经康复", "陈镇书记", "支委会")
    among = PledgedAmong(member_ids=("mem_group", "mem_zhang"))
    assert running.call(OFFICE, among) == (Pledged(subject_id="mem_group", pledges=0, exemptions=1),), "no import of theirs is taken back"
    page = running.call(SECRETARY, read_history_of("pledge").request(aggregate="pledge.exemption", aggregate_id=one.exemption_id))
    assert [(e.person_name, e.on_behalf_of, e.what) for e in page.entries] == [
        ("李书记", "", "pledge.exemption.ended.v1"), ("陈镇书记", "", "pledge.exemption.granted.v1"),
        ("王会计", "village", "pledge.exemption.proposed")]
    assert page.name == "孙八"
    with running.reading("pledge") as unit:
        lines = unit.sql.execute(select(audit.c.operation, audit.c.person_name, audit.c.subject, audit.c.organisation_id)).all()
        kept = unit.sql.scalars(select(history.c.state).where(history.c.aggregate == "pledge.exemption")).all()
    assert [line for line in lines if "propose" in line[0]] == [("pledge.propose_exemption", "王会计", "mem_group", "org_village")]
    assert not [state for state in kept if "卧床" in state or "患病" in state or "康复" in state]


@pytest.mark.parametrize("above", [SUPERIOR, OFFICE])
def test_above_what_was_approved_is_revoked_and_what_waits_is_only_decided(running, above):
    """Recorded as theirs, not as the branch's. [A4]"""
    one = running.call(CLERK, proposal(running))
    taken_back = WithdrawExemption(exemption_id=one.exemption_id, note="情况不符")
    assert refused(running, above, taken_back) == ("not_ready", 409)
    running.call(SUPERIOR, ApproveExemption(exemption_id=one.exemption_id))
    for _ in range(2):
        assert running.call(above, taken_back).ended_because == "revoked"
    running.settle()
    assert topics(running) == ["granted", "ended"] and running.call(SECRETARY, ReadExemption(exemption_id=one.exemption_id)).note == "情况不符"
    mine = running.call(CLERK, proposal(running))
    assert running.call(SECRETARY, replace(taken_back, exemption_id=mine.exemption_id)).ended_because == "withdrawn", "the branch its own"


def test_the_list_is_searched_narrowed_and_paged_and_says_what_waits_for_whom(running):
    """[A4] [X17]"""
    for member_id, actor in (("mem_zhang", SECRETARY), ("mem_group", CLERK), ("mem_active", CLERK)):
        running.call(actor, proposal(running, member_id))
    pages = all_pages(lambda after: listed(running, SECRETARY, after=after, limit=2), "exemptions")
    assert [one.member_name for one in pages] == ["赵六", "孙八", "张三"]
    assert [one.member_name for one in listed(running, SECRETARY, search="孙").exemptions] == ["孙八"]
    assert listed(running, SECRETARY, search="%").total == 0 and listed(running, SECRETARY, state="granted").total == 0
    assert [one.member_name for one in listed(running, ZHANG).exemptions] == ["张三"], "a member sees their own"
    above = {"organisation_id": "org_town", "below": True}
    assert listed(running, SUPERIOR, **above).total == 3 and listed(running, SUPERIOR, organisation_id="org_town").total == 0
    assert listed(running, SUPERIOR, **above, to_decide=True).total == 3
    assert listed(running, OFFICE, organisation_id="org_county", below=True, to_decide=True).total == 3
    itself = replace(SUPERIOR, member_id="mem_zhang")
    assert {one.member_name for one in listed(running, itself, **above, to_decide=True).exemptions} == {"赵六", "孙八"}
    both = replace(SUPERIOR, grants=(*SUPERIOR.grants, *SECRETARY.grants))
    assert listed(running, both, **above, to_decide=True).total == 0, "what one had a part in waits for somebody else"
    assert listed(running, SECRETARY, to_decide=True).total == 0
    assert refused(running, person("liaison", "org_town", name="刘联络"), ListExemptions(organisation_id="org_village"))[0] == "forbidden"


def test_it_ends_when_the_roster_says_the_member_moved_or_left(running):
    """[A4] [A7]"""
    for member_id in ("mem_zhang", "mem_group"):
        one = running.call(CLERK, proposal(running, member_id))
        running.call(SUPERIOR, ApproveExemption(exemption_id=one.exemption_id))
    by = {"acted_by": "prs_office", "acted_by_name": "县办", "acted_at": NOW, "version": 2, "kind": "member"}
    running.hear(
        MemberMoved(member_id="mem_zhang", code="mem_zhang", name="张三", sort_key="张三", organisation_id="org_other", **by),
        MemberLeft(member_id="mem_group", code="mem_group", name="孙八", sort_key="孙八", organisation_id="org_group", state="left", **by))
    assert {one.member_name: one.ended_because for one in listed(running, SECRETARY).exemptions} == {"张三": "moved", "孙八": "left"}
    assert topics(running) == ["granted", "granted", "ended", "ended"]


def test_the_clock_ends_what_is_past_and_takes_out_what_is_kept_no_longer(running):
    """By itself, told to others once; the rest of the record stays. [A4] [X38]"""
    with running.bus("pledge").writing() as unit:
        book, last = unit.books.exemptions, unit.today - timedelta(days=1)
        book.add(granted(on=last, until_on=last, words=b"sealed"))
        book.add(replace(proposed(id="exm_2", member_id="mem_li", words=b"sealed"), state="refused", forget_on=unit.today))
    clock = PledgeService()
    clock.bus = running.bus("pledge")
    for _ in range(2):
        clock.sweep()
    running.settle()
    assert topics(running) == ["ended"]
    with running.reading("pledge") as unit:
        past, gone = unit.books.exemptions.peek("exm_1"), unit.books.exemptions.peek("exm_2")
    assert (past.state, past.ended_because, past.words) == ("ended", "expired", b"sealed") and (gone.words, gone.state) == (b"", "refused")


def test_the_rules_say_what_may_be_proposed_here(running):
    rules = running.call(CLERK, ReadExemptionRules(organisation_id="org_village"))
    assert rules.grounds == ("年老", "患病") and rules.needs_meeting and rules.latest_on > today(running) + timedelta(days=360)
    assert refused(running, CLERK, proposal(running, until_on=rules.latest_on + timedelta(days=1))) == ("incomplete", 422)
    one = running.call(CLERK, proposal(running, until_on=rules.latest_on))
    running.call(SUPERIOR, RefuseExemption(exemption_id=one.exemption_id, note="材料不足"))
    assert refused(running, SUPERIOR, ApproveExemption(exemption_id=one.exemption_id)) == ("not_ready", 409)


def test_a_book_keeps_one_open_of_a_member_and_branch(shelf):  # noqa: F811
    one = proposed(words=b"sealed", meeting_kind="支委会", meeting_on=TODAY, meeting_due=5, meeting_present=4)
    with shelf.open() as books:
        book = books.exemptions
        assert book.add(one) and not book.add(replace(one, id="exm_2"))
        assert book.add(replace(one, id="exm_3", organisation_id="org_other")) and book.add(replace(one, id="exm_4", member_id="mem_li"))
        assert (book.get("exm_1"), book.peek("exm_1"), book.get("exm_2")) == (one, one, None)
        assert [e.id for e in book.open_of(["mem_zhang"])] == ["exm_1", "exm_3"] and book.open_of([]) == []
        after = granted(words=b"sealed")
        book.save(after, 1)
        assert book.get("exm_1") == after
        with pytest.raises(Stale):
            book.save(replace(after, version=9), 8)


def test_a_book_counts_by_days_ends_what_is_past_and_forgets_words_in_time(shelf):  # noqa: F811
    """[A4] [X38]"""
    until, members, here = date(2026, 12, 31), ["mem_zhang", "mem_li"], ["org_village"]
    with shelf.open() as books:
        book = books.exemptions
        book.add(granted(words=b"sealed"))
        book.add(proposed(id="exm_2", member_id="mem_li", words=b"sealed"))
        assert [book.exempt(members, here, day) for day in (TODAY, until, until + timedelta(days=1))] == [{"mem_zhang"}, {"mem_zhang"}, set()]
        assert book.exempt(members, ["org_other"], TODAY) == set() == book.exempt([], here, TODAY)
        assert book.past(until, 9) == [] and [e.id for e in book.past(until + timedelta(days=1), 9)] == ["exm_1", "exm_2"]
        assert len(book.past(until + timedelta(days=1), 1)) == 1
        over = replace(granted(words=b"sealed"), state="ended", ended_on=until, forget_on=until, version=3)
        book.save(over, 2)
        assert book.exempt(members, here, until) == set() and book.exempt(members, here, until - timedelta(days=1)) == {"mem_zhang"}
        assert [book.forget(day, 9) for day in (until - timedelta(days=1), until, until)] == [0, 1, 0]
        assert (book.get("exm_1").words, book.get("exm_2").words) == (b"", b"sealed")


def test_the_words_lie_sealed_on_the_disk(running):
    """[A4] [X18] [X38]"""
    running.call(CLERK, proposal(running))
    with running.reading("pledge") as unit:
        words = unit.sql.scalar(select(exemptions.c.words))
    assert "卧床".encode() not in words and len(words) > 50
    files = [path.read_bytes() for path in running.settings.data.iterdir() if path.is_file()]
    assert files and not [1 for content in files if "长期卧床".encode() in content]
