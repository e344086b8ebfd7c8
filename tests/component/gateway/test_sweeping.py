"""What is over goes, what stands stays, on both databases, a piece at a time. [X38]"""
import os
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, insert, select

from services.gateway import service, sweeping
from services.gateway.domain.policy import SignInPolicy
from services.gateway.identity import rules
from services.gateway.settings import GatewaySettings
from services.gateway.storage import Books, Factor, Invitation, Job, Key, Session, metadata
from services.gateway.storage.sessions import Failure
from services.gateway.storage.tables import failure
from tests.databases import BOTH, migrated
from tests.fakes_gateway import NOW, HandClock
from wire.bus import unit as units
from wire.bus.sets import PAGE
from wire.bus.settings import Refused
from wire.contracts.actor import service_actor
from wire.directory import Directory
from wire.policy import Policies

LIMITS = GatewaySettings()
INVITED = Invitation(id="", digest="", kind="account", person_id="prs_lin", member_id="", name="林乔", invited_by="", created_at=NOW, expires_at=NOW)
SESSION = Session(digest="", account_id="acc_1", kind="browser", created_at=NOW, seen_at=NOW, expires_at=NOW)
KEY = Key(id="key_1", name="组织部", organisation_id="org_1", person_id="prs_key", grant_id="grt_1", scopes="", state="ended", version=1,
          made_by="prs_gao", made_by_name="高岚", created_at=NOW, expires_at=NOW)


class Shop:
    """The gateway's store on one database; ``units`` counts the transactions that wrote."""

    def __init__(self, database):
        self.units = 0
        self.room = units.Room(service="gateway", database=database, books=Books, directory=Directory, policies=Policies, clock=HandClock())

    def reading(self):
        return units.reading(self.room, service_actor("gateway"))

    def writing(self):
        self.units += 1
        return units.writing(self.room, service_actor("gateway"))

    def left(self):
        """How many rows each table holds."""
        with self.reading() as unit:
            counted = {t.name: unit.sql.scalar(select(func.count()).select_from(t)) for t in metadata.sorted_tables}
        return {name: count for name, count in counted.items() if count}


@pytest.fixture(scope="module", params=BOTH)
def shelf(request, tmp_path_factory):
    with migrated("gateway", request.param, request, tmp_path_factory.mktemp("sweeping")) as database:
        yield database


@pytest.fixture
def shop(shelf, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    shop = Shop(shelf)
    with shop.writing() as unit:
        for table in metadata.sorted_tables:
            unit.sql.execute(delete(table))
    return shop


def days(number):
    return NOW - timedelta(days=number)


def sessions(books):
    for digest, seen, ends in (("stands", 0, 12), ("idle", -1, 12), ("past", 0, -1)):
        books.sessions.add(replace(SESSION, digest=digest, seen_at=NOW + timedelta(hours=seen), expires_at=NOW + timedelta(hours=ends)))


def invitations(books):
    told = (("stands", "account", NOW + timedelta(hours=1), None), ("spent today", "account", days(1), NOW), ("ran out", "account", days(31), None),
            ("spent", "reset", days(40), days(31)), ("set up", "office", days(400), days(400)))
    for name, kind, ends, spent in told:
        books.invitations.issue([replace(INVITED, id=name, digest=name, kind=kind, person_id=name, expires_at=ends, spent_at=spent)])


def factors(books):
    books.factors.ask("acc_1", by="prs_gao", by_name="高岚", reason="换了手机", at=days(2))
    books.factors.ask("acc_2", by="prs_gao", by_name="高岚", reason="换了手机", at=NOW)
    for account, active, day in (("acc_1", True, 400), ("acc_2", False, 0), ("acc_3", False, 2)):
        books.factors.keep(Factor(account_id=account, sealed=b"-", active=active, last_step=0, created_at=days(day)))


def notes(books):
    for id_, seen in (("read", days(91)), ("read today", NOW), ("unread", None)):
        books.notes.add(id=id_, account_id=id_, at=days(400), sentence="您的密码被重设。")
        if seen:
            books.notes.seen(id_, seen)


def keys(books):
    books.keys.add(KEY)
    for digest, day in (("ended", 31), ("just ended", 1), ("good", -300)):
        books.keys.add_secret("key_1", digest, at=days(400), ends=days(day))


def failures(books):
    books.failures.keep(Failure(digest="old", tries=5, first_at=days(1), locked_until=days(1)))
    books.failures.keep(Failure(digest="new", tries=1, first_at=NOW, locked_until=None))


def jobs(books):
    told = (("today", "checked", 0, None), ("week", "wrong", 8, 8), ("under way", "reading", 400, None), ("done", "done", 91, 91),
            ("undone late", "undone", 100, 80))
    for id_, state, begun, ended in told:
        books.jobs.add(Job(id=id_, kind="members", state=state, person_id="prs_lin", file_name="名册.xlsx", created_at=days(begun),
                           finished_at=None if ended is None else days(ended), faults=[{"row": 2, "value": "张三"}]))
        books.jobs.put_file(id_, "upload", b"PK")
    books.jobs.put_file("nobody", "upload", b"PK")


CASES = [
    (sessions, {"session": 1}), (invitations, {"invitation": 3}), (factors, {"second_factor": 2, "factor_reset": 1}), (notes, {"account_note": 2}),
    (keys, {"api_key": 1, "api_secret": 2}), (failures, {"failure": 1}), (jobs, {"job": 4, "job_file": 2})]


@pytest.mark.parametrize(("fill", "stays"), CASES, ids=[case[0].__name__ for case in CASES])
def test_what_is_over_goes_what_stands_stays_and_a_second_sweep_finds_nothing(shop, fill, stays):
    """Whatever has an end is deleted on schedule. [X40]"""
    with shop.writing() as unit:
        fill(unit.books)
    assert sum(sweeping.sweep(shop, LIMITS, SignInPolicy()).values()) > 0
    assert shop.left() == stays
    assert set(sweeping.sweep(shop, LIMITS, SignInPolicy()).values()) == {0}
    assert shop.left() == stays


def test_a_session_swept_was_one_that_opened_nothing(shop):
    with shop.writing() as unit:
        sessions(unit.books)
    sweeping.sweep(shop, LIMITS, SignInPolicy())
    with shop.reading() as unit:
        assert [one.digest for one in unit.books.sessions.of_account("acc_1")] == ["stands"]


def test_a_setting_up_that_made_an_account_is_remembered_for_ever(shop):
    """Else it would be offered anew. [X46]"""
    with shop.writing() as unit:
        invitations(unit.books)
    sweeping.sweep(shop, LIMITS, SignInPolicy())
    with shop.reading() as unit:
        assert unit.books.invitations.used(("office",)) == {"office": False}


def test_however_much_there_is_no_transaction_takes_more_than_a_piece_of_it(shop):
    """Others write between two pieces."""
    many = 3 * PAGE + 1
    with shop.writing() as unit:
        unit.sql.execute(insert(failure), [{"digest": f"d{n}", "tries": 1, "first_at": days(1)} for n in range(many)])
    with shop.writing() as unit:
        assert unit.books.failures.sweep(NOW) == PAGE
    before = shop.units
    assert sweeping.sweep(shop, LIMITS, SignInPolicy())["failures"] == many - PAGE
    empty = shop.units
    sweeping.sweep(shop, LIMITS, SignInPolicy())
    assert (empty - before) - (shop.units - empty) == 2
    assert "failure" not in shop.left()


def test_a_folder_a_killed_process_left_goes_and_one_in_use_stays(shop, tmp_path):
    for name, day in (("jiannuo-import-left", 8), ("jiannuo-import-now", 0), ("somebody-elses", 8)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "upload").write_bytes(b"PK")
        os.utime(tmp_path / name, times=(days(day).timestamp(),) * 2)
    assert sweeping.sweep(shop, LIMITS, SignInPolicy())["folders"] == 1
    assert {one.name for one in tmp_path.iterdir()} == {"jiannuo-import-now", "somebody-elses"}


def test_the_gateway_sweeps_by_the_clock(shop, monkeypatch):
    """Its timer calls the sweep with what the container has."""
    with shop.writing() as unit:
        failures(unit.books)

    class Running:
        name, bus = "gateway", shop
        app = type("App", (), {"extensions": {"gateway": LIMITS, rules.KEY: type("Rules", (), {"now": lambda self: SignInPolicy()})()}})

    shop.database = shop.room.database
    service.GatewayService.sweep(Running)
    assert shop.left() == {"failure": 1}


@pytest.mark.parametrize("wrong", [{"job_file_days": 0}, {"invitation_days": -1}, {"job_days": 5}])
def test_a_time_that_keeps_nothing_is_refused_with_the_name_of_the_setting(wrong):
    with pytest.raises(Refused, match=f"JIANNUO_GATEWAY_{next(iter(wrong)).upper()}.*请改正后重新启动"):
        GatewaySettings(**wrong)
