"""What an account owes before it may do anything: a new password (X4), a second factor where a role asks for one (X13).

Decided here for every request, page and API alike; what is owed can be done under ``account.`` and ``/api/v1/session``.
"""
from dataclasses import dataclass

from flask import current_app

from services.gateway.identity import accounts, factors
from services.gateway.storage import Account
from wire.contracts.actor import Actor


@dataclass(frozen=True, slots=True)
class Owed:
    """``endpoint``: the page where it is done."""

    code: str
    endpoint: str
    sentence: str


PASSWORD = Owed("password_change_needed", "account.password", "请先修改密码，再办理其他事项。接口：PUT /api/v1/session/password。")


FACTOR = Owed("second_factor_needed", "account.factor",
              "您的职责要求登录时使用动态口令，请先开通，再办理其他事项。接口：POST /api/v1/session/factor。")


def by(account: Account, actor: Actor) -> Owed | None:
    """The first thing the account owes; None when it is free to act."""
    if accounts.must_change(account, current_app.extensions["clock"].now()):
        return PASSWORD
    return FACTOR if factors.needed(actor) and not factors.of(account) else None
