"""The facts and calls of evaluation: how well, say whom?"""
from wire.contracts.evaluation.calls import *  # noqa: F403
from wire.contracts.evaluation.facts import *  # noqa: F403
from wire.contracts.evaluation.views import *  # noqa: F403
