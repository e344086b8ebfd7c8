"""Settings: read from the environment once, refused with a sentence that says what to write instead."""
import dataclasses

import pytest

from wire.bus.settings import Refused, Settings, from_environment, read

POSTGRES, RABBIT = "postgresql+psycopg2://u@h/d", "pyamqp://u:p@h:5672/v"


def test_without_anything_the_house_runs_embedded():
    settings = from_environment({})
    assert settings.embedded and settings.broker_uri == "embedded://localhost/jiannuo"
    assert settings.sqlite("pledge").name == "pledge.sqlite"


def test_a_bare_postgresql_address_is_refused_with_the_right_one():
    """psycopg 3 would freeze the hub."""
    with pytest.raises(Refused, match=r"应以 postgresql\+psycopg2:// 开头，现在是 postgresql://"):
        from_environment({"JIANNUO_DATABASE": "postgresql://u@h/d", "JIANNUO_BROKER": RABBIT})


@pytest.mark.parametrize("one", [{"JIANNUO_BROKER": RABBIT}, {"JIANNUO_DATABASE": POSTGRES}])
def test_broker_and_database_go_together(one):
    with pytest.raises(Refused, match="要一起填写"):
        from_environment(one)


@pytest.mark.parametrize("broker", ["redis://h", "pyamqp:///v", "http://h:5672"])
def test_a_broker_that_is_no_amqp_address_is_refused(broker):
    with pytest.raises(Refused, match="JIANNUO_BROKER"):
        from_environment({"JIANNUO_BROKER": broker, "JIANNUO_DATABASE": POSTGRES})


@pytest.mark.parametrize("days", [0, 199])
def test_a_log_is_never_kept_for_less_than_two_hundred_days(days):
    """[X21] [X23]"""
    with pytest.raises(Refused, match=f"JIANNUO_OPERATION_LOG_DAYS 现在是 {days}.*至少要保存 200 天.*重新启动"):
        from_environment({"JIANNUO_OPERATION_LOG_DAYS": str(days)})
    assert from_environment({"JIANNUO_OPERATION_LOG_DAYS": "200"}).operation_log_days == 200


def test_every_wrong_value_is_named_at_once():
    with pytest.raises(Refused) as refused:
        from_environment({"JIANNUO_MAX_WORKERS": "many", "JIANNUO_QUORUM": "perhaps", "JIANNUO_CALL_SECONDS": "soon"})
    assert [name in str(refused.value) for name in ("MAX_WORKERS", "QUORUM", "CALL_SECONDS")] == [True] * 3


@pytest.mark.parametrize("wrong", [{"COUNTY_ZONE": "Asia/Nowhere"}, {"HOUSE": "a/b"}, {"MAX_WORKERS": "0"}, {"LEASE_SECONDS": "-1"}])
def test_a_value_that_cannot_work_is_refused(wrong):
    with pytest.raises(Refused):
        from_environment({f"JIANNUO_{k}": v for k, v in wrong.items()})


def test_a_service_reads_its_own_settings_the_same_way():
    @dataclasses.dataclass(frozen=True)
    class Own:
        days: int = 3
        loud: bool = False

    found = read(Own, "JIANNUO_PLEDGE_", {"JIANNUO_PLEDGE_DAYS": "5", "JIANNUO_PLEDGE_LOUD": "yes", "JIANNUO_DAYS": "9"})
    assert found == Own(days=5, loud=True)


def test_settings_do_not_change():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Settings().max_workers = 3  # type: ignore[misc]
