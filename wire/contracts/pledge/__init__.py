"""The facts and calls of pledge: what was promised, and was it done?"""
from wire.contracts.pledge.calls import *  # noqa: F403
from wire.contracts.pledge.exemptions import *  # noqa: F403
from wire.contracts.pledge.facts import *  # noqa: F403
from wire.contracts.pledge.guiding import *  # noqa: F403
from wire.contracts.pledge.views import *  # noqa: F403
