"""For a process that is starting (``deploy/up``, the console, the demonstration county): no request is under way here.

    store = services.gateway.storage.at_rest(settings)
    links = {role: "http://127.0.0.1:8000" + setup.invite(store, role).path for role in setup.open_roles(store)}
"""
from services.gateway.identity import accounts, invitations, passwords
from services.gateway.identity.invitations import Invited
from services.gateway.settings import GatewaySettings
from services.gateway.storage import Account, Store

#: the three administrations 三员 of a new county: business, system, audit; three people (X19)
ROLES = ("office", "operator", "auditor")


def is_empty(store: Store) -> bool:
    """Whether nobody can sign in yet: a fresh system has no login (X1)."""
    with store.reading() as unit:
        return unit.books.accounts.count() == 0


def open_roles(store: Store) -> tuple[str, ...]:
    """Which of the three are still to be set up: all on an empty system, later those whose invitations ran out unused."""
    if is_empty(store):
        return ROLES
    with store.reading() as unit:
        used = unit.books.invitations.used(ROLES)
    return tuple(role for role in ROLES[1:] if used.get(role) is False)


def invite(store: Store, role: str, settings: GatewaySettings | None = None) -> Invited:
    """The invitation that sets one of the three up.  Again: a new one, and the one before ends."""
    if role not in ROLES:
        raise ValueError(f"{role} is none of the three")
    with store.writing() as unit:
        return invitations.issue(unit, role, seconds=(settings or GatewaySettings()).invitation_seconds)


def create_account(store: Store, *, username: str, password: str, person_id: str, name: str, member_id: str = "",
                   profile: str = "gb", must_change: bool = False) -> Account:
    """An account for a person of the roster.  Again with the same name and person: the same account, its password unchanged."""
    passwords.check(password, profile=profile, own_words=(username, name))
    with store.reading() as unit:
        known = unit.books.accounts.named(username)
    if known is not None and known.person_id == person_id:
        return known
    hashed = passwords.hash_of(password)
    with store.writing() as unit:
        return accounts.add(unit, username=username, hashed=hashed, person_id=person_id, member_id=member_id, name=name,
                            must_change=must_change)
