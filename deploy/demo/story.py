"""One branch goes through its year: each member's pledge is taken as far as the plan says, by the people who may."""
import random
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from deploy.demo import matters
from deploy.demo.cast import Asking, Cast
from deploy.demo.county import SEED, Branch
from wire.contracts.actor import Actor
from wire.contracts.evaluation import (
    AssessSelf, CommentAsLeader, CompleteEvaluation, EnterTotals, EvaluationView, HoldAppraisal, IndicatorScore, OpenEvaluation,
    RatePeer, ReadEvaluation, SelfItem, StratumCount,
)
from wire.contracts.pledge import (
    ApprovePledge, ClaimItem, CriterionVerdict, DraftPledge, PledgeView, PublishPledges, RecordProgress, ReturnPledge, ReviewItem,
    SignPledge, SubmitPledge, VerifyItem,
)
from wire.contracts.roster import MemberView

#: how far the pledge of the first, second … member goes; the list starts again after its end
FATES = ("evaluated", "claimed", "evaluated", "progressing", "fulfilled", "published", "submitted", "progressing", "approved",
         "returned", "signed", "drafted", "none", "oral", "published", "evaluation open", "refused", "fulfilled")
PUBLIC = ("evaluated", "claimed", "progressing", "fulfilled", "published", "oral", "evaluation open", "refused")
REVIEWED = (*PUBLIC, "approved", "signed")
COMMENTS = (("答应的事件件有着落，群众看得见。", "有一件拖过了时限，事前没有说明。", "下半年把慢的一件排到前面，每月报一次进度。"),
            ("办事细，登记清楚，带着邻居一起干。", "只顾自己手头，和其他同志商量少。", "多带一名年轻党员，把办法教给他。"))


@dataclass
class Story:
    """What is at hand while one branch is told."""

    ask: Asking
    cast: Cast
    branch: Branch
    today: date
    #: the items of the branch's own pledge, by category
    own: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.chance = random.Random(f"{SEED}{self.branch.code}")
        self.members = self.cast.members[self.branch.code]
        self.organisation_id = self.cast.organisations[self.branch.code]
        self.clerk = self.cast.officers["clerk", self.branch.code]
        self.secretary = self.cast.officers["secretary", self.branch.code]
        self.superior = self.cast.officers["superior", self.branch.leader]

    def tell(self) -> None:
        """From the first draft to the last evaluation."""
        fates = self.fates()
        self.own = self._own_pledge()
        pledges = {one.member_id: self._draft(one, fates[one.member_id]) for one in self.members if fates[one.member_id] != "none"}
        for member in self.members:
            fate = fates[member.member_id]
            if fate not in ("none", "drafted"):
                pledges[member.member_id] = self._review(member, pledges[member.member_id], fate)
        public = [one for one in self.members if fates[one.member_id] in PUBLIC]
        # all or none, also the secretary's own: so by the superior
        self.ask(self.superior, PublishPledges(pledge_ids=tuple(pledges[one.member_id].pledge_id for one in public)))
        for member in public:
            self._carry_out(member, pledges[member.member_id], fates[member.member_id])
        for member in public:
            if fates[member.member_id] in ("evaluated", "evaluation open"):
                self._evaluate(member, pledges[member.member_id], completed=fates[member.member_id] == "evaluated")

    def _own_pledge(self) -> dict[str, str]:
        """The branch's own pledge, which the superior reviews and publishes, before its members'; its items by category (A13)."""
        pledge: PledgeView = self.ask(self.secretary, DraftPledge(
            organisation_id=self.organisation_id, year=self.today.year, items=matters.own_items(
                self.branch.sector, self.secretary.name, self.today, self.chance)), until_known=True)
        pledge = self.ask(self.secretary, SubmitPledge(pledge_id=pledge.pledge_id))
        for item in pledge.items:
            self._verdict(self.superior, pledge, item.item_id, met=True)
        for step in (ApprovePledge, SignPledge):
            self.ask(self.superior, step(pledge_id=pledge.pledge_id))
        self.ask(self.superior, PublishPledges(pledge_ids=(pledge.pledge_id,)))
        return {item.category: item.item_id for item in pledge.items}

    def fates(self) -> dict[str, str]:
        """How far each member's pledge goes; the oldest promise by word of mouth (A5)."""
        return {one.member_id: "oral" if one.post_kind == "elder" else FATES[place % len(FATES)]
                for place, one in enumerate(self.members)}

    def _draft(self, member: MemberView, fate: str) -> PledgeView:
        """Half write themselves, half have the clerk write for them (代录)."""
        oral, author = fate == "oral", self.clerk if self.chance.random() < 0.5 or fate == "oral" else self._self(member)
        items = matters.items(self.branch.sector, member.name, self.today, self.chance, 1 if oral else self.chance.choice((2, 2, 3)))
        items = tuple(replace(item, serves_item_id=self.own.get(item.category, "")) for item in items)
        return self.ask(author, DraftPledge(
            organisation_id=self.organisation_id, member_id=member.member_id, year=self.today.year,
            commitment="oral" if oral else "written", items=items), until_known=True)

    def _review(self, member: MemberView, pledge: PledgeView, fate: str) -> PledgeView:
        pledge = self.ask(self._self(member), SubmitPledge(pledge_id=pledge.pledge_id))
        decider = self._decider(member)
        if fate == "returned":
            self._verdict(decider, pledge, pledge.items[0].item_id, met=False)
            return self.ask(decider, ReturnPledge(pledge_id=pledge.pledge_id, reason="第一项没有写清做到什么程度，请补上数字和时限。"))
        if fate not in REVIEWED:
            return pledge
        for item in pledge.items:
            self._verdict(decider, pledge, item.item_id, met=True)
        pledge = self.ask(decider, ApprovePledge(pledge_id=pledge.pledge_id))
        return pledge if fate == "approved" else self.ask(decider, SignPledge(pledge_id=pledge.pledge_id))

    def _verdict(self, decider: Actor, pledge: PledgeView, item_id: str, *, met: bool) -> None:
        self.ask(decider, ReviewItem(pledge_id=pledge.pledge_id, item_id=item_id, verdicts=tuple(
            CriterionVerdict(criterion=one, met=met or bool(place), note="" if met or place else "不够具体，难以核验。")
            for place, one in enumerate(pledge.criteria))))

    def _carry_out(self, member: MemberView, pledge: PledgeView, fate: str) -> None:
        """践诺: progress, a claim with evidence, and the three gates."""
        doer = self.clerk if fate == "oral" else self._self(member)
        first, *rest = pledge.items
        if fate in ("published", "oral"):
            return
        if rest:
            self.ask(doer, RecordProgress(pledge_id=pledge.pledge_id, item_id=rest[0].item_id, progress=self.chance.randrange(20, 90, 5),
                                          note="按月在做，台账已登记。"))
        if fate == "progressing":
            return
        self.ask(doer, ClaimItem(pledge_id=pledge.pledge_id, item_id=first.item_id, evidence="已办完，现场照片和签收册存在村（单位）档案柜。"))
        if fate != "claimed":
            refused = fate == "refused"
            self.ask(self._decider(member), VerifyItem(
                pledge_id=pledge.pledge_id, item_id=first.item_id, solved=True, implemented=True, satisfied=not refused,
                note="回访 5 户，有 2 户说还没用上，请再跟进。" if refused else "到现场看过，回访的群众都说好。"))

    def _evaluate(self, member: MemberView, pledge: PledgeView, *, completed: bool) -> None:
        """评诺: the four voices; the paper appraisal's totals are entered by two tellers."""
        view: EvaluationView = self.ask(self.clerk, OpenEvaluation(pledge_id=pledge.pledge_id), until_known=True)
        one, good = view.evaluation_id, self.chance.randint(80, 96)
        self.ask(self._self(member), AssessSelf(
            evaluation_id=one, score=Decimal(good), items=tuple(SelfItem(
                item_id=item.item_id, statement="已按承诺完成。" if item.state == "fulfilled" else "正在办理，按进度推进。") for item in view.items)))
        others = [other for other in self.members if other.member_id != member.member_id and other.kind == "member"]
        for peer in self.chance.sample(others, 3 if completed else 2):
            self.ask(self._self(peer), RatePeer(evaluation_id=one, score=Decimal(good + self.chance.randint(-6, 4))))
        if not completed:
            return
        achievement, problem, direction = self.chance.choice(COMMENTS)
        leader = self._decider(member)
        self.ask(leader, CommentAsLeader(
            evaluation_id=one, achievement=achievement, problem=problem, direction=direction, scores=tuple(
                IndicatorScore(indicator=name, score=Decimal(good + self.chance.randint(-5, 4))) for name in view.indicators)))
        self._appraise(one, self.chance.sample(others, 2))
        suggested = self.ask(leader, ReadEvaluation(evaluation_id=one)).suggested_grade
        self.ask(leader, CompleteEvaluation(evaluation_id=one, grade=suggested, meeting=f"{self.today.year} 年度民主评议支部大会"))

    def _appraise(self, evaluation_id: str, tellers: list[MemberView]) -> None:
        """群众评议会 of thirty on paper (G17): two members count, each enters what they counted."""
        self.ask(self.clerk, HoldAppraisal(
            evaluation_id=evaluation_id, held_on=self.today - timedelta(days=1), issued=30, teller_ids=tuple(one.member_id for one in tellers),
            strata=tuple(StratumCount(stratum=stratum, present=present) for stratum, present in (
                ("superior", 2), ("own", 3), ("delegates", 3), ("cadres", 7), ("masses", 15)))))
        dissatisfied, unknown, invalid = self.chance.randint(0, 2), self.chance.randint(0, 2), self.chance.randint(0, 1)
        basically = self.chance.randint(2, 8)
        for teller in tellers:
            self.ask(self._self(teller), EnterTotals(
                evaluation_id=evaluation_id, satisfied=30 - basically - dissatisfied - unknown - invalid, basically=basically,
                dissatisfied=dissatisfied, unknown=unknown, invalid=invalid))

    def _self(self, member: MemberView) -> Actor:
        return self.cast.actors[member.member_id]

    def _decider(self, member: MemberView) -> Actor:
        """Nobody decides on what is their own: about the secretary's pledge the superior does."""
        return self.superior if member.member_id == self.secretary.member_id else self.secretary
