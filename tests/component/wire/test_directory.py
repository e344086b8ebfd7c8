"""The copy of the roster: newer editions only, and "at or below" by one range, on both databases."""
from datetime import UTC, datetime
from itertools import count, product
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy import event, select, text, update

from tests.databases import BOTH, migrated
from wire import directory
from wire.bus import authority
from wire.contracts.actor import Actor, HeldGrant
from wire.contracts.calls import Forbidden, operation_of
from wire.contracts.envelope import News
from wire.contracts.roster import (
    GrantConfirmed, GrantEnded, GrantGiven, MemberChanged, MemberRegistered, OrganisationChanged, OrganisationRegistered, StageLines,
)

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
_position = count(1)


@pytest.fixture(scope="module", params=BOTH)
def copy(request, tmp_path_factory):
    with migrated("roster", request.param, request, tmp_path_factory.mktemp("directory")) as opened:
        yield opened


@pytest.fixture
def sql(copy):
    with copy.begin(writing=True) as opened:
        yield opened


def by(**more):
    return {"version": 1, "acted_by": "prs_1", "acted_by_name": "县办一", "acted_at": AT} | more


def organisation(id, path, *, version=1, name="", cls=None, **more):
    cls = cls or (OrganisationRegistered if version == 1 else OrganisationChanged)
    return cls(**by(version=version), **({"organisation_id": id, "code": id, "name": name or id, "kind": "branch", "sector": "rural",
                                          "parent_id": None, "path": path} | more))


def member(id, organisation_id, sort_key, *, version=1, **more):
    cls = MemberRegistered if version == 1 else MemberChanged
    return cls(**by(version=version), **({"member_id": id, "code": id, "name": id, "sort_key": sort_key, "kind": "member",
                                          "organisation_id": organisation_id} | more))


def grant(id, *, version=1, state="given", role="secretary"):
    cls = {"given": GrantGiven, "confirmed": GrantConfirmed, "ended": GrantEnded}[state]
    return cls(**by(version=version), grant_id=id, person_id="prs_2", person_name="李书记", role=role,
               organisation_id="org_v", state=state)


def held(id, role="secretary", place="org_v"):
    return HeldGrant(grant_id=id, role=role, organisation_id=place)


def keep(sql, *facts, epoch=1):
    here = SimpleNamespace(sql=sql, directory=directory.Directory(sql))
    directory.keep(here, [News(id="evt", event=fact, stream=fact.stream, epoch=epoch, position=next(_position), correlation="",
                               traceparent="") for fact in facts])
    return here.directory


TREE = (organisation("org_c", "/org_c/"), organisation("org_t", "/org_c/org_t/"), organisation("org_v", "/org_c/org_t/org_v/"),
        organisation("org_tt", "/org_c/org_tt/"))


class TestEditions:
    def test_a_newer_version_replaces_and_an_older_one_never_does(self, sql):
        asked = keep(sql, organisation("org_c", "/org_c/", version=2, name="新名"))
        keep(sql, organisation("org_c", "/org_c/", version=1, name="旧名"))
        asked.forget()
        assert asked.organisation("org_c")["name"] == "新名"

    def test_a_new_epoch_replaces_whatever_version_an_older_one_left(self, sql):
        keep(sql, organisation("org_c", "/org_c/", version=9, name="备份之后"))
        asked = keep(sql, organisation("org_c", "/org_c/", version=3, name="备份之前", cls=OrganisationChanged), epoch=2)
        assert asked.organisation("org_c")["name"] == "备份之前"

    @settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(data=st.data())
    def test_any_order_with_repeats_leaves_the_same_rows(self, sql, data):
        """[T15] [T17]"""
        said = [organisation(f"org_{i}", f"/org_{i}/", version=v, name=f"{i}-{v}") for i in range(3) for v in (1, 2, 3)]
        said += [member("mem_1", "org_1", "li 李", version=v, post=str(v)) for v in (1, 2)]
        said += [grant("grt_1"), grant("grt_1", version=2, state="ended")]
        heard = data.draw(st.permutations(said + data.draw(st.lists(st.sampled_from(said), max_size=8))))
        cuts = data.draw(st.lists(st.integers(0, len(heard)), max_size=3).map(sorted))
        with sql.begin_nested() as attempt:
            for start, end in zip([0, *cuts], [*cuts, len(heard)], strict=True):
                keep(sql, *heard[start:end])
            rows = [sorted(tuple(r) for r in sql.execute(select(t))) for t in directory.STREAMS.values()]
            attempt.rollback()
        with sql.begin_nested() as attempt:
            keep(sql, *said)
            straight = [sorted(tuple(r) for r in sql.execute(select(t))) for t in directory.STREAMS.values()]
            attempt.rollback()
        assert rows == straight


class TestQuestions:
    def test_within_is_itself_or_below_and_never_a_sibling_whose_name_begins_alike(self, sql):
        asked = keep(sql, *TREE)
        assert asked.within("org_v", "org_t") and asked.within("org_t", "org_t") and asked.within("org_v", "org_c")
        assert not asked.within("org_t", "org_v") and not asked.within("org_tt", "org_t")
        assert not asked.within("org_v", "org_nowhere") and not asked.within("org_nowhere", "org_c")
        known = ("org_c", "org_t", "org_tt", "org_v", "org_nowhere")
        for above in product(known, known):
            for some in product(known, known):
                assert asked.all_within(some, above) == all(any(asked.within(one, a) for a in above) for one in some), (some, above)
        assert not asked.all_within(known[:1], ())

    def test_at_or_below_lists_organisations_in_tree_order_ended_ones_too(self, sql):
        asked = keep(sql, *TREE, organisation("org_w", "/org_c/org_t/org_w/", state="dissolved"))
        assert [o["id"] for o in asked.at_or_below("org_c")] == ["org_c", "org_t", "org_v", "org_w", "org_tt"]
        assert [o["id"] for o in asked.at_or_below("org_t")] == ["org_t", "org_v", "org_w"]
        assert asked.at_or_below("org_nowhere") == []

    def test_a_branch_has_its_groups_with_it_ended_ones_too_and_a_group_its_branch(self, sql):
        """Party groups are one with their branch in every figure."""
        def group(id, **more):
            return organisation(id, f"/org_c/org_t/org_v/{id}/", kind="group", parent_id="org_v", **more)

        asked = keep(sql, *TREE, group("org_g1"), group("org_g2"), group("org_g3", state="dissolved"),
                     organisation("org_b", "/org_c/org_t/org_v/org_b/", parent_id="org_v"))
        assert asked.with_groups("org_v") == ("org_v", "org_g1", "org_g2", "org_g3") and asked.with_groups("org_g1") == ("org_g1",)
        assert asked.with_groups("org_c") == ("org_c",) and asked.with_groups("org_nowhere") == ("org_nowhere",)
        assert [asked.branch_of(o) for o in ("org_g1", "org_g3", "org_b", "org_nowhere")] == ["org_v", "org_v", "org_b", "org_nowhere"]

    def test_members_stand_by_surname_without_those_who_left(self, sql):
        asked = keep(sql, member("mem_1", "org_v", "zhang 张"), member("mem_2", "org_v", "zeng 曾"), member("mem_3", "org_t", "li 李"),
                     member("mem_4", "org_v", "an 安", state="left"))
        assert [m["id"] for m in asked.members_of("org_v")] == ["mem_2", "mem_1"]
        assert asked.member("mem_4")["state"] == "left"

    def test_an_ended_grant_is_known_and_one_never_heard_of_is_not(self, sql):
        """A deciding one that waits for confirmation works as little as one that has ended. [X45] [X49]"""
        asked = keep(sql, grant("grt_1", version=2, state="ended"), grant("grt_2", state="confirmed"), grant("grt_4"))
        assert asked.in_force([held("grt_4")]) == []
        assert asked.in_force([held("grt_1"), held("grt_2"), held("grt_3")]) == [held("grt_2"), held("grt_3")]
        assert asked.in_force([]) == []

    def test_a_members_own_grant_is_read_off_the_roll(self, sql):
        """It holds where they belong, as long as they do; what was told of it in the past is nothing to go by. [X45] [X49]"""
        def own(id, place="org_v"):
            return held(id, "member", place)

        asked = keep(sql, member("mem_1", "org_v", "li 李"), member("mem_2", "org_v", "an 安", state="left"),
                     member("mem_3", "org_v", "zeng 曾"), grant("mem_1", role="member", version=2, state="ended"))
        sql.execute(update(directory.members).where(directory.members.c.id == "mem_3").values(lost=True))
        assert asked.in_force([own("mem_1"), own("mem_2"), own("mem_3"), own("mem_new"), held("grt_2")]) == [
            own("mem_1"), own("mem_new"), held("grt_2")]
        assert asked.in_force([own("mem_1", "org_t")]) == [], "they belong elsewhere"

    def test_a_lost_grant_counts_as_ended_and_a_lost_member_is_not_listed(self, sql):
        asked = keep(sql, grant("grt_1"), member("mem_1", "org_v", "li 李"))
        for table in (directory.grants, directory.members):
            sql.execute(update(table).values(lost=True))
        assert asked.in_force([held("grt_1")]) == [] and asked.members_of("org_v") == []

    def test_a_place_changed_in_the_same_transaction_is_seen_at_once(self, sql):
        asked = keep(sql, *TREE)
        assert asked.within("org_v", "org_t")
        here = SimpleNamespace(sql=sql, directory=asked)
        moved = organisation("org_v", "/org_c/org_tt/org_v/", version=2)
        directory.keep(here, [News(id="evt", event=moved, stream=moved.stream, epoch=1, position=99, correlation="", traceparent="")])
        assert not asked.within("org_v", "org_t") and asked.within("org_v", "org_tt")


def test_a_part_of_the_tree_is_read_through_the_index(sql):
    keep(sql, *(organisation(f"org_{i:04}", f"/org_c/org_{i:04}/") for i in range(3000)))
    query = str(select(directory.organisations.c.id).where(directory.under(directory.organisations.c.path, "/org_c/org_0007/")).compile(
        sql, compile_kwargs={"literal_binds": True}))
    if sql.dialect.name == "postgresql":
        sql.execute(text("ANALYZE directory_organisation"))
    plan = "\n".join(str(tuple(row)) for row in sql.execute(text(
        ("EXPLAIN " if sql.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN ") + query)))
    assert "directory_organisation_path" in plan


def test_many_places_are_permitted_by_one_question_and_exactly_where_each_alone_would_be(sql):
    villages = [f"org_{town}{n}" for town in "ab" for n in range(40)]
    keep(sql, organisation("org_c", "/org_c/"), *(organisation(f"org_{t}", f"/org_c/org_{t}/") for t in "ab"),
         *(organisation(v, f"/org_c/{v[:5]}/{v}/") for v in villages), grant("grt_ended", version=2, state="ended"))
    operation, asked = operation_of(StageLines), []

    def passes(held, *places):
        actor = Actor(kind="person", person_id="prs_2", name="县办一", grants=tuple(
            HeldGrant(grant_id=id, role="office", organisation_id=place) for id, place in held))
        asked.clear()
        try:
            authority.check(operation, actor, directory.Directory(sql), places, "")
        except Forbidden:
            return False
        return True

    event.listen(sql, "before_cursor_execute", lambda *told: asked.append(told[2]))
    for held in ((("grt_a", "org_a"),), (("grt_a", "org_a"), ("grt_b", "org_b")), (("grt_ended", "org_c"),), ()):
        alone = [passes(held, v) for v in villages]
        assert passes(held, *villages) == all(alone)
        assert len(asked) <= 4
        right = [v for v, passed in zip(villages, alone, strict=True) if passed]
        assert passes(held, *right, "org_unknown") is False
        assert not right or passes(held, *right)
