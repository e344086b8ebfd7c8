"""Any sequence of what can be done to the tree: it stays one tree, its history is whole, and whoever hears it knows the same."""
from collections import defaultdict
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy import select

from services.roster.domain.organisation import STANDS_UNDER
from tests.databases import BOTH, migrated
from tests.fakes_roster import RosterUnit, founded, member_rows, organisation_rows, use_case_of
from wire import directory
from wire.contracts.calls import Refusal
from wire.contracts.envelope import News
from wire.contracts.roster import (
    ChangeOrganisation, DissolveOrganisation, MergeOrganisations, MoveOrganisation, OrganisationFacts, SyncMembers, RegisterOrganisation,
    SyncedOrganisation, SyncOrganisations,
)

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
KINDS = ("committee", "general_branch", "branch", "group", "leading_group")


@pytest.fixture(scope="module", params=BOTH)
def elsewhere(request, tmp_path_factory):
    """The database of a service that only hears."""
    with migrated("commendation", request.param, request, tmp_path_factory.mktemp("elsewhere")) as opened:
        yield opened


def drawn(draw, books, step):
    """One thing somebody might ask for, sensible or not."""
    ids = sorted(books.organisations.kept)
    one, other = draw(st.sampled_from(ids)), draw(st.sampled_from(ids))
    here = books.organisations.get(one)
    what = draw(st.sampled_from(("register", "register", "change", "move", "move", "merge", "merge", "dissolve", "sync", "sheet", "member")))
    kind = draw(st.sampled_from(KINDS))
    if what == "register":
        return RegisterOrganisation(parent_id=one, code=f"X{step}", name=f"第{step}组织", kind=kind, sector="rural")
    if what == "change":
        return ChangeOrganisation(organisation_id=one, version=here.version, name=f"改名{step}", kind=kind, sector="school")
    if what == "move":
        return MoveOrganisation(organisation_id=one, parent_id=other)
    if what == "merge":
        return MergeOrganisations(organisation_id=one, into_id=other, because="决定")
    if what == "dissolve":
        return DissolveOrganisation(organisation_id=one, because="决定")
    if what == "member":
        return SyncMembers(rows=member_rows((f"M{draw(st.integers(0, 3))}", "曾小明", here.code)))
    codes = [books.organisations.get(i).code for i in (one, other)]
    if what == "sheet":
        return SyncOrganisations(rows=organisation_rows(
            (codes[0], f"表{step}组织", "党委", codes[1]), (f"S{step}", f"新{step}组织", "党支部", codes[0])))
    return SyncOrganisations(rows=(
        SyncedOrganisation(code=codes[0], parent_code=codes[1], name=f"同步{step}"),
        SyncedOrganisation(code=f"Y{step}", name=f"同步新{step}", kind=kind, sector="rural", parent_code=codes[1])))


def announced_by(books, request):
    """The call; what it announced, nothing where it was refused."""
    unit = RosterUnit(books, type(request))
    before = {name: dict(getattr(books, name).kept) for name in ("organisations", "members", "grants")}
    try:
        use_case_of(request)(unit, request)
    except Exception as refusal:
        assert isinstance(refusal, Refusal) or hasattr(refusal, "sentence"), repr(refusal)
        # the fakes cannot roll back: a refusal must have come before anything was written
        assert {n: dict(getattr(books, n).kept) for n in before} == before and unit.announced == [], request
        return []
    return unit.announced


def is_one_tree(books):
    kept = books.organisations.kept
    assert [o.parent_id for o in kept.values()].count(None) == 1
    for one in kept.values():
        above = kept[one.parent_id] if one.parent_id else None
        assert one.path == (above.path if above else "/") + f"{one.id}/"
        if one.active and above:
            assert above.active and above.kind in STANDS_UNDER[one.kind], (one, above)
        if one.merged_into:
            assert one.state == "merged" and one.merged_into in kept
    for member in books.members.kept.values():
        if member.state == "active":
            assert kept[member.organisation_id].active
    for grant in books.grants.kept.values():
        if grant.state != "ended":
            assert kept[grant.organisation_id].active, grant


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_whatever_is_done_it_stays_one_tree_and_every_service_comes_to_know_the_same(elsewhere, data):
    """[T17]"""
    books, heard = founded(), []
    begun = dict(books.organisations.kept)
    for step in range(data.draw(st.integers(1, 12))):
        heard += announced_by(books, drawn(data.draw, books, step))
        is_one_tree(books)
    said = defaultdict(list)
    for fact in heard:
        if isinstance(fact, OrganisationFacts):
            said[fact.organisation_id].append(fact)
    for id_, one in books.organisations.kept.items():
        first = begun[id_].version + 1 if id_ in begun else 1
        assert [fact.version for fact in said[id_]] == list(range(first, one.version + 1))
        if said[id_]:
            last = said[id_][-1]
            assert (last.path, last.state, last.merged_into, last.name) == (one.path, one.state, one.merged_into, one.name)
    order = data.draw(st.permutations(heard)) + data.draw(st.lists(st.sampled_from(heard), max_size=5) if heard else st.just([]))
    with elsewhere.begin(writing=True) as sql:
        here = SimpleNamespace(sql=sql, directory=directory.Directory(sql))
        directory.keep(here, [News(id="evt", event=fact, stream=fact.stream, epoch=1, position=n, correlation="", traceparent="")
                              for n, fact in enumerate(order, 1)])
        rows = {row["id"]: row for row in sql.execute(select(directory.organisations)).mappings()}
        assert set(rows) == {id_ for id_ in said if said[id_]}
        for id_, row in rows.items():
            one = books.organisations.get(id_)
            for name in ("code", "name", "kind", "sector", "parent_id", "path", "state", "form", "system_id", "merged_into", "version"):
                assert row[name] == getattr(one, name), name
