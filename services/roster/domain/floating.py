"""Floating members 流动党员 (A7) and those who report to their community 双报到 (A9)."""
from datetime import date

from services.roster.domain.belonging import NO_FLOATING, NO_RESIDENCE
from services.roster.domain.member import Member
from services.roster.domain.refusals import Incomplete, NoReport, NotFloating


def flowing(member: Member, whereabouts: str, *, inflow_id: str, outside_place: str, lacks: tuple[str, ...], on: date,
            dated: bool = True) -> Member:
    """Where they are now; each kind says its own place and no other.

    The same place again with a day that was said (``dated``) corrects the day, without one it keeps its day.  Nobody goes before the
    day they joined.
    """
    if whereabouts != "home" and dated and member.joined_on is not None and on < member.joined_on:
        raise Incomplete("happened_on", f"流动或失联的日期不能早于入党日期（{member.joined_on.isoformat()}），请核对。")
    if whereabouts == "home" and lacks:
        raise NotFloating
    if whereabouts == "inflow" and not inflow_id:
        raise Incomplete("inflow_id", "县内流动请选流入地党组织。")
    if whereabouts == "inflow" and inflow_id == member.organisation_id:
        raise Incomplete("inflow_id", "流入地就是组织关系所在的党组织，不算流动，请另选。")
    if whereabouts == "outside" and not outside_place:
        raise Incomplete("outside_place", "县外流动请写明去了哪里，例如“广东省东莞市”。")
    if whereabouts == "home":
        return member.told_again(**NO_FLOATING)
    told = {"whereabouts": whereabouts, "inflow_id": inflow_id if whereabouts == "inflow" else "", "lacks": lacks,
            "outside_place": outside_place if whereabouts == "outside" else ""}
    same = (whereabouts, told["inflow_id"], told["outside_place"]) == (member.whereabouts, member.inflow_id, member.outside_place)
    return member.told_again(**told, whereabouts_on=member.whereabouts_on if same and not dated else on)


def reported(member: Member, residence_id: str, on: date) -> Member:
    """Reported to the community, which has yet to confirm; to the same one again changes nothing; to none takes it back."""
    if not residence_id:
        return member.told_again(**NO_RESIDENCE)
    if residence_id == member.organisation_id:
        raise Incomplete("residence_id", "居住地党组织就是组织关系所在的党组织，不需要再报到，请另选。")
    if residence_id == member.residence_id:
        return member
    return member.told_again(residence_id=residence_id, residence_on=on, residence_confirmed_on=None)


def confirmed(member: Member, on: date) -> Member:
    """The community says yes; again changes nothing."""
    if not member.residence_id:
        raise NoReport(member.name)
    return member if member.residence_confirmed_on else member.told_again(residence_confirmed_on=on)
