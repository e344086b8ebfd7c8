"""Two who are too old or too ill to pledge (A4): one exempt, one whose branch has decided and who waits for the town."""
from datetime import date, timedelta

from deploy.demo import county
from deploy.demo.cast import Asking, Cast
from wire.contracts.pledge import ApproveExemption, ProposeExemption
from wire.contracts.roster import RegisterMember

#: name, ground, why, year of joining; made up, and nobody else's names
PEOPLE = (("秋暮云", "年老", "年满八十八岁，行动不便。", 1962), ("杜知微", "患病", "术后休养，医嘱半年内不宜劳累。", 1994))


def tell(ask: Asking, cast: Cast, today: date) -> None:
    """The secretary issues what the committee decided; the town's secretary approves the first."""
    here = cast.organisations[county.SHOWCASE]
    secretary, superior = cast.officers["secretary", county.SHOWCASE], cast.officers["superior", "YL-SQ"]
    for place, (name, ground, reason, joined) in enumerate(PEOPLE):
        member = ask(cast.office, RegisterMember(
            organisation_id=here, code=f"{county.SHOWCASE}-T{place + 1:02d}", name=name, post_kind="elder" if ground == "年老" else "staff",
            joined_on=date(joined, 7, 1)))
        proposed = ask(secretary, ProposeExemption(
            organisation_id=here, member_id=member.member_id, ground=ground, reason=reason, until_on=today + timedelta(days=180),
            meeting_kind="支委会", meeting_on=today, meeting_due=5, meeting_present=4, conclusion="同意免予承诺，报镇党委批准。"), until_known=True)
        if not place:
            ask(superior, ApproveExemption(exemption_id=proposed.exemption_id))
