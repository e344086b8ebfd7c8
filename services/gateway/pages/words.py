"""How facts are put into Chinese words on a page: dates as people say them, percentages, states with their tone."""
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from flask import current_app
from wire.contracts import evaluation, gateway, notice, pledge, roster
from wire.contracts.actor import ROLE_LABELS, Role

from services.gateway.pages import here

#: what the public may filter a board by: tone of an item and its word
FILTERS = {"": "全部状态", "open": "办理中", "due": "快到期", "late": "逾期", "done": "已兑现", "long": "长期"}

LABELS = {
    "PLEDGE_KINDS": pledge.KINDS, "FORMS": pledge.FORMS, "COMMITMENTS": pledge.COMMITMENTS, "PLEDGE_STATES": pledge.STATES,
    "SOURCES": pledge.SOURCES, "EXEMPTION_STATES": pledge.EXEMPTION_STATES, "EXEMPTION_ENDS": pledge.EXEMPTION_ENDS,
    "EVALUATION_STATES": evaluation.STATES,
    "COMPONENTS": evaluation.COMPONENTS, "GRADES": evaluation.GRADES, "STRATA": evaluation.STRATA,
    "NOTICE_KINDS": notice.KINDS, "ORGANISATION_KINDS": roster.ORGANISATION_KINDS, "SECTORS": roster.SECTORS,
    "KINDS_AND_FORMS": roster.KINDS_AND_FORMS, "ORGANISATION_STATES": roster.ORGANISATION_STATES,
    "ELECTION_STATES": roster.ELECTION_STATES, "WORKPLACE_STATES": roster.WORKPLACE_STATES, "ZONE_KINDS": roster.ZONE_KINDS,
    "REPRESENTATIVE_STATES": roster.REPRESENTATIVE_STATES,
    "ASSIGNMENT_KINDS": roster.ASSIGNMENT_KINDS, "LEADER_RANKS": roster.LEADER_RANKS,
    "PASSWORD_PROFILES": gateway.PASSWORD_PROFILES, "MEMBER_KINDS": roster.MEMBER_KINDS, "POST_KINDS": roster.POST_KINDS, "RANKS": roster.RANKS,
    "WHEREABOUTS": roster.WHEREABOUTS, "FILTERS": FILTERS,
    "ROLES": {role.value: word for role, word in ROLE_LABELS.items()},
    # a key's grant comes with the key
    "ROLES_TO_GIVE": {role.value: word for role, word in ROLE_LABELS.items() if role != Role.SYSTEM}}

#: which colour helps which state of a pledge
TONES = {"drafted": "open", "submitted": "due", "returned": "late", "approved": "due", "signed": "due", "published": "open",
         "proposed": "due", "granted": "done", "refused": "late", "ended": "open", "evaluated": "done",
         "settled": "done", "terminated": "open", "opened": "open", "completed": "done",
         "retracted": "late", "overdue": "late", "waiting": "due", "due": "due", "unknown": "due", "covered": "done", "dissolved": "late",
         "merged": "late", "active": "open", "open": "open", "claimed": "due", "fulfilled": "done"}


def day(value: date | None) -> str:
    """``9 月 30 日``; another year is named.  An instant is told as its day in the county."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = here.local(value)
    year = f"{value.year} 年 " if value.year != here.today().year else ""
    return f"{year}{value.month} 月 {value.day} 日"


def month(value: str) -> str:
    """``8 月`` of ``2026-08``; another year is named."""
    year, number = (int(part) for part in value.split("-"))
    return f"{number} 月" if year == here.today().year else f"{year} 年 {number} 月"


def deadline(value: date | None) -> str:
    """时限: a day, or 长期 where there is none."""
    return f"{day(value)}前" if value else "长期"


def when(value: datetime) -> str:
    """今天, 昨天, or the day."""
    found, today = here.day_of(value), here.today()
    return {today: "今天", today - timedelta(days=1): "昨天"}.get(found) or day(found)


def from_when(value: datetime) -> str:
    """The minute that has wholly come by then: from it on, something may be done again."""
    return moment(value + timedelta(seconds=59))


def moment(value: datetime | None) -> str:
    """``今天 09:42``, in county time."""
    return f"{when(value)} {here.local(value):%H:%M}" if value else ""


def lasting(seconds: float) -> str:
    """How long, in the largest unit there are several of: 30 分钟, 12 小时, 24 小时, 7 天."""
    unit, word = next((one for one in ((86_400, "天"), (3_600, "小时"), (60, "分钟")) if seconds > one[0] and not seconds % one[0]), (1, "秒"))
    return f"{round(seconds / unit)} {word}"


def percent(value: Decimal | None) -> str:
    return "—" if value is None else f"{number(value)}%"


def number(value: Decimal | int | None, places: int = 2) -> str:
    """A figure without needless zeros, rounded half up for reading only."""
    if value is None:
        return "—"
    rounded = Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return format(rounded.normalize(), "f") if rounded else "0"


def score(value: Decimal | None) -> str:
    """A score or composite, always with two places, so that a column can be compared."""
    return "—" if value is None else format(Decimal(value).quantize(Decimal("0.01"), ROUND_HALF_UP), "f")


def edition(versions: str, organisation_id: str) -> str:
    """By which version of its policy a figure was made: ``第 2 版，3 月 1 日起``; of two policies each by its name."""
    said = [_edition(one, organisation_id) for one in versions.split("；") if one]
    if len(said) < 2:
        return "".join(said)
    return "；".join(f"{title}：{word}" for title, word in zip(("评分", "群众评议"), said, strict=False))


def _edition(version: str, organisation_id: str) -> str:
    if version.startswith("default"):
        return "县里没有另定，用默认值"
    found = current_app.extensions["directory"].adoption(version, organisation_id)
    return f"第 {found['number']} 版，{day(found['starts_on'])}起" if found else f"版本 {version}"


def grouped(code: str) -> str:
    """A hash in groups of four, so that it can be compared by eye."""
    return " ".join(code[i:i + 4] for i in range(0, len(code), 4))


def word_of(key: str, words: Mapping[str, str]) -> str:
    return words.get(key, key)


def tone_of(state: str) -> str:
    return TONES.get(state, "open")


def item_word(line: Any, today: date | None = None, verdict: str = "", *, soon: int = 0, counted: bool = True) -> tuple[str, str]:
    """The state of an item on every staff page with its tone, in the words of the board: the verdict once there is one, else
    逾期 and 到期 told from the deadline.  ``soon``: days by the policy of the ledger; ``counted``: not for 力所能及."""
    found = verdict or getattr(line, "verdict", "")
    if found == "fulfilled" or (not found and line.state == "fulfilled"):
        return pledge.ITEM_STATES["fulfilled"], "done"
    counted = counted and getattr(line, "counted", True)
    left = None if not counted or line.deadline_on is None or found == "carried" else (line.deadline_on - (today or here.today())).days
    late = getattr(line, "overdue_days", None)
    late = max(0, -(left or 0)) if late is None else late
    if late:
        return (f"待核验，已逾期 {late} 天" if line.state == "claimed" else f"逾期 {late} 天"), "late"
    if found:
        return {"unfulfilled": ("未兑现", "late"), "carried": ("续办", "open")}[found]
    if line.state == "claimed":
        return pledge.ITEM_STATES["claimed"], "due"
    if left is None or left < 0:
        return "长期", "open"
    return (f"{soon} 天内到期", "due") if soon and left <= soon else (f"办理中 {line.progress}%", "open")


def depth(line: Any, lines: Iterable[Any]) -> int:
    """How far a line of the tree is indented, 0–4, counted from the highest one shown."""
    highest = min((other.path.strip("/").count("/") for other in lines), default=0)
    return min(4, line.path.strip("/").count("/") - highest)


def kind_word(one: Any) -> str:
    """What an organisation is, with the form of a branch in the word: 联合党支部."""
    return roster.kind_word(one.kind, one.form)


def lines(errors: Any) -> list[str]:
    """The errors of a refusal as sentences, however deep they lie."""
    if isinstance(errors, str):
        return [errors]
    if isinstance(errors, Mapping):
        # a version is for the form and says nothing to a person
        return [found for name, inner in errors.items() if name != "version" for found in lines(inner)]
    if isinstance(errors, (list, tuple)):
        return [found for inner in errors for found in lines(inner)]
    return []


FILTERS_OF_TEMPLATES = (day, month, deadline, edition, when, moment, from_when, lasting, percent, number, score, grouped, word_of, tone_of,
                        item_word, depth, kind_word, lines)
