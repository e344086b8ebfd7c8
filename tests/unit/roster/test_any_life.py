"""Any sequence of what can happen to members leaves each in one branch, and events that rebuild the same elsewhere."""
from collections import defaultdict

from hypothesis import given, settings, strategies as st
from sqlalchemy import create_engine, select

from services.roster import usecases
from services.roster.domain.refusals import Refusal
from tests.fakes_roster import FAR, VILLAGE, RosterUnit, founded, member_rows, organisation
from wire import directory
from wire.contracts.calls import Refusal as Refused
from wire.contracts.roster import (
    AdvanceMember, BeginTransfer, ConfirmResidence, CorrectMember, GrantFacts, MemberFacts, MergeMembers, MoveMember, ReadmitMember,
    RecordLeaving, RecordWhereabouts, RegisterMember, RegisterMembers, ReportResidence, SettleTransfer, ShowNameplate,
)

GROUP = "org_group"
PLACES = st.sampled_from([VILLAGE, FAR, GROUP])
CODES = ["1", "2", "3", "4"]
NAMES = st.sampled_from(["曾小明", "单立人", "仇一"])


def who(data, books):
    return data.draw(st.sampled_from(sorted(books.members.kept) or ["mem_no"]))


OPERATIONS = {
    "register_member": lambda d, b: RegisterMember(organisation_id=d.draw(PLACES), code=d.draw(st.sampled_from(CODES)), name=d.draw(NAMES)),
    "register_members": lambda d, b: RegisterMembers(rows=member_rows(*(
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
    "merge_members": lambda d, b: MergeMembers(kept_id=who(d, b), merged_id=who(d, b)),
}


@settings(max_examples=40)
@given(data=st.data())
def test_everybody_stays_in_one_branch_and_the_events_rebuild_it_elsewhere(data):
    """Every version told once, without a hole; read in any order they make the same copy. [T17]"""
    books = founded()
    books.organisations.add_many([organisation(GROUP, books.organisations.get(VILLAGE), "group", code="G")])
    told = [*_known(books)]
    for verb in data.draw(st.lists(st.sampled_from(sorted(OPERATIONS)), min_size=1, max_size=14)):
        request = OPERATIONS[verb](data, books)
        unit = RosterUnit(books, type(request))
        before = dict(books.members.kept), dict(books.grants.kept)
        try:
            getattr(usecases, verb)(unit, request)
        except (Refusal, Refused):
            # the bus rolls back; fakes have written nothing before a refusal
            assert (books.members.kept, books.grants.kept) == before and not unit.announced
            continue
        told += unit.announced
        _holds(books)
    _complete(books, told)
    assert _rebuilt(data.draw(st.permutations(told))) == _rebuilt(told) == _standing(books)


def _known(books):
    unit = RosterUnit(books, None)
    from services.roster.usecases.telling import announce_grant
    for grant in books.grants.kept.values():
        announce_grant(unit, grant)
    return unit.announced


def _holds(books):
    """One branch or party group each, one member's grant at home; nothing for whoever left; a code leads to one person."""
    own = defaultdict(list)
    for grant in books.grants.kept.values():
        if grant.state != "ended" and grant.role == "member":
            own[grant.person_id].append(grant.organisation_id)
    for member in books.members.kept.values():
        assert own[member.id] == ([member.organisation_id] if member.state == "active" else [])
        assert member.organisation_id in (VILLAGE, FAR, GROUP)
        assert member.organisation_id not in (member.inflow_id, member.residence_id, member.transfer_to_id)
        assert bool(member.merged_into) == (member.left_because == "merged")
        assert not member.merged_into or books.members.get(member.merged_into).merged_into == ""
    assert len({m.code for m in books.members.kept.values()}) == len(books.members.kept)


def _complete(books, told):
    versions = defaultdict(list)
    for event in told:
        versions[event.subject].append(event.version)
    assert all(found == list(range(1, len(found) + 1)) for found in versions.values())
    for thing in (*books.members.kept.values(), *books.grants.kept.values()):
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
