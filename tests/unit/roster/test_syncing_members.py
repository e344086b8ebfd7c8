"""Another system keeps members in step: what is right is written, the rest is told why not, again changes nothing."""
from datetime import date

import pytest

from services.roster import usecases
from services.roster.domain.policy import SyncPolicy
from tests.fakes_roster import FAR, OTHER, TOWN, VILLAGE, RosterUnit, do, founded, office, organisation_rows
from wire.contracts.actor import Actor, HeldGrant
from wire.contracts.calls import Forbidden
from wire.contracts.roster import (
    Appoint, Assign, MemberChanged, MemberMoved, MemberRegistered, CorrectMember, MergeMembers, OpenZone, RecordLeaving,
    RecordWhereabouts, SetStanding, SyncedMember, SyncMembers, SyncOrganisations,
)

SYSTEM = Actor(kind="system", person_id="key_1", name="组织系统", grants=(HeldGrant(grant_id="grt_office", role="system", organisation_id=TOWN),))
from wire.contracts.shape import Malformed, load


@pytest.fixture
def books():
    """Two members in the village, one in the other town's."""
    books = founded()
    sync(books, row("M1"), row("M2", "何秀英", joined_on=date(1995, 7, 1)), row("M3", "岳成川", organisation_code="P"))
    return books


def row(code="M1", name="柳德顺", kind="member", organisation_code="V", **more):
    return SyncedMember(code=code, name=name, kind=kind, organisation_code=organisation_code, **more)


def sync(books, *rows, actor=None, policy=None):
    """The verdicts and what was announced."""
    unit = RosterUnit(books, SyncMembers, actor)
    unit.policies = {SyncPolicy: policy} if policy else {}
    reply = usecases.sync_members(unit, SyncMembers(rows=tuple(rows)))
    return reply, unit.announced


def sync_organisations(books, *rows):
    return usecases.sync_organisations(RosterUnit(books, SyncOrganisations), SyncOrganisations(rows=organisation_rows(*rows)))


def member(books, code):
    return books.members.by_codes([code])[code]


def test_each_row_has_its_verdict_and_the_right_ones_are_written(books):
    reply, announced = sync(books, row("N1", "陶大安"), row("N2", "曾小晓", organisation_code="NOWHERE"), SyncedMember(code="M1", post="支委"),
                            SyncedMember(code="M2"), SyncedMember(code="N3", name="无处去"), row("N4", organisation_code="T"))
    assert [(v.code, v.result, v.reason) for v in reply.verdicts] == [
        ("N1", "new", ""), ("N2", "refused", "invalid"), ("M1", "changed", ""), ("M2", "same", ""), ("N3", "refused", "invalid"),
        ("N4", "refused", "invalid")]
    assert (reply.new, reply.changed, reply.same, reply.refused) == (1, 1, 1, 3)
    assert [type(e) for e in announced] == [MemberRegistered, MemberChanged], "no grant ever follows [X45]"
    assert "NOWHERE" in reply.verdicts[1].sentences[0] and member(books, "M1").post == "支委"


def test_the_same_again_changes_nothing_and_announces_nothing(books):
    rows = row("N1", "陶大安", post="组长"), SyncedMember(code="M1", name="柳德顺", joined_on=date(2001, 7, 1))
    sync(books, *rows)
    before, grants = dict(books.members.kept), dict(books.grants.kept)
    reply, announced = sync(books, *rows)
    assert [v.result for v in reply.verdicts] == ["same", "same"] and announced == []
    assert books.members.kept == before and books.grants.kept == grants


def test_another_organisation_is_a_move(books):
    reply, announced = sync(books, SyncedMember(code="M1", organisation_code="P"))
    assert [type(e) for e in announced] == [MemberMoved] and announced[0].organisation_id == FAR
    assert reply.verdicts[0].version == 2


def test_who_is_moved_lets_go_of_what_they_looked_after_where_they_were(books):
    """As by hand: the zone stays without them, the contact point elsewhere stays theirs. [A16] [K1]"""
    one = member(books, "M1").id
    zone, _ = do(books, OpenZone(organisation_id=VILLAGE, name="河道责任区", place="二组", member_ids=(one, member(books, "M2").id)))
    for place in (VILLAGE, OTHER):
        do(books, Assign(kind="contact_point", organisation_id=place, member_id=one))
    sync(books, SyncedMember(code="M1", organisation_code="P"))
    assert [m.name for m in books.zones.get(zone.zone_id).members] == ["何秀英"]
    assert [(a.organisation_id, a.until is None) for a in books.assignments.kept.values()] == [(VILLAGE, False), (OTHER, True)]


def test_who_holds_a_position_there_is_relieved_of_it_first(books):
    """No sync takes a position away, as no file does. [X45]"""
    do(books, Appoint(organisation_id=VILLAGE, kind="secretary", member_id=member(books, "M1").id))
    reply, announced = sync(books, SyncedMember(code="M1", organisation_code="P"))
    assert (reply.verdicts[0].reason, announced) == ("invalid", []) and "书记" in reply.verdicts[0].sentences[0]
    assert member(books, "M1").organisation_id == VILLAGE


def test_who_stays_where_they_hold_a_position_may_move_as_by_hand(books):
    """From a party group 党小组 to its branch nobody leaves the branch, nor a committee elsewhere."""
    sync_organisations(books, ("G", "第一党小组", "党小组", "V"))
    sync(books, row("M1", organisation_code="G"))
    for place in (VILLAGE, TOWN):
        do(books, Appoint(organisation_id=place, kind="committee", member_id=member(books, "M1").id))
    reply, _ = sync(books, SyncedMember(code="M1", organisation_code="V"))
    assert reply.verdicts[0].result == "changed" and member(books, "M1").organisation_id == VILLAGE
    assert len(books.positions.held_by([member(books, "M1").id])) == 2
    reply, _ = sync(books, SyncedMember(code="M1", organisation_code="P"))
    assert reply.verdicts[0].reason == "invalid"


def test_what_the_policy_keeps_is_kept_and_named(books):
    """By default the kind is this house's own: becoming a full member is an act with a date."""
    reply, announced = sync(books, SyncedMember(code="M1", kind="probationary", post="组长"))
    assert (reply.verdicts[0].result, reply.verdicts[0].kept, announced[0].kind) == ("changed", ("身份",), "member")
    reply, announced = sync(books, SyncedMember(code="M1", name="柳得顺", organisation_code="P"), policy=SyncPolicy(member_fields=()))
    assert (reply.verdicts[0].result, reply.verdicts[0].kept, announced) == ("same", ("姓名", "所在党组织编号"), [])
    sync(books, SyncedMember(code="M1", kind="probationary"), policy=SyncPolicy(member_fields=("kind",)))
    assert member(books, "M1").kind == "probationary"


def test_standing_and_whereabouts_stay_whatever_a_sync_says(books):
    id_ = member(books, "M1").id
    do(books, SetStanding(member_id=id_, standing="correcting", note="评议不合格"))
    do(books, RecordWhereabouts(member_id=id_, whereabouts="unreachable"))
    sync(books, SyncedMember(code="M1", post="组长"))
    assert (member(books, "M1").standing, member(books, "M1").whereabouts, member(books, "M1").post) == ("correcting", "unreachable", "组长")


@pytest.mark.parametrize("because", ["died", "by_mistake"])
def test_who_left_the_roll_is_not_brought_back(books, because):
    do(books, RecordLeaving(member_id=member(books, "M1").id, because=because))
    reply, announced = sync(books, row("M1"))
    assert (reply.verdicts[0].result, reply.verdicts[0].reason, announced) == ("refused", "ended", [])


def test_a_code_that_is_another_persons_is_asked_back(books):
    """Name and joining date both different: another person, whatever the policy would keep of it."""
    said = SyncedMember(code="M2", name="方雅", joined_on=date(2019, 7, 1))
    for policy in (None, SyncPolicy(member_fields=())):
        reply, announced = sync(books, said, policy=policy)
        assert (reply.verdicts[0].reason, announced) == ("invalid", []) and "何秀英" in reply.verdicts[0].sentences[0]
    assert sync(books, SyncedMember(code="M2", name="何秀莹"))[0].verdicts[0].result == "changed", "one of the two is a correction"


def test_the_code_of_a_merged_entry_leads_to_the_one_that_is_kept(books):
    kept, second = member(books, "M1"), member(books, "M2")
    do(books, CorrectMember(member_id=second.id, name=kept.name))
    do(books, MergeMembers(kept_id=kept.id, merged_id=second.id))
    reply, [event] = sync(books, SyncedMember(code="M2", post="组长"))
    assert (reply.verdicts[0].id, reply.verdicts[0].code, event.member_id) == (kept.id, "M2", kept.id)
    reply, _ = sync(books, SyncedMember(code="M1", post="支委"), SyncedMember(code="M2", post="组长"))
    assert [v.result for v in reply.verdicts] == ["changed", "refused"] and "同一个人" in reply.verdicts[1].sentences[0]


def test_who_read_an_older_version_is_told_and_nothing_is_written(books):
    assert sync(books, SyncedMember(code="M1", post="组长", version=1))[0].verdicts[0].version == 2
    for code, reason in (("M1", "stale"), ("NOBODY", "absent")):
        reply, announced = sync(books, SyncedMember(code=code, name="柳得顺", version=1))
        assert (reply.verdicts[0].reason, announced) == (reason, [])


def test_what_already_is_as_it_is_sent_is_not_stale_but_the_same(books):
    said = SyncedMember(code="M1", post="组长", version=1)
    sync(books, said)
    reply, announced = sync(books, said)
    assert (reply.verdicts[0].result, reply.verdicts[0].version, announced) == ("same", 2, [])


def test_a_row_can_ask_to_find_them_there_or_not_yet(books):
    for said, reason in ((row("M1", expects="absent"), "exists"), (row("N1", "陶大安", expects="there"), "absent"),
                         (row("N1", "陶大安", expects="absent"), ""), (SyncedMember(code="M2", post="组长", expects="there"), "")):
        assert sync(books, said)[0].verdicts[0].reason == reason


def test_no_refusal_speaks_of_a_spreadsheet(books):
    reply, _ = sync(books, SyncedMember(code="N1", name="陶大安", organisation_code="NOWHERE"))
    assert "表" not in "".join(reply.verdicts[0].sentences)


def test_a_code_twice_is_refused_the_second_time(books):
    reply, _ = sync(books, row("N1", "陶大安"), row("Ｎ1", "陶小安"))
    assert [v.result for v in reply.verdicts] == ["new", "refused"]


@pytest.mark.parametrize("actor", [office(TOWN, "grt_town"), SYSTEM])
def test_what_is_beyond_reach_is_refused_by_the_row_and_the_whole_where_nothing_is_within(books, actor):
    """An API key keeps its own part of the tree in step, and no more. [X17, X48]"""
    reply, announced = sync(books, SyncedMember(code="M1", post="组长"), SyncedMember(code="M3", post="组长"),
                            SyncedMember(code="M2", organisation_code="P"), row("N1", "陶大安", organisation_code="P"), actor=actor)
    assert [(v.result, v.reason) for v in reply.verdicts] == [("changed", "")] + [("refused", "forbidden")] * 3
    assert [e.code for e in announced] == ["M1"] and reply.verdicts[1].id == ""
    with pytest.raises(Forbidden):
        sync(books, SyncedMember(code="M3", post="组长"), actor=actor)


def test_a_committee_has_no_members_of_its_own(books):
    reply, _ = sync(books, row("N1", "陶大安", organisation_code="O"))
    assert reply.verdicts[0].reason == "invalid" and books.organisations.get(OTHER).name in reply.verdicts[0].sentences[0]


def test_more_than_a_thousand_are_sent_in_several_calls():
    said = [{"code": f"N{n}", "name": "演"} for n in range(1001)]
    assert len(load(SyncMembers, {"rows": said[:1000]}).rows) == 1000
    with pytest.raises(Malformed) as refused:
        load(SyncMembers, {"rows": said})
    assert refused.value.errors == {"rows": ["最多 1000 条，请分几次提交。"]}


@pytest.mark.parametrize(("said", "sign"), [({"name": "柳😀顺"}, "“😀”"), ({"joined_on": date(1900, 1, 1)}, "1921 年 7 月"),
                                            ({"post": "组★长"}, "“★”"), ({"joined_on": date(2026, 3, 3)}, "今天之后")])
def test_what_no_spreadsheet_may_say_no_sync_may(books, said, sign):
    reply, announced = sync(books, row("N1", **said))
    assert (reply.verdicts[0].reason, announced) == ("invalid", []) and sign in "".join(reply.verdicts[0].sentences)
