"""Accounts: who may sign in, and as which person.  Usernames are kept as ``fold`` writes them, so that case cannot make two."""
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from services.gateway.storage.places import many
from services.gateway.storage.tables import account, account_note, factor_reset, failure, second_factor
from wire.bus.tables import drop_some
from wire.contracts.calls import Refusal, Stale
from wire.directory import grants, members, organisations, under


class NameTaken(Refusal):
    """Somebody else signs in under this name."""

    code, status = "username_taken", 409

    def __init__(self) -> None:
        super().__init__("这个用户名已有人使用，请换一个。", errors={"username": "已有人使用，请换一个。"})


class HasAccount(Refusal):
    """One person signs in under one name (X50)."""

    code, status = "has_account", 409

    def __init__(self) -> None:
        super().__init__("这位同志已经有账号，请直接登录；忘记密码请联系县级管理员。")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """``state``: active 可用, disabled 停用.  ``password`` is an argon2 hash; ``must_change``: before anything else."""

    id: str
    username: str
    password: str
    person_id: str
    member_id: str
    name: str
    state: str
    version: int
    created_at: datetime
    password_at: datetime
    must_change: bool = False
    last_sign_in_at: datetime | None = None


def fold(username: str) -> str:
    """The one spelling of a username: NFKC, lower case, no white space around it."""
    return unicodedata.normalize("NFKC", username).strip().casefold()


class AccountBook:
    def __init__(self, sql: Connection):
        self._sql = sql

    def get(self, account_id: str) -> Account | None:
        return self._one(account.c.id == account_id)

    def named(self, username: str) -> Account | None:
        """The account that signs in under this name."""
        return self._one(account.c.username == fold(username))

    def of_person(self, person_id: str) -> list[Account]:
        found = self._sql.execute(select(account).where(account.c.person_id == person_id).order_by(account.c.created_at))
        return [Account(**row._mapping) for row in found]

    def among(self, person_ids: list[str]) -> set[str]:
        """Which of these people have an account that works."""
        query = select(account.c.person_id).where(account.c.state == "active")
        return {one["person_id"] for one in many(self._sql, query, account.c.person_id, person_ids)}

    def ever_among(self, person_ids: list[str]) -> set[str]:
        """Which of these people ever had an account, one that is disabled too."""
        return {one["person_id"] for one in many(self._sql, select(account.c.person_id), account.c.person_id, person_ids)}

    def count(self) -> int:
        return self._sql.execute(select(func.count()).select_from(account)).scalar_one()

    def add(self, new: Account) -> None:
        """Refuses with NameTaken when the username is in use, with HasAccount when its person has one that works, whoever was
        faster."""
        try:
            with self._sql.begin_nested():
                self._sql.execute(insert(account).values(**_row(new)))
        except IntegrityError:
            raise (NameTaken if self.named(new.username) else HasAccount)() from None

    def save(self, changed: Account) -> None:
        """Refuses with Stale when somebody changed it meanwhile, with HasAccount when it would be its person's second one that works."""
        try:
            with self._sql.begin_nested():
                found = self._sql.execute(update(account).where(
                    account.c.id == changed.id, account.c.version == changed.version - 1).values(**_row(changed)))
        except IntegrityError:
            raise HasAccount from None
        if found.rowcount != 1:
            raise Stale("账号刚被别人改过，请刷新后重试。")

    def signed_in(self, known: Account, at: datetime) -> bool:
        """Write that it signs in; False when it is no longer as it was known, or disabled.  Whoever changes it waits till the commit."""
        return bool(self._sql.execute(update(account).where(
            account.c.id == known.id, account.c.version == known.version, account.c.state == "active").values(last_sign_in_at=at)).rowcount)

    def page(self, path: str, whole: bool, *, search: str, state: str, after: str, limit: int,
             now: datetime) -> tuple[list[Mapping[str, Any]], int]:
        """Accounts of people who are, or hold a grant, at or below ``path`` (``whole``: everybody's), by username, with
        whether they have a second factor and wait for its reset; and how many there are."""
        query = select(account.c.id).where(*([] if whole else [_placed(path)]))
        if search:
            wanted = fold(search)
            query = query.where(or_(func.lower(account.c.name).contains(wanted, autoescape=True),
                                    account.c.username.contains(wanted, autoescape=True)))
        if state == "locked":
            query = query.where(account.c.id.in_(select(failure.c.account_id).where(failure.c.locked_until > now)))
        elif state:
            query = query.where(account.c.state == state)
        total = self._sql.execute(select(func.count()).select_from(query.subquery())).scalar_one()
        shown = _seen().where(account.c.id.in_(query), account.c.username > after)
        return [dict(r) for r in self._sql.execute(shown.order_by(account.c.username).limit(limit)).mappings()], total

    def seen(self, account_id: str) -> Mapping[str, Any]:
        """One account as the list shows it."""
        return dict(self._sql.execute(_seen().where(account.c.id == account_id)).mappings().one())

    def _one(self, condition: ColumnElement[bool]) -> Account | None:
        row = self._sql.execute(select(account).where(condition)).first()
        return Account(**row._mapping) if row else None


class NoteBook:
    """What others did to an account, told to its owner until they have seen it."""

    def __init__(self, sql: Connection):
        self._sql = sql

    def add(self, *, id: str, account_id: str, at: datetime, sentence: str) -> None:
        self._sql.execute(insert(account_note).values(id=id, account_id=account_id, at=at, sentence=sentence))

    def unseen(self, account_id: str) -> list[Mapping[str, Any]]:
        return [dict(r) for r in self._sql.execute(select(account_note).where(
            account_note.c.account_id == account_id, account_note.c.seen_at.is_(None)).order_by(account_note.c.at)).mappings()]

    def seen(self, account_id: str, at: datetime) -> None:
        """The owner has read them; again: nothing."""
        self._sql.execute(update(account_note).where(
            account_note.c.account_id == account_id, account_note.c.seen_at.is_(None)).values(seen_at=at))

    def sweep(self, before: datetime) -> int:
        """Forget what was read before then; what was not read waits for its owner."""
        return drop_some(self._sql, account_note, account_note.c.seen_at < before)


def _placed(path: str) -> ColumnElement[bool]:
    """SQL: the account's person belongs to, or holds a grant over, an organisation at or below the path."""
    here = under(organisations.c.path, path)
    member = exists().where(members.c.id == account.c.member_id, organisations.c.id == members.c.organisation_id, here)
    holder = exists().where(and_(grants.c.person_id == account.c.person_id, grants.c.state != "ended", grants.c.lost.is_(False)),
                            organisations.c.id == grants.c.organisation_id, here)
    return or_(member, holder)


def _seen() -> Select:
    factor = select(second_factor.c.active).where(second_factor.c.account_id == account.c.id).scalar_subquery()
    asked = select(factor_reset.c.asked_by_name).where(factor_reset.c.account_id == account.c.id).scalar_subquery()
    return select(account, func.coalesce(factor, False).label("factor"), func.coalesce(asked, "").label("reset_asked_by"))


def _row(one: Account) -> dict:
    return {name: getattr(one, name) for name in Account.__slots__}
