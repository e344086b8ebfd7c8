"""What a start needs before its processes run: the keys that sign, and on an empty system the invitations that open it.

    python -m deploy.prepare [--invite]

Prints one JSON object: ``{"invitations": {"office": "/invitation#…", …}, "console": how a shell calls the operator's console}``.

A process of its own, because the one that supervises stays free of everything green.
"""
import eventlet

eventlet.monkey_patch()

import json
import sys

from services.gateway import settings as gateway
from services.gateway.identity import setup
from services.gateway.storage import at_rest
from sqlalchemy.exc import OperationalError
from wire.bus import migrate, settings as settings_, signing
from wire.bus.settings import Refused, Settings


def invitations(settings: Settings) -> dict[str, str]:
    """Paths of new single-use invitations (开通邀请) for those of the three administrators who are still to come (X46)."""
    _, limits = gateway.from_environment()
    store = at_rest(settings)
    try:
        return {role: setup.invite(store, role, limits).path for role in setup.open_roles(store)}
    finally:
        store.close()


def main(arguments: list[str]) -> int:
    try:
        settings = settings_.from_environment()
        signing.make_keys(settings)
        # also the quickest way to find out that the database lets us in
        migrate.upgrade("gateway", settings)
        print(json.dumps({"invitations": invitations(settings) if "--invite" in arguments else {}, "console": settings.console}))
        return 0
    except (Refused, migrate.NoSchema) as refusal:
        print(refusal, file=sys.stderr)
    except OperationalError as error:
        print(f"连不上数据库，请检查 --database 的地址、用户和密码，以及数据库是否在运行。（{type(error.orig).__name__}）", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
