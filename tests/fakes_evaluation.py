"""The fake books of evaluation, a branch that can judge, and the whole road to a completed evaluation."""
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

from services.evaluation import usecases
from services.evaluation.domain.pledged import Matter, Pledged
from tests.fakes import FakeDirectory, FakeUnit, organisation, person
from wire.contracts.calls import Stale
from wire.contracts.evaluation import (
    AssessSelf, CommentAsLeader, CompleteEvaluation, EnterTotals, HoldAppraisal, IndicatorScore, OpenEvaluation, RatePeer,
    ReadEvaluation, SelfItem, StratumCount,
)

AT = datetime(2026, 12, 30, 2, 0, tzinfo=UTC)
COUNTY, TOWN, VILLAGE, OTHER = "org_county", "org_town", "org_village", "org_other"
SUBJECT = "mem_subject"
PEERS = tuple(f"mem_peer{i}" for i in range(1, 9))
TELLERS = PEERS[:2]


def paged(lines, order, after, limit):
    """The lines of one page by name and id, how many there are in all, and where to go on."""
    lines = sorted(lines, key=lambda line: [line[n] for n in order])
    left = [line for line in lines if not after or [line[n] for n in order] > [*after.rpartition("|")][::2]]
    return left[:limit], len(lines), "|".join(left[limit - 1][n] for n in order) if len(left) > limit else ""


class FakeEvaluationBook:
    def __init__(self):
        self.kept = {}

    def get(self, evaluation_id):
        return self.kept.get(evaluation_id)

    peek = get

    def of_pledge(self, pledge_id):
        return next((e for e in self.kept.values() if e.pledge_id == pledge_id), None)

    def hold(self, organisation_id, year):
        pass

    def excellent(self, organisation_id, year, *, but):
        return sum(e.organisation_id == organisation_id and e.year == year and e.state == "completed" and e.id != but
                   and e.result.grade == "excellent" for e in self.kept.values())

    def of_year(self, organisation_ids, year, *, member_id="", state="", search="", after="", limit=500):
        found = [e for e in self.kept.values() if e.organisation_id in organisation_ids and e.year == year
                 and e.member_id == (member_id or e.member_id) and e.state == (state or e.state) and search in e.member_name]
        return paged([{"evaluation_id": e.id, "pledge_id": e.pledge_id, "organisation_id": e.organisation_id, "member_id": e.member_id,
                 "member_name": e.member_name, "year": e.year, "state": e.state,
                 "score": e.result.score if e.result else None, "grade": e.result.grade if e.result else None}
                for e in found], ("member_name", "evaluation_id"), after, limit)

    def add(self, new):
        if self.of_pledge(new.pledge_id) is not None:
            raise Stale("别人刚刚改动过这次评诺，请刷新后核对，再提交一次。")
        self.kept[new.id] = new

    def save(self, changed):
        if self.kept[changed.id].version != changed.version - 1:
            raise Stale("别人刚刚改动过这次评诺，请刷新后核对，再提交一次。")
        self.kept[changed.id] = changed


class FakeRatingBook:
    def __init__(self):
        self.kept = {}

    def put(self, evaluation_id, rater_id, score):
        self.kept[evaluation_id, rater_id] = score

    def scores(self, evaluation_id):
        return sorted(s for (e, _), s in self.kept.items() if e == evaluation_id)

    def rated(self, evaluation_id, rater_id):
        return (evaluation_id, rater_id) in self.kept


class FakePledgedBook:
    def __init__(self, evaluations, *pledges):
        self.evaluations, self.kept = evaluations, {p.pledge_id: p for p in pledges}

    def unopened(self, organisation_ids, year, states, *, search="", after="", limit=500):
        return paged([{
            "pledge_id": p.pledge_id, "organisation_id": p.organisation_id, "member_id": p.member_id,
            "member_name": p.pledgor_name, "items": len(p.items)} for p in self.kept.values()
            if p.organisation_id in organisation_ids and p.year == year and p.state in states and p.member_id
            and search in p.pledgor_name and self.evaluations.of_pledge(p.pledge_id) is None],
            ("member_name", "pledge_id"), after, limit)

    def get(self, pledge_id):
        return self.kept.get(pledge_id)


def fake_books(*pledges):
    evaluations = FakeEvaluationBook()
    return SimpleNamespace(
        evaluations=evaluations, ratings=FakeRatingBook(), pledged=FakePledgedBook(evaluations, *(pledges or [pledge()])))


def pledge(pledge_id="plg_1", *, member_id=SUBJECT, organisation_id=VILLAGE, **more):
    """Two items due and one of them kept, one long-running."""
    done = datetime(2026, 9, 1, tzinfo=UTC)
    return Pledged(**{
        "pledge_id": pledge_id, "organisation_id": organisation_id, "member_id": member_id, "pledgor_name": "何小满",
        "year": 2026, "commitment": "written", "state": "published", "items": (
            Matter("itm_1", "修通二组机耕路", date(2026, 9, 30), "fulfilled", 100, done),
            Matter("itm_2", "装路灯 20 盏", date(2026, 11, 30), "open", 40, None),
            Matter("itm_3", "照看独居老人", None, "open", 0, None))} | more)


def directory():
    """A county with a town, a village branch of nine and another village."""
    places = [organisation(COUNTY, "/org_county/", kind="county_committee"),
              organisation(TOWN, "/org_county/org_town/", kind="committee", parent_id=COUNTY),
              organisation(VILLAGE, "/org_county/org_town/org_village/", parent_id=TOWN, name="柳溪村党支部"),
              organisation(OTHER, "/org_county/org_town/org_other/", parent_id=TOWN)]
    people = [{"id": m, "name": f"党员{i}", "kind": "member", "organisation_id": VILLAGE, "state": "active"}
              for i, m in enumerate((SUBJECT, *PEERS))]
    return FakeDirectory(places, people)


def unit(books, doing=None, actor=None, *, now=AT, tree=None, policies=None):
    """A unit of the village; without an actor its secretary asks."""
    return FakeUnit(books, actor=actor or secretary(), directory=tree or directory(), doing=doing, now=now, policies=policies)


def secretary():
    return person("secretary", VILLAGE, member_id="mem_secretary", name="李书记")


def member(member_id):
    return person("member", VILLAGE, member_id=member_id, name=f"名字{member_id}")


def full_strata(present=34):
    return tuple(StratumCount(stratum=s, present=n) for s, n in
                 (("superior", 2), ("own", 3), ("delegates", 3), ("cadres", 6), ("masses", present - 14)))


def opened(books):
    return usecases.open_evaluation(unit(books, OpenEvaluation), OpenEvaluation(pledge_id="plg_1")).evaluation_id


def assess(books, evaluation_id, score="90"):
    return usecases.assess_self(unit(books, AssessSelf, member(SUBJECT)), AssessSelf(
        evaluation_id=evaluation_id, score=Decimal(score),
        items=tuple(SelfItem(item_id=f"itm_{i}", statement="已经说明") for i in (1, 2, 3))))


def rate(books, evaluation_id, rater, score):
    return usecases.rate_peer(
        unit(books, RatePeer, member(rater)), RatePeer(evaluation_id=evaluation_id, score=Decimal(score)))


def comment(books, evaluation_id, score="90"):
    return usecases.comment_as_leader(unit(books, CommentAsLeader), CommentAsLeader(
        evaluation_id=evaluation_id, achievement="修通了路", problem="路灯晚了", direction="年内补上",
        scores=tuple(IndicatorScore(indicator=i, score=Decimal(score)) for i in "德能勤绩廉")))


def meeting(evaluation_id, **more):
    return HoldAppraisal(**{"evaluation_id": evaluation_id, "held_on": date(2026, 12, 20), "strata": full_strata(),
                            "issued": 34, "teller_ids": TELLERS} | more)


def hold(books, evaluation_id, **more):
    return usecases.hold_appraisal(unit(books, HoldAppraisal), meeting(evaluation_id, **more))


def totals(evaluation_id, **more):
    """33 returned, 30 valid, 28 of 30 satisfied: 93.33."""
    return EnterTotals(**{"evaluation_id": evaluation_id, "satisfied": 20, "basically": 8, "dissatisfied": 2, "unknown": 0,
                          "invalid": 3} | more)


def enter(books, evaluation_id, teller, **more):
    return usecases.enter_totals(unit(books, EnterTotals, member(teller)), totals(evaluation_id, **more))


def ready(books):
    """Everything but the decision."""
    evaluation_id = opened(books)
    assess(books, evaluation_id)
    for rater, score in zip(PEERS, ("80", "85", "90", "95", "100"), strict=False):
        rate(books, evaluation_id, rater, score)
    comment(books, evaluation_id)
    hold(books, evaluation_id)
    for teller in TELLERS:
        enter(books, evaluation_id, teller)
    return evaluation_id


def complete(books, evaluation_id, grade="qualified", **more):
    asked = unit(books, CompleteEvaluation, **{k: more.pop(k) for k in ("actor", "tree", "policies") if k in more})
    view = usecases.complete_evaluation(asked, CompleteEvaluation(
        evaluation_id=evaluation_id, grade=grade, meeting="支部党员大会 12月28日", **more))
    return view, asked.announced


def read(books, evaluation_id, actor=None, **more):
    return usecases.read_evaluation(unit(books, ReadEvaluation, actor, **more), ReadEvaluation(evaluation_id=evaluation_id))
