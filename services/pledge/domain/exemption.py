"""Exemption 免予承诺 (A4): proposed by the branch → granted above, or refused; granted → ended by withdrawal, date or leaving.

Two steps and never one: whoever decided in the branch does not approve, and nobody decides about themselves.  An exemption
is a value like a pledge: each verb answers it as it is afterwards, or the very same object when it was so already.
"""
import calendar
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

from services.pledge.domain.policy import ExemptionPolicy
from services.pledge.domain.refusals import Incomplete, NotReady, NotYours

State = Literal["proposed", "granted", "refused", "ended"]
End = Literal["", "withdrawn", "revoked", "expired", "moved", "left"]
#: one of a member and branch may be so at a time
OPEN = ("proposed", "granted")
NAMES = {"proposed": "待上级批准", "granted": "免诺中", "refused": "上级未批准", "ended": "已结束"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """会议决定: what the branch decided by; ``due`` 应到, ``present`` 实到.  Without a kind: no meeting."""

    kind: str = ""
    on: date | None = None
    due: int = 0
    present: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Why: what is about somebody's age or health, kept sealed and taken out after a time."""

    ground: str = ""
    reason: str = ""
    conclusion: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Approver:
    """Who decides above: under which ids they are known, and whether they also hold office in the branch."""

    ids: Collection[str]
    name: str
    of_the_branch: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption:
    """``words``: sealed ``Words``, empty once taken out.  ``proposed_by``: the member, or the person, who issued or recorded it.

    ``member_version``, ``place_version``: the newest editions, of the member and of the organisation they pledge in, by which it
    was seen to stand; what is older says nothing against it.
    """

    id: str
    organisation_id: str
    member_id: str
    member_name: str
    until_on: date
    proposed_by: str
    proposed_by_name: str
    proposed_at: datetime
    meeting_kind: str = ""
    meeting_on: date | None = None
    meeting_due: int = 0
    meeting_present: int = 0
    words: bytes = b""
    state: State = "proposed"
    from_on: date | None = None
    decided_by_name: str = ""
    decided_at: datetime | None = None
    ended_on: date | None = None
    ended_because: End = ""
    forget_on: date | None = None
    member_version: int = 0
    place_version: int = 0
    version: int = 1

    @property
    def meeting(self) -> Meeting:
        return Meeting(kind=self.meeting_kind, on=self.meeting_on, due=self.meeting_due, present=self.meeting_present)

    def in_force(self, day: date) -> bool:
        """From the day it was approved to its last day, or to the day before it ended."""
        return self.from_on is not None and self.from_on <= day <= self.until_on and (self.ended_on is None or day < self.ended_on)

    def demand_approver(self, approver: Approver) -> None:
        """Refuse the member, and whoever had a part in the branch's decision."""
        if self.member_id in approver.ids:
            raise NotYours("这是您本人的免诺，请由上级其他负责同志办理。")
        if self.proposed_by in approver.ids or approver.of_the_branch:
            raise NotYours("支部的决定由您作出或登记，不能再由您批准，请由上级其他负责同志办理。")

    def approved(self, approver: Approver, at: datetime, on: date) -> "Exemption":
        """In force from ``on``.  Refuses what is past its last day: nobody was exempt backwards."""
        if self.state == "granted":
            return self
        self._demand("proposed", then="只有待批准的才能批准。需要免诺的，请支部重新提出。")
        if self.until_on < on:
            raise NotReady("提出的期限已经过去，不能再批准，请支部重新提出。")
        return self._changed(state="granted", from_on=on, decided_by_name=approver.name, decided_at=at)

    def refused(self, approver: Approver, at: datetime, on: date, policy: ExemptionPolicy) -> "Exemption":
        if self.state == "refused":
            return self
        self._demand("proposed", then="已经批准的，请撤回。")
        return self._changed(state="refused", decided_by_name=approver.name, decided_at=at, forget_on=_later(on, policy))

    def withdrawn(self, on: date, policy: ExemptionPolicy) -> "Exemption":
        if self.state == "ended":
            return self
        self._demand(*OPEN, then="没有可以撤回的，需要免诺的请重新提出。")
        return self._changed(state="ended", ended_on=on, ended_because="withdrawn", forget_on=_later(on, policy))

    def revoked(self, on: date, policy: ExemptionPolicy) -> "Exemption":
        """Taken back above, where it was approved; what waits is refused instead."""
        if self.state == "ended":
            return self
        self._demand("granted", then="上级只撤回已经批准的；待批准的，不同意请选“不批准”。")
        return self._changed(state="ended", ended_on=on, ended_because="revoked", forget_on=_later(on, policy))

    def overtaken(self, because: End, on: date, policy: ExemptionPolicy) -> "Exemption":
        """Its time, or the member's place, is over: what is open ends; what is closed stays as it is."""
        if self.state not in OPEN:
            return self
        return self._changed(state="ended", ended_on=on, ended_because=because, forget_on=_later(on, policy))

    def _demand(self, *states: str, then: str) -> None:
        if self.state not in states:
            raise NotReady(f"这项免诺目前是“{NAMES[self.state]}”。{then}")

    def _changed(self, **changes: Any) -> "Exemption":
        return replace(self, version=self.version + 1, **changes)


def demand_sound(words: Words, until_on: date, meeting: Meeting, policy: ExemptionPolicy, *, today: date, issues: bool) -> None:
    """Refuse a proposal the policy does not let through, everything that is wrong at once.

    ``issues``: by somebody who may decide for the branch; who only records may do so for a meeting alone.
    """
    errors: dict[str, list[str]] = {}
    if words.ground not in policy.grounds:
        errors["ground"] = [f"请从{'、'.join(policy.grounds)}中选一项。"]
    if not today <= until_on <= latest(policy, today):
        errors["until_on"] = [f"期限应在今天到 {latest(policy, today)} 之间，最长 {policy.longest_months} 个月；到期仍需要的，期满次日起再提出。"]
    if policy.needs_meeting or meeting.kind or not issues:
        errors |= _of_meeting(meeting, words.conclusion, policy, today)
    if errors:
        raise Incomplete("免诺还不能提出，请按提示补齐。", errors=errors)


def _of_meeting(meeting: Meeting, conclusion: str, policy: ExemptionPolicy, today: date) -> dict[str, list[str]]:
    errors = {}
    if meeting.kind not in policy.meetings:
        errors["meeting_kind"] = [f"免诺由支部开会决定，请选{'或'.join(policy.meetings)}。"]
    if meeting.on is None or meeting.on > today:
        errors["meeting_on"] = ["请填写开会的日期，不能晚于今天。"]
    if not 1 <= meeting.present <= meeting.due:
        errors["meeting_present"] = ["请填写应到和实到人数，实到不能超过应到。"]
    if not conclusion.strip():
        errors["conclusion"] = ["请写明会议的结论。"]
    return errors


def latest(policy: ExemptionPolicy, today: date) -> date:
    """The last day a proposal of today may name."""
    return months_later(today, policy.longest_months)


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last one of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    year = min(day.year + years, 9999)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def day_counted(year: int, today: date) -> date:
    """The day by which a year's exempt are counted: today, in a year gone by its last day, in one to come its first."""
    return min(max(today, date(year, 1, 1)), date(year, 12, 31))


def _later(on: date, policy: ExemptionPolicy) -> date:
    return months_later(on, policy.words_months)
