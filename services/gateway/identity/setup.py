"""For a process that is starting (``deploy/up``, the demonstration county): no request is under way here.

    store = services.gateway.storage.at_rest(settings)
    link = "http://127.0.0.1:8000" + setup.invite_county(store).path
"""
from services.gateway.identity import accounts, invitations, passwords
from services.gateway.identity.invitations import Invited
from services.gateway.settings import GatewaySettings
from services.gateway.storage import Account, Store


def is_empty(store: Store) -> bool:
    """Whether nobody can sign in yet: a fresh system has no login (X1)."""
    with store.reading() as unit:
        return unit.books.accounts.count() == 0


def invite_county(store: Store, settings: GatewaySettings | None = None) -> Invited:
    """The one invitation that sets an empty system up.  Again: a new one, and the one before ends."""
    return invitations.issue(store, "county", seconds=(settings or GatewaySettings()).invitation_seconds)


def create_account(store: Store, *, username: str, password: str, person_id: str, name: str, member_id: str = "",
                   profile: str = "gb") -> Account:
    """An account for a person of the roster.  Again with the same name and person: the same account, its password unchanged."""
    passwords.check(password, profile=profile, own_words=(username, name))
    with store.reading() as unit:
        known = unit.books.accounts.named(username)
    if known is not None and known.person_id == person_id:
        return known
    hashed = passwords.hash_of(password)
    with store.writing() as unit:
        return accounts.add(unit, username=username, hashed=hashed, person_id=person_id, member_id=member_id, name=name)
