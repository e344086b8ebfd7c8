"""A grant 权限: a person acts in a role over an organisation, until it ends.  It is never deleted and never comes back."""
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from services.roster.domain.member import Member
from services.roster.domain.refusals import Refusal, SeparateDuties

MEMBER = "member"
OFFICE = "office"
#: county administration, running the system, reading the operation log: three people 三员分设 (X19)
APART = ("office", "operator", "auditor")
#: roles that decide: such a grant works only once the superior confirmed it (X45)
DECIDING = ("secretary", "superior", "office")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who acts here without being a member, a clerk 材料员 for instance.  A member is their own person: ``member_id`` is
    set once it turns out that the two are one (X50)."""

    id: str
    name: str
    member_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """``person_id`` is the member's own id for a member, else that of a ``Person``; ``position_id`` the position 职务 that gives
    it, empty for one given by hand."""

    id: str
    person_id: str
    person_name: str
    member_id: str
    role: str
    organisation_id: str
    state: str = "given"
    position_id: str = ""
    version: int = 1

    @property
    def waits(self) -> bool:
        """Whether it decides and is not confirmed yet."""
        return self.state == "given" and self.role in DECIDING

    @property
    def works(self) -> bool:
        return self.state != "ended" and not self.waits

    def confirm(self) -> "Grant":
        """It works from now on; again, and where nothing waits, nothing changes.  Refuses one that has ended."""
        if self.state == "ended":
            raise GrantEnded(self.person_name)
        return replace(self, state="confirmed", version=self.version + 1) if self.waits else self

    def end(self) -> "Grant":
        """No longer in force; a second end changes nothing."""
        return self if self.state == "ended" else replace(self, state="ended", version=self.version + 1)

    def renamed(self, name: str) -> "Grant":
        """The same grant of a person whose name was corrected."""
        return replace(self, person_name=name, version=self.version + 1)


def own(member: Member) -> Grant:
    """What everybody on the roll holds over their own matters, where they belong and as long as they do (X49).  It is read off the
    roll: nobody gives, keeps, tells or ends it, and its id is the member's."""
    return Grant(id=member.id, person_id=member.id, person_name=member.name, member_id=member.id, role=MEMBER,
                 organisation_id=member.organisation_id, state="given" if member.state == "active" else "ended")


def keep_apart(role: str, held: Iterable[Grant], labels: Mapping[str, str]) -> None:
    """Refuse a second one of the three administrations to one person (X19), one that waits for confirmation, too."""
    if role in APART:
        for grant in held:
            if grant.state != "ended" and grant.role in APART and grant.role != role:
                raise SeparateDuties(labels[grant.role], labels[role])


class GrantEnded(Refusal):
    code = "grant_ended"

    def __init__(self, name: str):
        super().__init__(f"{name}的这项权限已经结束，不能再确认，请刷新后重新勾选。")
