"""Valid requests for the calls every service answers alike; for the authority matrix."""
from wire.contracts.journal import PRODUCERS
from wire.contracts.policies import propose_policy_of, read_policies_of

FACTORIES = {}
#: who owns no document of that name says so, after the authority was asked
for _service in PRODUCERS:
    _read, _propose = read_policies_of(_service).request, propose_policy_of(_service).request
    FACTORIES[_read] = lambda house, organisation_id, make=_read: make(organisation_id=organisation_id)
    FACTORIES[_propose] = lambda house, organisation_id, make=_propose: make(
        organisation_id=organisation_id, document="pledge.ReviewPolicy", body="{}")
