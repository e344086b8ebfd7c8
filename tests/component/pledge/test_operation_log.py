"""The operator asks whether the operation log 操作日志 is whole, and is told where it is not."""
import pytest
from click.testing import CliRunner
from sqlalchemy import delete, select, text, update

from deploy import console, desk
from tests.component.pledge.test_doors import drafted, published
from tests.fakes_pledge import CLERK, ZHANG
from wire.bus import audit
from wire.bus.tables import audit as lines, history
from wire.bus.unit import transaction
from wire.contracts.calls import Remote
from wire.contracts.pledge import ClaimItem, RecordProgress, SaveDraft


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


def test_whoever_records_for_a_member_and_the_member_are_both_in_the_log(running):
    """代录: the service says for whom, in the operation log and in the column of the history, for what is done and what is
    refused; deciding is done for nobody. [X21]"""
    pledge = published(running)
    one = {"pledge_id": pledge.pledge_id, "item_id": pledge.items[0].item_id}
    running.call(CLERK, RecordProgress(**one, progress=60, note="已装12盏"))
    running.call(ZHANG, RecordProgress(**one, progress=70, note="已装14盏"))
    running.call(CLERK, ClaimItem(**one, evidence="现场照片"))
    with pytest.raises(Remote):
        running.call(CLERK, SaveDraft(pledge_id=pledge.pledge_id, version=pledge.version, items=()))
    with transaction(running.bus("pledge").database) as sql:
        told = sql.execute(select(lines.c.operation, lines.c.person_name, lines.c.on_behalf_of, lines.c.result).order_by(lines.c.seq))
        said = [(operation.partition(".")[2], *who) for operation, *who in told if operation != "pledge.review_item"]
        kept = sql.execute(select(history.c.person_name, history.c.on_behalf_of).where(history.c.what.not_like("%reviewed")).order_by(
            history.c.seq)).all()
    assert said == [
        ("draft", "王会计", "张三", "done"), ("submit", "王会计", "张三", "done"), ("approve", "李书记", "", "done"),
        ("sign", "李书记", "", "done"), ("publish", "李书记", "", "done"), ("record_progress", "王会计", "张三", "done"),
        ("record_progress", "张三", "", "done"), ("claim_item", "王会计", "张三", "done"), ("save_draft", "王会计", "张三", "stale")]
    assert kept == [tuple(who) for _, *who, result in said if result == "done"]


@pytest.mark.parametrize("touch", [
    update(lines).where(lines.c.place == 2).values(person_name="别人"), delete(lines).where(lines.c.place == 2)])
def test_a_line_changed_or_taken_out_is_found(asked, running, touch):
    with transaction(running.bus("pledge").database) as sql:
        for guard in ("audit_append_only", "audit_never_emptied"):
            sql.execute(text(f"DROP TRIGGER {guard}"))
        sql.execute(touch)
    said = asked()
    assert said.exit_code == 1 and "从第 2 条起被改动或缺失" in said.output
