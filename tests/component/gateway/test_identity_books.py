"""The gateway's books on both databases, by the same tests."""
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert

from services import gateway
from services.gateway.storage import Account, Books, Invitation, Job, Session, metadata
from services.gateway.storage.accounts import HasAccount, NameTaken
from services.gateway.storage.jobs import LeaseLost
from services.gateway.storage.sessions import Failure
from tests.databases import BOTH, migrated
from tests.fakes_gateway import NOW
from wire.bus import migrate
from wire.bus.database import open_database
from wire.bus.settings import Settings
from wire.contracts.calls import Stale

LIN = Account(id="acc_1", username="lin.qiao", password="-", person_id="prs_lin", member_id="", name="林乔", state="active", version=1,
              created_at=NOW, password_at=NOW)
VISIT = Session(digest="d1", account_id="acc_1", kind="browser", created_at=NOW, seen_at=NOW, expires_at=NOW + timedelta(hours=12))
INVITED = Invitation(id="inv_1", digest="i1", kind="account", person_id="prs_lin", member_id="", name="林乔", invited_by="", created_at=NOW,
                     expires_at=NOW + timedelta(minutes=30))


@pytest.fixture(scope="module", params=BOTH)
def shelf(request, tmp_path_factory):
    with migrated("gateway", request.param, request, tmp_path_factory.mktemp("books")) as database:
        yield database


@pytest.fixture
def books(shelf):
    """Empty books; what is written is gone afterwards."""
    with shelf.begin(writing=True) as sql:
        yield Books(sql)


def test_the_migrations_build_what_the_tables_say(shelf):
    from sqlalchemy import inspect
    found = inspect(shelf.engine)
    for table in metadata.sorted_tables:
        built = {c["name"]: c["nullable"] for c in found.get_columns(table.name)}
        assert built == {c.name: c.nullable for c in table.columns}, table.name
        assert {i["name"] for i in found.get_indexes(table.name)} >= {i.name for i in table.indexes}, table.name


def test_an_account_comes_back_as_it_was_kept(books):
    books.accounts.add(LIN)
    assert books.accounts.get("acc_1") == books.accounts.named(" LIN.Qiao") == LIN
    assert books.accounts.of_person("prs_lin") == [LIN] and books.accounts.count() == 1
    assert books.accounts.get("acc_2") is None and books.accounts.named("lin") is None


def test_a_name_is_taken_once_and_the_transaction_goes_on(books):
    books.accounts.add(LIN)
    with pytest.raises(NameTaken):
        books.accounts.add(replace(LIN, id="acc_2", person_id="prs_other"))
    books.accounts.add(replace(LIN, id="acc_3", username="lin.qiao2", person_id="prs_other"))
    assert books.accounts.count() == 2


def test_an_account_changed_by_somebody_else_is_not_overwritten(books):
    books.accounts.add(LIN)
    books.accounts.save(replace(LIN, password="new", version=2))
    with pytest.raises(Stale):
        books.accounts.save(replace(LIN, password="newer", version=2))
    assert books.accounts.get("acc_1").password == "new"


def test_a_session_is_read_with_its_account_seen_and_ended(books):
    books.accounts.add(LIN)
    books.sessions.add(VISIT)
    assert books.sessions.with_account("d1") == (VISIT, LIN) and books.sessions.with_account("d2") is None
    books.sessions.seen("d1", NOW + timedelta(minutes=2))
    assert books.sessions.with_account("d1")[0].seen_at == NOW + timedelta(minutes=2)
    books.sessions.add(replace(VISIT, digest="d2"))
    assert books.sessions.end_others("acc_1", but="d2") == 1 and books.sessions.with_account("d1") is None
    assert books.sessions.sweep(NOW + timedelta(hours=13), timedelta(hours=24)) == 1


def test_failures_are_counted_in_place_and_forgotten(books):
    failed = Failure(digest="f1", tries=1, first_at=NOW, locked_until=None)
    books.failures.keep(failed)
    books.failures.keep(replace(failed, tries=5, locked_until=NOW + timedelta(minutes=15)))
    assert books.failures.held("f1", NOW).tries == 5
    assert books.failures.sweep(NOW) == 0 and books.failures.sweep(NOW + timedelta(seconds=1)) == 1
    books.failures.keep(failed)
    books.failures.clear("f1")
    assert books.failures.held("f1", NOW).tries == 0


def test_an_invitation_is_spent_once_and_in_time(books):
    """[X46]"""
    books.invitations.issue([INVITED])
    assert books.invitations.with_digest("i1") == INVITED
    assert not books.invitations.spend("inv_1", NOW + timedelta(minutes=30))
    assert books.invitations.spend("inv_1", NOW) and not books.invitations.spend("inv_1", NOW)
    books.invitations.issue([replace(INVITED, id="inv_2", digest="i2")])
    books.invitations.issue([replace(INVITED, id="inv_3", digest="i3")])
    assert not books.invitations.spend("inv_2", NOW)


def test_a_job_comes_back_with_its_faults_and_files_for_its_owner_only(books):
    job = Job(id="job_1", kind="members", state="wrong", person_id="prs_lin", file_name="名册.xlsx", total=2, wrong=1, created_at=NOW,
              faults=[{"row": 2, "column": "姓名", "value": "", "sentence": "请填写。"}])
    books.jobs.add(job)
    assert books.jobs.get("job_1", "prs_lin") == job and books.jobs.get("job_1", "prs_other") is None
    books.jobs.save(replace(job, state="done", finished_at=NOW))
    assert [j.state for j in books.jobs.latest("prs_lin", ["members"])] == ["done"] and books.jobs.latest("prs_other", ["members"]) == []
    for body in (b"one", b"two"):
        books.jobs.put_file("job_1", "upload", body)
    assert books.jobs.file("job_1", "upload") == b"two" and books.jobs.file("job_1", "returned") is None
    assert books.jobs.sweep_files(NOW + timedelta(days=1), 10) == 1
    assert not books.jobs.has_file("job_1", "upload")


def test_a_job_under_way_is_held_by_one_worker_at_a_time(books):
    books.jobs.add(Job(id="job_1", kind="members", state="reading", person_id="prs_lin", file_name="名册.xlsx", created_at=NOW))
    assert books.jobs.left(NOW) == ["job_1"]
    until = NOW + timedelta(seconds=20)
    taken = books.jobs.take("job_1", "one", NOW, until)
    assert (taken.leased_by, taken.attempt, taken.tries) == ("one", 1, 1)
    assert books.jobs.take("job_1", "two", NOW, until) is None and books.jobs.left(NOW) == []
    assert books.jobs.take("job_1", "two", NOW + timedelta(seconds=21), until).attempt == 2
    assert not books.jobs.hold("job_1", "one", until) and books.jobs.hold("job_1", "two", until)
    with pytest.raises(LeaseLost):
        books.jobs.save(replace(taken, read=5), worker="one")


def test_a_tree_without_a_root_has_none(books):
    assert books.places.root() is None


def test_a_person_has_one_account_that_works_whoever_is_faster(books):
    """[X50]"""
    books.accounts.add(LIN)
    second = replace(LIN, id="acc_2", username="lin.second")
    with pytest.raises(HasAccount):
        books.accounts.add(second)
    books.accounts.add(replace(second, state="disabled"))
    with pytest.raises(HasAccount):
        books.accounts.save(replace(second, version=2))
    books.accounts.save(replace(LIN, version=2, state="disabled"))
    books.accounts.save(replace(second, version=2))
    assert [one.state for one in books.accounts.of_person("prs_lin")] == ["disabled", "active"]


def test_accounts_doubled_before_the_rule_was_kept_by_the_database_do_not_stop_it(tmp_path):
    """The one last signed in to stays and hears of it, the others are disabled; of two links the newer stays good. [X50]"""
    older = tmp_path / "older"
    shutil.copytree(Path(gateway.__file__).parent / "migrations", older)
    (older / "0007_one_account.py").unlink()
    settings = Settings(data=tmp_path)
    migrate.upgrade("gateway", settings, folders=[older])
    unused, used = replace(LIN, id="acc_2", username="second"), replace(LIN, id="acc_3", username="third", last_sign_in_at=NOW)
    with migrate.transaction(open_database(settings, "gateway")) as sql:
        for one in (LIN, unused, used):
            sql.execute(insert(metadata.tables["account"]).values({name: getattr(one, name) for name in Account.__slots__}))
        for one in (INVITED, replace(INVITED, id="inv_2", digest="i2", created_at=NOW + timedelta(minutes=1))):
            sql.execute(insert(metadata.tables["invitation"]).values({name: getattr(one, name) for name in Invitation.__slots__}))
        Books(sql).sessions.add(VISIT)
    migrate.upgrade("gateway", settings)
    with open_database(settings, "gateway").begin(writing=False) as sql:
        books = Books(sql)
        assert {one.id: one.state for one in books.accounts.of_person("prs_lin")} == {
            "acc_1": "disabled", "acc_2": "disabled", "acc_3": "active"}
        assert sorted("lin.qiao" in one["sentence"] for one in books.notes.unseen("acc_3")) == [False, True]
        assert not books.sessions.of_account("acc_1")
        assert [books.invitations.with_digest(one).spent_at is None for one in ("i1", "i2")] == [False, True]
