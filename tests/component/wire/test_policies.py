"""Which policy is in force: the same for every organisation and day, whatever was heard in which order, on both databases."""
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy import delete

from tests.component.wire.test_directory import keep as keep_roster, organisation
from tests.databases import BOTH, migrated
from wire import policy
from wire.contracts.envelope import News
from wire.contracts.roster import PolicyAdopted
from wire.directory import Directory, organisations
from wire.policy import in_force

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
FIRST = date(2026, 3, 2)
_position = count(1)
TREE = {"org_c": (), "org_t": ("org_c",), "org_v": ("org_c", "org_t"), "org_w": ("org_c", "org_t"), "org_b": ("org_c",)}


@dataclass(frozen=True)
class Share:
    version: str = "default-1"
    least: int = 1


@pytest.fixture(scope="module", params=BOTH)
def copy(request, tmp_path_factory):
    with migrated("pledge", request.param, request, tmp_path_factory.mktemp("policies")) as opened:
        with opened.begin(writing=True) as sql:
            keep_roster(sql, *(organisation(id_, "/" + "/".join((*above, id_)) + "/", parent_id=above[-1] if above else None)
                               for id_, above in TREE.items()))
            for least in range(5):
                made = Share(least=least)
                in_force.hold(sql, {"document": "pledge.Share", "hash": policy.digest(made), "version": f"v{least}",
                                    "body": policy.body_of(made), "proposed_by": "p", "proposed_by_name": "县办一", "proposed_at": AT})
            sql.commit()
        yield opened


@pytest.fixture
def sql(copy, monkeypatch):
    monkeypatch.setitem(policy.registry, "pledge.Share", Share)
    with copy.begin(writing=True) as opened:
        opened.execute(delete(policy.adoptions))
        yield opened


def adopted(number, organisation_id, days, least, *, document="pledge.Share"):
    return PolicyAdopted(
        adoption_id=f"adp_{organisation_id}_{number}", document=document, policy_version=f"v{least}", organisation_id=organisation_id,
        hash=policy.digest(Share(least=least)), starts_on=FIRST + timedelta(days=days), number=number, version=1, acted_by="prs_1",
        acted_by_name="县办一", acted_at=AT)


def hear(sql, *facts):
    unit = SimpleNamespace(sql=sql, room=SimpleNamespace(service="pledge"), policies=policy.Policies(sql, Directory(sql)))
    policy.keep(unit, [News(id="evt", event=fact, stream=fact.stream, epoch=1, position=next(_position), correlation="",
                            traceparent="") for fact in facts])
    return unit.policies


def nearest(decided, organisation_id, on):
    """What the rules say, told another way than the code: upward until somebody has decided something that has begun."""
    for here in (organisation_id, *reversed(TREE[organisation_id])):
        begun = [d for d in decided if d.organisation_id == here and d.starts_on <= on]
        if begun:
            return max(begun, key=lambda d: (d.starts_on, d.number)).hash
    return policy.digest(Share())


#: (where, from which day, which version), in the order of decision
DECISIONS = st.lists(st.tuples(st.sampled_from(sorted(TREE)), st.integers(0, 4), st.integers(0, 4)), max_size=10)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(DECISIONS, st.data())
def test_any_order_of_hearing_gives_the_same_policy_everywhere_and_every_day(sql, decisions, data):
    sql.execute(delete(policy.adoptions))
    decided = [adopted(number, *what) for number, what in enumerate(decisions, 1)]
    heard = data.draw(st.permutations(decided))
    again = data.draw(st.lists(st.sampled_from(decided), max_size=4)) if decided else []
    for batch in ([*heard[:3]], [*heard[3:], *again]):
        hear(sql, *batch)
    policies = policy.Policies(sql, Directory(sql))
    for organisation_id in TREE:
        for days in range(-1, 6):
            on = FIRST + timedelta(days=days)
            assert policy.digest(policies.in_force(Share, organisation_id, on)) == nearest(decided, organisation_id, on)


def test_what_is_in_force_says_its_version(sql):
    policies = hear(sql, adopted(1, "org_c", 0, 3))
    found = policies.in_force(Share, "org_v", FIRST)
    assert (found.version, found.least) == ("v3", 3)
    assert policies.in_force(Share, "org_v", FIRST - timedelta(days=1)).version == "default-1"


def test_no_organisation_or_one_not_heard_of_yet_is_asked_for_the_county(sql):
    policies = hear(sql, adopted(1, "org_c", 0, 2))
    assert [policies.in_force(Share, unknown, FIRST).version for unknown in ("", "org_new")] == ["v2", "v2"]


def test_content_this_service_never_got_is_refused(sql):
    with pytest.raises(policy.NotHeld, match=r"pledge\.Share"):
        hear(sql, adopted(1, "org_c", 0, 99))


def test_what_belongs_to_another_service_is_kept_without_its_content(sql):
    hear(sql, adopted(1, "org_c", 0, 99, document="notice.BoardPolicy"))
    assert policy.Policies(sql, Directory(sql)).standing("notice.BoardPolicy", "org_v", FIRST)["policy_version"] == "v99"


def test_content_the_program_no_longer_takes_is_named_and_not_silently_the_default(sql, monkeypatch):
    @dataclass(frozen=True)
    class Stricter(Share):
        def __post_init__(self):
            if self.least < 4:
                raise ValueError("至少为 4。", "least")

    hear(sql, adopted(1, "org_c", 0, 2))
    monkeypatch.setitem(policy.registry, "pledge.Share", Stricter)
    with pytest.raises(in_force.Unusable, match="v2"):
        policy.Policies(sql, Directory(sql)).in_force(Stricter, "org_v", FIRST)


def test_a_document_nobody_registered_is_refused(sql):
    with pytest.raises(policy.NoPolicy, match="Weights"):
        policy.Policies(sql, Directory(sql)).in_force(type("Weights", (), {}), "org_c", FIRST)


def test_the_root_is_found_without_a_directory_of_its_own(sql):
    sql.execute(delete(organisations))
    assert hear(sql, adopted(1, "org_c", 0, 2)).in_force(Share, "", FIRST).version == "default-1", "an empty system has the defaults"
