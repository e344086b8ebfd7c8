"""The Flask application: its parts put together, in the order a request meets them."""
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, request
from flask.sessions import SecureCookieSessionInterface
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from services.gateway import problems
from services.gateway.clients import Caller, Clients
from services.gateway.door import gate, headers
from services.gateway.door.places import Places
from services.gateway.identity import keys, managing, rules  # noqa: F401  (what is decided here is known from now on)
from services.gateway.jobs import working
from services.gateway.settings import GatewaySettings
from services.gateway.storage import Store
from wire.bus.clock import SystemClock
from wire.bus.sealing import Vault
from wire.bus.settings import Settings

HERE = Path(__file__).resolve().parents[1]
FORM_BYTES = 1_000_000


class FormCookie(SecureCookieSessionInterface):
    """The signed cookie that holds a form's CSRF secret; over https with the ``__Host-`` prefix, which pins it to this host."""

    def get_cookie_name(self, app: Flask) -> str:
        return "__Host-jn_form" if request.is_secure else "jn_form"

    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure


def create_app(store: Store, caller: Caller, *, settings: GatewaySettings | None = None, clock: Any = None, secret: str = "",
               pages: Sequence[Blueprint] | None = None, directory: Any = None, console: str = "") -> Flask:
    """The application.  Makes no call and opens no socket.

    ``secret`` signs form tokens; without one they end with this process.  ``pages``: the blueprints of the pages, by
    default those of ``services.gateway.pages``; an empty list serves the API alone.  ``console``: how the operator's is called.
    """
    settings = settings or GatewaySettings()
    app = Flask("services.gateway", root_path=str(HERE), static_folder=str(HERE / "static"), template_folder=str(HERE / "templates"))
    app.config.update(
        SESSION_COOKIE_SAMESITE="Lax", SESSION_COOKIE_HTTPONLY=True, MAX_FORM_MEMORY_SIZE=FORM_BYTES, MAX_FORM_PARTS=2_000,
        WTF_CSRF_TIME_LIMIT=None, PROPAGATE_EXCEPTIONS=False, SEND_FILE_MAX_AGE_DEFAULT=31_536_000)
    app.config["CONSOLE"] = console
    app.session_interface = FormCookie()
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    equip(app, store, caller, settings=settings, clock=clock, secret=secret, directory=directory)
    gate.register(app)
    csrf = CSRFProtect(app)
    headers.register(app)
    problems.register(app)
    _register_api(app, csrf)
    if pages is None:
        from services.gateway.pages import blueprints
        pages = blueprints()
    for blueprint in pages:
        app.register_blueprint(blueprint)
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=settings.proxies)
    return app


def equip(app: Flask, store: Store, caller: Caller, *, settings: GatewaySettings, clock: Any = None, secret: str = "",
          directory: Any = None) -> None:
    """Give the application what it works with.  Again: something else in its place, and nothing of what was is left."""
    app.config.update(SECRET_KEY=secret or secrets.token_hex(32), MAX_CONTENT_LENGTH=settings.body_bytes)
    clock = clock or SystemClock(Settings().zone)
    app.extensions.update(
        clients=Clients(caller, grants_seconds=settings.grants_seconds), store=store, clock=clock, gateway=settings,
        directory=directory or Places(store), vault=Vault(app.config["SECRET_KEY"]))
    app.extensions[rules.KEY] = rules.Rules(store, clock)
    working.Jobs(app, store)


def _register_api(app: Flask, csrf: CSRFProtect) -> None:
    """The API takes a bearer token and never a cookie, so there is nothing for another site to ride on."""
    from services.gateway.api import register

    for blueprint in register(app):
        csrf.exempt(blueprint)
