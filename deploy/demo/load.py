"""Tells all the stories, makes the accounts, and says where to look."""
import secrets
from collections.abc import Callable
from datetime import date
from typing import Any

import eventlet
from eventlet.greenpool import GreenPool

from deploy.demo import county, exempt, places
from deploy.demo.cast import PATIENCE, Asking, Cast, assemble
from deploy.demo.story import PUBLIC, Story
from services.gateway.identity import setup
from services.gateway.storage import at_rest
from wire.bus.calls import Caller
from wire.bus.clock import SystemClock
from wire.bus.settings import Settings
from wire.contracts.actor import PUBLIC as PUBLIC_ACTOR
from wire.contracts.actor import Actor
from wire.contracts.calls import Refusal
from wire.contracts.notice import ReadBoard

#: branches told at the same time
AT_ONCE = 4
#: letters and digits nobody mistakes for one another
LETTERS, DIGITS = "abcdefghjkmnpqrstuvwxyz", "23456789"
#: role -> username, and the page it begins on
ROLES = {"member": ("dangyuan", "/mine"), "clerk": ("cailiao", ""), "secretary": ("shuji", "/desk/reviews"), "superior": ("zhenshuji", "/units"),
         "office": ("xianji", "/county/members"), "auditor": ("rizhi", "")}


def load(settings: Settings, told: Callable[[str], None]) -> dict[str, Any]:
    """Fill an empty system with the demonstration county; returns ``accounts`` and ``board``.

    Interrupted and called again it goes on where it was; called on a system that somebody else founded it raises Refusal.
    """
    caller = Caller(settings, name="demonstration")
    today = SystemClock(settings.zone).today()
    try:
        cast = assemble(Asking(caller, "county"), today, told)
        places.tell(Asking(caller, "places"), cast, today)
        exempt.tell(Asking(caller, "exempt"), cast, today)
        branches, pool, done = county.branches(), GreenPool(AT_ONCE), []

        def tell(branch: county.Branch) -> None:
            Story(Asking(caller, branch.code), cast, branch, today).tell()
            done.append(branch)
            told(f"已装入 {len(done)}/{len(branches)} 个党支部的承诺和评议。")

        for _ in pool.imap(tell, branches):
            pass
        told("正在准备公开栏和演示账号 …")
        accounts = make_accounts(settings, cast)
        board = f"/board/{cast.organisations[county.SHOWCASE]}"
        _wait_for_board(caller, cast, today)
        return {"accounts": accounts, "board": board}
    finally:
        caller.stop()


def make_accounts(settings: Settings, cast: Cast) -> dict[str, dict[str, str]]:
    """One account per role, with a password of its own that nobody else's demonstration has; ``link`` is a path."""
    people: dict[str, Actor] = {
        "member": cast.actors[cast.members[county.SHOWCASE][3].member_id], "clerk": cast.officers["clerk", county.SHOWCASE],
        "secretary": cast.officers["secretary", county.SHOWCASE], "superior": cast.officers["superior", "YL-SQ"],
        "office": cast.office, "auditor": cast.officers["auditor", county.CODE]}
    made, store = {}, at_rest(settings)
    try:
        for role, (username, page) in ROLES.items():
            person, password = people[role], _password()
            setup.create_account(store, username=username, password=password, person_id=person.person_id, name=person.name,
                                 member_id=person.member_id)
            made[role] = {"username": username, "password": password, "link": "/sign-in" + (f"?next={page}" if page else "")}
    finally:
        store.close()
    return made


def _password() -> str:
    """Two groups that can be read out over the telephone."""
    return "-".join(secrets.choice(LETTERS).upper() + "".join(secrets.choice(LETTERS) for _ in range(3)) + secrets.choice(DIGITS)
                    for _ in range(2)) + secrets.choice(DIGITS)


def _wait_for_board(caller: Caller, cast: Cast, today: date) -> None:
    """Until notice has heard of every published pledge of the showcase: the printed link shows them."""
    branch = next(one for one in county.branches() if one.code == county.SHOWCASE)
    expected = sum(1 for one in Story(Asking(caller, ""), cast, branch, today).fates().values() if one in PUBLIC)
    with eventlet.Timeout(PATIENCE):
        while True:
            try:
                if len(caller.call(PUBLIC_ACTOR, ReadBoard(organisation_id=cast.organisations[county.SHOWCASE])).pledges) >= expected:
                    return
            except Refusal:
                pass
            eventlet.sleep(0.2)
