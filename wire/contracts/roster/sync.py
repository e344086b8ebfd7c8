"""Another system keeps organisations and members in step: what it says of each, and a verdict per row.

Rule kept here: what was not said is left as it is; what a sync may overwrite is a policy; the same again changes nothing.
"""
from datetime import date
from typing import Literal

from wire.contracts.actor import Reach
from wire.contracts.calls import call, grants
from wire.contracts.roster.members import MemberKind, PostKind
from wire.contracts.roster.organisations import OrganisationForm, OrganisationKind
from wire.contracts.shape import bounded, many, shape, text

SYNC_MOST = 1000
#: signs of a code of another system
CODE_LONGEST = 40
Expects = Literal["", "there", "absent"]


@shape
class SyncedOrganisation:
    """An organisation as the other system has it, by its own code; "" and null say nothing.

    ``system`` by its name, 无 for none.  ``version``: the one that was read, refused when it has changed since, unless nothing of
    what is said is otherwise here; 0 for any.  ``expects``: refused unless it is ``there`` already, or ``absent`` still.
    """

    code: str = text(CODE_LONGEST, least=1, label="编号")
    name: str = text(100, label="名称", default="")
    kind: Literal["", OrganisationKind] = ""
    form: Literal["", OrganisationForm] = ""
    sector: str = text(40, label="领域", default="")
    parent_code: str = text(40, label="上级编号", default="")
    system: str = text(40, label="条线", default="")
    founded_on: date | None = None
    re_elected_on: date | None = None
    version: int = bounded(0, 2**31, default=0)
    expects: Expects = ""


@shape
class SyncedMember:
    """A member, or whoever else takes part, as the other system has them, by its own code; "" and null say nothing.

    ``organisation_code``: another one is a move.  ``version`` and ``expects`` as for an organisation.  Standing, whereabouts,
    positions and grants are this house's own and not spoken of.
    """

    code: str = text(CODE_LONGEST, least=1, label="编号")
    name: str = text(80, label="姓名", default="")
    kind: Literal["", MemberKind] = ""
    organisation_code: str = text(40, label="所在党组织编号", default="")
    post: str = text(200, label="职务", default="")
    post_kind: Literal["", PostKind] = ""
    joined_on: date | None = None
    version: int = bounded(0, 2**31, default=0)
    expects: Expects = ""


@shape
class SyncVerdict:
    """What became of one row.

    ``kept``: what was said otherwise and stays as it is here, because the policy keeps it.  ``reason``: a stable code for
    programs where it was refused, with ``sentences`` for people.
    """

    code: str
    id: str
    result: Literal["new", "changed", "same", "refused"]
    version: int
    kept: tuple[str, ...] = ()
    reason: Literal["", "invalid", "stale", "exists", "absent", "ended", "forbidden", "waits"] = ""
    sentences: tuple[str, ...] = ()


@shape
class SyncReply:
    verdicts: tuple[SyncVerdict, ...]
    new: int
    changed: int
    same: int
    refused: int


SYNCING = grants(office=Reach.WITHIN, system=Reach.WITHIN)


@call("roster.sync_organisations", reply=SyncReply, grants=SYNCING, writes=True, scope="organisations:sync")
class SyncOrganisations:
    """Up to 1,000 at a time.  What is right is written, what is not is refused row by row; the same again changes nothing."""

    rows: tuple[SyncedOrganisation, ...] = many(SYNC_MOST)


@call("roster.sync_members", reply=SyncReply, grants=SYNCING, writes=True, scope="members:sync")
class SyncMembers:
    """As for organisations.  No grant ever follows (X45); the code of a merged entry leads to the one that is kept, and who left
    the roll is not brought back."""

    rows: tuple[SyncedMember, ...] = many(SYNC_MOST)
