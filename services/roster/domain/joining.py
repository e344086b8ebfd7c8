"""A joining date 入党日期 beside the kind 身份: only who joined has one, and a probation 预备期 comes to an end."""
from collections.abc import Mapping
from datetime import date

from services.roster.domain.policy import RollPolicy
from services.roster.domain.term import months_after

NOT_JOINED = "{kind}还没有入党，入党日期请空着；已经入党的，身份应是预备党员或正式党员，请先改正身份。"
TOO_LONG = ("预备期 {months} 个月，最多再延长 {extension} 个月：{joined_on} 入党的，到 {until} 为止。"
            "已经转正的，身份应是正式党员；日期写错的，请改正。")
DUE = "{name}是预备党员，{joined_on} 入党，预备期 {months} 个月已满。已经转正的，请把身份改成正式党员；延长了预备期的，不用改。"
NEVER = "{name}是{kind}，却有入党日期 {joined_on}。已经入党的，请把身份改正；没有入党的，请清空入党日期。"


def cannot_be(kind: str, joined_on: date | None, today: date, rules: RollPolicy, labels: Mapping[str, str]) -> str:
    """Why nobody of this kind can have this joining date, with what to write instead; empty where they can."""
    if joined_on is None or kind == "member":
        return ""
    if kind != "probationary":
        return NOT_JOINED.format(kind=labels[kind])
    until = months_after(joined_on, rules.probation_months + rules.extension_months)
    if today <= until:
        return ""
    return TOO_LONG.format(months=rules.probation_months, extension=rules.extension_months, joined_on=joined_on, until=until)


def look_at(name: str, kind: str, joined_on: date | None, today: date, rules: RollPolicy, labels: Mapping[str, str]) -> str:
    """What is worth a look in an entry that may stay as it is: a probation over its first term; or empty."""
    if joined_on is None or kind == "member":
        return ""
    if kind != "probationary":
        return NEVER.format(name=name, kind=labels[kind], joined_on=joined_on)
    over = today > months_after(joined_on, rules.probation_months)
    return DUE.format(name=name, joined_on=joined_on, months=rules.probation_months) if over else ""
