"""For the authority matrix: a valid request of every call of evaluation, aimed at a given organisation.

The subject is ``subject_of(organisation)``: a grant of that member is what is one's own there.  What a request needs is put
into the books in a unit of the service itself, so that the doors are tried by nobody but the matrix.
"""
import itertools
from datetime import UTC, date, datetime
from decimal import Decimal

from services.evaluation.domain.appraisal import Appraisal, Teller, Totals
from services.evaluation.domain.evaluation import Comment, Evaluation, SelfReport
from wire.contracts.evaluation import (
    AssessSelf, CommentAsLeader, CompleteEvaluation, EnterTotals, HoldAppraisal, IndicatorScore, ListEvaluations, ListUnopened,
    OpenEvaluation, RatePeer, ReadEvaluation, SelfItem, StratumCount,
)
from wire.contracts.pledge import ItemFacts, PledgePublished
from wire.contracts.roster import MemberRegistered

AT = datetime(2026, 1, 5, tzinfo=UTC)
HELD_ON = date(2026, 1, 5)
STRATA = (("superior", 2), ("own", 3), ("delegates", 3), ("cadres", 6), ("masses", 20))
_number = itertools.count(1)
_acted = {"acted_by": "prs_making", "acted_by_name": "备案人", "acted_at": AT}


def subject_of(organisation_id):
    """Whose evaluation it is."""
    return f"mem_subject_{organisation_id}"


def _tellers(organisation_id):
    return tuple(Teller(f"mem_teller{i}_{organisation_id}", f"计票{i}") for i in (1, 2))


def _pledge(house, organisation_id):
    pledge_id = f"plg_authority_{next(_number)}"
    house.hear(PledgePublished(
        version=6, scope="society", pledge_id=pledge_id, organisation_id=organisation_id, member_id=subject_of(organisation_id),
        pledgor_name="何小满", year=2026, state="published", published_at=AT, **_acted, items=(ItemFacts(
            item_id=f"itm_{pledge_id}", position=1, matter="为20户装路灯", responsible="何小满", deadline_on=date(2099, 12, 31)),)))
    return pledge_id


def _opened(house, organisation_id, **heard):
    pledge_id = _pledge(house, organisation_id)
    evaluation = Evaluation(
        id=f"evl_{pledge_id}", organisation_id=organisation_id, member_id=subject_of(organisation_id), member_name="何小满",
        pledge_id=pledge_id, year=2026, policy_version="default-1", acted_by="prs_making", acted_by_name="备案人", acted_at=AT,
        **heard)
    with house.bus("evaluation").writing() as unit:
        unit.books.evaluations.add(evaluation)
    return evaluation


def _open(house, organisation_id):
    return OpenEvaluation(pledge_id=_pledge(house, organisation_id))


def _assess(house, organisation_id):
    evaluation = _opened(house, organisation_id)
    return AssessSelf(evaluation_id=evaluation.id, score=Decimal(90), items=(
        SelfItem(item_id=f"itm_{evaluation.pledge_id}", statement="已经办好"),))


def _rate(house, organisation_id):
    return RatePeer(evaluation_id=_opened(house, organisation_id).id, score=Decimal(90))


def _comment(house, organisation_id):
    return CommentAsLeader(
        evaluation_id=_opened(house, organisation_id).id, achievement="修了路", problem="路灯晚了", direction="年内补上",
        scores=tuple(IndicatorScore(indicator=i, score=Decimal(90)) for i in "德能勤绩廉"))


def _hold(house, organisation_id):
    house.hear(*(MemberRegistered(
        version=1, member_id=t.member_id, code=t.member_id, name=t.name, sort_key=t.name, kind="member",
        organisation_id=organisation_id, **_acted) for t in _tellers(organisation_id)))
    return HoldAppraisal(
        evaluation_id=_opened(house, organisation_id).id, held_on=HELD_ON, issued=34,
        strata=tuple(StratumCount(stratum=s, present=n) for s, n in STRATA),
        teller_ids=tuple(t.member_id for t in _tellers(organisation_id)))


def _meeting(organisation_id, **entries):
    return Appraisal(HELD_ON, dict(STRATA), 34, _tellers(organisation_id), entries)


def _enter(house, organisation_id):
    evaluation = _opened(house, organisation_id, appraisal=_meeting(organisation_id))
    return EnterTotals(evaluation_id=evaluation.id, satisfied=20, basically=8, dissatisfied=2, unknown=0, invalid=3)


def _complete(house, organisation_id):
    entries = {t.member_id: Totals(20, 8, 2, 0, 3) for t in _tellers(organisation_id)}
    evaluation = _opened(
        house, organisation_id, self_report=SelfReport((), Decimal(90)), appraisal=_meeting(organisation_id, **entries),
        comment=Comment("prs_making", "备案人", "好", "有", "改", tuple((i, Decimal(90)) for i in "德能勤绩廉")))
    return CompleteEvaluation(evaluation_id=evaluation.id, grade="qualified", meeting="支部党员大会", reason="会议评定")


def _read(house, organisation_id):
    return ReadEvaluation(evaluation_id=_opened(house, organisation_id).id)


def _list(house, organisation_id):
    return ListEvaluations(organisation_id=organisation_id, year=2026)


FACTORIES = {
    OpenEvaluation: _open, AssessSelf: _assess, RatePeer: _rate, CommentAsLeader: _comment, HoldAppraisal: _hold,
    EnterTotals: _enter, CompleteEvaluation: _complete, ReadEvaluation: _read, ListEvaluations: _list,
    ListUnopened: lambda house, organisation_id: ListUnopened(organisation_id=organisation_id, year=2026)}
