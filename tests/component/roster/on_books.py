"""A unit of the roster on real books, and how its tests find somebody in them."""
from services.roster.storage import Books
from tests.fakes import FakeUnit
from wire.bus import authority
from wire.contracts.actor import Actor
from wire.contracts.calls import operation_of
from wire.directory import Directory


class Real(FakeUnit):
    """The fake unit on a real connection, with the real answer to who may do what."""

    def __init__(self, sql):
        super().__init__(Books(sql), actor=Actor(kind="invitation"), directory=Directory(sql))
        self.sql = sql

    def _check(self, request, organisation_id, member_id):
        authority.check(operation_of(request), self.actor, self.directory, (organisation_id,), member_id)


def town(unit, code="T1"):
    return next(o for o in unit.books.organisations.tree() if o.code == code)


def find(unit, code):
    return unit.books.members.by_codes([code])[code].id
