"""The facts and calls of roster: who is here, and by what rules?"""
from wire.contracts.roster.assignments import *  # noqa: F403
from wire.contracts.roster.elections import *  # noqa: F403
from wire.contracts.roster.granting import *  # noqa: F403
from wire.contracts.roster.members import *  # noqa: F403
from wire.contracts.roster.membership import *  # noqa: F403
from wire.contracts.roster.organisations import *  # noqa: F403
from wire.contracts.roster.policies import *  # noqa: F403
from wire.contracts.roster.shaping import *  # noqa: F403
from wire.contracts.roster.positions import *  # noqa: F403
from wire.contracts.roster.representatives import *  # noqa: F403
from wire.contracts.roster.sheets import *  # noqa: F403
from wire.contracts.roster.staging import *  # noqa: F403
from wire.contracts.roster.sync import *  # noqa: F403
from wire.contracts.roster.systems import *  # noqa: F403
from wire.contracts.roster.workplaces import *  # noqa: F403
from wire.contracts.roster.zones import *  # noqa: F403
