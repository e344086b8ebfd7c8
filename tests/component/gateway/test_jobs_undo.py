"""An import is taken back, all of it or nothing; what was decided on its lines since is told by name, wherever it was decided."""
import pytest

from tests.component.gateway.test_jobs_imports import HEADER, ROWS, post, sheet, uploaded
from tests.fakes_gateway import account
from wire.contracts import roster as r
from wire.contracts.calls import Away
from wire.contracts.pledge import PledgedAmong

MEMBERS = ["编号", "姓名", "身份", "所在党组织编号"]
PEOPLE = [["M1", "演一", "正式党员", "V"], ["M2", "演二", "正式党员", "V"], ["M3", "演三", "正式党员", "V"]]


def test_an_import_is_taken_back_or_what_stands_in_the_way_is_told(gate, office, roster):
    job = post(gate, office, uploaded(gate, office, sheet([HEADER, *ROWS])), "run")
    roster.obstacles = [r.Obstacle(row=3, code="5301", sentence="它下面已经有别的党组织。")]
    told = post(gate, office, job, "undo")
    assert told["state"] == "done" and "没有撤销任何内容" in told["sentence"] and told["faults"][0]["row"] == 3
    roster.obstacles = []
    for _ in range(2):
        assert post(gate, office, job, "undo")["state"] == "undone"
    assert post(gate, office, uploaded(gate, office, sheet([HEADER, *ROWS])), "undo").status_code == 409


@pytest.mark.parametrize(("kind", "column", "value", "rows"), [
    ("members", "编号", "M1", [MEMBERS, *PEOPLE]),
    ("positions", "人员编号或姓名", "演材料员", [["人员编号", "姓名", "党组织编号", "职务", "起始日期"],
                                               ["", "演材料员", "V", "材料员", "2024-07-01"]])])
def test_what_stops_an_undo_is_called_what_it_is(gate, office, roster, kind, column, value, rows):
    """A position has no code: its row is told by its holder's, or by the name of who has none."""
    job = post(gate, office, uploaded(gate, office, sheet(rows), kind), "run")
    roster.obstacles = [r.Obstacle(row=2, code=value, sentence="导入之后又有变动，请先核对。")]
    told = post(gate, office, job, "undo")
    assert [(f["row"], f["column"], f["value"]) for f in told["faults"]] == [(2, column, value)]


def test_a_member_with_a_pledge_an_exemption_or_an_account_is_not_taken_back_and_is_named(gate, office, roster):
    """Roster hears neither of them: whoever undoes asks, in pages, and roster is not even begun."""
    job = post(gate, office, uploaded(gate, office, sheet([MEMBERS, *PEOPLE]), "members"), "run")
    roster.pledged, roster.exempt = {"M3": 2}, {"M1"}
    account(gate.store, username="yan.er", person_id="mem_M2", name="演二")
    told = post(gate, office, job, "undo")
    assert told["state"] == "done" and "有 3 行" in told["sentence"]
    assert [(f["row"], f["value"]) for f in told["faults"]] == [(2, "M1"), (3, "M2"), (4, "M3")]
    assert "演一已经提出或办理过免诺" in told["faults"].pop(0)["sentence"]
    assert "演二已经开通账号" in told["faults"][0]["sentence"] and "演三已经有 2 份承诺" in told["faults"][1]["sentence"]
    assert gate.caller.of(r.UndoSheet) == [] and len(gate.caller.of(r.ListSheetSubjects)) == 3


def test_what_was_pledged_while_an_undo_was_prepared_still_stops_it(gate, office, roster):
    job = post(gate, office, uploaded(gate, office, sheet([MEMBERS, *PEOPLE]), "members"), "run")
    undo = gate.caller.answers[r.UndoSheet]

    def prepared(actor, request):
        roster.pledged = {"M1": 1}
        return undo(actor, request)

    gate.caller.answers[r.UndoSheet] = prepared
    assert post(gate, office, job, "undo")["faults"][0]["value"] == "M1"
    assert [made.request.after for made in gate.caller.of(r.UndoSheet)] == [0], "the call that takes all back is never made"


def test_undo_waits_for_a_pledge_that_answers(gate, office, roster):
    """Without its word nothing is taken back."""
    job = post(gate, office, uploaded(gate, office, sheet([MEMBERS, *PEOPLE]), "members"), "run")
    gate.caller.answers[PledgedAmong] = Away("承诺服务暂时没有回应，请稍后再试。")
    told = post(gate, office, job, "undo")
    assert told["state"] == "done" and "没有回应" in told["sentence"] and gate.caller.of(r.UndoSheet) == []
