"""What lies on the disk of a running roster about a representative: neither the phone nor, beside their own row, the name."""
import logging
from datetime import date

import pytest
from sqlalchemy import text

from services.roster.domain.representative import Representative
from services.roster.service import RosterService
from services.roster.storage import Books
from tests.authority_roster import administrator
from tests.fakes_roster import COUNTY, OTHER, TOWN, VILLAGE, a_county
from wire.bus.testing import house
from wire.contracts.actor import Actor, HeldGrant
from wire.contracts.calls import Remote
from wire.contracts.roster import (
    ChangeRepresentative, EndRepresentative, FoundCounty, GiveGrant, ListRepresentatives, ReadRepresentativePhone, RegisterRepresentative,
)

NAME, PHONE, SECOND = "澹台若兰", "13987651234", "13512349876"


def lying_about(folder):
    """Every file under the data folder, as bytes."""
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def told(running):
    """Whatever the roster keeps of it beside the representative's own row: history, outbox, operation log."""
    with running.reading("roster") as unit:
        tables = [unit.sql.execute(text(f'select * from "{name}"')).all() for name in ("history", "outbox", "audit")]
    assert any("roster.representative" in str(row) for row in tables[0])
    return str(tables)


def test_neither_phone_nor_full_name_is_found_where_they_do_not_belong(tmp_path, caplog):
    """[X18, X38]"""
    caplog.set_level(logging.DEBUG)
    with house(tmp_path, RosterService) as running:
        running.call(Actor(kind="invitation"), FoundCounty(code="C", name="云岭县委", person_name="县办一"))
        office = administrator(running)
        root = office.grants[0].organisation_id
        view = running.call(office, RegisterRepresentative(organisation_id=root, stratum="users", name=NAME, phone=PHONE))
        view = running.call(office, ChangeRepresentative(
            representative_id=view.representative_id, version=1, stratum="users", name=NAME, phone=SECOND))
        with pytest.raises(Remote) as refused:
            running.call(office, RegisterRepresentative(organisation_id=root, stratum="users", name="何小满", phone=SECOND))
        assert refused.value.code == "phone_known"
        held = running.call(office, GiveGrant(organisation_id=root, role="clerk", person_name="白鹭洲"))
        clerk = Actor(kind="person", person_id=held.person_id, name="白鹭洲", grants=(
            HeldGrant(grant_id=held.grant_id, role="clerk", organisation_id=root),))
        seen = ReadRepresentativePhone(representative_id=view.representative_id)
        assert running.call(clerk, seen).phone == SECOND
        with pytest.raises(Remote) as refused:
            running.call(office, seen)
        assert refused.value.status == 403
        [listed] = running.call(office, ListRepresentatives(organisation_id=root)).representatives
        assert listed.phone == "135****9876"
        assert NAME not in told(running) and "澹***" in told(running)
        for number in (PHONE, SECOND):
            assert number.encode() not in lying_about(tmp_path) and number not in told(running) and number not in caplog.text
        assert NAME not in caplog.text
        running.stop("roster")
        running.start("roster")
        assert running.call(clerk, seen).phone == SECOND, "the secret outlives the process"
        running.call(office, EndRepresentative(representative_id=view.representative_id))
        with running.reading("roster") as unit:
            kept = Books(unit.sql).representatives.get(view.representative_id)
        assert (kept.phone_sealed, kept.phone_mark) == (b"", "")
    assert (tmp_path / "roster.secret").stat().st_mode & 0o777 == 0o600


@pytest.fixture
def books(shelf):
    with shelf() as opened:
        opened.organisations.add_many(a_county())
        for number, (surname, place, stratum) in enumerate((("bai", VILLAGE, "users"), ("he", TOWN, "users"), ("tao", OTHER, "staff"))):
            opened.representatives.add(Representative(
                id=f"rep_{number}", organisation_id=place, stratum=stratum, name="何小满" if surname == "he" else "白%", sort_key=surname,
                initials=surname[0], since=date(2026, 1, 2), phone_sealed=b"\0sealed", phone_mark=f"mark{number % 2}"))
        yield opened


def page(books, **more):
    found, counts, following = books.representatives.page(books.organisations.get(COUNTY).path, **{
        "stratum": "", "state": "active", "search": "", "after": "", "limit": 2} | more)
    return [one.id for one in found], counts, following


def test_pages_go_on_where_the_one_before_ended(books):
    first, counts, following = page(books)
    assert (first, counts) == (["rep_0", "rep_1"], {"users": 2, "staff": 1})
    assert page(books, after=following)[0] == ["rep_2"] and page(books, after=following)[2] == ""


def test_they_are_found_by_name_initials_and_stratum(books):
    assert page(books, search="%")[0] == ["rep_0", "rep_2"] and page(books, search="H")[0] == ["rep_1"]
    assert page(books, stratum="staff")[:2] == (["rep_2"], {"users": 2, "staff": 1})
    assert page(books, state="ended") == ([], {}, "")


def test_the_same_phone_is_found_among_those_who_are_still_invited(books):
    assert [one.id for one in books.representatives.with_phone("mark0")] == ["rep_0", "rep_2"]
    books.representatives.save([books.representatives.get("rep_0").end(date(2026, 2, 1))])
    assert [one.id for one in books.representatives.with_phone("mark0")] == ["rep_2"]
    assert books.representatives.get("rep_2").phone_sealed == b"\0sealed"
