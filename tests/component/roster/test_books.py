"""The roster's books: the fake ones, and the real ones on both databases, by the same tests."""
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import IntegrityError

from services.roster.domain.grant import Grant, Person
from services.roster.domain.member import Member
from services.roster.storage import Books
from tests.fakes_roster import COUNTY, OTHER, TOWN, VILLAGE, a_county, organisation
from wire import directory
from wire.contracts.actor import HeldGrant
from wire.contracts.calls import Stale


@pytest.fixture
def books(shelf):
    with shelf() as opened:
        yield opened


def member(number, place=VILLAGE, **more):
    return Member(**{"id": f"mem_{number}", "code": f"M{number}", "name": "曾小明", "sort_key": f"zeng 曾 {number}", "initials": "zxm",
                     "kind": "member", "organisation_id": place} | more)


def grant(number, person_id="prs_1", role="clerk", place=VILLAGE, **more):
    return Grant(**{"id": f"grt_{number}", "person_id": person_id, "person_name": "何小满", "member_id": "", "role": role,
                    "organisation_id": place} | more)


class TestBooks:
    def test_what_was_entered_is_read_as_it_was(self, books):
        county = a_county()
        books.organisations.add_many(county)
        assert books.organisations.tree() == sorted(county, key=lambda o: o.path)
        full = replace(county[2], id="org_full", code="F", path=f"{county[1].path}org_full/", founded_on=date(2001, 7, 1),
                       re_elected_on=date(2024, 1, 2))
        books.organisations.add_many([full])
        assert books.organisations.get("org_full") == full
        people = [member(1, joined_on=date(2001, 7, 1), post="村委会主任", post_kind="leader"), member(2, kind="probationary")]
        books.members.add_many(people)
        assert books.members.get_many(["mem_2", "mem_1", "mem_no"]) == people
        books.grants.add_many([grant(1)])
        assert books.grants.get("grt_1") == grant(1)
        books.persons.add(Person(id="prs_1", name="何小满"))
        assert books.persons.get("prs_1") == Person(id="prs_1", name="何小满")

    def test_nothing_is_there_at_first(self, books):
        assert books.organisations.root() is None and books.organisations.root(hold=True) is None
        assert books.organisations.tree() == [] and books.organisations.get("org_no") is None
        assert books.members.by_codes(["M1"]) == {} and books.members.by_codes([]) == {}
        assert books.grants.held_by([]) == [] and books.persons.get("prs_no") is None
        books.organisations.add_many([])
        books.organisations.save_many([])

    def test_the_root_is_the_one_without_parent(self, books):
        books.organisations.add_many(a_county())
        assert books.organisations.root() == books.organisations.root(hold=True) == a_county()[0]

    def test_a_change_is_saved_and_a_stale_one_is_refused(self, books):
        books.organisations.add_many(a_county())
        village = books.organisations.get(VILLAGE)
        renamed = village.told_again(name="柳溪村总支")
        books.organisations.save_many([renamed])
        assert books.organisations.get(VILLAGE) == renamed
        with pytest.raises(Stale):
            books.organisations.save_many([village.told_again(name="另一个名字")])
        with pytest.raises(Stale):
            books.organisations.save_many([replace(renamed, id="org_unknown", version=5)])

    def test_members_are_found_by_code(self, books):
        books.members.add_many([member(1), member(2), member(3)])
        assert books.members.by_codes(["M3", "M1", "M9"]) == {"M1": member(1), "M3": member(3)}

    def test_only_grants_in_force_are_held(self, books):
        books.grants.add_many([grant(1), grant(2, role="secretary"), grant(3, "prs_2"), grant(4, "prs_3")])
        books.grants.save_many([grant(2, role="secretary").end()])
        assert books.grants.held_by(["prs_1", "prs_2"]) == [grant(1), grant(3, "prs_2")]
        assert books.grants.holders(VILLAGE, "clerk") == [grant(1), grant(3, "prs_2"), grant(4, "prs_3")]
        assert books.grants.holders(VILLAGE, "secretary") == [] and books.grants.holders(TOWN, "clerk") == []


class TestTables:
    def test_what_is_written_stands_in_the_directory_at_once(self, real):
        """So the roster asks the same directory as every other service, and sees an ended grant in the same transaction. [X49]"""
        with real.begin(writing=True) as sql:
            books, asked, clerk = Books(sql), directory.Directory(sql), HeldGrant(grant_id="grt_1", role="clerk", organisation_id=VILLAGE)
            books.organisations.add_many(a_county())
            books.members.add_many([member(1)])
            books.grants.add_many([grant(1)])
            assert asked.within(VILLAGE, COUNTY) and asked.in_force([clerk]) == [clerk]
            assert [m["id"] for m in asked.members_of(VILLAGE)] == ["mem_1"]
            books.grants.save_many([grant(1).end()])
            village = books.organisations.get(VILLAGE)
            books.organisations.save_many([village.told_again(parent_id=OTHER, path=f"/{COUNTY}/{OTHER}/{VILLAGE}/")])
            asked.forget()
            assert asked.in_force([clerk]) == [] and asked.within(VILLAGE, OTHER) and not asked.within(VILLAGE, TOWN)
            assert sql.scalar(select(directory.organisations.c.version).where(directory.organisations.c.id == VILLAGE)) == 2

    def test_the_database_holds_the_rules_that_two_writers_could_break(self, real):
        """One root, one code, one grant in force per person, role and place."""
        root, *others = a_county()
        for first, second in (
                (lambda b: b.organisations.add_many([root]),
                 lambda b: b.organisations.add_many([replace(root, id="org_2", code="C2", path="/org_2/")])),
                (lambda b: b.organisations.add_many([root, *others]),
                 lambda b: b.organisations.add_many([organisation("org_3", root, code="V")])),
                (lambda b: b.members.add_many([member(1)]), lambda b: b.members.add_many([member(2, code="M1")])),
                (lambda b: b.grants.add_many([grant(1)]), lambda b: b.grants.add_many([grant(2)]))):
            with real.begin(writing=True) as sql:
                first(Books(sql))
                with pytest.raises(IntegrityError), sql.begin_nested():
                    second(Books(sql))
        with real.begin(writing=True) as sql:
            Books(sql).grants.add_many([grant(1, state="ended"), grant(2, state="ended"), grant(3)])

    def test_five_thousand_are_saved_in_few_statements(self, real):
        with real.begin(writing=True) as sql:
            seen = []
            event.listen(real.engine, "before_cursor_execute", lambda *a: seen.append(a[2]))
            books = Books(sql)
            many = [member(n) for n in range(5000)]
            books.members.add_many(many)
            books.members.save_many([m.told_again(post="村民小组长") for m in many])
            assert len(books.members.by_codes(m.code for m in many)) == 5000
            assert len(seen) <= 40, len(seen)
