"""评议代表库: who may be invited to judge, with the least data; the phone sealed, masked, and gone when they leave."""
import pytest
from hypothesis import given, strategies as st

from services.roster import usecases
from services.roster.domain import representative as rules
from services.roster.domain.policy import RepresentativePolicy, Stratum
from services.roster.domain.reading import Odd
from services.roster.domain.refusals import Incomplete
from services.roster.domain.representative import NoLongerThere, SameName, SamePhone
from tests import fakes_roster
from tests.fakes_roster import COUNTY, FAR, OTHER, TOWN, VILLAGE, RosterUnit, founded, office
from wire.bus.sealing import Unsealable, Vault
from wire.contracts.actor import Actor, HeldGrant
from wire.contracts.calls import Forbidden, NotFound, Stale
from wire.contracts.roster import (
    ChangeRepresentative, DissolveOrganisation, EndRepresentative, ListRepresentatives, MergeOrganisations, ReadRepresentativePhone,
    RegisterRepresentative, RepresentativeChanged, RepresentativeEnded, RepresentativeRegistered,
)

VAULT = Vault("a secret of this test")
PHONE = "13800000000"


@pytest.fixture
def books():
    return founded()


def clerk(organisation_id=VILLAGE, role="clerk"):
    return Actor(kind="person", person_id="prs_clerk", name="白鹭洲", grants=(
        HeldGrant(grant_id="grt_clerk", role=role, organisation_id=organisation_id),))


def do(books, request, actor=None, policy=None):
    """As the door does it, which has the vault."""
    return fakes_roster.do(books, request, actor, VAULT, policies=policy and {RepresentativePolicy: policy})


def register(books, name="陶大安", organisation_id=VILLAGE, stratum="households", phone=PHONE, **more):
    return do(books, RegisterRepresentative(organisation_id=organisation_id, stratum=stratum, name=name, phone=phone, **more))


class TestRegistering:
    def test_they_are_shown_masked_and_told_masked_and_without_the_phone(self, books):
        """[X18, X38]"""
        view, [event] = register(books, phone=" +86 138-0000 0000 ")
        assert (view.phone, view.stratum_name, view.name) == ("138****0000", "户代表", "陶大安")
        assert isinstance(event, RepresentativeRegistered) and (event.masked_name, event.stratum, event.scope) == ("陶**", "households", "unit")
        kept = books.representatives.get(view.representative_id)
        assert PHONE.encode() not in kept.phone_sealed and PHONE not in kept.phone_mark and PHONE not in repr(event)

    def test_the_phone_is_left_out_where_none_is_said(self, books):
        view, _ = register(books, phone="")
        kept = books.representatives.get(view.representative_id)
        assert (view.phone, kept.phone_sealed, kept.phone_mark) == ("", b"", "")

    def test_the_same_phone_is_asked_back_however_it_is_written(self, books):
        register(books)
        with pytest.raises(SamePhone) as refused:
            register(books, "何小满", phone="１３８ 0000 0000")
        assert "陶大安" in refused.value.sentence and PHONE not in refused.value.sentence
        assert register(books, "何小满", another=True)[0].phone == "138****0000", "a phone may be a household's"

    def test_whose_phone_it_is_is_not_told_beyond_what_one_may_see(self, books):
        register(books, organisation_id=FAR)
        with pytest.raises(SamePhone) as refused:
            do(books, RegisterRepresentative(organisation_id=VILLAGE, stratum="users", name="何小满", phone=PHONE), clerk())
        assert "陶大安" not in refused.value.sentence and "别处" in refused.value.sentence

    def test_the_same_name_there_is_asked_back(self, books):
        register(books, phone="")
        with pytest.raises(SameName):
            register(books, phone="")
        assert register(books, phone="", another=True)[0].name == register(books, phone="", organisation_id=FAR)[0].name

    def test_strata_are_what_the_policy_says(self, books):
        with pytest.raises(Incomplete) as refused:
            register(books, stratum="villains")
        assert "户代表" in refused.value.sentence
        own = RepresentativePolicy(strata=(Stratum(code="elders", label="乡贤"),))
        view, [event] = do(books, RegisterRepresentative(organisation_id=VILLAGE, stratum="elders", name="陶大安"), policy=own)
        assert view.stratum_name == event.stratum_name == "乡贤"
        page, _ = do(books, ListRepresentatives(organisation_id=VILLAGE))
        assert page.representatives[0].stratum_name == "elders", "what a later policy does not know keeps its code"

    def test_a_clerk_enters_their_own_organisations_and_nobody_elses(self, books):
        """[X17]"""
        request = RegisterRepresentative(organisation_id=FAR, stratum="users", name="陶大安")
        with pytest.raises(Forbidden):
            do(books, request, clerk())
        assert do(books, RegisterRepresentative(organisation_id=VILLAGE, stratum="users", name="陶大安"), clerk())[0].organisation_id == VILLAGE


class TestChanging:
    def test_what_is_not_said_about_the_phone_leaves_it_and_it_can_be_taken_out(self, books):
        view, _ = register(books)
        said = {"representative_id": view.representative_id, "stratum": "staff", "name": "陶大安"}
        view, [event] = do(books, ChangeRepresentative(version=1, **said))
        assert (view.phone, view.stratum, view.version) == ("138****0000", "staff", 2) and isinstance(event, RepresentativeChanged)
        view, [event] = do(books, ChangeRepresentative(version=2, no_phone=True, **said))
        assert view.phone == "" and books.representatives.get(view.representative_id).phone_mark == ""

    def test_the_same_again_changes_nothing(self, books):
        view, _ = register(books)
        again = ChangeRepresentative(representative_id=view.representative_id, version=1, stratum="households", name="陶大安", phone=PHONE)
        assert do(books, again) == (view, [])

    def test_who_read_an_older_version_is_told(self, books):
        view, _ = register(books)
        change = ChangeRepresentative(representative_id=view.representative_id, version=1, stratum="staff", name="陶大安")
        do(books, change)
        with pytest.raises(Stale):
            do(books, change)


class TestEnding:
    def test_the_phone_goes_with_them(self, books):
        """[X38]"""
        view, _ = register(books)
        ended, [event] = do(books, EndRepresentative(representative_id=view.representative_id))
        kept = books.representatives.get(view.representative_id)
        assert (ended.state, ended.phone, kept.phone_sealed, kept.phone_mark) == ("ended", "", b"", "") and isinstance(event, RepresentativeEnded)
        assert do(books, EndRepresentative(representative_id=view.representative_id)) == (ended, [])
        with pytest.raises(NoLongerThere):
            do(books, ChangeRepresentative(representative_id=view.representative_id, version=2, stratum="staff", name="陶大安"))
        assert register(books, "何小满")[0].phone == "138****0000", "the number is free again"

    def test_with_the_organisation_they_end_or_go_where_it_goes(self, books):
        one, two = register(books)[0], register(books, "何小满", organisation_id=FAR, phone="")[0]
        usecases.merge_organisations(RosterUnit(books, MergeOrganisations), MergeOrganisations(
            organisation_id=VILLAGE, into_id=FAR, because="两村合并"))
        assert books.representatives.get(one.representative_id).organisation_id == FAR
        usecases.dissolve_organisation(RosterUnit(books, DissolveOrganisation), DissolveOrganisation(organisation_id=FAR, because="并村"))
        assert {books.representatives.get(x.representative_id).state for x in (one, two)} == {"ended"}
        assert books.representatives.get(one.representative_id).phone_sealed == b""


class TestSeeing:
    def test_the_phone_in_clear_is_for_the_organisations_clerk_and_secretary_alone(self, books):
        """[X18]"""
        request = ReadRepresentativePhone(representative_id=register(books)[0].representative_id)
        for role in ("clerk", "secretary"):
            assert do(books, request, clerk(role=role))[0].phone == PHONE
        for who in (office(COUNTY), office(TOWN, "grt_town"), clerk(TOWN, "superior")):
            with pytest.raises(Forbidden):
                do(books, request, who)
        for who in (clerk(OTHER), clerk(TOWN, "secretary"), clerk(role="liaison"), clerk(COUNTY, "auditor")):
            with pytest.raises(NotFound):
                do(books, request, who)

    def test_where_none_is_kept_none_is_shown(self, books):
        request = ReadRepresentativePhone(representative_id=register(books, phone="")[0].representative_id)
        with pytest.raises(NotFound):
            do(books, request, clerk())

    def test_the_list_goes_by_surname_and_counts_every_stratum(self, books):
        for name, stratum in (("陶大安", "households"), ("曾小明", "users"), ("何小满", "users")):
            register(books, name, stratum=stratum, phone="")
        page, _ = do(books, ListRepresentatives(organisation_id=COUNTY))
        assert [one.name for one in page.representatives] == ["何小满", "陶大安", "曾小明"] and page.total == 3
        assert {one.stratum: one.count for one in page.strata} == {
            "households": 1, "masses": 0, "users": 2, "staff": 0, "delegates": 0}
        page, _ = do(books, ListRepresentatives(organisation_id=COUNTY, stratum="users", search="zxm"))
        assert [one.name for one in page.representatives] == ["曾小明"] and page.total == 1


@pytest.mark.parametrize(("cell", "number"), [
    ("138 0000 0000", PHONE), ("0871-1234567", "08711234567"), ("+8613800000000", PHONE), ("00861３800000000", PHONE), ("", ""), ("　", "")])
def test_a_phone_is_read_however_it_is_written(cell, number):
    assert rules.phone(cell) == number


@pytest.mark.parametrize("cell", ["12345678901", "1380000000", "138000000000", "电话", "8612345", "=13800000000"])
def test_what_is_no_phone_is_refused(cell):
    with pytest.raises(Odd):
        rules.phone(cell)


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_a_masked_phone_never_tells_the_four_in_the_middle_and_opens_for_its_owner_alone(number):
    """[X18]"""
    assert rules.masked_phone(number) == f"{number[:3]}****{number[7:]}"
    sealed = VAULT.seal(number.encode(), "rep_1")
    assert VAULT.open(sealed, "rep_1").decode() == number
    with pytest.raises(Unsealable):
        VAULT.open(sealed, "rep_2")


@pytest.mark.parametrize("strata", [(), (("a", "甲"), ("a", "乙")), (("a", "甲"), ("b", "甲")), (("", "甲"),), (("a", ""),), (("两 代", "甲"),)])
def test_a_policy_names_each_stratum_once(strata):
    with pytest.raises(ValueError, match=r"[^\x00-\x7f]"):
        RepresentativePolicy(strata=tuple(Stratum(code=code, label=label) for code, label in strata))
