"""The door: the Flask application, and the nameko entrypoint that hands it every HTTP request.

``create_app(store, caller)`` makes the application.  In the house ``services.gateway.service`` does it with the Bus and
the signing caller; elsewhere (tests, trying out pages) with any store and any caller:

    store = services.gateway.storage.at_rest(settings)          # after wire.bus.migrate.upgrade("gateway", settings)
    app = create_app(store, FakeCaller({ReadBoard: lambda actor, request: BoardView(...)}))       # tests/fakes_gateway.py
    browser = app.test_client();  sign_in_as(app, browser, person("secretary", "org_village"))    # same file

What blueprints may count on (pages register through ``services.gateway.pages.blueprints``):
- names decide who gets in: ``public`` is for everybody and on every listener; ``entrance`` for everybody at the staff
  address; every other endpoint needs somebody signed in (401 under /api, else a redirect to ``entrance.sign_in``).
- ``g.actor`` (PUBLIC when nobody is signed in), ``g.account`` and ``g.session`` when somebody is, ``g.correlation``.
- ``current_app.extensions``: clients, store, clock, directory, identity settings under "gateway".
- a POST of a page carries ``csrf_token`` (Flask-WTF) and ``key`` (idempotency, one per rendered form).
- a refusal nobody caught becomes ``problem.html`` (title, sentence, number, errors) or a problem document under /api.
"""
from services.gateway.door.application import create_app
from services.gateway.door.listener import door

__all__ = ["create_app", "door"]
