"""承诺衔接 (A13): a member's item names the organisation's item it serves."""
from dataclasses import replace

import pytest

from services.pledge import usecases
from services.pledge.domain.refusals import Incomplete
from tests.fakes_pledge import CLERK, SECRETARY, ZHANG, Village
from tests.unit.pledge.test_writing import LAMPS, VISITS, drafted, reviewed, submitted
from tests.unit.pledge.worlds import draft, item, published, signed
from wire.contracts.pledge import DraftPledge, ReadGuide, ReadPledge, ReturnPledge, SaveDraft, SubmitPledge


def own(village, organisation_id="org_village", number=1, make=published, **more):
    """An organisation's own pledge with one item, published."""
    pledge = make(draft(item(1, id=f"itm_own{number}", matter=f"修通全村{number}条机耕路"), **{
        "id": f"plg_own{number}", "organisation_id": organisation_id, "member_id": "", "form": "organisation"} | more))
    village.books.pledges.add(replace(pledge, number=f"2026-9{number:02d}"))
    return pledge


def serving(served, draft_=LAMPS, **more):
    return replace(draft_, serves_item_id=served, **more)


def refused(village, item_id, **more):
    with pytest.raises(Incomplete) as caught:
        drafted(village, items=(VISITS, serving(item_id)), **more)
    assert list(caught.value.errors["items"]) == ["1"], "beside the item it is about"
    return caught.value.sentence


def test_a_members_item_serves_one_of_the_branchs_own_pledge():
    """[A13]"""
    village = Village()
    own(village)
    pledge = drafted(village, items=(serving("itm_own1"), VISITS))
    assert [(i.serves_pledge_id, i.serves_item_id) for i in pledge.items] == [("plg_own1", "itm_own1"), ("", "")]
    assert [(s.item_id, s.organisation_name, s.matter, s.state) for s in pledge.serves] == [
        (pledge.items[0].item_id, "清河村党支部", "修通全村1条机耕路", "open")]
    village.do(ZHANG, usecases.submit_pledge, SubmitPledge(pledge_id=pledge.pledge_id))
    assert village.announced[-1].items[0].serves_item_id == "itm_own1", "and so it is told to others"


def test_it_may_serve_one_of_those_above_and_a_party_groups_member_one_of_the_branch():
    """[A13]"""
    village = Village()
    own(village, "org_town")
    own(village, "org_village", 2)
    assert drafted(village, items=(serving("itm_own1"),)).items[0].serves_pledge_id == "plg_own1"
    grouped = village.do(CLERK, usecases.draft_pledge, DraftPledge(
        organisation_id="org_group", member_id="mem_group", year=2026, items=(serving("itm_own2"),)))
    assert grouped.serves[0].organisation_name == "清河村党支部"


def test_it_serves_nothing_of_another_village_or_another_year():
    """[A13]"""
    village = Village()
    own(village, "org_other")
    own(village, "org_village", 2, year=2025)
    assert "本党组织或上级" in refused(village, "itm_own1")
    assert "2025 年度的，请改选 2026 年度" in refused(village, "itm_own2")


def test_what_is_not_public_or_no_organisations_own_reads_like_what_is_not_there():
    """Ids of drafts say nothing. [A13] [X17]"""
    village = Village()
    own(village, number=1, make=signed)
    village.books.pledges.add(published(draft(item(1, id="itm_wang"), id="plg_wang", member_id="mem_wang")))
    assert len({refused(village, item_id) for item_id in ("itm_own1", "itm_wang", "itm_nothing")}) == 1


def test_an_organisations_own_item_serves_no_other():
    village = Village()
    own(village, "org_town")
    assert "只有党员" in refused(village, "itm_own1", actor=SECRETARY, member_id="")


def test_a_link_that_was_there_stays_when_what_it_leads_to_has_ended():
    """Else the member could not save any more; it is shown no longer. [A13]"""
    village = Village()
    own(village)
    pledge = drafted(village, items=(serving("itm_own1"),))
    village.books.pledges.kept["plg_own1"] = replace(village.books.pledges.kept["plg_own1"], state="terminated")
    again = village.do(ZHANG, usecases.save_draft, SaveDraft(pledge_id=pledge.pledge_id, version=1, items=(
        serving("itm_own1", item_id=pledge.items[0].item_id, target="18盏"), VISITS)))
    assert (again.items[0].serves_item_id, again.serves) == ("itm_own1", ())
    with pytest.raises(Incomplete):
        village.do(ZHANG, usecases.save_draft, SaveDraft(pledge_id=pledge.pledge_id, version=2, items=(
            serving("itm_own1", item_id=again.items[1].item_id),)))


def test_what_was_reviewed_is_looked_at_again_when_it_serves_something_else():
    village = Village()
    own(village)
    pledge = reviewed(village, submitted(village))
    back = village.do(SECRETARY, usecases.return_pledge, ReturnPledge(pledge_id=pledge.pledge_id, reason="写明支撑哪一项"))
    saved = village.do(ZHANG, usecases.save_draft, SaveDraft(pledge_id=pledge.pledge_id, version=back.version, items=(
        serving("itm_own1", item_id=back.items[0].item_id), replace(VISITS, item_id=back.items[1].item_id))))
    assert [r.item_id for r in saved.reviews] == [back.items[1].item_id]


def test_the_published_items_of_the_branch_and_those_above_are_offered_the_nearest_first():
    """[A13]"""
    village = Village()
    own(village, "org_town")
    own(village, "org_village", 2)
    own(village, "org_other", 3)
    own(village, "org_village", 4, year=2025)
    own(village, "org_village", 5, make=signed, kind="immediate")
    guide = ReadGuide(organisation_id="org_village", member_id="mem_zhang", year=2026)
    found = village.do(ZHANG, usecases.read_guide, guide).servable
    assert [(s.item_id, s.organisation_name) for s in found] == [("itm_own2", "清河村党支部"), ("itm_own1", "清河镇党委")]
    assert village.do(CLERK, usecases.read_guide, replace(guide, member_id="")).servable == (), "its own serves no other"
    grouped = village.do(CLERK, usecases.read_guide, replace(guide, organisation_id="org_group", member_id="mem_group"))
    assert [s.item_id for s in grouped.servable] == ["itm_own2", "itm_own1"]


def test_a_link_shows_how_the_organisations_item_stands_now():
    """[A13]"""
    village = Village()
    pledge_ = own(village)
    pledge = drafted(village, items=(serving("itm_own1"),))
    village.books.pledges.kept["plg_own1"] = pledge_.progressed("itm_own1", 60, "已修两条")
    read = village.do(ZHANG, usecases.read_pledge, ReadPledge(pledge_id=pledge.pledge_id))
    assert (read.serves[0].progress, read.serves[0].state) == (60, "open")
