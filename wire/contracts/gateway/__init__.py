"""The calls of the gateway: accounts and API keys.  They are decided in its own process, because what is told once
(an invitation, a key) must not lie in a broker or among kept replies; who may make them is declared like everywhere."""
from wire.contracts.gateway.accounts import *  # noqa: F403
from wire.contracts.gateway.keys import *  # noqa: F403
