"""Accounts (账号): who can sign in, invited, disabled, reset; never a password chosen for somebody else (X14)."""
from datetime import datetime
from typing import Literal

from wire.contracts.actor import Reach
from wire.contracts.calls import call, grants
from wire.contracts.shape import bounded, shape, text

MANAGERS = grants(office=Reach.WITHIN)
#: 密码要求: GB/T 22239 or OWASP ASVS
PASSWORD_PROFILES = {"gb": "国标：8 个字符起，三种字符，满 90 天换一次", "asvs": "只要够长：12 个字符起，不限种类，不定期更换"}
ACCOUNT_STATES = {"active": "可用", "disabled": "已停用"}
AT_ONCE = 1000


@shape
class AccountLock:
    """After so many wrong passwords or codes in a row from one place nobody signs in under the name there for a while (X6)."""

    since: datetime
    until: datetime
    tries: int
    network: str = text(60)


@shape
class AccountView:
    """``factor``: has a second factor.  ``reset_asked_by``: who asked for its reset, which another administrator must confirm.
    ``locks``: where it cannot sign in now."""

    account_id: str
    username: str
    name: str
    person_id: str
    member_id: str
    state: str
    must_change: bool
    factor: bool
    reset_asked_by: str
    created_at: datetime
    last_sign_in_at: datetime | None
    version: int
    locks: tuple[AccountLock, ...] = ()


@shape
class AccountPage:
    accounts: tuple[AccountView, ...]
    total: int
    next: str


@shape
class InvitationView:
    """``path`` with the token in its fragment, to be put after the house's address; told once, kept as a digest."""

    person_id: str
    name: str
    token: str
    path: str
    expires_at: datetime


@shape
class InvitationVerdict:
    """What became of one person of a list: an invitation, or why not (``code`` and ``sentence``)."""

    person_id: str
    name: str
    path: str
    expires_at: datetime | None
    code: str
    sentence: str


@call("gateway.list_accounts", reply=AccountPage, grants=grants(office=Reach.WITHIN, auditor=Reach.WITHIN))
class ListAccounts:
    """Accounts of people who are, or hold a grant, at or below an organisation, by username."""

    organisation_id: str = text(80)
    search: str = text(60, default="")
    #: locked: cannot sign in now from somewhere, after too many failures there
    state: Literal["", "active", "disabled", "locked"] = ""
    after: str = text(60, default="")
    limit: int = bounded(1, 500, default=50)


@call("gateway.invite", reply=InvitationView, grants=MANAGERS, writes=True)
class InvitePerson:
    """Invite somebody of the organisation or below to make an account; an invitation there was ends."""

    organisation_id: str = text(80)
    person_id: str = text(80, least=1)


@call("gateway.invite_people", reply=tuple[InvitationVerdict, ...], grants=MANAGERS, writes=True)
class InvitePeople:
    """The same for a list, at most a thousand at a time: a verdict for each."""

    organisation_id: str = text(80)
    person_ids: tuple[str, ...]


@shape
class Withdrawn:
    """Whose unused links stopped working."""

    person_ids: tuple[str, ...]


@call("gateway.withdraw_invitations", reply=Withdrawn, grants=MANAGERS, writes=True)
class WithdrawInvitations:
    """Links these people were given until then and have not used stop working; answers whose.  Where one of them has an
    account by now, nothing is withdrawn.  Again: the same answer."""

    organisation_id: str = text(80)
    person_ids: tuple[str, ...]
    issued_until: datetime


@call("gateway.disable_account", reply=AccountView, grants=MANAGERS, writes=True)
class DisableAccount:
    """End its sessions at once, and let it sign in no more."""

    account_id: str = text(80)


@call("gateway.enable_account", reply=AccountView, grants=MANAGERS, writes=True)
class EnableAccount:
    account_id: str = text(80)


@call("gateway.unlock_account", reply=AccountView, grants=MANAGERS, writes=True)
class UnlockAccount:
    """Let its owner sign in again at once after too many failures; the failures are forgotten.  Again: nothing changes."""

    account_id: str = text(80)


@call("gateway.demand_password", reply=AccountView, grants=MANAGERS, writes=True)
class DemandPassword:
    """Its owner must change the password before anything else."""

    account_id: str = text(80)


@call("gateway.reset_password", reply=InvitationView, grants=MANAGERS, writes=True)
class ResetPassword:
    """A one-time link with which the owner sets a new password (X14)."""

    account_id: str = text(80)


@call("gateway.reset_factor", reply=AccountView, grants=MANAGERS, writes=True)
class ResetFactor:
    """Take the second factor off an account whose owner lost it: the first administrator asks, a second one does it (X47)."""

    account_id: str = text(80)
    reason: str = text(200, least=2, label="原因")
