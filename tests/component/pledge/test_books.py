"""The books of pledge: the real ones on both databases, and the fakes, all by the same tests."""
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import event

from services.pledge.domain.letter import Letter
from services.pledge.domain.pledge import STANDING
from services.pledge.storage import Books, PledgeBook
from tests.fakes_pledge import FakeBooks, FakePledgeBook
from tests.unit.pledge.worlds import NOW, TODAY, draft, gates, item, published, review, signed, submitted
from wire.bus import migrate
from wire.bus.database import open_database
from wire.bus.settings import Settings
from wire.bus.unit import transaction
from wire.contracts.calls import Stale

_number = count(1)


class FakeShelf:
    def __init__(self):
        self.kept, self.books = {}, FakeBooks()

    @contextmanager
    def open(self):
        before = dict(self.kept)
        self.books.pledges = FakePledgeBook(self.kept)
        try:
            yield self.books
        except Exception:
            self.kept.clear()
            self.kept |= before
            raise

    def other_pledges(self):
        """The book of somebody else who works at the same time."""
        return FakePledgeBook(self.kept)

    @contextmanager
    def looking(self):
        """The book of pledges in somebody else's reading unit, meanwhile."""
        yield self.other_pledges()


class Shelf:
    def __init__(self, settings):
        migrate.upgrade("pledge", settings)
        self.database = open_database(settings, "pledge")
        self.statements = []
        event.listen(self.database.engine, "before_cursor_execute", lambda *a: self.statements.append(a[2]))

    @contextmanager
    def open(self):
        with transaction(self.database) as self.sql:
            yield Books(self.sql)

    def other_pledges(self):
        return PledgeBook(self.sql)

    @contextmanager
    def looking(self):
        with self.database.begin(writing=False) as sql:
            yield PledgeBook(sql)


@pytest.fixture(params=["fake", "sqlite", pytest.param("postgresql", marks=pytest.mark.distributed)])
def shelf(request, tmp_path):
    if request.param == "fake":
        yield FakeShelf()
        return
    url = ""
    if request.param == "postgresql":
        url = request.getfixturevalue("database").database(f"pledge_books_{next(_number)}")
    real = Shelf(Settings(data=tmp_path, database=url, broker="amqp://nobody" if url else ""))
    yield real
    real.database.close()


def kept(shelf, *pledges):
    with shelf.open() as books:
        for pledge in pledges:
            books.pledges.add(pledge)
    return pledges


def read(shelf, pledge_id="plg_1"):
    with shelf.open() as books:
        return books.pledges.get(pledge_id)


def changed(shelf, change, pledge_id="plg_1"):
    with shelf.open() as books:
        after = change(books.pledges.get(pledge_id))
        books.pledges.save(after)
    return after


def many(n, make=signed):
    return [make(draft(item(1, id=f"itm_{k}_1"), item(2, id=f"itm_{k}_2"), id=f"plg_{k:03d}")) for k in range(n)]


def numbered(pledges):
    return [replace(p, number=f"2026-{n:03d}") for n, p in enumerate(pledges, 1)]


class TestPledgeBook:
    def test_a_pledge_comes_back_as_it_was_put_in(self, shelf):
        full = published(draft(item(1), item(2, deadline_on=None, category="五带头", measure="每月一次", source="demand")))
        full = full.claimed("itm_1", "照片", NOW).verified(gates(), TODAY).evaluated("evl_1", (2, 7), {"itm_1": "fulfilled"})
        kept(shelf, full)
        assert read(shelf) == full

    def test_an_unknown_pledge_is_none_and_left_out(self, shelf):
        kept(shelf, draft())
        assert read(shelf, "plg_nothing") is None
        with shelf.open() as books:
            assert [p.id for p in books.pledges.get_many(["plg_nothing", "plg_1"])] == ["plg_1"]
            assert books.pledges.get_many([]) == []

    def test_who_only_looks_does_not_wait_for_who_is_changing_it(self, shelf):
        kept(shelf, submitted())
        with shelf.open() as books:
            held = books.pledges.get("plg_1")
            with shelf.looking() as pledges:
                assert pledges.peek("plg_1") == held and pledges.peek("plg_nothing") is None

    def test_a_change_is_saved_with_its_items(self, shelf):
        """Items changed, added, dropped and put in another order."""
        kept(shelf, draft(item(1), item(2), item(3)))
        after = changed(shelf, lambda p: p.rewritten("oral", (
            item(1, id="itm_3", matter="换一件事"), item(2, id="itm_9"), item(3, id="itm_1"))))
        assert read(shelf) == after

    def test_two_changes_in_one_unit_are_both_kept(self, shelf):
        kept(shelf, submitted())
        with shelf.open() as books:
            once = books.pledges.get("plg_1").looked_at("itm_1")
            books.pledges.save(once)
            books.pledges.save(once.returned("写清楚"))
        found = read(shelf)
        assert (found.state, found.version) == ("returned", 4)

    def test_saving_over_somebody_elses_change_is_stale(self, shelf):
        kept(shelf, submitted())
        with shelf.open() as books:
            mine = books.pledges.get("plg_1")
            other = shelf.other_pledges()
            other.save(other.get("plg_1").returned("他人先退回"))
            with pytest.raises(Stale):
                books.pledges.save(mine.looked_at("itm_1"))
        assert read(shelf).returned_because == "他人先退回"

    def test_one_stale_pledge_keeps_the_others_from_being_saved(self, shelf):
        pledges = kept(shelf, *numbered(many(3)))
        with pytest.raises(Stale), shelf.open() as books:
            mine = books.pledges.get_many([p.id for p in pledges])
            other = shelf.other_pledges()
            other.save(other.get("plg_001").published(NOW))
            books.pledges.save_many([p.published(NOW + timedelta(hours=1)) for p in mine])
        assert {read(shelf, p.id).state for p in pledges} == {"signed"}

    def test_two_hundred_are_saved_at_once(self, shelf):
        """Read in two statements and published in one for each version there is."""
        pledges = numbered(many(200))
        kept(shelf, *(replace(p, version=p.version + n % 3) for n, p in enumerate(pledges)))
        with shelf.open() as books:
            before = len(getattr(shelf, "statements", ()))
            found = books.pledges.get_many([p.id for p in pledges])
            after = [p.published(NOW) for p in found]
            books.pledges.save_many(after)
            if isinstance(shelf, Shelf):
                assert len(shelf.statements) - before == 2 + 3
        with shelf.open() as books:
            assert books.pledges.get_many([p.id for p in pledges]) == after

    def test_verdicts_are_saved_for_many_at_once(self, shelf):
        pledges = [p.published(NOW) for p in numbered(many(50))]
        kept(shelf, *pledges)
        with shelf.open() as books:
            after = [p.evaluated("evl_1", (1, 3), {p.items[0].id: "fulfilled", p.items[1].id: "carried"})
                     for p in books.pledges.get_many([p.id for p in pledges])]
            books.pledges.save_many(after)
        with shelf.open() as books:
            assert books.pledges.get_many([p.id for p in pledges]) == after

    def test_pledges_of_an_organisation_and_year(self, shelf):
        one, two = numbered([signed(), signed(draft(item(3, id="itm_3"), id="plg_2"))])
        kept(shelf, one, two, draft(item(4, id="itm_4"), id="plg_3"), draft(item(5, id="itm_5"), id="plg_4", year=2025),
             draft(item(6, id="itm_6"), id="plg_5", organisation_id="org_other"))
        with shelf.open() as books:
            assert books.pledges.of(["org_village"], 2026, STANDING) == [one, two]
            assert books.pledges.of(["org_nothing"], 2026, STANDING) == []

    def test_who_has_pledged_anywhere(self, shelf):
        """A floating member pledges where they are, and is counted once."""
        here, there = numbered([signed(), signed(draft(item(3, id="itm_3"), id="plg_2", organisation_id="org_other"))])
        kept(shelf, here, there, draft(item(4, id="itm_4"), id="plg_3", member_id="mem_li"))
        with shelf.open() as books:
            assert books.pledges.signed_at(["mem_zhang", "mem_li", "mem_wang"], 2026, STANDING) == {"mem_zhang": {"org_village", "org_other"}}
            assert books.pledges.signed_at([], 2026, STANDING) == {}


class TestReviewBook:
    def test_a_members_annual_pledges_are_found_wherever_they_were_made(self, shelf):
        """An organisation's own are its own; an immediate one, a terminated one and another year's are none of them.  [B3]"""
        with shelf.open() as books:
            for one in (draft(id="plg_1"), draft(id="plg_2", organisation_id="org_other", items=(item(3),)),
                        draft(id="plg_3", kind="immediate", items=(item(4),)), draft(id="plg_4", year=2025, items=(item(5),)),
                        draft(id="plg_5", state="terminated", items=(item(6),)), draft(id="plg_6", member_id="", items=(item(7),)),
                        draft(id="plg_7", member_id="", organisation_id="org_other", items=(item(8),))):
                books.pledges.add(one)
        with shelf.open() as books:
            assert books.pledges.annual("org_village", "mem_zhang", 2026) == [
                ("plg_1", "drafted", "org_village"), ("plg_2", "drafted", "org_other")]
            assert books.pledges.annual("org_village", "", 2026) == [("plg_6", "drafted", "org_village")]

    def test_the_later_verdict_of_a_reviewer_replaces_the_earlier(self, shelf):
        kept(shelf, submitted())
        later = review("itm_1", at=NOW + timedelta(hours=1))
        other = review("itm_1", by="mem_b", at=NOW + timedelta(minutes=1))
        with shelf.open() as books:
            for one in (review("itm_1", met=False), other, later):
                books.reviews.put("plg_1", one)
        with shelf.open() as books:
            assert books.reviews.of("plg_1") == [other, later]
            assert books.reviews.of("plg_2") == []

    def test_what_was_said_about_a_reworded_item_is_forgotten(self, shelf):
        kept(shelf, submitted())
        with shelf.open() as books:
            books.reviews.put("plg_1", review("itm_1"))
            books.reviews.put("plg_1", review("itm_2"))
            books.reviews.forget("plg_1", ["itm_1"])
        with shelf.open() as books:
            assert [r.item_id for r in books.reviews.of("plg_1")] == ["itm_2"]


class TestGateBook:
    def test_every_verification_is_kept_in_order(self, shelf):
        kept(shelf, published())
        refused = gates(solved=False, note="差两户")
        passed = replace(gates(), verified_at=NOW + timedelta(days=3))
        with shelf.open() as books:
            books.gates.add("plg_1", refused)
            books.gates.add("plg_1", passed)
        with shelf.open() as books:
            assert books.gates.of("plg_1") == [refused, passed]


class TestLetterBook:
    def test_numbers_count_up_for_each_organisation_and_year(self, shelf):
        with shelf.open() as books:
            given = [books.letters.next_number(*of) for of in (
                ("org_a", 2026), ("org_a", 2026), ("org_b", 2026), ("org_a", 2027))]
        with shelf.open() as books:
            given.append(books.letters.next_number("org_a", 2026))
        assert given == [1, 2, 1, 1, 3]

    def test_a_letter_comes_back_as_it_was_filed(self, shelf):
        kept(shelf, signed())
        letter = Letter(pledge_id="plg_1", organisation_id="org_village", year=2026, number="2026-001", text="公开承诺书：\n…",
                        digest="a" * 64, copies=("一", "二", "三"), signed_by_name="李书记", signed_at=NOW)
        with shelf.open() as books:
            books.letters.file(letter)
        with shelf.open() as books:
            assert books.letters.of("plg_1") == letter and books.letters.of("plg_2") is None
