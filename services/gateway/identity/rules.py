"""What signing in goes by (登录和密码): the county's policy, out of this service's own copy.

Every request asks, so what was read is believed for a while; whoever hears of an adoption forgets it at once, the other
replicas within that while.
"""
import time
from collections.abc import Callable
from datetime import date
from typing import Any

import structlog
from flask import current_app

from services.gateway.domain.policy import SignInPolicy
from services.gateway.storage import Store
from wire import policy
from wire.bus import metrics
from wire.policy.documents import name_of
from wire.policy.in_force import NotHeld, Unusable

KEY = "rules"
BELIEVED_SECONDS = 30.0
#: what is read this soon after news is not believed: the transaction that keeps them may still be under way
SETTLING_SECONDS = 5.0
log = structlog.get_logger("gateway")


class Rules:
    """The policy in force today.  ``seconds`` measures how old what was read is; never a wall clock."""

    def __init__(self, store: Store, clock: Any, seconds: Callable[[], float] = time.monotonic):
        policy.register("gateway", SignInPolicy)
        self._store, self._clock, self._seconds = store, clock, seconds
        self._known: tuple[float, date, SignInPolicy] | None = None
        self._settled = seconds()

    def now(self) -> SignInPolicy:
        """What holds in the county today; the default until something is adopted."""
        at, today, known = self._seconds(), self._clock.today(), self._known
        if known is not None and known[1] == today and at - known[0] < BELIEVED_SECONDS:
            return known[2]
        found = self._read(today)
        self._known = (at, today, found) if at >= self._settled else None
        return found

    def forget(self) -> None:
        """Something was adopted: read again."""
        self._known, self._settled = None, self._seconds() + SETTLING_SECONDS

    def _read(self, today: date) -> SignInPolicy:
        with self._store.reading() as unit:
            try:
                return unit.policies.in_force(SignInPolicy, "", today)
            except (Unusable, NotHeld) as missing:
                # refusing would lock out those who could mend it; the page of policies refuses and says so
                metrics.unusable_policies.labels("gateway", name_of(SignInPolicy)).inc()
                log.error("sign-in goes by its default: what was adopted does not fit this program, or is not here", reason=str(missing))
                return SignInPolicy()


def current() -> SignInPolicy:
    """The policy in force for the application at hand."""
    return current_app.extensions[KEY].now()
