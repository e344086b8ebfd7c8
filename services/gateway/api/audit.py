"""The operation log of every service, for auditors: searched, and whether its chain is whole."""
from services.gateway.api.route import Route, blueprint, declare
from wire.contracts.audit import audit_of, check_audit_of
from wire.contracts.journal import PRODUCERS

routes = declare(blueprint("api-audit", "操作日志"), [
    *(Route(method="GET", path=f"/audit/{one}", call=audit_of(one).request, summary="查操作日志") for one in PRODUCERS),
    *(Route(method="GET", path=f"/audit/{one}/chain", call=check_audit_of(one).request, summary="核对操作日志是否完整") for one in PRODUCERS)])
