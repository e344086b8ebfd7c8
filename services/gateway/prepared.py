"""Public pages as they were last rendered: read from the gateway's own database, so they are quick, and there while notice
is away.

Rule kept here: a page is rendered after the last news about it.  News marks it stale in the transaction that hears it
(``mark``); the renderer clears the mark only if nothing was heard since it began.  At county midnight every page is
rendered anew, since 逾期 N 天 is another number then.
"""
import gzip
import hashlib
import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any
from weakref import WeakSet

import eventlet
from flask import Flask, Response, current_app, request

from services.gateway.storage import PreparedPage, Store
from wire.bus.bell import Bell
from wire.contracts.calls import Away, Refusal
from wire.contracts.envelope import News
from wire.contracts.ports import Unit

log = logging.getLogger(__name__)
KEY = "prepared"
#: a page older than this is rendered anew once somebody asks for it, whatever was heard (names, who should pledge)
OLD = timedelta(minutes=1)
SWEEP_SECONDS = 2.0
#: the transaction that heard the news still has to commit
SETTLE_SECONDS = 0.05
_renderers: WeakSet["Prepared"] = WeakSet()


def mark(unit: Unit, news: Iterable[News]) -> None:
    """Mark what notices tell about as stale: the boards of the organisation and of those above it, and the front page.

    In the caller's transaction; again: the same.  Wakes the renderers of this process; what they are too early for, their
    next sweep finds.
    """
    about: set[str] = set()
    for organisation_id in {said.event.organisation_id for said in news}:
        found = unit.directory.organisation(organisation_id)
        about.update(found["path"].strip("/").split("/") if found else (organisation_id,))
    unit.books.pages.spoil(about, unit.now)
    for renderer in _renderers:
        renderer.waken()


def answer(path: str) -> Response:
    """The prepared page as the answer to the request under way; rendered now when there is none yet."""
    return current_app.extensions[KEY].answer(path)


class Prepared:
    """The prepared pages of one application.  ``render(path)`` answers whose news concern the page ("": the county's), and
    its HTML; it runs inside a request of the application."""

    def __init__(self, app: Flask, store: Store, clock: Any, render: Callable[[str], tuple[str, str]]):
        self._app, self._store, self._clock, self._render = app, store, clock, render
        self._bell = Bell()
        self._stopped = False
        app.extensions[KEY] = self
        _renderers.add(self)

    def answer(self, path: str) -> Response:
        """200 with the page, or 304 when the browser has it.  Raises what the call raises when there is no page yet."""
        with self._store.reading() as unit:
            page = unit.books.pages.get(path)
        if page is None:
            page = self._first(path)
        elif page.stale or self._clock.now() - page.rendered_at > OLD:
            self._ask_again(page)
        zipped = "gzip" in request.accept_encodings
        response = Response(page.body_gz if zipped else gzip.decompress(page.body_gz), content_type=page.content_type)
        if zipped:
            response.headers["Content-Encoding"] = "gzip"
        response.headers["Cache-Control"] = "public, no-cache"
        response.vary.add("Accept-Encoding")
        response.set_etag(page.etag, weak=True)
        return response.make_conditional(request.environ)

    def waken(self) -> None:
        """There may be something to render: the renderer need not wait for its next sweep."""
        self._bell.ring()

    def turn(self) -> None:
        """Render until ``stop``: at once when woken, else every few seconds.  Runs in a greenlet of its own."""
        while not self._stopped:
            if self._bell.wait(SWEEP_SECONDS):
                eventlet.sleep(SETTLE_SECONDS)
            if not self._stopped:
                try:
                    self.sweep()
                except Exception:
                    log.exception("prepared pages wait for the next sweep")

    def stop(self) -> None:
        self._stopped = True
        self.waken()

    def sweep(self) -> int:
        """Render what is stale or from another day; returns how many pages.  Stops early while notice is away."""
        now, done = self._clock.now(), 0
        midnight = datetime.combine(self._clock.day_of(now), time(), tzinfo=self._clock.zone)
        with self._store.reading() as unit:
            due = unit.books.pages.due(midnight)
        for page in due:
            try:
                done += self._again(page)
            except Away:
                break
            except Exception:
                # one page that cannot be rendered must not keep the others from it
                log.exception("page not rendered: %s", page.path)
        return done

    def _again(self, page: PreparedPage) -> int:
        try:
            with self._app.test_request_context(page.path):
                made = self._made(page.path, asked_at=page.asked_at)
        except Refusal as refusal:
            if refusal.status != 404:
                raise
            with self._store.writing() as unit:
                unit.books.pages.drop(page.path)
            return 0
        with self._store.writing() as unit:
            unit.books.pages.refresh(made)
        return 1

    def _first(self, path: str) -> PreparedPage:
        """Kept as stale: news may have come while it was rendered, when there was no row to mark."""
        made = replace(self._made(path, asked_at=self._clock.now()), stale=True)
        with self._store.writing() as unit:
            unit.books.pages.keep(made)
        self.waken()
        return made

    def _ask_again(self, page: PreparedPage) -> None:
        if not page.stale:
            with self._store.writing() as unit:
                unit.books.pages.spoil([page.about], self._clock.now())
        self.waken()

    def _made(self, path: str, *, asked_at: datetime) -> PreparedPage:
        now = self._clock.now()
        about, html = self._render(path)
        body = html.encode()
        return PreparedPage(
            path=path, about=about, etag=hashlib.sha256(body).hexdigest()[:32], body_gz=gzip.compress(body, mtime=0),
            content_type="text/html; charset=utf-8", stale=False, rendered_at=now, asked_at=asked_at)
