"""Policy documents of every service, which version is in force where, and the history of every aggregate."""
from services.gateway.api.route import Route, blueprint, declare
from wire.contracts import roster as r
from wire.contracts.history import SERVICES, read_history_of
from wire.contracts.journal import PRODUCERS
from wire.contracts.policies import propose_policy_of, read_policies_of

routes = declare(blueprint("api-policies", "政策"), [
    *(Route(method="GET", path=f"/policies/{service}", call=read_policies_of(service).request, summary=f"{service} 的政策文件和执行中的版本")
      for service in PRODUCERS),
    *(Route(method="POST", path=f"/policies/{service}", call=propose_policy_of(service).request, summary=f"提出 {service} 的一个政策版本", status=201)
      for service in PRODUCERS),
    Route(method="GET", path="/adoptions", call=r.ListAdoptions, summary="哪个版本在哪里执行、从何时起"),
    Route(method="POST", path="/adoptions", call=r.AdoptPolicies, summary="采用政策版本：全部采用，或一个也不采用", status=201),
    Route(method="GET", path="/adoptions/reach", call=r.MeasurePolicy, summary="采用后涉及多少党组织和党员"),
    *(Route(method="GET", path=f"/history/{service}/<aggregate>/<aggregate_id>", call=read_history_of(service).request,
            summary=f"{service} 的办理经过：谁、何时、改了什么") for service in SERVICES)])
