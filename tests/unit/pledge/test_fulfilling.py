"""定诺, 亮诺, 践诺 and 评诺 as use cases."""
import itertools
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from services.pledge import usecases
from services.pledge.domain.letter import digest_of
from services.pledge.domain.refusals import NotReady, NotYours
from tests.fakes import FakeUnit
from tests.fakes_pledge import CLERK, FAR_CLERK, FAR_SECRETARY, SECRETARY, SUPERIOR, ZHANG, Village
from tests.unit.pledge.test_writing import LAMPS, drafted, reviewed, submitted
from wire.contracts.actor import service_actor
from wire.contracts.calls import Forbidden, Invalid, NotFound
from wire.contracts.envelope import News
from wire.contracts.evaluation import EvaluationCompleted, EvaluationRetracted, ItemOutcome
from wire.contracts.pledge import (
    ApprovePledge, ClaimItem, Published, PublishPledges, ReadCoverage, ReadPledge, RecordProgress, SignPledge,
    SubmitPledge, VerifyItem,
)


def signed(village, **more):
    decider = SUPERIOR if more.get("member_id") == "" else SECRETARY
    pledge = reviewed(village, submitted(village, **more), actor=decider)
    village.do(decider, usecases.approve_pledge, ApprovePledge(pledge_id=pledge.pledge_id))
    return village.do(decider, usecases.sign_pledge, SignPledge(pledge_id=pledge.pledge_id))


def publish(village, *pledges, actor=SECRETARY):
    return village.do(actor, usecases.publish_pledges, PublishPledges(pledge_ids=tuple(p.pledge_id for p in pledges)))


def published(village, **more):
    pledge = signed(village, **more)
    publish(village, pledge)
    return village.do(SECRETARY, usecases.read_pledge, ReadPledge(pledge_id=pledge.pledge_id))


def verify(pledge, solved=True, note="", item=0):
    return VerifyItem(pledge_id=pledge.pledge_id, item_id=pledge.items[item].item_id, solved=solved, implemented=True,
                      satisfied=True, note=note)


def claim(pledge, item=0):
    return ClaimItem(pledge_id=pledge.pledge_id, item_id=pledge.items[item].item_id, evidence="现场照片三张")


def closed(village, pledge, item=0):
    village.do(ZHANG, usecases.claim_item, claim(pledge, item))
    return village.do(SECRETARY, usecases.verify_item, verify(pledge, item=item))


def test_numbers_run_without_a_hole_in_each_organisation():
    """[D1] [D2]"""
    village = Village()
    numbers = [signed(village, kind="immediate").number for _ in range(3)]
    assert numbers == ["2026-001", "2026-002", "2026-003"]


def test_signing_twice_keeps_the_number():
    """[D1]"""
    village = Village()
    once = signed(village)
    twice = village.do(SECRETARY, usecases.sign_pledge, SignPledge(pledge_id=once.pledge_id))
    assert (twice.number, twice.letter_hash, twice.version) == (once.number, once.letter_hash, once.version)
    assert village.topics().count("PledgeSigned") == 1
    assert village.books.letters.last == {("org_village", 2026): 1}


def test_the_letter_is_kept_as_it_was_signed_with_three_copies():
    """[D1] [D2] [D3]"""
    village = Village()
    pledge = signed(village)
    letter = village.books.letters.of(pledge.pledge_id)
    assert digest_of(letter.text) == pledge.letter_hash == letter.digest and len(letter.copies) == 3
    assert "清河村党支部" in letter.text and "书面承诺" in letter.text and "2026-03-02" in letter.text


def test_what_is_not_approved_is_not_signed():
    village = Village()
    pledge = submitted(village)
    with pytest.raises(NotReady):
        village.do(SECRETARY, usecases.sign_pledge, SignPledge(pledge_id=pledge.pledge_id))
    assert village.books.letters.last == {}, "a refused signature uses no number"


def test_publishing_twice_announces_once():
    village = Village()
    pledges = [signed(village, kind="immediate") for _ in range(3)]
    assert publish(village, *pledges, pledges[0]) == Published(published=3, already=0)
    assert publish(village, *pledges) == Published(published=0, already=3)
    events = [e for e in village.announced if type(e).__name__ == "PledgePublished"]
    assert len(events) == 3 and {e.scope for e in events} == {"society"} and all(e.published_at for e in events)


def test_all_are_published_or_none():
    village = Village()
    ready, waiting = signed(village), submitted(village, kind="immediate")
    with pytest.raises(NotReady, match="张三"):
        publish(village, ready, waiting)
    with pytest.raises(NotFound):
        village.do(SECRETARY, usecases.publish_pledges, PublishPledges(pledge_ids=(ready.pledge_id, "plg_nothing")))
    assert village.books.pledges.get(ready.pledge_id).state == "signed"
    assert "PledgePublished" not in village.topics()


@pytest.mark.parametrize("ids", [(), tuple(f"plg_{n}" for n in range(201))])
def test_nothing_and_more_than_two_hundred_are_refused(ids):
    with pytest.raises(Invalid):
        Village().do(SECRETARY, usecases.publish_pledges, PublishPledges(pledge_ids=ids))


def test_nobody_signs_or_publishes_their_own():
    """[C1] [X50]"""
    village = Village()
    own = drafted(village, actor=SECRETARY, member_id="mem_li")
    own = village.do(SECRETARY, usecases.submit_pledge, SubmitPledge(pledge_id=own.pledge_id))
    reviewed(village, own, actor=SUPERIOR)
    village.do(SUPERIOR, usecases.approve_pledge, ApprovePledge(pledge_id=own.pledge_id))
    with pytest.raises(Forbidden):
        village.do(SECRETARY, usecases.sign_pledge, SignPledge(pledge_id=own.pledge_id))
    village.do(SUPERIOR, usecases.sign_pledge, SignPledge(pledge_id=own.pledge_id))
    with pytest.raises(Forbidden):
        publish(village, own)
    assert publish(village, own, actor=SUPERIOR).published == 1


def test_the_organisations_own_is_signed_and_published_above():
    """[C1]"""
    village = Village()
    own = signed(village, actor=SECRETARY, member_id="", items=(replace(LAMPS, responsible="李书记"),))
    with pytest.raises(NotYours):
        publish(village, own)
    assert publish(village, own, actor=SUPERIOR).published == 1


def test_a_clerk_publishes_nothing_and_another_village_sees_no_unpublished_id():
    village = Village()
    pledge = signed(village)
    with pytest.raises(Forbidden):
        publish(village, pledge, actor=CLERK)
    with pytest.raises(NotFound):
        publish(village, pledge, actor=FAR_SECRETARY)
    publish(village, pledge)
    with pytest.raises(Forbidden):
        publish(village, pledge, actor=FAR_SECRETARY)


def test_progress_is_recorded_and_said_once():
    village = Village()
    pledge = published(village)
    record = RecordProgress(pledge_id=pledge.pledge_id, item_id=pledge.items[0].item_id, progress=40, note="已装8盏")
    for actor in (ZHANG, CLERK):
        after = village.do(actor, usecases.record_progress, record)
    assert (after.items[0].progress, after.items[0].note) == (40, "已装8盏")
    assert village.topics().count("PledgeItemProgressed") == 1
    assert after.history[-1].by_name == "张三"


def test_a_clerk_of_another_village_records_nothing_here():
    """[X17]"""
    village = Village()
    pledge = published(village)
    with pytest.raises(Forbidden):
        village.do(FAR_CLERK, usecases.claim_item, claim(pledge))


def test_an_item_is_claimed_and_closed_by_somebody_else():
    """[F3] [F5]"""
    village = Village()
    pledge = published(village)
    village.do(ZHANG, usecases.claim_item, claim(pledge))
    with pytest.raises(Forbidden):
        village.do(ZHANG, usecases.verify_item, verify(pledge))
    done, again = (village.do(SECRETARY, usecases.verify_item, verify(pledge)) for _ in range(2))
    assert done.items[0].state == again.items[0].state == "fulfilled" and done.version == again.version
    assert village.topics()[-2:] == ["PledgeItemClaimed", "PledgeItemFulfilled"]
    assert [(g.verified_by_name, g.solved) for g in again.gates] == [("李书记", True)]


def test_a_refused_claim_opens_the_item_and_can_be_claimed_again():
    """[F5]"""
    village = Village()
    pledge = published(village)
    village.do(CLERK, usecases.claim_item, claim(pledge))
    opened = village.do(SECRETARY, usecases.verify_item, verify(pledge, solved=False, note="还有两户没通电"))
    assert (opened.items[0].state, opened.items[0].note) == ("open", "还有两户没通电")
    village.now = datetime(2026, 3, 9, tzinfo=UTC)
    assert closed(village, pledge).items[0].state == "fulfilled"
    assert village.topics().count("PledgeItemRefused") == 1


def test_coverage_names_who_has_not_pledged():
    """Full coverage: activists and those who left are not expected, a party group's members are. [A2] [A3]"""
    village = Village()
    ask = ReadCoverage(organisation_id="org_village", year=2026)
    empty = village.do(SECRETARY, usecases.read_coverage, ask)
    assert (empty.expected, empty.pledged, empty.due_fulfilment, empty.total_fulfilment) == (4, 0, None, None)
    pledge = published(village)
    village.now = datetime(2027, 1, 10, 1, 0, tzinfo=UTC)
    closed(village, pledge)
    found = village.do(SECRETARY, usecases.read_coverage, ask)
    assert (found.expected, found.pledged, {u.name for u in found.uncovered}) == (4, 1, {"李书记", "王五", "孙八"})
    assert (found.items, found.due, found.fulfilled, found.overdue) == (2, 2, 1, 1)
    assert found.due_fulfilment == found.total_fulfilment == 50


def evaluation(kind, pledge, version, verdicts=("fulfilled", "unfulfilled"), **more):
    return kind(**{
        "version": version, "acted_by": "prs_secretary", "acted_by_name": "李书记", "acted_at": datetime(2026, 12, 31, tzinfo=UTC),
        "evaluation_id": "evl_1", "organisation_id": pledge.organisation_id, "member_id": pledge.member_id,
        "member_name": pledge.pledgor_name, "pledge_id": pledge.pledge_id, "year": 2026,
        "state": "completed" if kind is EvaluationCompleted else "retracted", "policy_version": "default-1",
        "outcomes": tuple(ItemOutcome(item_id=i.item_id, verdict=v) for i, v in zip(pledge.items, verdicts, strict=True))} | more)


_positions = itertools.count(1)


def hear(village, *events):
    unit = FakeUnit(village.books, actor=service_actor("pledge"), directory=village.directory)
    usecases.take_evaluations(unit, [
        News(id=f"evt_{n}", event=e, stream=e.stream, epoch=1, position=n, correlation="", traceparent="")
        for e, n in zip(events, _positions, strict=False)])
    village.books.history.finish(unit)
    village.announced += unit.announced
    return unit.announced


def test_a_completed_evaluation_gives_each_item_its_verdict_once():
    """[G22] [T15]"""
    village = Village()
    pledge = published(village)
    done = evaluation(EvaluationCompleted, pledge, 5)
    told = hear(village, done, done)
    assert [type(e).__name__ for e in told] == ["PledgeEvaluated"]
    assert (told[0].state, [i.verdict for i in told[0].items], told[0].scope) == (
        "evaluated", ["fulfilled", "unfulfilled"], "society")
    assert told[0].acted_by_name == "李书记", "who completed the evaluation, not the service that heard of it"
    assert hear(village, done) == [] and hear(village, evaluation(EvaluationCompleted, pledge, 4, ("carried", "carried"))) == []


def test_a_retracted_evaluation_puts_the_pledge_back_to_published():
    village = Village()
    pledge = published(village)
    hear(village, evaluation(EvaluationCompleted, pledge, 5))
    told = hear(village, evaluation(EvaluationRetracted, pledge, 6))
    assert [(type(e).__name__, e.state, {i.verdict for i in e.items}) for e in told] == [("PledgePublished", "published", {""})]
    assert hear(village, evaluation(EvaluationCompleted, pledge, 5)) == []
    assert hear(village, evaluation(EvaluationCompleted, pledge, 7))[0].state == "evaluated"


def test_an_evaluation_taken_back_in_the_same_batch_is_not_told_at_all():
    village = Village()
    pledge = published(village)
    assert hear(village, evaluation(EvaluationRetracted, pledge, 6), evaluation(EvaluationCompleted, pledge, 5)) == []


def test_an_evaluation_of_an_unknown_pledge_is_passed_over():
    village = Village()
    pledge = published(village)
    assert hear(village, evaluation(EvaluationCompleted, pledge, 5, pledge_id="plg_nothing")) == []
