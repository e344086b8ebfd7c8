"""Any sequence of what can happen to members leaves each in one branch, and events that rebuild the same elsewhere."""
from collections import defaultdict
from datetime import date

from hypothesis import given, settings, strategies as st
from sqlalchemy import create_engine, select

from services.roster import usecases
from services.roster.domain.refusals import Refusal
from tests.fakes_roster import FAR, VILLAGE, RosterUnit, founded, member_rows, organisation
from wire import directory
from wire.bus.sealing import Vault
from wire.contracts.calls import Refusal as Refused
from wire.contracts.roster import (
    AdvanceMember, Appoint, Assign, BeginTransfer, ChangeZone, ConfirmGrants, ConfirmResidence, CorrectMember, EndAssignment, EndGrant, EndPosition,
    EndRepresentative, EndZone, ExtendTerm, GiveGrant, GrantFacts, LinkPerson, MemberFacts, MergeMembers, MergeOrganisations, MoveMember, OpenZone,
    OrganisationFacts, ReadmitMember, RecordElection, RecordLeaving, RecordWhereabouts, RecordZoneMonth, RegisterMember, RegisterRepresentative,
    SetStanding, SyncMembers,
    ReportResidence, SettleTransfer, ShowNameplate,
)

GROUP = "org_group"
VAULT = Vault("a secret of this test")
PLACES = st.sampled_from([VILLAGE, FAR, GROUP])
CODES = ["1", "2", "3", "4"]
NAMES = st.sampled_from(["曾小明", "单立人", "仇一"])


def who(data, books):
    return data.draw(st.sampled_from(sorted(books.members.kept) or ["mem_no"]))


def one_of(data, book):
    """One of what is kept in a book, or what is not there."""
    return data.draw(st.sampled_from(sorted(book.kept) or ["none"]))


def by_name(data, books):
    """Somebody who is looking after something without being on the roll."""
    return data.draw(st.sampled_from(sorted({a.person_id for a in books.assignments.kept.values() if not a.member_id}) or ["prs_no"]))


OPERATIONS = {
    "register_member": lambda d, b: RegisterMember(organisation_id=d.draw(PLACES), code=d.draw(st.sampled_from(CODES)), name=d.draw(NAMES)),
    "sync_members": lambda d, b: SyncMembers(rows=member_rows(*(
        (code, d.draw(NAMES), d.draw(st.sampled_from("VPG"))) for code in d.draw(st.sets(st.sampled_from(CODES), min_size=1))))),
    "correct_member": lambda d, b: CorrectMember(member_id=who(d, b), name=d.draw(NAMES)),
    "advance_member": lambda d, b: AdvanceMember(member_id=who(d, b), kind="member"),
    "show_nameplate": lambda d, b: ShowNameplate(member_id=who(d, b), shown=d.draw(st.booleans())),
    "record_whereabouts": lambda d, b: RecordWhereabouts(
        member_id=who(d, b), whereabouts=d.draw(st.sampled_from(["home", "inflow", "outside", "unreachable"])), inflow_id=d.draw(PLACES),
        outside_place="东莞"),
    "report_residence": lambda d, b: ReportResidence(member_id=who(d, b), residence_id=d.draw(PLACES)),
    "confirm_residence": lambda d, b: ConfirmResidence(member_id=who(d, b)),
    "move_member": lambda d, b: MoveMember(member_id=who(d, b), organisation_id=d.draw(PLACES)),
    "begin_transfer": lambda d, b: BeginTransfer(member_id=who(d, b), organisation_id=d.draw(PLACES)),
    "settle_transfer": lambda d, b: SettleTransfer(member_id=who(d, b), accepted=d.draw(st.booleans())),
    "record_leaving": lambda d, b: RecordLeaving(member_id=who(d, b), because="moved_out"),
    "readmit_member": lambda d, b: ReadmitMember(member_id=who(d, b), organisation_id=d.draw(PLACES), note="转回"),
    "assign": lambda d, b: Assign(kind=d.draw(st.sampled_from(["contact_point", "group_member"])), organisation_id=d.draw(PLACES), **d.draw(
        st.sampled_from([{"member_id": who(d, b)}, {"person_name": "石小白"}]))),
    "link_person": lambda d, b: LinkPerson(person_id=by_name(d, b), member_id=who(d, b)),
    "open_zone": lambda d, b: OpenZone(organisation_id=d.draw(PLACES), name=d.draw(st.text("甲乙丙", min_size=2, max_size=6)), place="村口",
                                       member_ids=(who(d, b),)),
    "end_assignment": lambda d, b: EndAssignment(assignment_id=one_of(d, b.assignments)),
    "change_zone": lambda d, b: ChangeZone(
        zone_id=(zone := one_of(d, b.zones)), version=b.zones.kept[zone].version if zone in b.zones.kept else 1, kind="model",
        name=d.draw(st.text("甲乙丙", min_size=2, max_size=6)), place="村口", member_ids=(who(d, b),)),
    "record_zone_month": lambda d, b: RecordZoneMonth(zone_id=one_of(d, b.zones), month="2026-03", no_accident=True, no_error=d.draw(st.booleans()),
                                                      no_breach=True, note="漏查一次"),
    "end_zone": lambda d, b: EndZone(zone_id=one_of(d, b.zones)),
    "appoint": lambda d, b: Appoint(kind=d.draw(st.sampled_from(["secretary", "committee", "clerk"])), organisation_id=d.draw(PLACES), **d.draw(
        st.sampled_from([{"member_id": who(d, b)}, {"person_name": "石小白"}]))),
    "end_position": lambda d, b: EndPosition(position_id=one_of(d, b.positions)),
    "set_standing": lambda d, b: SetStanding(member_id=who(d, b), standing=d.draw(st.sampled_from(["normal", "correcting"])), note="评议靠后"),
    "give_grant": lambda d, b: GiveGrant(
        organisation_id=d.draw(PLACES), role=d.draw(st.sampled_from(["clerk", "secretary"])), member_id=who(d, b)),
    "confirm_grants": lambda d, b: ConfirmGrants(grant_ids=(one_of(d, b.grants),)),
    "end_grant": lambda d, b: EndGrant(grant_id=one_of(d, b.grants)),
    "record_election": lambda d, b: RecordElection(
        organisation_id=d.draw(PLACES), held_on=d.draw(st.dates(date(2022, 1, 1), date(2026, 3, 2)))),
    "extend_term": lambda d, b: ExtendTerm(
        organisation_id=d.draw(PLACES), until=d.draw(st.dates(date(2026, 1, 1), date(2030, 1, 1))), because="防汛"),
    "register_representative": lambda d, b: RegisterRepresentative(organisation_id=d.draw(PLACES), stratum="masses", name=d.draw(NAMES)),
    "end_representative": lambda d, b: EndRepresentative(representative_id=one_of(d, b.representatives)),
    "merge_organisations": lambda d, b: MergeOrganisations(organisation_id=VILLAGE, into_id=FAR, because="两村合并"),
    "merge_members": lambda d, b: MergeMembers(kept_id=who(d, b), merged_id=who(d, b)),
}


@settings(max_examples=60)
@given(data=st.data())
def test_everybody_stays_in_one_branch_and_the_events_rebuild_it_elsewhere(data):
    """Every version told once, without a hole; read in any order they make the same copy. [T17]"""
    books = founded()
    books.organisations.add_many([organisation(GROUP, books.organisations.get(VILLAGE), "group", code="G")])
    told, written = [*_known(books)], []
    for verb in data.draw(st.lists(st.sampled_from(sorted(OPERATIONS)), min_size=1, max_size=14)):
        request = OPERATIONS[verb](data, books)
        unit = RosterUnit(books, type(request))
        before = dict(books.members.kept), dict(books.grants.kept)
        try:
            getattr(usecases, verb)(unit, request, *([VAULT] if verb.endswith("_representative") else []))
        except (Refusal, Refused):
            # the bus rolls back; fakes have written nothing before a refusal
            assert (books.members.kept, books.grants.kept) == before and not unit.announced
            continue
        told += unit.announced
        written += unit.remembered
        _holds(books)
    _complete(books, told, written)
    assert _rebuilt(data.draw(st.permutations(told))) == _rebuilt(told) == _standing(books)


def _known(books):
    unit = RosterUnit(books, None)
    from services.roster.usecases.telling import announce_grant
    for grant in books.grants.kept.values():
        announce_grant(unit, grant)
    return unit.announced


def _holds(books):
    """One branch or party group each; nothing is held by whoever left; a code leads to one person."""
    for member in books.members.kept.values():
        assert member.state == "active" or not books.grants.held_by([member.id])
        assert member.organisation_id in (VILLAGE, FAR, GROUP)
        assert member.organisation_id not in (member.inflow_id, member.residence_id, member.transfer_to_id)
        assert bool(member.merged_into) == (member.left_because == "merged")
        assert not member.merged_into or books.members.get(member.merged_into).merged_into == ""
    assert len({m.code for m in books.members.kept.values()}) == len(books.members.kept)
    _led(books)
    _looked_after(books)


def _led(books):
    """A committee by its own people, one secretary at a time; a position gives what it gives while it is held and no longer."""
    held = [position for position in books.positions.kept.values() if position.state == "held"]
    for position in held:
        holder = books.members.get(position.member_id) if position.member_id else None
        assert holder is None or holder.state == "active"
        if position.kind in ("secretary", "committee"):
            assert holder is not None
    places = [position.organisation_id for position in held if position.kind == "secretary"]
    assert len(places) == len(set(places))
    assert len({(one.kind, one.organisation_id, one.person_id) for one in held}) == len(held), "nobody holds one twice"
    ids = {position.id for position in held}
    assert all(grant.position_id in ids for grant in books.grants.kept.values() if grant.position_id and grant.state != "ended")


def _looked_after(books):
    """By people on the roll, zones by their own; nobody twice, and nobody under another id than their own."""
    for zone in books.zones.kept.values():
        keepers = books.members.get_many([keeper.member_id for keeper in zone.members])
        assert len(keepers) == len(zone.members) and (zone.state == "ended" or all(
            keeper.state == "active" and keeper.organisation_id in books.directory.with_groups(zone.organisation_id) for keeper in keepers))
    goes_on = [one for one in books.assignments.kept.values() if one.until is None]
    assert len({(one.kind, one.organisation_id, one.person_id) for one in goes_on}) == len(goes_on)
    for one in goes_on:
        known = books.persons.get(one.person_id)
        assert books.members.get(one.person_id).state == "active" if one.member_id else not known.member_id


def _complete(books, told, written):
    """What travels is told version by version; what does not has its line of history, version by version."""
    lines = defaultdict(list)
    for _, aggregate_id, version, *_ in written:
        lines[aggregate_id].append(version)
    for thing in (*books.positions.kept.values(), *books.assignments.kept.values()):
        assert lines[thing.id] == list(range(1, thing.version + 1)), thing
    versions = defaultdict(list)
    for event in (one for one in told if not isinstance(one, OrganisationFacts)):
        versions[event.subject].append(event.version)
    assert all(found == list(range(1, len(found) + 1)) for found in versions.values())
    for thing in (*books.members.kept.values(), *books.grants.kept.values(), *books.zones.kept.values(),
                  *books.representatives.kept.values()):
        assert versions[thing.id][-1] == thing.version


def _rebuilt(events):
    engine = create_engine("sqlite://")
    directory.metadata.create_all(engine)
    with engine.begin() as sql:
        directory.write(sql, ((1, event) for event in events if isinstance(event, (MemberFacts, GrantFacts))))
        return {table.name: [dict(row) for row in sql.execute(select(table).order_by(table.c.id)).mappings()]
                for table in (directory.members, directory.grants)}


def _standing(books):
    return {table.name: [{c.name: getattr(thing, c.name, None) for c in table.columns} | {"epoch": 1, "lost": False}
                         for _, thing in sorted(book.kept.items())]
            for table, book in ((directory.members, books.members), (directory.grants, books.grants))}
