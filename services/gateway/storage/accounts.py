"""Accounts: who may sign in, and as which person.  Usernames are kept as ``fold`` writes them, so that case cannot make two."""
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from services.gateway.storage.tables import account
from wire.contracts.calls import Refusal, Stale


class NameTaken(Refusal):
    """Somebody else signs in under this name."""

    code, status = "username_taken", 409


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """``state``: active 可用, disabled 停用.  ``password`` is an argon2 hash."""

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

    def count(self) -> int:
        return self._sql.execute(select(func.count()).select_from(account)).scalar_one()

    def add(self, new: Account) -> None:
        """Refuses with NameTaken when the username is in use, whoever was faster."""
        try:
            with self._sql.begin_nested():
                self._sql.execute(insert(account).values(**_row(new)))
        except IntegrityError:
            raise NameTaken("这个用户名已有人使用，请换一个。", errors={"username": "已有人使用，请换一个。"}) from None

    def save(self, changed: Account) -> None:
        found = self._sql.execute(update(account).where(
            account.c.id == changed.id, account.c.version == changed.version - 1).values(**_row(changed)))
        if found.rowcount != 1:
            raise Stale("账号刚被别人改过，请刷新后重试。")

    def _one(self, condition: ColumnElement[bool]) -> Account | None:
        row = self._sql.execute(select(account).where(condition)).first()
        return Account(**row._mapping) if row else None


def _row(one: Account) -> dict:
    return {name: getattr(one, name) for name in Account.__slots__}
