"""The verbs of evaluation, on fake books: who may, what a second call does, what is refused."""
import dataclasses
from decimal import Decimal

import pytest

from services.evaluation import usecases
from services.evaluation.domain.evaluation import Result
from services.evaluation.domain.policy import ScoringPolicy, Weighed
from services.evaluation.domain.refusals import (
    NoEvaluation, NotOpen, NotPeer, NotReady, NotTeller, QuorumNotMet, TooManyExcellent, Unfitting, WrongTellers,
)
from tests.fakes import person
from tests.fakes_evaluation import (
    PEERS, SUBJECT, TELLERS, VILLAGE, assess, comment, complete, directory, enter, fake_books, full_strata, hold,
    meeting, member, opened, pledge, rate, read, ready, unit,
)
from wire.contracts.calls import Forbidden, NotFound
from wire.contracts.evaluation import (
    AssessSelf, CommentAsLeader, EvaluationCompleted, EvaluationOpened, HoldAppraisal, IndicatorScore,
    OpenEvaluation, RatePeer, SelfItem,
)


@pytest.fixture
def books():
    return fake_books()


def test_opening_again_is_the_same_evaluation(books):
    """Each pledge is evaluated, once."""
    first, again = unit(books, OpenEvaluation), unit(books, OpenEvaluation)
    one = usecases.open_evaluation(first, OpenEvaluation(pledge_id="plg_1"))
    other = usecases.open_evaluation(again, OpenEvaluation(pledge_id="plg_1"))
    assert one.evaluation_id == other.evaluation_id
    assert [type(e) for e in first.announced] == [EvaluationOpened] and again.announced == []


def test_only_a_public_pledge_of_a_member_is_evaluated():
    with pytest.raises(NotFound):
        usecases.open_evaluation(unit(fake_books(), OpenEvaluation), OpenEvaluation(pledge_id="plg_9"))
    for unfit in (pledge(state="terminated"), pledge(member_id="")):
        with pytest.raises(NoEvaluation):
            usecases.open_evaluation(unit(fake_books(unfit), OpenEvaluation), OpenEvaluation(pledge_id="plg_1"))



def test_who_may_see_but_not_decide_is_forbidden(books):
    with pytest.raises(Forbidden):
        complete(books, ready(books), actor=person("clerk", VILLAGE))


def test_self_assessment_speaks_to_every_item(books):
    """Self: truthfully, item by item, compared with the public pledge. [G2, G22]"""
    evaluation_id = opened(books)
    doing = unit(books, AssessSelf, member(SUBJECT))
    for ids in (("itm_1", "itm_2"), ("itm_1", "itm_2", "itm_2"), ("itm_1", "itm_2", "itm_9")):
        with pytest.raises(Unfitting):
            usecases.assess_self(doing, AssessSelf(evaluation_id=evaluation_id, score=Decimal(90), items=tuple(
                SelfItem(item_id=i, statement="做完了") for i in ids)))
    assert assess(books, evaluation_id).self_score == 90
    assert assess(books, evaluation_id, "85").self_score == 85


def test_nobody_else_assesses_a_member(books):
    evaluation_id = opened(books)
    with pytest.raises(Forbidden):
        usecases.assess_self(unit(books, AssessSelf, member(PEERS[0])), AssessSelf(
            evaluation_id=evaluation_id, score=Decimal(1), items=()))


def test_a_later_rating_replaces_the_earlier(books):
    """Peers: again, the later score counts. [G1]"""
    evaluation_id = opened(books)
    assert rate(books, evaluation_id, PEERS[0], "10").rated_by_me
    rate(books, evaluation_id, PEERS[0], "90")
    assert books.ratings.scores(evaluation_id) == [90]


def test_only_fellow_members_rate(books):
    evaluation_id = opened(books)
    with pytest.raises(NotPeer):
        usecases.rate_peer(unit(books, RatePeer, member("mem_stranger")), RatePeer(
            evaluation_id=evaluation_id, score=Decimal(1)))
    with pytest.raises(Forbidden):
        rate(books, evaluation_id, SUBJECT, "100")




def test_a_leader_scores_every_indicator(books):
    """德能勤绩廉, each once; achievement, problem and direction are demanded by the contract. [G2, G12]"""
    evaluation_id = opened(books)
    doing = unit(books, CommentAsLeader)
    for names in ("德能勤绩", "德能勤绩廉廉", "德能勤绩廉闲"):
        with pytest.raises(Unfitting):
            usecases.comment_as_leader(doing, CommentAsLeader(
                evaluation_id=evaluation_id, achievement="好", problem="有", direction="改",
                scores=tuple(IndicatorScore(indicator=n, score=Decimal(80)) for n in names)))
    assert comment(books, evaluation_id).achievement == "修通了路"


def test_a_leader_does_not_comment_on_themselves():
    books = fake_books(pledge(member_id="mem_secretary"))
    with pytest.raises(Forbidden):
        comment(books, opened(books))


def test_a_meeting_below_quorum_is_refused_by_the_sector_of_the_branch(books):
    """30 in a village, 20 in a private enterprise. [G17]"""
    evaluation_id = opened(books)
    with pytest.raises(QuorumNotMet):
        hold(books, evaluation_id, strata=full_strata(29), issued=29)
    tree = directory()
    tree.organisations[VILLAGE]["sector"] = "private_enterprise"
    view = usecases.hold_appraisal(unit(books, HoldAppraisal, tree=tree), meeting(
        evaluation_id, strata=full_strata(20), issued=20))
    assert view.quorum == 20 and sum(s.present for s in view.strata) == 20


def test_tellers_are_members_of_the_branch(books):
    with pytest.raises(WrongTellers):
        hold(books, opened(books), teller_ids=("mem_stranger", PEERS[0]))


def test_only_a_named_teller_enters_totals(books):
    evaluation_id = opened(books)
    hold(books, evaluation_id)
    with pytest.raises(NotTeller):
        enter(books, evaluation_id, PEERS[4])



def test_a_meeting_without_a_result_is_held_again(books):
    """All 不了解: no result, neither 0 nor 100."""
    evaluation_id = opened(books)
    hold(books, evaluation_id)
    for teller in TELLERS:
        enter(books, evaluation_id, teller, satisfied=0, basically=0, dissatisfied=0, unknown=30)
    assert any("重新召开" in s for s in read(books, evaluation_id).missing)
    assert hold(books, evaluation_id, issued=33).tally is None


def test_completing_says_everything_that_is_missing(books):
    """Absent is never zero. [G1]"""
    evaluation_id = opened(books)
    with pytest.raises(NotReady) as refusal:
        complete(books, evaluation_id)
    for words in ("自评", "领导点评", "群众评议会"):
        assert words in refusal.value.sentence


def test_a_completed_evaluation_stands(books):
    """Self, peers, masses and leaders combined; every item has its verdict; announced once. [F11, G1, G23]"""
    evaluation_id = ready(books)
    view, announced = complete(books, evaluation_id)
    assert view.score == Decimal("82.67") and view.grade == view.suggested_grade == "qualified"
    assert {c.kind: c.score for c in view.components} == {
        "self": 90, "peers": 90, "masses": Decimal("93.333333"), "leader": 90, "figures": 50}
    assert [o.verdict for o in view.outcomes] == ["fulfilled", "unfulfilled", "carried"]
    assert view.due_fulfilment == view.on_time == Decimal("50.00")
    assert [type(e) for e in announced] == [EvaluationCompleted] and announced[0].policy_version == "default-1"
    assert announced[0].version == books.evaluations.get(evaluation_id).version
    again, nothing = complete(books, evaluation_id)
    assert again.version == view.version and nothing == []
    for late in (lambda: complete(books, evaluation_id, "basically", reason="改主意"), lambda: assess(books, evaluation_id),
                 lambda: rate(books, evaluation_id, PEERS[6], "1"), lambda: comment(books, evaluation_id),
                 lambda: hold(books, evaluation_id), lambda: enter(books, evaluation_id, TELLERS[0])):
        with pytest.raises(NotOpen):
            late()


def test_too_few_peers_are_left_out_with_the_reason(books):
    evaluation_id = ready(books)
    books.ratings.kept = dict(list(books.ratings.kept.items())[:2])
    view, _ = complete(books, evaluation_id, policies=None)
    assert "peers" not in {c.kind for c in view.components} and sum(c.weight for c in view.components) == 100
    assert any("不足 3 人" in s for s in view.left_out)


def test_a_grade_other_than_the_suggested_one_needs_a_reason(books):
    evaluation_id = ready(books)
    with pytest.raises(Unfitting):
        complete(books, evaluation_id, "basically")
    assert complete(books, evaluation_id, "basically", reason="两次通报批评")[0].grade_reason == "两次通报批评"


def test_excellent_is_limited_to_a_third_of_the_branch():
    """Nine members: three may be 优秀; a fourth is refused."""
    books = fake_books()
    evaluation_id = ready(books)
    for i in range(3):
        done = dataclasses.replace(books.evaluations.get(evaluation_id), id=f"evl_x{i}", state="completed", result=_excellent())
        books.evaluations.kept[done.id] = done
    with pytest.raises(TooManyExcellent):
        complete(books, evaluation_id, "excellent", reason="表现突出")
    del books.evaluations.kept["evl_x0"]
    assert complete(books, evaluation_id, "excellent", reason="表现突出")[0].grade == "excellent"


def test_a_probationary_member_gets_a_score_and_no_grade(books):
    """预备党员 take part in evaluation and are not graded."""
    evaluation_id = ready(books)
    tree = directory()
    tree.members[SUBJECT]["kind"] = "probationary"
    view, _ = complete(books, evaluation_id, None, tree=tree)
    assert view.score is not None and view.grade is None


def test_the_policy_in_force_decides_and_is_printed(books):
    """Weights are configurable; the version is on every result. [L1]"""
    evaluation_id = ready(books)
    only = ScoringPolicy(version="county-2", components=(Weighed("leader", Decimal(100)), Weighed("masses", Decimal(0))))
    view, announced = complete(books, evaluation_id, "excellent", policies={ScoringPolicy: only})
    assert view.score == 90 and announced[0].policy_version.startswith("county-2")





def _excellent():
    return Result(parts=(), outcomes=(), tally=None, score=Decimal(95), suggested="excellent", due_fulfilment=None,
                  on_time=None, left_out=(), grade="excellent")
