"""Fakes of the gateway: a caller that answers from memory, and people who are signed in.

    app = create_app(store, caller, pages=[])
    system = bearer(app, person)              # headers for the API
    sign_in_as(app, browser, person)          # a test client that carries the browser's session
"""
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from services.gateway.domain.policy import SignInPolicy
from services.gateway.identity import rules
from services.gateway.identity.sessions import PLAIN_COOKIE, digest, new_token
from services.gateway.storage import Account, Session
from wire.bus.tables import audit, upsert
from wire.contracts.actor import Actor
from wire.contracts.calls import NotFound
from wire.contracts.journal import PRODUCERS
from wire.contracts.policies import read_policies_of
from wire.contracts.roster import GrantsOf, GrantView, PolicyAdopted
from wire.directory import organisations
from wire.policy import adoptions, body_of, digest as digest_of
from wire.policy.in_force import hold, write

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
#: what no answer was given for: services without a policy document
NO_POLICIES = {read_policies_of(service).request for service in PRODUCERS}
PASSWORD = "Lantern-7 over river"
DOCUMENT = "gateway.SignInPolicy"


class HandClock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime = NOW):
        self.zone = ZoneInfo("Asia/Shanghai")
        self._now = now

    def now(self) -> datetime:
        return self._now

    def today(self):
        return self.day_of(self._now)

    def day_of(self, instant: datetime):
        return instant.astimezone(self.zone).date()

    def move(self, **by: float) -> None:
        self._now += timedelta(**by)


@dataclass
class Made:
    """One call as the gateway made it."""

    actor: Actor
    request: Any
    key: str
    deadline: float | None


@dataclass
class FakeCaller:
    """Answers by request class; an exception as the answer is raised.  ``grants``: what roster says people hold."""

    answers: dict[type, Any] = field(default_factory=dict)
    grants: dict[str, tuple[GrantView, ...]] = field(default_factory=dict)
    made: list[Made] = field(default_factory=list)

    def call(self, actor: Actor, request: Any, *, key: str = "", deadline: float | None = None, **more: Any) -> Any:
        self.made.append(Made(actor, request, key, deadline))
        if type(request) is GrantsOf and GrantsOf not in self.answers:
            return self.grants.get(request.person_id, ())
        answer = self.answers.get(type(request))
        if answer is None and type(request) in NO_POLICIES:
            return ()
        if answer is None:
            raise NotFound("没有找到。")
        if isinstance(answer, Exception):
            raise answer
        return answer(actor, request) if callable(answer) else answer

    def of(self, request: type) -> list[Made]:
        return [made for made in self.made if type(made.request) is request]

    def hold(self, person_id: str, *roles: tuple[str, str]) -> None:
        """Let roster say that this person holds these (role, organisation) grants."""
        self.grants[person_id] = tuple(GrantView(
            grant_id=f"grt_{role}_{place}", person_id=person_id, person_name="某人", member_id="", role=role, organisation_id=place,
            organisation_name=place, state="given") for role, place in roles)


def account(store: Any, *, username: str = "lin.qiao", person_id: str = "prs_lin", name: str = "林乔", member_id: str = "",
            password: str = "") -> Account:
    """An account in the store; without a password nobody can sign in by one, which is quicker."""
    from services.gateway.identity import passwords
    with store.writing() as unit:
        made = Account(
            id=unit.new_id("acc"), username=username, password=passwords.hash_of(password) if password else "-", person_id=person_id,
            member_id=member_id, name=name, state="active", version=1, created_at=unit.now, password_at=unit.now)
        unit.books.accounts.add(made)
    return made


def adopt_sign_in(app: Any, *, starts_on: Any = None, **values: Any) -> None:
    """Let the office of the county have adopted this sign-in policy, the rest of it by default; heard of like any other."""
    store, made = app.extensions["store"], SignInPolicy(**values)
    with store.writing() as unit:
        root = unit.books.places.root()
        place = root["id"] if root else "org_county"
        if root is None:
            upsert(unit.sql, organisations, ("id",), [{
                "id": place, "code": "C", "name": "中共云岭县委员会", "kind": "county_committee", "sector": "government", "parent_id": None,
                "path": f"/{place}/", "state": "active", "epoch": 1, "version": 1, "lost": False}])
        hash_ = digest_of(made)
        hold(unit.sql, {"document": DOCUMENT, "hash": hash_, "version": hash_[:8], "body": body_of(made), "proposed_by": "prs_office",
                        "proposed_by_name": "江涛", "proposed_at": unit.now})
        number = 1 + len(unit.sql.execute(select(adoptions).where(adoptions.c.document == DOCUMENT)).all())
        write(unit.sql, "gateway", [(1, PolicyAdopted(
            adoption_id=f"adp_{number}", document=DOCUMENT, policy_version=hash_[:8], hash=hash_, organisation_id=place,
            starts_on=starts_on or unit.today, number=number, version=1, acted_by="prs_office", acted_by_name="江涛", acted_at=unit.now,
            scope="members"))])
    app.extensions[rules.KEY].forget()


def session_of(store: Any, owner: Account, kind: str = "bearer") -> str:
    """A session of the account; its token."""
    token = new_token()
    with store.writing() as unit:
        unit.books.sessions.add(Session(
            digest=digest(token), account_id=owner.id, kind=kind, created_at=unit.now, seen_at=unit.now,
            expires_at=unit.now + timedelta(hours=12)))
    return token


def bearer(app: Any, owner: Account) -> dict[str, str]:
    """Headers of another system that acts for this account."""
    return {"Authorization": f"Bearer {session_of(app.extensions['store'], owner)}"}


def sign_in_as(app: Any, browser: Any, person: Actor, *, username: str = "") -> Account:
    """Let the test client's browser be signed in as this person, with the grants they hold, through the application's caller; to the
    account they have, since one person has one."""
    with app.extensions["store"].reading() as unit:
        known = next(iter(unit.books.accounts.of_person(person.person_id)), None)
    owner = known or account(app.extensions["store"], username=username or person.person_id.replace("_", "."), person_id=person.person_id,
                    name=person.name, member_id=person.member_id)
    browser.set_cookie(PLAIN_COOKIE, session_of(app.extensions["store"], owner, "browser"))
    return owner


def access_log(store: Any) -> list[dict[str, Any]]:
    """The lines of the gateway's own operation log, the newest first."""
    with store.reading() as unit:
        return [dict(row) for row in unit.sql.execute(select(audit).order_by(audit.c.seq.desc())).mappings()]


def form(page: str) -> dict[str, str]:
    """The hidden fields of the first form of a page: what a browser sends back by itself."""
    import re
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))


def problem(response: Any) -> SimpleNamespace:
    """A problem document as an object."""
    assert response.content_type.startswith("application/problem+json"), (response.content_type, response.data[:300])
    return SimpleNamespace(**json.loads(response.data))


def always(value: Any) -> Callable[[Actor, Any], Any]:
    return lambda actor, request: value
