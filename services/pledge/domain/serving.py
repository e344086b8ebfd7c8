"""承诺衔接 (A13): an item of a member's pledge may name the item of an organisation's pledge it serves.

The organisation is the one the member pledges in or stands above it, its item is published, and both are of one year.
"""
from services.pledge.domain.item import Item
from services.pledge.domain.pledge import PUBLIC, Pledge

#: why an item cannot be served, as it is told beside the field
NOT_A_MEMBERS = "只有党员的承诺事项可以注明支撑哪项党组织承诺，请清空这一栏。"
NOT_FOUND = "没有找到这项党组织承诺，可能还没有亮诺或已经撤下，请从列表中重新选择。"
ELSEWHERE = "只能选本党组织或上级党组织的承诺事项，请从列表中重新选择。"


def why_not(pledge: Pledge, served: Pledge | None, *, at_or_above: bool) -> str:
    """Why an item of this pledge cannot serve one of that; empty where it can.

    What is not published, or no organisation's own, reads like what is not there: ids of drafts say nothing.
    """
    if not pledge.member_id:
        return NOT_A_MEMBERS
    if served is None or served.member_id or served.state not in PUBLIC:
        return NOT_FOUND
    if not at_or_above:
        return ELSEWHERE
    if served.year != pledge.year:
        return f"这项党组织承诺是 {served.year} 年度的，请改选 {pledge.year} 年度的。"
    return ""


def linked(pledge: Pledge) -> list[Item]:
    """Its items that name one they serve."""
    return [item for item in pledge.items if item.serves_item_id]
