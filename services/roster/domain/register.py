"""The dated register 登记 behind an entry of the roll: what was done, from which day it holds, why, and by whom."""
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Written once, never changed; the entry itself says how things stand now."""

    id: str
    member_id: str
    act: str
    happened_on: date
    note: str
    acted_by: str
    acted_by_name: str
    acted_at: datetime


#: acts whose day is that of writing them down, not one that anything holds from
UNDATED = ("登记", "更正资料", "合并重复登记")
