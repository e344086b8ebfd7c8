"""Valid requests for the calls every service answers alike; for the authority matrix."""
from typing import Any

from sqlalchemy import insert

from services.notice.storage import notice
from tests.authority_evaluation import FACTORIES as evaluations
from tests.authority_gateway import account_at
from tests.authority_pledge import FACTORIES as pledges
from wire.contracts.audit import audit_of, check_audit_of
from wire.contracts.evaluation import ReadEvaluation
from wire.contracts.history import read_history_of
from wire.contracts.journal import PRODUCERS
from wire.contracts.pledge import ReadPledge
from wire.contracts.policies import propose_policy_of, read_policies_of


def _notice_at(house: Any, organisation_id: str) -> str:
    with house.bus("notice").writing() as unit:
        id_ = unit.new_id("ntc")
        unit.sql.execute(insert(notice).values(
            notice_id=id_, version=1, organisation_id=organisation_id, kind="progress", of="plg_x", title="路灯装好 12 盏", person="演V",
            posted_at=unit.now, state="posted", detail="", from_epoch=1, from_version=1))
    return id_


FACTORIES = {
    read_history_of("roster").request: lambda house, organisation_id: read_history_of("roster").request(
        aggregate="roster.organisation", aggregate_id=organisation_id),
    read_history_of("pledge").request: lambda house, organisation_id: read_history_of("pledge").request(
        aggregate="pledge.pledge", aggregate_id=pledges[ReadPledge](house, organisation_id).pledge_id),
    read_history_of("evaluation").request: lambda house, organisation_id: read_history_of("evaluation").request(
        aggregate="evaluation.evaluation", aggregate_id=evaluations[ReadEvaluation](house, organisation_id).evaluation_id),
    read_history_of("notice").request: lambda house, organisation_id: read_history_of("notice").request(
        aggregate="notice.notice", aggregate_id=_notice_at(house, organisation_id)),
    read_history_of("gateway").request: lambda house, organisation_id: read_history_of("gateway").request(
        aggregate="gateway.account", aggregate_id=account_at(house, organisation_id))}
#: who owns no document of that name says so, after the authority was asked
for _service in PRODUCERS:
    _read, _propose = read_policies_of(_service).request, propose_policy_of(_service).request
    FACTORIES[_read] = lambda house, organisation_id, make=_read: make(organisation_id=organisation_id)
    _audit, _check = audit_of(_service).request, check_audit_of(_service).request
    FACTORIES[_audit] = lambda house, organisation_id, make=_audit: make(organisation_id=organisation_id)
    FACTORIES[_check] = lambda house, organisation_id, make=_check: make(organisation_id=organisation_id)
    FACTORIES[_propose] = lambda house, organisation_id, make=_propose: make(
        organisation_id=organisation_id, document="pledge.ReviewPolicy", body="{}")
