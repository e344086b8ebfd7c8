"""A running pledge service that has heard of a town and two villages."""
import pytest

from services.pledge.service import PledgeService
from tests.fakes import NOW
from wire.bus.testing import house
from wire.contracts.roster import MemberRegistered, OrganisationRegistered

BY = {"version": 1, "acted_by": "prs_office", "acted_by_name": "县办", "acted_at": NOW}


def organisation(id_, parent_id, path, kind="branch"):
    return OrganisationRegistered(organisation_id=id_, code=id_, name=id_.removeprefix("org_"), kind=kind, sector="rural",
                                  parent_id=parent_id, path=path, **BY)


def member(id_, name, organisation_id="org_village", kind="member"):
    return MemberRegistered(member_id=id_, code=id_, name=name, sort_key=name, kind=kind, organisation_id=organisation_id, **BY)


ROSTER = (
    organisation("org_county", None, "/org_county/", "county_committee"),
    organisation("org_town", "org_county", "/org_county/org_town/", "committee"),
    organisation("org_village", "org_town", "/org_county/org_town/org_village/"),
    organisation("org_group", "org_village", "/org_county/org_town/org_village/org_group/", "group"),
    organisation("org_other", "org_town", "/org_county/org_town/org_other/"),
    member("mem_zhang", "张三"), member("mem_li", "李书记"), member("mem_wang", "王五", kind="probationary"),
    member("mem_active", "赵六", kind="activist"), member("mem_group", "孙八", "org_group"), member("mem_far", "周九", "org_other"))


@pytest.fixture
def running(tmp_path):
    with house(tmp_path, PledgeService) as started:
        started.hear(*ROSTER)
        yield started
