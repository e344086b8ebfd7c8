"""Who sees what of an evaluation: the anonymity of peers, unseen totals, a plain member, a stranger."""
import dataclasses
from decimal import Decimal

import pytest

from services.evaluation import usecases
from services.evaluation.domain.policy import PeersPolicy
from services.evaluation.domain.refusals import CountStands
from tests.fakes import person
from tests.fakes_evaluation import (
    OTHER, PEERS, SUBJECT, TELLERS, TOWN, VILLAGE, complete, directory, enter, fake_books, hold, member, opened, rate, read,
    ready, secretary, unit,
)
from wire.contracts.calls import Away, NotFound
from wire.contracts.evaluation import ListEvaluations, OpenEvaluation, RatePeer


@pytest.fixture
def books():
    return fake_books()


def test_nothing_tells_who_gave_which_score(books):
    """Peers are anonymous: no event, no history, no view tells a rater or a single score. [G2]"""
    evaluation_id = opened(books)
    doing = unit(books, RatePeer, member(PEERS[0]))
    answer = usecases.rate_peer(doing, RatePeer(evaluation_id=evaluation_id, score=Decimal("13.37")))
    assert doing.announced == [] and doing.remembered == []
    for score, rater in zip((90, 91, 92), PEERS[1:], strict=False):
        rate(books, evaluation_id, rater, score)
    shown = [answer] + [read(books, evaluation_id, who) for who in (None, member(SUBJECT), member(PEERS[5]))]
    assert all("13.37" not in repr(s) and PEERS[0] not in repr(s) for s in shown)


def test_what_the_peers_say_together_is_not_shown_before_it_stands(books):
    """From a running mean a single score could be told."""
    evaluation_id = ready(books)
    before = read(books, evaluation_id)
    assert before.components == () and before.score is None
    assert before.suggested_grade == "qualified" and before.missing == ()


def test_a_plain_member_sees_what_is_asked_and_no_other_score(books):
    """A plain member of the branch sees the promise and what evaluating asks of them; scores only of themselves."""
    evaluation_id = ready(books)
    asked = read(books, evaluation_id, member(PEERS[6]))
    assert asked.items and asked.self_items and asked.missing == ("请为这位党员互评打分。",)
    assert asked.self_score is None and asked.achievement == "" and asked.tellers == () and asked.tally is None
    complete(books, evaluation_id)
    plain, own = read(books, evaluation_id, member(PEERS[6])), read(books, evaluation_id, member(SUBJECT))
    assert plain.score is None and plain.grade is None and plain.components == () and plain.due_fulfilment is None
    assert plain.tally.satisfaction == Decimal("93.33")
    assert own.score == Decimal("82.67") and own.grade == "qualified" and own.direction == "年内补上"


def test_a_plain_members_list_shows_their_own_score_only(books):
    complete(books, ready(books))
    request = ListEvaluations(organisation_id=VILLAGE, year=2026)
    lines = {who: usecases.list_evaluations(unit(books, ListEvaluations, actor), request).items[0] for who, actor in {
        "peer": member(PEERS[0]), "self": member(SUBJECT), "town": person("superior", TOWN), "clerk": person("clerk", VILLAGE)}.items()}
    assert {who: line.score for who, line in lines.items()} == {
        "peer": None, "self": Decimal("82.67"), "town": Decimal("82.67"), "clerk": Decimal("82.67")}


def test_a_grant_that_ended_shows_no_more_than_a_members(books):
    evaluation_id = ready(books)
    complete(books, evaluation_id)
    tree = directory()
    tree.ended_grants = {f"grt_clerk_{VILLAGE}"}
    both = dataclasses.replace(member(PEERS[0]), grants=(*member(PEERS[0]).grants, *person("clerk", VILLAGE).grants))
    assert read(books, evaluation_id, both).score == Decimal("82.67")
    assert read(books, evaluation_id, both, tree=tree).score is None


def test_a_foreign_branch_gets_the_answer_of_an_unknown_one(books):
    """What one may not see is not there."""
    evaluation_id = opened(books)
    stranger = person("secretary", OTHER, member_id="mem_other")
    with pytest.raises(NotFound):
        read(books, evaluation_id, stranger)
    with pytest.raises(NotFound):
        complete(books, evaluation_id, actor=stranger)
    with pytest.raises(NotFound):
        usecases.open_evaluation(unit(books, OpenEvaluation, stranger), OpenEvaluation(pledge_id="plg_1"))


def test_totals_stay_unseen_until_both_tellers_agree(books):
    """Two tellers, unseen by each other; a disagreement is said and both may enter anew."""
    evaluation_id = opened(books)
    hold(books, evaluation_id)
    enter(books, evaluation_id, TELLERS[0])
    seen = read(books, evaluation_id, member(TELLERS[1]))
    assert seen.tally is None and [t.entered for t in seen.tellers] == [True, False]
    assert enter(books, evaluation_id, TELLERS[1], satisfied=19).tellers_disagree
    assert "两位计票人录入的票数不一致，请两人各自重新清点，录错的一位重新录入。" in read(books, evaluation_id).missing
    assert read(books, evaluation_id, member(TELLERS[0])).tally is None
    assert enter(books, evaluation_id, TELLERS[1]).tally.satisfaction == Decimal("93.33")
    with pytest.raises(CountStands):
        enter(books, evaluation_id, TELLERS[0], satisfied=1)
    with pytest.raises(CountStands):
        hold(books, evaluation_id, issued=33)


def test_while_the_pledges_are_read_anew_one_is_told_to_wait(books):
    """The console's replay empties the copy; an evaluation under way is neither lost nor a mishap."""
    evaluation_id, copy = ready(books), dict(books.pledged.kept)
    books.pledged.kept.clear()
    for what in (lambda: read(books, evaluation_id), lambda: complete(books, evaluation_id)):
        with pytest.raises(Away):
            what()
    books.pledged.kept.update(copy)
    complete(books, evaluation_id)
    assert read(books, evaluation_id).state == "completed"


def test_who_judges_as_a_fellow_member_is_a_policy(books):
    """A county may let probationary members take part without judging. [A3]"""
    tree = directory()
    tree.members[PEERS[0]]["kind"] = "probationary"
    evaluation_id = ready(books)
    expected = [read(books, evaluation_id, secretary(), tree=tree, policies=policies).peers_expected
                for policies in ({}, {PeersPolicy: PeersPolicy(kinds=("member",))})]
    assert expected == [len(PEERS), len(PEERS) - 1]
