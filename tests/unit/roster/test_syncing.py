"""Another system keeps organisations in step: what is right is written, the rest is told why not, again changes nothing."""
from datetime import date

import pytest

from services.roster import usecases
from services.roster.domain.policy import SyncPolicy
from tests.fakes_roster import OTHER, TOWN, VILLAGE, RosterUnit, founded, office
from wire.contracts.calls import Forbidden
from wire.contracts.roster import DissolveOrganisation, OrganisationChanged, SyncedOrganisation, SyncOrganisations
from wire.contracts.shape import Malformed, load


@pytest.fixture
def books():
    return founded()


def sync(books, *rows, actor=None, policy=None):
    """The verdicts and what was announced."""
    unit = RosterUnit(books, SyncOrganisations, actor)
    unit.policies = {SyncPolicy: policy} if policy else {}
    reply = usecases.sync_organisations(unit, SyncOrganisations(rows=tuple(rows)))
    return reply, unit.announced


def row(code="N", name="新村党支部", kind="branch", sector="rural", parent_code="T", **more):
    return SyncedOrganisation(code=code, name=name, kind=kind, sector=sector, parent_code=parent_code, **more)


def test_each_row_has_its_verdict_and_the_right_ones_are_written(books):
    reply, announced = sync(books, row(), row("N2", kind="group", parent_code="N", name="一组"), row("N3", name="", parent_code="T"),
                            row("N4", name="二组", kind="group", parent_code="N3"), SyncedOrganisation(code="V", name="柳溪党支部"),
                            SyncedOrganisation(code="T"))
    assert [(v.code, v.result, v.reason) for v in reply.verdicts] == [
        ("N", "new", ""), ("N2", "new", ""), ("N3", "refused", "invalid"), ("N4", "refused", "waits"), ("V", "changed", ""), ("T", "same", "")]
    assert (reply.new, reply.changed, reply.same, reply.refused) == (2, 1, 1, 2)
    assert sorted(e.code for e in announced) == ["N", "N2", "V"] and reply.verdicts[2].sentences[0].startswith("名称：")


def test_the_same_again_changes_nothing_and_announces_nothing(books):
    rows = (row(), SyncedOrganisation(code="V", name="柳溪党支部", founded_on=date(2001, 7, 1)))
    sync(books, *rows)
    before = dict(books.organisations.kept)
    reply, announced = sync(books, *rows)
    assert [v.result for v in reply.verdicts] == ["same", "same"] and announced == [] and books.organisations.kept == before


def test_what_was_not_said_is_left_as_it_is(books):
    sync(books, SyncedOrganisation(code="V", founded_on=date(2001, 7, 1), re_elected_on=date(2024, 1, 1)))
    sync(books, SyncedOrganisation(code="V", name="柳溪党支部"))
    one = books.organisations.get(VILLAGE)
    assert (one.name, one.founded_on, one.re_elected_on, one.parent_id) == ("柳溪党支部", date(2001, 7, 1), date(2024, 1, 1), TOWN)


def test_what_the_policy_keeps_is_kept_and_named(books):
    """By default the kind is this house's own; name, sector, parent and dates follow the other system."""
    reply, [event] = sync(books, SyncedOrganisation(code="V", kind="general_branch", parent_code="O", name="柳溪党支部"))
    assert (reply.verdicts[0].result, reply.verdicts[0].kept) == ("changed", ("类别",))
    assert isinstance(event, OrganisationChanged) and (event.kind, event.parent_id, event.name) == ("branch", OTHER, "柳溪党支部")
    reply, announced = sync(books, SyncedOrganisation(code="V", name="改名", parent_code="T"), policy=SyncPolicy(organisation_fields=()))
    assert (reply.verdicts[0].result, reply.verdicts[0].kept, announced) == ("same", ("名称", "上级编号"), [])
    reply, _ = sync(books, SyncedOrganisation(code="V", kind="branch", form="joint"), policy=SyncPolicy(organisation_fields=("kind",)))
    assert books.organisations.get(VILLAGE).form == "joint"


def test_what_ended_here_stays_ended(books):
    usecases.dissolve_organisation(RosterUnit(books, DissolveOrganisation), DissolveOrganisation(organisation_id=VILLAGE, because="并村"))
    reply, announced = sync(books, SyncedOrganisation(code="V", name="柳溪村党支部"))
    assert (reply.verdicts[0].result, reply.verdicts[0].reason, announced) == ("refused", "ended", [])


def test_who_read_an_older_version_is_told_and_nothing_is_written(books):
    assert sync(books, SyncedOrganisation(code="V", name="甲村党支部", version=1))[0].verdicts[0].version == 2
    for code, version, reason in (("V", 1, "stale"), ("NOWHERE", 1, "absent")):
        reply, announced = sync(books, SyncedOrganisation(code=code, name="乙村党支部", version=version))
        assert (reply.verdicts[0].reason, announced) == (reason, [])


def test_what_already_is_as_it_is_sent_is_not_stale_but_the_same(books):
    """The answer to the first try was lost: trying again with the version that was read finds it done."""
    said = SyncedOrganisation(code="V", name="甲村党支部", kind="general_branch", version=1)
    assert sync(books, said)[0].verdicts[0].result == "changed"
    reply, announced = sync(books, said)
    assert (reply.verdicts[0].result, reply.verdicts[0].version, reply.verdicts[0].kept, announced) == ("same", 2, ("类别",), [])


def test_a_row_can_ask_to_find_it_there_or_not_yet(books):
    for said, reason in ((row("V", expects="absent"), "exists"), (row("N", expects="there"), "absent"), (row("N", expects="absent"), ""),
                         (SyncedOrganisation(code="V", name="甲村党支部", expects="there"), "")):
        reply, announced = sync(books, said)
        assert (reply.verdicts[0].reason, len(announced)) == (reason, not reason)


def test_no_refusal_speaks_of_a_spreadsheet(books):
    reply, _ = sync(books, row(parent_code="NOWHERE"))
    assert "NOWHERE" in reply.verdicts[0].sentences[0] and "表" not in reply.verdicts[0].sentences[0]


def test_a_code_twice_and_a_circle_are_refused_row_by_row(books):
    reply, _ = sync(books, row(), row("Ｎ", name="另一个"))
    assert [v.reason for v in reply.verdicts] == ["", "invalid"]
    reply, announced = sync(books, SyncedOrganisation(code="T", parent_code="O"), SyncedOrganisation(code="O", parent_code="T"))
    assert [v.result for v in reply.verdicts] == ["refused", "refused"] and announced == []


def test_what_is_beyond_reach_is_refused_by_the_row_and_the_whole_where_nothing_is_within(books):
    """[X17]"""
    town = office(TOWN, "grt_town")
    reply, announced = sync(books, SyncedOrganisation(code="V", name="柳溪党支部"), SyncedOrganisation(code="O", name="枫林党委"),
                            SyncedOrganisation(code="V2", name="偷移", kind="branch", sector="rural", parent_code="O"), actor=town)
    assert [(v.result, v.reason) for v in reply.verdicts] == [("changed", ""), ("refused", "forbidden"), ("refused", "forbidden")]
    assert [e.code for e in announced] == ["V"]
    with pytest.raises(Forbidden):
        sync(books, SyncedOrganisation(code="O", name="枫林党委"), actor=town)


def test_more_than_a_thousand_are_sent_in_several_calls():
    said = [{"code": f"N{n}", "name": "演"} for n in range(1001)]
    assert len(load(SyncOrganisations, {"rows": said[:1000]}).rows) == 1000
    with pytest.raises(Malformed) as refused:
        load(SyncOrganisations, {"rows": said})
    assert refused.value.errors == {"rows": ["最多 1000 条，请分几次提交。"]}
