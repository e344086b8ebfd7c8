"""What the office does with accounts (账号管理): list, disable, enable, demand a new password, hand out a link for one.

Whose account it is decides who may: the highest organisation in which its person is a member or holds a grant must be
within the administrator's reach.  Nobody acts on their own account, and every act is told to the owner.
"""
from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import current_app

from services.gateway.identity import invitations
from services.gateway.identity.acting import about_to, decides
from services.gateway.identity.refusals import NO_ORGANISATION, NoAccount, NoFactor, NotYourOwn
from services.gateway.storage import Account
from services.gateway.storage.accounts import HasAccount
from wire.contracts.calls import NotFound
from wire.contracts.gateway import (
    AccountLock, AccountPage, AccountView, DemandPassword, DisableAccount, EnableAccount, InvitationView, ListAccounts, ResetFactor,
    ResetPassword, UnlockAccount,
)

#: within so long the second administrator must agree
RESET_WITHIN = timedelta(days=1)


@decides(ListAccounts)
def list_accounts(unit: Any, request: ListAccounts) -> AccountPage:
    """Accounts of people at or below the organisation; at the county's committee everybody's."""
    unit.permit(request.organisation_id)
    here = unit.directory.organisation(request.organisation_id)
    if here is None:
        raise NotFound(NO_ORGANISATION)
    rows, total = unit.books.accounts.page(here["path"], here["parent_id"] is None, search=request.search.strip(), state=request.state,
                                           after=request.after, limit=request.limit + 1, now=unit.now)
    shown = rows[:request.limit]
    locks = _locks(unit, [row["id"] for row in shown])
    return AccountPage(accounts=tuple(_view(row, locks) for row in shown), total=total,
                       next=shown[-1]["username"] if len(rows) > request.limit else "")


@decides(DisableAccount)
def disable_account(unit: Any, request: DisableAccount) -> AccountView:
    """Its sessions end with the same commit (X11), its open invitations too.  A second call changes nothing."""
    account = managed(unit, request.account_id)
    if account.state == "active":
        _change(unit, account, "disabled", state="disabled")
        unit.books.sessions.end_others(account.id)
        unit.books.invitations.void_of_account(account.id, unit.now)
    return _seen(unit, account.id)


@decides(EnableAccount)
def enable_account(unit: Any, request: EnableAccount) -> AccountView:
    """It signs in again, with the password it had.  Refused while its person has another account that works."""
    account = managed(unit, request.account_id)
    if account.state == "disabled":
        if any(other.state == "active" for other in unit.books.accounts.of_person(account.person_id)):
            raise HasAccount
        _change(unit, account, "enabled", state="active")
        tell(unit, account.id, f"{unit.actor.name}重新启用了您的账号。")
    return _seen(unit, account.id)


@decides(DemandPassword)
def demand_password(unit: Any, request: DemandPassword) -> AccountView:
    account = managed(unit, request.account_id)
    if not account.must_change:
        _change(unit, account, "password_demanded", must_change=True)
        tell(unit, account.id, f"{unit.actor.name}要求您修改密码。")
    return _seen(unit, account.id)


@decides(UnlockAccount)
def unlock_account(unit: Any, request: UnlockAccount) -> AccountView:
    """The owner hears of it: whoever guesses at a name may also ask for it by telephone."""
    account = managed(unit, request.account_id)
    locks = unit.books.failures.locked([account.id], unit.now)
    if locks:
        unit.books.failures.unlock(account.id)
        unit.remember("gateway.account", account.id, account.version, "unlocked", {"tries": max(one.tries for one in locks)})
        tell(unit, account.id, f"您的账号因连续输错密码或动态口令暂停登录，{unit.actor.name}已恢复；如果输错的不是您，请马上修改密码。")
    return _seen(unit, account.id)


@decides(ResetPassword)
def reset_password(unit: Any, request: ResetPassword) -> InvitationView:
    """A link for the owner; the password they have works until the link is used.  Again: a new link, the one before ends."""
    account = managed(unit, request.account_id)
    if account.state != "active":
        raise NoAccount("这个账号已停用，请先启用，再生成重设密码的链接。")
    made = invitations.issue(unit, "reset", seconds=current_app.extensions["gateway"].invitation_seconds, person_id=account.person_id,
                             member_id=account.member_id, name=account.name, invited_by=unit.actor.person_id, account_id=account.id)
    unit.remember("gateway.account", account.id, account.version, "password_link", {})
    tell(unit, account.id, f"{unit.actor.name}为您生成了重设密码的链接；如果不是您要求的，请马上联系审计管理员。")
    return InvitationView(person_id=account.person_id, name=account.name, token=made.token, path=made.path, expires_at=made.expires_at)


@decides(ResetFactor)
def reset_factor(unit: Any, request: ResetFactor) -> AccountView:
    """The first administrator asks; another one, within a day, takes the factor off and ends every session.  Both acts are
    told to the owner.  Asked again by the same one: nothing more happens."""
    account = managed(unit, request.account_id)
    if unit.books.factors.get(account.id) is None:
        raise NoFactor
    asked = _asked(unit, account.id)
    if asked is None:
        unit.books.factors.ask(account.id, by=unit.actor.person_id, by_name=unit.actor.name, reason=request.reason.strip(), at=unit.now)
        unit.remember("gateway.account", account.id, account.version, "factor_reset_asked", {"reason": request.reason.strip()})
        tell(unit, account.id, f"{unit.actor.name}申请重置您的动态口令（{request.reason.strip()}），还要另一位管理员同意；"
                               "如果不是您要求的，请马上联系审计管理员。")
    elif asked.asked_by != unit.actor.person_id:
        unit.books.factors.drop(account.id)
        unit.books.sessions.end_others(account.id)
        unit.remember("gateway.account", account.id, account.version, "factor_reset", {"asked_by": asked.asked_by})
        tell(unit, account.id, f"{asked.asked_by_name}和{unit.actor.name}重置了您的动态口令，请重新开通。")
    return _seen(unit, account.id)


def reset_asked(account_id: str) -> tuple[Account, Any]:
    """The account, and who asked within the day for its factor to be reset and why (asked_by, asked_by_name, reason), or None; for
    whoever may reset it."""
    with about_to(ResetFactor) as unit:
        account = managed(unit, account_id)
        return account, _asked(unit, account.id)


def _asked(unit: Any, account_id: str) -> Any:
    asked = unit.books.factors.asked(account_id)
    return asked if asked and unit.now - asked.asked_at <= RESET_WITHIN else None


def managed(unit: Any, account_id: str) -> Account:
    """The account, if the actor may manage it: to others it is not there.  Refuses the actor's own."""
    account = unit.books.accounts.get(account_id)
    if account is None:
        unit.permit(_root(unit))
        raise NoAccount
    home = unit.books.places.highest_of(account.person_id, account.member_id)
    unit.concern(account.person_id)
    unit.permit(home)
    if account.person_id == unit.actor.person_id:
        raise NotYourOwn
    return account


def tell(unit: Any, account_id: str, sentence: str) -> None:
    """Let the owner know, at their next page."""
    unit.books.notes.add(id=unit.new_id("not"), account_id=account_id, at=unit.now, sentence=sentence)


def _seen(unit: Any, account_id: str) -> AccountView:
    return _view(unit.books.accounts.seen(account_id), _locks(unit, [account_id]))


def _locks(unit: Any, account_ids: list[str]) -> dict[str, list[AccountLock]]:
    found: dict[str, list[AccountLock]] = {}
    for one in unit.books.failures.locked(account_ids, unit.now):
        found.setdefault(one.account_id, []).append(AccountLock(
            since=one.locked_at or one.first_at, until=one.locked_until, tries=one.tries, network=one.network))
    return found


def _view(row: Any, locks: dict[str, list[AccountLock]]) -> AccountView:
    return AccountView(account_id=row["id"], locks=tuple(locks.get(row["id"], ())), **{name: row[name] for name in (
        "username", "name", "person_id", "member_id", "state", "must_change", "factor", "reset_asked_by", "created_at", "last_sign_in_at",
        "version")})


def _change(unit: Any, account: Account, what: str, **changes: Any) -> None:
    changed = replace(account, version=account.version + 1, **changes)
    unit.books.accounts.save(changed)
    unit.remember("gateway.account", account.id, changed.version, what, {"state": changed.state, "must_change": changed.must_change})


def _root(unit: Any) -> str:
    root = unit.books.places.root()
    return root["id"] if root else ""
