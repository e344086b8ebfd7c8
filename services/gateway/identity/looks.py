"""The access log: sign-ins, and who looked at whose personal data (X21).  Ids only, no names and no contents."""
from flask import current_app, g, has_request_context, request

from services.gateway.storage import Account
from wire.contracts.ports import Unit


def note(what: str, object: str) -> None:
    """Whoever is signed in looked at this."""
    with current_app.extensions["store"].writing() as unit:
        write(unit, what, account=g.account, object=object)


def write(unit: Unit, what: str, *, account: Account | None = None, object: str = "") -> None:
    """The same within a transaction under way; ``account`` None: nobody known (a failed sign-in)."""
    address = (request.remote_addr or "")[:60] if has_request_context() else ""
    unit.books.looks.note(
        at=unit.now, account_id=account.id if account else "", person_id=account.person_id if account else "", what=what,
        object=object, address=address, correlation=g.get("correlation", "") if has_request_context() else "")
