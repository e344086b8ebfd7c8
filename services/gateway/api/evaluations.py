"""Evaluations: open, self, peers, leader, the paper appraisal of two tellers, complete."""
from services.gateway.api.route import Route, blueprint, declare
from wire.contracts import evaluation as e

_ONE = "/evaluations/<evaluation_id>"
routes = declare(blueprint("api-evaluations", "评诺"), [
    Route(method="POST", path="/evaluations", call=e.OpenEvaluation, summary="开始评议一份承诺", status=201),
    Route(method="GET", path="/evaluations", call=e.ListEvaluations, summary="一个党组织的评议"),
    Route(method="GET", path="/evaluations/unopened", call=e.ListUnopened, summary="已亮诺、还没有开始评议的承诺"),
    Route(method="GET", path=_ONE, call=e.ReadEvaluation, summary="一次评议"),
    Route(method="PUT", path=f"{_ONE}/self", call=e.AssessSelf, summary="个人自评"),
    Route(method="PUT", path=f"{_ONE}/peer", call=e.RatePeer, summary="党员互评"),
    Route(method="PUT", path=f"{_ONE}/comment", call=e.CommentAsLeader, summary="领导点评"),
    Route(method="PUT", path=f"{_ONE}/appraisal", call=e.HoldAppraisal, summary="登记群众评议会"),
    Route(method="PUT", path=f"{_ONE}/totals", call=e.EnterTotals, summary="计票人录入票数"),
    Route(method="POST", path=f"{_ONE}/complete", call=e.CompleteEvaluation, summary="评定等次")])
