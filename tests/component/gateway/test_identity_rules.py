"""By what a county lets people sign in: a policy adopted for the whole county, within bounds, heard of at once."""
import json
from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from services.gateway.domain.policy import BOUNDS, SignInPolicy
from services.gateway.identity import rules
from services.gateway.settings import GatewaySettings
from tests.fakes_gateway import DOCUMENT, PASSWORD, account, adopt_sign_in, bearer, problem
from tests.fakes_pages import settle
from wire import policy
from wire.bus import metrics
from wire.bus.settings import Refused
from wire.contracts.roster import PolicyAdopted
from wire.contracts.shape import Malformed
from wire.policy import digest, held
from wire.policy.in_force import write

SESSION = "/api/v1/session"
PLEDGES = "/api/v1/pledges?organisation_id=org_village"


@pytest.fixture
def lin(gate):
    settle(gate.store)
    gate.caller.hold("prs_lin", ("secretary", "org_village"))
    return account(gate.store, password=PASSWORD)


def sign_in(gate, password=PASSWORD):
    return gate.web.post(SESSION, json={"username": "lin.qiao", "password": password})


@pytest.mark.parametrize("name", sorted(BOUNDS))
def test_no_figure_locks_a_county_out_or_protects_nobody(name):
    """[X6] [X9]"""
    least, most = BOUNDS[name]
    for wrong in (least - 1, most + 1, 0, -1, 10**9):
        with pytest.raises(Malformed) as caught:
            policy.read(SignInPolicy, {name: wrong})
        assert caught.value.errors == {name: [f"应在 {least} 到 {most} 之间，请改正。"]}


def test_administrators_always_need_a_second_factor_and_no_session_idles_longer_than_it_lasts():
    """[X13]"""
    for values, field in (({"second_factor": []}, "second_factor"), ({"second_factor": ["office", "auditor"]}, "second_factor"),
                          ({"idle_minutes": 90, "absolute_hours": 1}, "idle_minutes"), ({"password_profile": "none"}, "password_profile")):
        with pytest.raises(Malformed) as caught:
            policy.read(SignInPolicy, values)
        assert list(caught.value.errors) == [field]


def test_how_many_failures_lock_and_for_how_long_is_adopted(gate, lin):
    """Three for an hour, from the moment it is heard. [X6]"""
    adopt_sign_in(gate.app, tries=3, lock_minutes=60)
    assert [sign_in(gate, "wrong").status_code for _ in range(4)] == [401, 401, 401, 429]
    gate.clock.move(minutes=16)
    assert sign_in(gate).status_code == 429, "a quarter of an hour is not enough here"
    gate.clock.move(minutes=45)
    assert sign_in(gate).status_code == 201


def test_a_limit_made_shorter_ends_sessions_under_way_and_a_longer_one_revives_none(gate, lin):
    """[X9]"""
    mine = bearer(gate.app, lin)
    gate.clock.move(minutes=20)
    adopt_sign_in(gate.app, idle_minutes=10)
    assert gate.web.get(SESSION, headers=mine).status_code == 401
    mine = bearer(gate.app, lin)
    for _ in range(7):
        gate.clock.move(minutes=9)
        assert gate.web.get(SESSION, headers=mine).status_code == 200
    adopt_sign_in(gate.app, absolute_hours=1, idle_minutes=10)
    assert gate.web.get(SESSION, headers=mine).status_code == 401
    adopt_sign_in(gate.app, absolute_hours=24)
    assert gate.web.get(SESSION, headers=mine).status_code == 401, "ended is ended"


def test_which_roles_need_a_second_factor_is_adopted(gate, lin):
    """By default every decider; the county may leave secretaries out, and take them in again. [X13] [X47]"""
    gate.app.extensions["gateway"] = GatewaySettings()
    mine = bearer(gate.app, lin)
    assert problem(gate.web.get(PLEDGES, headers=mine)).code == "second_factor_needed"
    adopt_sign_in(gate.app, second_factor=("office", "auditor", "operator"))
    assert problem(gate.web.get(PLEDGES, headers=mine)).code == "invalid"
    adopt_sign_in(gate.app, second_factor=("secretary", "office", "auditor", "operator"))
    assert problem(gate.web.get(PLEDGES, headers=mine)).code == "second_factor_needed"


def test_the_operator_can_open_a_house_whose_telephones_are_lost_and_nothing_else(gate, lin):
    """The setting wins over the policy, switches the second factor off and never on. [X13]"""
    gate.app.extensions["gateway"] = GatewaySettings(second_factor="none")
    assert problem(gate.web.get(PLEDGES, headers=bearer(gate.app, lin))).code == "invalid"
    with pytest.raises(Refused):
        GatewaySettings(second_factor="secretary")


def test_what_is_adopted_for_a_later_day_waits_for_it(gate, lin):
    adopt_sign_in(gate.app, tries=3, starts_on=gate.clock.today() + timedelta(days=1))
    assert gate.app.extensions[rules.KEY].now().tries == 5
    gate.clock.move(days=1)
    assert gate.app.extensions[rules.KEY].now().tries == 3


def test_a_document_that_fits_no_longer_locks_nobody_out(gate, lin):
    """Whoever could mend it must be able to sign in: the default holds meanwhile."""
    adopt_sign_in(gate.app, tries=3)
    with gate.store.writing() as unit:
        row = unit.sql.execute(held.select().where(held.c.document == DOCUMENT)).mappings().one()
        unit.sql.execute(held.delete())
        unit.sql.execute(insert(held).values({**row, "body": json.dumps(json.loads(row["body"]) | {"tries": 99})}))
    gate.app.extensions[rules.KEY].forget()
    assert sign_in(gate).status_code == 201 and gate.app.extensions[rules.KEY].now() == SignInPolicy()


def test_what_was_read_is_believed_for_half_a_minute_and_not_while_news_are_kept(gate, lin):
    """Every request asks, so it is one look into the database, not one a request."""
    seconds = [100.0]
    known = rules.Rules(gate.store, gate.clock, lambda: seconds[0])
    assert known.now().tries == 5
    adopt_sign_in(gate.app, tries=3)
    assert known.now().tries == 5, "another replica, which has not heard"
    seconds[0] += 31
    assert known.now().tries == 3
    known.forget()
    with gate.store.writing() as unit:
        unit.sql.execute(update(policy.adoptions).values(lost=True))
    assert known.now().tries == 5
    with gate.store.writing() as unit:
        unit.sql.execute(update(policy.adoptions).values(lost=False))
    assert known.now().tries == 3, "read while it was being kept: not believed"


def test_a_default_that_was_adopted_is_kept_as_it_was_and_a_later_release_has_another(gate, lin, monkeypatch):
    """Adopted without a proposal, it is what was adopted that holds, and everybody gets in. [X6]"""
    adopted_default(gate)
    monkeypatch.setattr(SignInPolicy.__init__, "__kwdefaults__", SignInPolicy.__init__.__kwdefaults__ | {"tries": 4})
    gate.app.extensions[rules.KEY].forget()
    assert SignInPolicy().tries == 4
    assert sign_in(gate).status_code == 201 and gate.app.extensions[rules.KEY].now().tries == 5


def test_what_was_adopted_and_is_not_here_locks_nobody_out_and_is_told(gate, lin, monkeypatch):
    """Adopted before the body of a default was kept: the default of today holds, and the operator hears of it."""
    adopted_default(gate)
    with gate.store.writing() as unit:
        unit.sql.execute(held.delete())
    monkeypatch.setattr(SignInPolicy.__init__, "__kwdefaults__", SignInPolicy.__init__.__kwdefaults__ | {"tries": 4})
    gate.app.extensions[rules.KEY].forget()
    before = told()
    assert sign_in(gate).status_code == 201 and gate.app.extensions[rules.KEY].now().tries == 4
    assert told() > before


def told():
    return metrics.unusable_policies.labels("gateway", DOCUMENT)._value.get()


def adopted_default(gate):
    """The office adopted what was in force anyway: nobody had to propose it."""
    with gate.store.writing() as unit:
        hash_ = digest(SignInPolicy())
        write(unit.sql, "gateway", [(1, PolicyAdopted(
            adoption_id="adp_1", document=DOCUMENT, policy_version=hash_[:8], hash=hash_, organisation_id=unit.books.places.root()["id"],
            starts_on=unit.today, number=1, version=1, acted_by="prs_office", acted_by_name="江涛", acted_at=unit.now, scope="members"))])
