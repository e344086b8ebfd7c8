"""An older county's roster is brought up to date, and back."""
import pytest
from alembic import command
from sqlalchemy import insert, select

from services.roster.domain.grant import Grant
from services.roster.storage import Books
from services.roster.storage.grants import grants
from services.roster.storage.sheets import sheets
from tests.component.roster.test_books import member
from tests.databases import BOTH, migrated
from tests.fakes import NOW
from tests.fakes_roster import VILLAGE, a_county
from wire.bus import migrate
from wire.bus.tables import prepared
from wire.bus.unit import transaction


@pytest.fixture(params=BOTH)
def roster(request, tmp_path):
    with migrated("roster", request.param, request, tmp_path) as database:
        yield database


def held(sql):
    return sorted(tuple(row) for row in sql.execute(select(grants.c.person_id, grants.c.role, grants.c.organisation_id)))


def test_what_members_held_by_themselves_is_kept_no_more_and_no_checked_sheet_brings_it_back(roster):
    """Before, everybody on the roll had a row of their own; what others were given stays. [X49]"""
    clerk = Grant(id="grt_1", person_id="mem_1", person_name="曾小明", member_id="mem_1", role="clerk", organisation_id=VILLAGE)
    with transaction(roster) as sql:
        books = Books(sql)
        books.organisations.add_many(a_county())
        books.members.add_many([member(1), member(2, state="left")])
        books.grants.add_many([clerk])
        command.downgrade(migrate._config("roster", sql, None), "0008_sheet_hints")
        assert held(sql) == [("mem_1", "clerk", VILLAGE), ("mem_1", "member", VILLAGE)]
        for kind in ("members", "positions"):
            sql.execute(insert(sheets), {c.name: 0 for c in sheets.columns if c.type.python_type is int} | {
                "id": f"s_{kind}", "kind": kind, "state": "checked", "person_id": "prs_1", "targets": [], "edition": "", "created_at": NOW})
            sql.execute(insert(prepared), {"batch": f"s_{kind}", "chunk": 0, "what": "held_grant", "count": 0, "said": "", "rows": ""})
        command.upgrade(migrate._config("roster", sql, None), "heads")
        assert held(sql) == [("mem_1", "clerk", VILLAGE)]
        assert sql.scalars(select(prepared.c.batch)).all() == ["s_positions"]
