"""Pledges brought to a state through the domain's own verbs."""
from datetime import UTC, date, datetime

from services.pledge.domain.item import Gates, Item
from services.pledge.domain.pledge import Pledge
from services.pledge.domain.policy import DraftingPolicy, ReviewPolicy
from services.pledge.domain.review import Review, Verdict

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
POLICY, DRAFTING = ReviewPolicy(), DraftingPolicy()


def item(number=1, **more):
    return Item(**{"id": f"itm_{number}", "position": number, "matter": f"为{number}0户安装路灯", "responsible": "张三",
                   "target": "年底前亮灯", "deadline_on": date(2026, 12, 31)} | more)


def draft(*items, **more):
    return Pledge(**{"id": "plg_1", "organisation_id": "org_village", "member_id": "mem_zhang", "pledgor_name": "张三",
                     "year": 2026, "kind": "annual", "form": "individual", "commitment": "written",
                     "items": items or (item(1), item(2))} | more)


def review(item_id, met=True, by="mem_li", at=NOW, **more):
    return Review(item_id=item_id, reviewer_id=by, reviewer_name=by, reviewed_at=at,
                  verdicts=tuple(Verdict(c, met) for c in POLICY.criteria), **more)


def gates(item_id="itm_1", solved=True, implemented=True, satisfied=True, note=""):
    return Gates(item_id=item_id, solved=solved, implemented=implemented, satisfied=satisfied, note=note, verified_by="prs",
                 verified_by_name="李书记", verified_at=NOW)


def submitted(pledge=None):
    return (pledge or draft()).submitted(NOW, DRAFTING)


def approved(pledge=None):
    pledge = submitted(pledge)
    return pledge.approved([review(i.id) for i in pledge.items], POLICY)


def signed(pledge=None):
    return approved(pledge).signed("2026-001", "0" * 64, NOW)


def published(pledge=None):
    return signed(pledge).published(NOW)
