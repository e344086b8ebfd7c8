"""The nameko class of the gateway: the http door, and the doors by which it hears what its copies need."""
from typing import Any

from flask import Flask
from nameko.extensions import DependencyProvider
from werkzeug.wrappers import Request, Response

from services.gateway import histories, prepared, storage, sweeping
from services.gateway.domain.policy import SignInPolicy
from services.gateway.door import create_app, door
from services.gateway.door.listener import limits_of
from services.gateway.identity import rules
from services.gateway.jobs import working
from wire import directory, policy
from wire.bus import settings as settings_
from wire.bus.calls import Caller
from wire.bus.sealing import secret_of
from wire.bus.service import ROSTER, Bus
from wire.bus.subscribe import subscribe
from wire.bus.timer import every
from wire.bus.unit import Unit
from wire.contracts.envelope import News
from wire.contracts.notice import NoticeCorrected, NoticePosted
from wire.contracts.roster import GrantFacts, MemberFacts


class Application(DependencyProvider):
    """The Flask application on this container's Bus, with a signing caller of its own and the renderer of prepared pages."""

    def setup(self) -> None:
        self._app: Flask | None = None
        self._caller = Caller(settings_.of(self.container), name="gateway")

    def start(self) -> None:
        pages = self.app.extensions.get(prepared.KEY)
        if pages is not None:
            self.container.spawn_managed_thread(pages.turn, identifier="prepared pages")
        self.container.spawn_managed_thread(self.app.extensions[working.KEY].turn, identifier="jobs")

    def stop(self) -> None:
        pages = self.app.extensions.get(prepared.KEY)
        if pages is not None:
            pages.stop()
        self.app.extensions[working.KEY].stop()
        self._caller.stop()

    @property
    def app(self) -> Flask:
        """Made once, when every dependency has been set up."""
        if self._app is None:
            bus = next(d for d in self.container.dependencies if isinstance(d, Bus))
            limits = limits_of(self.container)
            self._app = create_app(bus, self._caller, settings=limits, clock=bus.room.clock, console=settings_.of(self.container).console,
                                   secret=secret_of(limits.secret_file, settings_.of(self.container).data, "gateway"))
        return self._app

    def get_dependency(self, worker_ctx: Any) -> Flask:
        return self.app


class GatewayService:
    name = "gateway"
    bus = Bus(storage.Books, belongs=histories.belongs, policies=(SignInPolicy,), projections=ROSTER)
    app = Application()

    @door
    def serve(self, request: Request) -> Response:
        """Every HTTP request.  ``wsgi_app`` and not a dispatch of our own: only it has the handlers for what goes wrong."""
        return Response.from_app(self.app.wsgi_app, request.environ)

    @every(sweeping.EVERY_SECONDS, alone=True)
    def sweep(self) -> None:
        """What is over goes (X38)."""
        sweeping.sweep(self.bus, self.app.extensions["gateway"], self.app.extensions[rules.KEY].now())

    @subscribe(*directory.EVENTS)
    def on_roster(self, unit: Unit, news: list[News]) -> None:
        """Names for the screen; and whoever was given or lost a grant, or moved, sees it at their next page (X49)."""
        directory.keep(unit, news)
        for said in news:
            if isinstance(said.event, GrantFacts):
                self.app.extensions["clients"].forget(said.event.person_id)
            elif isinstance(said.event, MemberFacts):
                self.app.extensions["clients"].forget(said.event.member_id)

    @subscribe(*policy.EVENTS)
    def on_policy(self, unit: Unit, news: list[News]) -> None:
        policy.keep(unit, news)
        self.app.extensions[rules.KEY].forget()

    @subscribe(NoticePosted, NoticeCorrected)
    def on_notice(self, unit: Unit, news: list[News]) -> None:
        """Pages the news concern are stale from this transaction on, and rendered anew as soon as it has committed."""
        prepared.mark(unit, news)
