"""Sheets nobody comes back to are forgotten: never written, or written and past being taken back (X38)."""
from datetime import datetime

from services.roster.domain.policy import SheetPolicy
from wire.contracts.ports import Unit


def close_old_sheets(unit: Unit, before: datetime) -> int:
    """Close the sheets begun before then that cannot be taken back any more; how many.  A second call finds none.

    What was written stays in the roster and its history; the sheet only says which line wrote it.
    """
    over = [sheet.id for sheet in unit.books.sheets.begun(before) if sheet.over(
        unit.now, unit.policy(SheetPolicy, sheet.targets[0] if sheet.targets else "").undo_hours)]
    for sheet_id in over:
        unit.books.sheets.close(sheet_id)
    return len(over)
