"""The one source of time of a process: the only place that reads the wall clock."""
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


class SystemClock:
    """The machine's clock; ``today`` is the date in the county."""

    def __init__(self, zone: ZoneInfo):
        self.zone = zone

    def now(self) -> datetime:
        return datetime.now(UTC)

    def today(self) -> date:
        return self.day_of(self.now())

    def day_of(self, instant: datetime) -> date:
        """The county's date at that instant."""
        return instant.astimezone(self.zone).date()
