"""A grant 权限: a person acts in a role over an organisation, until it ends.  It is never deleted and never comes back."""
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from services.roster.domain.refusals import SeparateDuties

MEMBER = "member"
OFFICE = "office"
#: county administration, running the system, reading the operation log: three people 三员分设 (X19)
APART = ("office", "operator", "auditor")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who acts here without being a member, a clerk 材料员 for instance.  A member is their own person."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """``person_id`` is the member's own id for a member, else that of a ``Person``."""

    id: str
    person_id: str
    person_name: str
    member_id: str
    role: str
    organisation_id: str
    state: str = "given"
    version: int = 1

    def end(self) -> "Grant":
        """No longer in force; a second end changes nothing."""
        return self if self.state == "ended" else replace(self, state="ended", version=self.version + 1)

    def renamed(self, name: str) -> "Grant":
        """The same grant of a person whose name was corrected."""
        return replace(self, person_name=name, version=self.version + 1)


def keep_apart(role: str, held: Iterable[Grant], labels: Mapping[str, str]) -> None:
    """Refuse a second one of the three administrations to one person (X19)."""
    if role in APART:
        for grant in held:
            if grant.state == "given" and grant.role in APART and grant.role != role:
                raise SeparateDuties(labels[grant.role], labels[role])
