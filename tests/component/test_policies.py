"""A county office adopts a policy, and the services whose rules it holds decide by it: at the real doors, over the bus."""
import json
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update

from services.evaluation.domain.policy import AppraisalPolicy
from services.evaluation.service import EvaluationService
from services.pledge.domain.policy import DraftingPolicy
from services.pledge.service import PledgeService
from services.roster.service import RosterService
from tests.component.test_authority import County
from wire import policy
from wire.bus import retry, tables
from wire.bus.tables import history, outbox
from wire.bus.testing import house
from wire.bus.unit import transaction
from wire.contracts.actor import Actor, HeldGrant
from wire.contracts.calls import Remote
from wire.contracts.pledge import DraftPledge, ItemDraft
from wire.contracts.policies import propose_policy_of, read_policies_of
from wire.contracts.roster import AdoptPolicies, ListAdoptions, MeasurePolicy, PolicyChoice

DRAFTING = "pledge.DraftingPolicy"


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    with house(tmp_path_factory.mktemp("policies"), RosterService, PledgeService, EvaluationService) as running:
        yield County(running)


@pytest.fixture
def today(county):
    return county.house.bus("roster").room.clock.today()


def propose(county, document, actor=None, **values):
    service = document.partition(".")[0]
    said = county.house.call(actor or county.office, propose_policy_of(service).request(
        organisation_id=county.organisations["C"], document=document, body=json.dumps(values)))
    return PolicyChoice(document=document, policy_version=said.version, hash=said.hash)


def adopt(county, place, starts_on, *choices, actor=None, **more):
    found = county.house.call(actor or county.office, AdoptPolicies(
        organisation_id=county.organisations[place], starts_on=starts_on, policies=choices, **more))
    county.house.settle()
    return found


def in_force(county, service, document, place):
    with county.house.reading(service) as unit:
        return unit.policy(document, county.organisations[place])


def refused(county, actor, request):
    with pytest.raises(Remote) as caught:
        county.house.call(actor, request)
    return caught.value


def announced(county):
    with county.house.reading("roster") as unit:
        return unit.sql.scalar(select(func.count()).select_from(outbox).where(outbox.c.stream == "roster.policy"))


def draft(county, place, items):
    code = county.organisations[place]
    clerk = county.people["clerk", "same"]
    return county.house.call(clerk, DraftPledge(
        organisation_id=code, member_id=county.members[place], year=2026, kind="immediate",
        items=tuple(ItemDraft(matter=f"为{n}户修路", target="1条", deadline_on=date(2026, 12, 31)) for n in range(items))))


def test_what_the_office_adopts_changes_what_pledge_refuses(county, today):
    """Three items may be drafted, then the town allows two; the village beside it keeps the county's number."""
    assert len(draft(county, "V", 3).items) == 3
    two = propose(county, DRAFTING, most_items=2)
    assert in_force(county, "pledge", DraftingPolicy, "V").most_items == 100, "proposed is not in force"
    adopt(county, "V", today, two)
    found = in_force(county, "pledge", DraftingPolicy, "G")
    assert (found.most_items, found.version) == (2, two.policy_version), "the group below has it too"
    assert in_force(county, "pledge", DraftingPolicy, "W").most_items == 100
    with pytest.raises(Remote):
        draft(county, "V", 3)


def test_a_quorum_of_the_county_is_what_evaluation_counts_by(county, today):
    """[G17]"""
    assert in_force(county, "evaluation", AppraisalPolicy, "V").quorum("rural") == 30
    choice = propose(county, "evaluation.AppraisalPolicy", quorums=[{"sector": "rural", "least": 12}], quorum_default=25)
    adopt(county, "C", today, choice)
    found = in_force(county, "evaluation", AppraisalPolicy, "V")
    assert (found.quorum("rural"), found.quorum("government"), found.version) == (12, 25, choice.policy_version)


def test_adopting_twice_announces_once(county, today):
    choice = propose(county, "pledge.ReviewPolicy", reviewers_needed=2)
    assert choice == propose(county, "pledge.ReviewPolicy", reviewers_needed=2), "the same content is the same version"
    before = announced(county)
    first = adopt(county, "T", today, choice)
    assert adopt(county, "T", today, choice) == first == adopt(county, "T", today + timedelta(days=9), choice)
    assert announced(county) == before + 1


def test_a_future_adoption_waits_for_its_day_and_the_default_ends_it(county, today):
    """[L6]"""
    choice, default = propose(county, "pledge.CoveragePolicy", expected=["member"]), propose(county, "pledge.CoveragePolicy")
    assert default.policy_version == default.hash[:8], "proposed, the default is a version like any other"
    later = adopt(county, "W", today + timedelta(days=30), choice, basis="县委〔2026〕3 号")
    assert [one.state for one in later] == ["coming"]
    read = county.house.call(county.office, read_policies_of("pledge").request(
        organisation_id=county.organisations["W"], document="pledge.CoveragePolicy"))[0]
    assert (read.content.version, read.organisation_id) == ("default-2", "")
    on = county.house.call(county.office, read_policies_of("pledge").request(
        organisation_id=county.organisations["W"], document="pledge.CoveragePolicy", on=today + timedelta(days=30)))[0]
    assert (json.loads(on.content.body)["expected"], on.organisation_id) == (["member"], county.organisations["W"])
    adopt(county, "W", today + timedelta(days=30), default)
    listed = county.house.call(county.office, ListAdoptions(organisation_id=county.organisations["W"], document="pledge.CoveragePolicy"))
    assert [(one.policy_version, one.basis, one.state) for one in listed.adoptions] == [
        (default.policy_version, "", "coming"), (choice.policy_version, "县委〔2026〕3 号", "coming")]


def test_nobody_changes_the_past(county, today):
    choice = propose(county, DRAFTING, most_items=9)
    said = refused(county, county.office, AdoptPolicies(
        organisation_id=county.organisations["C"], starts_on=today - timedelta(days=1), policies=(choice,)))
    assert (said.code, list(said.errors)) == ("past_day", ["starts_on"])


def test_a_bad_document_is_refused_field_by_field(county):
    request = propose_policy_of("pledge").request(organisation_id=county.organisations["C"], document=DRAFTING, body=json.dumps(
        {"most_items": "许多", "alike_percent": None, "colour": "red"}))
    said = refused(county, county.office, request)
    assert said.code == "invalid" and set(said.errors) == {"most_items", "alike_percent", "colour"}
    for body in ("[]", "{", '{"most_items": 0}', '{"empty_words": [1]}', '{"most_items": NaN}', "x" * 150_000):
        said = refused(county, county.office, propose_policy_of("pledge").request(
            organisation_id=county.organisations["C"], document=DRAFTING, body=body))
        assert said.status == 422 and said.errors


def test_a_document_is_proposed_to_the_service_whose_rules_it_holds(county):
    said = refused(county, county.office, propose_policy_of("evaluation").request(
        organisation_id=county.organisations["C"], document=DRAFTING, body="{}"))
    assert (said.code, said.status) == ("no_such_policy", 404)


def test_a_version_nobody_proposed_is_parked_in_plain_sight_until_it_is(county, today):
    """Roster cannot look into another service; the service itself refuses what it does not hold."""
    with county.house.reading("pledge") as unit:
        before = retry.count(unit.sql)
    forged = PolicyChoice(document=DRAFTING, policy_version="forged", hash="0" * 64)
    adopt(county, "G", today, forged)
    with county.house.reading("pledge") as unit:
        assert sum(retry.count(unit.sql).values()) == sum(before.values()) + 1
        assert in_force(county, "pledge", DraftingPolicy, "G").version != "forged"
    with county.house.reading("evaluation") as unit:
        assert unit.policies.standing(DRAFTING, county.organisations["G"], today)["policy_version"] == "00000000", "called by its hash"


def test_what_is_proposed_after_it_was_adopted_comes_into_force_when_the_event_is_tried_again(county, today):
    """A service that lost its documents takes the same content again: it has the same hash."""
    late = DraftingPolicy(most_items=33)
    adopt(county, "W", today, PolicyChoice(document=DRAFTING, policy_version="late", hash=policy.digest(late)))
    assert in_force(county, "pledge", DraftingPolicy, "W").most_items != 33
    assert propose(county, DRAFTING, most_items=33).hash == policy.digest(late)
    bus = county.house.bus("pledge")
    with transaction(bus.database) as sql:
        sql.execute(update(tables.retry).values(due_at=bus.room.clock.now()))
    bus.doors.turn_retries()
    assert in_force(county, "pledge", DraftingPolicy, "W").most_items == 33


def test_an_office_decides_for_its_own_part_of_the_tree_only(county, today):
    """[N2]"""
    choice = propose(county, DRAFTING, most_items=7)
    town = Actor(kind="person", person_id="prs_t", name="镇办", grants=county.people["office", "above"].grants)
    assert adopt(county, "W", today + timedelta(days=3), choice, actor=town)
    assert refused(county, town, AdoptPolicies(
        organisation_id=county.organisations["C"], starts_on=today, policies=(choice,))).code == "forbidden"
    auditor = county.people["auditor", "above"]
    assert refused(county, auditor, AdoptPolicies(
        organisation_id=county.organisations["V"], starts_on=today, policies=(choice,))).code == "forbidden"
    assert county.house.call(auditor, ListAdoptions(organisation_id=county.organisations["V"])).adoptions


def test_whom_a_change_reaches_is_counted_without_the_parts_that_have_their_own(county, today):
    fresh = "notice.BoardPolicy"
    all_ = county.house.call(county.office, MeasurePolicy(organisation_id=county.organisations["C"], document=fresh, starts_on=today))
    everybody = len(county.members)
    assert (all_.organisations, all_.members, all_.apart) == (5, everybody, ())
    adopt(county, "V", today + timedelta(days=2), PolicyChoice(document=fresh, policy_version="x", hash="1" * 64))
    now, then = (county.house.call(county.office, MeasurePolicy(
        organisation_id=county.organisations["C"], document=fresh, starts_on=today + timedelta(days=d))) for d in (0, 2))
    assert (now.organisations, then.organisations, then.members, then.apart) == (
        5, 3, everybody - 2, ("柳溪村党支部",)), "the village and its group stand apart"


def test_who_proposed_a_version_is_remembered(county):
    choice = propose(county, DRAFTING, most_items=77)
    propose(county, DRAFTING, most_items=77)
    with county.house.reading("pledge") as unit:
        lines = unit.sql.execute(select(history).where(history.c.aggregate == "pledge.policy", history.c.aggregate_id == DRAFTING)).all()
    assert [line.person_name for line in lines if choice.hash in line.state] == ["县办一"]


def test_a_held_grant_is_what_it_takes(county):
    nobody = Actor(kind="person", person_id="prs_x", name="路人", grants=(HeldGrant(
        grant_id="grt_x", role="secretary", organisation_id=county.organisations["C"]),))
    assert refused(county, nobody, read_policies_of("pledge").request(organisation_id=county.organisations["C"])).code == "forbidden"
