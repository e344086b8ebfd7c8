"""What the other services say, as notice hears it: a village, its members, a pledge through its states, an evaluation."""
import itertools
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from wire.contracts.envelope import News
from wire.contracts.evaluation import EvaluationCompleted, TallyFacts
from wire.contracts.pledge import ItemFacts, PledgePublished
from wire.contracts.roster import MemberRegistered, OrganisationRegistered

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
TODAY = AT.date()
COUNTY, TOWN, VILLAGE, GROUP = "org_county", "org_town", "org_village", "org_group"
_acted = {"acted_by": "prs_1", "acted_by_name": "李书记"}


def organisation(id_, parent="", **more):
    """An organisation of the small county: village under town under county, a party group under the village."""
    paths = {COUNTY: "/org_county/", TOWN: "/org_county/org_town/", VILLAGE: "/org_county/org_town/org_village/",
             GROUP: "/org_county/org_town/org_village/org_group/"}
    kinds = {COUNTY: "county_committee", TOWN: "committee", GROUP: "group"}
    parents = {TOWN: COUNTY, VILLAGE: TOWN, GROUP: VILLAGE}
    return OrganisationRegistered(**{
        "version": 1, "acted_at": AT, "organisation_id": id_, "code": id_, "name": f"名称{id_}", "kind": kinds.get(id_, "branch"),
        "sector": "rural", "parent_id": parent or parents.get(id_), "path": paths.get(id_, f"/org_county/{id_}/")} | _acted | more)


def member(id_, name, sort_key, organisation_id=VILLAGE, **more):
    return MemberRegistered(**{
        "version": 1, "acted_at": AT, "member_id": id_, "code": id_, "name": name, "sort_key": sort_key, "kind": "member",
        "organisation_id": organisation_id, "post": "支部委员"} | _acted | more)


ROSTER = (organisation(COUNTY, name="云岭县委"), organisation(TOWN, name="石桥镇党委"), organisation(VILLAGE, name="柳溪村党支部"),
          organisation(GROUP, name="二组党小组"), member("mem_1", "曾小明", "zeng 曾 xiao 小 ming 明"),
          member("mem_2", "何秀", "he 何 xiu 秀"), member("mem_3", "陶安", "tao 陶 an 安", GROUP),
          member("mem_4", "白新", "bai 白 xin 新", kind="activist"))


def item(number=1, **more):
    return ItemFacts(**{"item_id": f"itm_{number}", "position": number, "matter": f"修通{number}组机耕路",
                        "responsible": "何秀", "deadline_on": date(2026, 12, 31)} | more)


def pledge(cls=PledgePublished, version=6, **more):
    """A published pledge of mem_1 with two items."""
    return cls(**{
        "version": version, "acted_at": AT + timedelta(minutes=version), "scope": "society", "pledge_id": "plg_1",
        "number": "2026-001", "organisation_id": VILLAGE, "member_id": "mem_1", "pledgor_name": "曾小明", "year": 2026,
        "state": "published", "items": (item(1), item(2, deadline_on=None)), "letter_hash": "a" * 64,
        "published_at": AT} | _acted | more)


def evaluation(cls=EvaluationCompleted, version=7, **more):
    """A completed evaluation: 28 of 30 satisfied, and a score that is nobody's business."""
    tally = TallyFacts(held_on=TODAY, present=34, issued=34, returned=33, valid=30, satisfied=20, basically=8, dissatisfied=2,
                       unknown=0, satisfaction=Decimal("93.33"), awareness=Decimal("100.00"))
    return cls(**{
        "version": version, "acted_at": AT + timedelta(days=1), "scope": "unit", "evaluation_id": "evl_1",
        "organisation_id": VILLAGE, "member_id": "mem_1", "member_name": "曾小明", "pledge_id": "plg_1", "year": 2026,
        "state": "completed", "policy_version": "default-1", "tally": tally, "score": Decimal("71.77"), "grade": "qualified",
        "completed_at": AT + timedelta(days=1)} | _acted | more)


_positions = itertools.count(1)


def news(event, epoch=1):
    place = next(_positions)
    return News(id=f"evt_{place}", event=event, stream=event.stream, epoch=epoch, position=place, correlation="", traceparent="")
