"""Pledge behind its doors: signed calls, the real bus, a migrated database."""
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import event, select

from services.pledge.domain.letter import digest_of
from services.pledge.storage import Books
from services.pledge.storage.tables import pledges
from tests.fakes import person
from tests.fakes_pledge import CLERK, FAR_CLERK, SECRETARY, SUPERIOR, ZHANG
from tests.unit.pledge.worlds import draft, item, signed
from wire.bus.tables import history, outbox
from wire.bus.unit import transaction
from wire.contracts.calls import Remote
from wire.contracts.evaluation import EvaluationCompleted, EvaluationRetracted, ItemOutcome
from wire.contracts.pledge import (
    ApprovePledge, ClaimItem, CriterionVerdict, DraftPledge, ItemDraft, ListPledges, Pledged, PledgedAmong, Published, PublishPledges,
    ReadCoverage, ReadPledge, RecordProgress, ReturnPledge, ReviewItem, SaveDraft, SignPledge, SubmitPledge,
    VerifyItem,
)

LAMPS = ItemDraft(matter="为20户安装路灯", target="20盏", deadline_on=date(2026, 12, 31))
VISITS = ItemDraft(matter="走访困难家庭12次", target="每月一次")


def drafted(house, actor=CLERK, member_id="mem_zhang", **more):
    return house.call(actor, DraftPledge(organisation_id="org_village", member_id=member_id, year=2026, items=(LAMPS, VISITS), **more))


def approved(house, **more):
    pledge = drafted(house, **more)
    house.call(CLERK, SubmitPledge(pledge_id=pledge.pledge_id))
    for one in pledge.items:
        house.call(SECRETARY, ReviewItem(pledge_id=pledge.pledge_id, item_id=one.item_id, verdicts=tuple(
            CriterionVerdict(criterion=c, met=True) for c in pledge.criteria)))
    return house.call(SECRETARY, ApprovePledge(pledge_id=pledge.pledge_id))


def published(house):
    pledge = house.call(SECRETARY, SignPledge(pledge_id=approved(house).pledge_id))
    house.call(SECRETARY, PublishPledges(pledge_ids=(pledge.pledge_id,)))
    return pledge


def topics(house):
    with house.reading("pledge") as unit:
        return [t.split(".")[2] for t in unit.sql.scalars(select(outbox.c.topic).order_by(outbox.c.seq))]


def refused(house, actor, request):
    with pytest.raises(Remote) as caught:
        house.call(actor, request)
    return caught.value.code, caught.value.status


def test_a_pledge_goes_its_whole_way(running):
    """From the draft to the closed item; every step is announced once and stands in the history. [F3] [F5] [D1]"""
    pledge = published(running)
    one = {"pledge_id": pledge.pledge_id, "item_id": pledge.items[0].item_id}
    running.call(ZHANG, RecordProgress(**one, progress=60, note="已装12盏"))
    running.call(CLERK, ClaimItem(**one, evidence="现场照片"))
    running.call(SECRETARY, VerifyItem(**one, solved=True, implemented=True, satisfied=True))
    running.settle()
    assert topics(running) == ["submitted", "approved", "signed", "published", "item_progressed", "item_claimed", "item_fulfilled"]
    seen = running.call(SECRETARY, ReadPledge(pledge_id=pledge.pledge_id))
    assert [(h.by_name, h.on_behalf_of, h.what) for h in seen.history] == [
        ("王会计", "张三", "起草"), ("王会计", "张三", "提交审诺"), ("李书记", "", "逐项审查"), ("李书记", "", "逐项审查"), ("李书记", "", "审定"),
        ("李书记", "", "定诺，一式三份"), ("李书记", "", "亮诺公示"), ("张三", "", "填报进展"), ("王会计", "张三", "申请销号"),
        ("李书记", "", "核验通过，销号")]
    assert (seen.items[0].state, seen.acted_by_name, len(seen.reviews), len(seen.gates)) == ("fulfilled", "李书记", 2, 1)
    with running.reading("pledge") as unit:
        letter = Books(unit.sql).letters.of(pledge.pledge_id)
    assert digest_of(letter.text) == seen.letter_hash and letter.number == seen.number == "2026-001"


def test_the_reply_of_a_change_reads_like_the_pledge_read_afterwards(running):
    reply = approved(running)
    read = running.call(SECRETARY, ReadPledge(pledge_id=reply.pledge_id))
    assert replace(reply, acted_at=read.acted_at) == replace(read, history=reply.history)
    assert [replace(h, at=read.acted_at) for h in reply.history] == [replace(h, at=read.acted_at) for h in read.history]


def test_a_draft_is_no_event_and_keeps_its_history(running):
    """Drafts leave the house by nothing; "as of" works from the first day."""
    pledge = drafted(running)
    running.call(CLERK, SaveDraft(pledge_id=pledge.pledge_id, version=1, items=(LAMPS,)))
    assert topics(running) == []
    with running.reading("pledge") as unit:
        states = unit.sql.scalars(select(history.c.state).order_by(history.c.seq)).all()
    assert ["走访困难家庭12次" in s for s in states] == [True, False]


def test_a_draft_answers_another_village_like_no_draft(running):
    """[X17]"""
    pledge = drafted(running)
    for pledge_id in (pledge.pledge_id, "plg_nothing"):
        assert refused(running, FAR_CLERK, ReadPledge(pledge_id=pledge_id)) == ("not_found", 404)
        assert refused(running, FAR_CLERK, SubmitPledge(pledge_id=pledge_id)) == ("not_found", 404)
    assert running.call(SECRETARY, ReadPledge(pledge_id=pledge.pledge_id)).state == "drafted"


def test_a_stale_draft_is_refused_with_the_version_there_is(running):
    pledge = drafted(running)
    save = SaveDraft(pledge_id=pledge.pledge_id, version=1, items=(LAMPS,))
    running.call(CLERK, save)
    with pytest.raises(Remote) as caught:
        running.call(ZHANG, replace(save, items=(VISITS,)))
    assert (caught.value.code, caught.value.status, caught.value.errors) == ("stale", 412, {"version": ["2"]})


def test_refusals_of_the_rules_cross_with_code_and_sentence(running):
    pledge = drafted(running)
    assert refused(running, SECRETARY, ApprovePledge(pledge_id=pledge.pledge_id)) == ("not_ready", 409)
    running.call(CLERK, SubmitPledge(pledge_id=pledge.pledge_id))
    assert refused(running, SECRETARY, ApprovePledge(pledge_id=pledge.pledge_id)) == ("not_reviewed", 409)
    assert refused(running, CLERK, ReturnPledge(pledge_id=pledge.pledge_id, reason="不行")) == ("forbidden", 403)
    own = drafted(running, actor=SECRETARY, member_id="")
    assert refused(running, SECRETARY, ApprovePledge(pledge_id=own.pledge_id)) == ("not_yours", 403)


def test_the_same_key_does_the_work_once(running):
    draft_ = DraftPledge(organisation_id="org_village", member_id="mem_zhang", year=2026, items=(LAMPS,))
    first, second = (running.call(CLERK, draft_, key="key_1") for _ in range(2))
    assert first == second
    assert len(running.call(CLERK, ListPledges(organisation_id="org_village", year=2026)).pledges) == 1


def stored(house, amount):
    """Signed pledges put into the books as they would be after a busy January."""
    made = [replace(signed(draft(*(item(i, id=f"itm_{n}_{i}") for i in (1, 2, 3)), id=f"plg_{n:04d}")), number=f"2026-{n:03d}")
            for n in range(1, amount + 1)]
    with transaction(house.bus("pledge").database) as sql:
        for pledge in made:
            Books(sql).pledges.add(pledge)
    return [p.id for p in made]


def test_two_hundred_are_published_by_as_few_statements_as_two(running):
    """Set by set: no round trip per pledge."""
    ids = stored(running, 202)
    counted = []
    event.listen(running.bus("pledge").database.engine, "before_cursor_execute", lambda *a: counted.append(a[2]))

    def statements(some):
        running.settle()
        counted.clear()
        assert running.call(SECRETARY, PublishPledges(pledge_ids=tuple(some))) == Published(published=len(some), already=0)
        return len([s for s in counted if any(t in s for t in ("pledge", "directory_", "history")) or "INTO outbox" in s])

    few = statements(ids[:2])
    assert few == statements(ids[2:]) <= 12
    running.settle()
    assert topics(running) == ["published"] * 202
    assert running.call(SECRETARY, PublishPledges(pledge_ids=tuple(ids[:200]))) == Published(published=0, already=200)
    assert len(topics(running)) == 202


def evaluation(kind, pledge, version, state):
    return kind(
        version=version, acted_by="prs_secretary", acted_by_name="李书记", acted_at=datetime(2026, 12, 31, tzinfo=UTC),
        evaluation_id="evl_1", organisation_id="org_village", member_id="mem_zhang", member_name="张三",
        pledge_id=pledge.pledge_id, year=2026, state=state, policy_version="default-1",
        outcomes=tuple(ItemOutcome(item_id=i.item_id, verdict="fulfilled") for i in pledge.items))


def test_a_completed_evaluation_is_taken_and_told_once_and_a_retraction_undoes_it(running):
    """[G22] [T15] [T17]"""
    pledge = published(running)
    done = evaluation(EvaluationCompleted, pledge, 3, "completed")
    running.hear(done, done)
    assert topics(running)[-2:] == ["published", "evaluated"]
    seen = running.call(SECRETARY, ReadPledge(pledge_id=pledge.pledge_id))
    assert (seen.state, {i.verdict for i in seen.items}, seen.history[-1].by_name) == ("evaluated", {"fulfilled"}, "李书记")
    running.hear(evaluation(EvaluationRetracted, pledge, 4, "retracted"), done)
    assert topics(running)[-2:] == ["evaluated", "published"]
    assert running.call(SECRETARY, ReadPledge(pledge_id=pledge.pledge_id)).state == "published"


def test_coverage_takes_its_people_from_the_directory(running):
    """[A2] [A3]"""
    published(running)
    found = running.call(SECRETARY, ReadCoverage(organisation_id="org_village", year=2026))
    assert (found.expected, found.pledged, {u.name for u in found.uncovered}) == (4, 1, {"李书记", "王五", "孙八"})
    assert (found.items, found.long_running) == (2, 1)


class TestList:
    def test_pages_follow_one_another_without_a_gap(self, running):
        stored(running, 7)
        seen, totals, after = [], set(), ""
        while True:
            page = running.call(SECRETARY, ListPledges(organisation_id="org_village", year=2026, limit=3, after=after))
            totals.add(page.total)
            seen += page.pledges
            after = page.next
            if not after:
                break
        assert [p.pledge_id for p in seen] == [f"plg_{n:04d}" for n in range(1, 8)] and totals == {7}
        assert {(p.items, p.fulfilled, p.pledgor_name) for p in seen} == {(3, 0, "张三")}

    def test_states_and_members_are_told_apart(self, running):
        pledge = published(running)
        drafted(running, kind="immediate")
        ask = ListPledges(organisation_id="org_village", year=2026)
        assert [p.pledge_id for p in running.call(SECRETARY, replace(ask, state="published")).pledges] == [pledge.pledge_id]
        assert running.call(SECRETARY, replace(ask, member_id="mem_li")).pledges == ()
        assert running.call(SECRETARY, replace(ask, year=2025)).pledges == ()

    def test_closed_items_are_counted_as_the_rules_count_them(self, running):
        pledge = published(running)
        one = {"pledge_id": pledge.pledge_id, "item_id": pledge.items[0].item_id}
        running.call(CLERK, ClaimItem(**one, evidence="照片"))
        running.call(SECRETARY, VerifyItem(**one, solved=True, implemented=True, satisfied=True))
        ask = ListPledges(organisation_id="org_village", year=2026)
        assert running.call(SECRETARY, ask).pledges[0].fulfilled == 1
        running.hear(evaluation(EvaluationCompleted, pledge, 3, "completed"))
        assert running.call(SECRETARY, ask).pledges[0].fulfilled == 2

    def test_a_member_sees_their_own_and_nobody_elses(self, running):
        """[X17]"""
        mine = drafted(running)
        drafted(running, member_id="mem_wang")
        ask = ListPledges(organisation_id="org_village", year=2026)
        assert [p.pledge_id for p in running.call(ZHANG, ask).pledges] == [mine.pledge_id]
        assert refused(running, ZHANG, replace(ask, member_id="mem_wang")) == ("forbidden", 403)

    def test_below_reaches_as_far_as_the_grant(self, running):
        """A town's secretary sees the villages; its clerk, whose grant is the town alone, does not. [X17]"""
        with transaction(running.bus("pledge").database) as sql:
            book = Books(sql).pledges
            for n, place in enumerate(("org_town", "org_village", "org_group", "org_other", "org_county")):
                book.add(draft(item(n, id=f"itm_{n}"), id=f"plg_{n}", organisation_id=place))

        def seen(actor, place):
            page = running.call(actor, ListPledges(organisation_id=place, year=2026, below=True))
            return {p.organisation_id for p in page.pledges}

        assert seen(SUPERIOR, "org_town") == {"org_town", "org_village", "org_group", "org_other"}
        assert seen(person("clerk", "org_town"), "org_town") == {"org_town"}
        assert seen(SECRETARY, "org_village") == {"org_village", "org_group"}
        assert refused(running, SUPERIOR, ListPledges(organisation_id="org_county", year=2026, below=True)) == ("forbidden", 403)
        assert refused(running, FAR_CLERK, ListPledges(organisation_id="org_village", year=2026)) == ("forbidden", 403)

    def test_what_somebody_may_decide_about_is_counted_however_much_it_is(self, running):
        """A superior decides below their own place, a secretary in it and its groups; nobody about their own. [X50]"""
        with transaction(running.bus("pledge").database) as sql:
            book = Books(sql).pledges
            for n, (place, whose) in enumerate((("org_town", "mem_t"), ("org_village", "mem_li"), ("org_group", "mem_g"), ("org_other", ""),
                                                ("org_village", "mem_zhang"))):
                book.add(draft(item(n, id=f"itm_{n}"), id=f"plg_{n}", organisation_id=place, member_id=whose, state="submitted",
                               submitted_at=datetime(2026, 3, 9 - n, tzinfo=UTC)))

        def seen(actor, place, **more):
            page = running.call(actor, ListPledges(organisation_id=place, year=2026, state="submitted", below=True, to_decide=True, **more))
            return [p.pledge_id for p in page.pledges], page.total, page.next

        assert seen(SUPERIOR, "org_town") == (["plg_3", "plg_4", "plg_2", "plg_1"], 4, ""), "of organisations first, then the longest waiting"
        assert seen(SUPERIOR, "org_town", limit=2) == (["plg_3", "plg_4"], 4, "")
        assert seen(replace(SECRETARY, member_id="mem_li"), "org_village") == (["plg_4", "plg_2"], 2, "")
        assert seen(CLERK, "org_village") == ([], 0, "")

    def test_hostile_cursors_and_states_find_nothing(self, running):
        drafted(running)
        ask = ListPledges(organisation_id="org_village", year=2026)
        assert running.call(CLERK, replace(ask, state="' OR '1'='1")).pledges == ()
        assert running.call(CLERK, replace(ask, after="zzz'; DROP TABLE pledge; --")).pledges == ()
        with running.reading("pledge") as unit:
            assert len(unit.sql.execute(select(pledges.c.id)).all()) == 1


def test_who_among_many_has_a_pledge_is_told_drafts_too(running):
    """What the undo of an import asks: members and organisations, a thousand at a time."""
    office = person("office", "org_county")
    drafted(running)
    running.call(SECRETARY, DraftPledge(organisation_id="org_village", year=2026, items=(LAMPS,)))
    asked = PledgedAmong(member_ids=("mem_zhang", "mem_li", "mem_nobody"), organisation_ids=("org_village", "org_unheard"))
    assert running.call(office, asked) == (Pledged(subject_id="mem_zhang", pledges=1), Pledged(subject_id="org_village", pledges=1))
    assert refused(running, office, PledgedAmong(member_ids=tuple(f"mem_{n}" for n in range(1001)))) == ("invalid", 422)


def test_nobody_learns_of_pledges_outside_their_part_of_the_tree(running):
    drafted(running)
    asked = PledgedAmong(member_ids=("mem_zhang",))
    assert refused(running, person("office", "org_other"), asked)[0] == "forbidden"
    assert refused(running, SECRETARY, asked)[0] == "forbidden"
