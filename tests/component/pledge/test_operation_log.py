"""The operator asks whether the operation log 操作日志 is whole, and is told where it is not."""
import pytest
from click.testing import CliRunner
from sqlalchemy import delete, update

from deploy import console, desk
from tests.component.pledge.test_doors import drafted
from wire.bus import audit
from wire.bus.tables import audit as lines
from wire.bus.unit import transaction


@pytest.fixture
def asked(running, monkeypatch):
    for _ in range(3):
        drafted(running, kind="immediate")
    with transaction(running.bus("pledge").database) as sql:
        audit.link(sql)
    buses = {"pledge": running.bus("pledge")}
    monkeypatch.setattr(console, "_ask", lambda command, service="": desk.carry_out(buses, {"command": command, "service": service})["done"])
    return lambda: CliRunner().invoke(console.console, ["verify"])


def test_an_untouched_log_is_whole(asked):
    said = asked()
    assert said.exit_code == 0 and "pledge：操作日志已成链 3 条，待成链 0 条，完整" in said.output


@pytest.mark.parametrize("touch", [
    update(lines).where(lines.c.place == 2).values(person_name="别人"), delete(lines).where(lines.c.place == 2)])
def test_a_line_changed_or_taken_out_is_found(asked, running, touch):
    with transaction(running.bus("pledge").database) as sql:
        sql.execute(touch)
    said = asked()
    assert said.exit_code == 1 and "从第 2 条起被改动或缺失" in said.output
