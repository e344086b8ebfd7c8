"""Elections 换届: terms by kind and sector, extensions, what is overdue or due (A19)."""
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, strategies as st

from services.roster import usecases
from services.roster.domain import term
from services.roster.domain.policy import TermPolicy
from services.roster.domain.refusals import Incomplete
from tests.fakes_roster import COUNTY, TOWN, VILLAGE, RosterUnit, founded, organisation
from wire.contracts.roster import ExtendTerm, ListElections, RecordElection

TODAY = date(2026, 3, 2)
POLICY = TermPolicy()


def of(kind="branch", sector="rural", **more):
    return organisation("org_x", None, kind, sector=sector, **more)


@pytest.mark.parametrize(("kind", "sector", "years"), [
    ("county_committee", "government", 5), ("committee", "government", 5), ("branch", "rural", 5), ("general_branch", "community", 5),
    ("branch", "school", 3), ("general_branch", "private_enterprise", 3), ("leading_group", "government", 0), ("group", "rural", 0)])
def test_the_term_is_that_of_kind_and_sector(kind, sector, years):
    """[A19]"""
    assert term.years_of(POLICY, of(kind, sector)) == years


def test_on_its_last_day_a_term_is_due_and_the_day_after_overdue():
    """[A19]"""
    for elected, state, days in ((date(2023, 3, 2), "due", 0), (date(2023, 3, 1), "overdue", -1), (date(2023, 8, 29), "due", 180),
                                 (date(2023, 8, 30), "running", 181)):
        found = term.election(POLICY, of(sector="school", re_elected_on=elected), TODAY, POLICY.due_within_days)
        assert (found.state, found.days) == (state, days), elected


def test_without_an_election_the_founding_counts_and_without_either_nothing_can():
    assert term.election(POLICY, of(founded_on=date(2020, 1, 1)), TODAY, 180).due_on == date(2025, 1, 1)
    assert term.election(POLICY, of(), TODAY, 180).state == "unknown"
    for nobody in (of("group"), of("leading_group"), replace(of(re_elected_on=date(2000, 1, 1)), state="dissolved")):
        assert term.election(POLICY, nobody, TODAY, 180) is None


@given(st.dates(date(1950, 1, 1), date(2100, 12, 31)), st.integers(0, 240))
def test_so_many_months_later_is_the_same_day_or_the_month_s_last(day, months):
    later = term.months_after(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and term.months_after(later, 0) == later
                                    and (later.replace(day=28).toordinal() + 4 - later.toordinal()) >= 0)


class TestUseCases:
    @pytest.fixture
    def books(self):
        made = founded()
        for place, elected in ((VILLAGE, date(2020, 5, 1)), (TOWN, date(2021, 6, 1)), (COUNTY, date(2024, 1, 1))):
            one = made.organisations.get(place)
            made.organisations.save_many([one.told_again(re_elected_on=elected)])
        return made

    def listed(self, books, **more):
        return usecases.list_elections(RosterUnit(books, ListElections), ListElections(organisation_id=COUNTY, **more))

    def test_the_longest_overdue_stands_first_and_all_are_counted_whatever_is_shown(self, books):
        """[A19]"""
        page = self.listed(books)
        assert [(line.organisation_id, line.state, line.days) for line in page.lines] == [
            (VILLAGE, "overdue", -305), (TOWN, "due", 91), ("org_other", "unknown", 0), ("org_far", "unknown", 0)]
        assert (page.overdue, page.due, page.unknown, page.policy_version) == (1, 1, 2, "default-1")
        assert [line.state for line in self.listed(books, state="due").lines] == ["due"]
        assert self.listed(books, within_days=30).due == 0
        first = self.listed(books, limit=2)
        assert [*first.lines, *self.listed(books, limit=2, after=first.next).lines] == list(page.lines)

    def test_an_extension_is_recorded_with_its_reason_and_ends_with_the_next_election(self, books):
        """[A19]"""
        unit = RosterUnit(books, ExtendTerm)
        told = usecases.extend_term(unit, ExtendTerm(organisation_id=VILLAGE, until=date(2026, 4, 30), because="撤并村"))
        assert (told.extended_until, told.extension_reason) == (date(2026, 4, 30), "撤并村") and len(unit.announced) == 1
        assert self.listed(books).lines[0].state == "due"
        told = usecases.record_election(RosterUnit(books, RecordElection), RecordElection(organisation_id=VILLAGE, held_on=TODAY))
        assert (told.extended_until, told.extension_reason) == (None, "") and self.listed(books).overdue == 0

    @pytest.mark.parametrize("until", [date(2025, 5, 1), date(2026, 5, 2)])
    def test_no_extension_within_the_term_nor_beyond_what_the_policy_lets(self, books, until):
        with pytest.raises(Incomplete) as refused:
            usecases.extend_term(RosterUnit(books, ExtendTerm), ExtendTerm(organisation_id=VILLAGE, until=until, because="撤并村"))
        assert "最多延期 12 个月" in refused.value.sentence

    @pytest.mark.parametrize("held_on", [date(2026, 3, 3), date(2020, 4, 30)])
    def test_no_election_in_the_future_nor_before_the_last_one(self, books, held_on):
        with pytest.raises(Incomplete):
            usecases.record_election(RosterUnit(books, RecordElection), RecordElection(organisation_id=VILLAGE, held_on=held_on))

    def test_the_same_election_again_announces_nothing(self, books):
        unit = RosterUnit(books, RecordElection)
        usecases.record_election(unit, RecordElection(organisation_id=VILLAGE, held_on=date(2020, 5, 1)))
        assert unit.announced == []


def test_figures_that_cannot_be_are_no_policy():
    for wrong in ({"branch_years": 0}, {"committee_years": 11}, {"due_within_days": -1}, {"extension_months": 61}):
        with pytest.raises(ValueError):
            TermPolicy(**wrong)
