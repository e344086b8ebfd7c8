"""What the roster says no to, in several places of it; what one rule alone refuses stands beside that rule."""
from services.roster.domain.refusals.founding import *  # noqa: F403
from services.roster.domain.refusals.grants import *  # noqa: F403
from services.roster.domain.refusals.members import *  # noqa: F403
from services.roster.domain.refusals.organisations import *  # noqa: F403
from services.roster.domain.refusals.refusal import *  # noqa: F403
