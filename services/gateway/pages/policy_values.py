"""A value of a policy document in words, wherever it is shown: on its form, in what a change changes, in its history."""
from typing import Any

from wire.contracts.policies import PolicyColumn
from wire.contracts.roster import POSITION_LEVELS, POSITIONS

from services.gateway.jobs.kinds import MEMBERS, ORGANISATIONS
from services.gateway.pages import words


#: columns of a sheet, which a policy may name: an organisation's first, whose words some of a member's share
SHEETS = tuple({column.field: column.label for column in columns} for columns in (ORGANISATIONS, MEMBERS))


def options(column: PolicyColumn) -> dict[str, str]:
    """What may be chosen, in words."""
    known = next((found for found in (*words.LABELS.values(), POSITIONS, POSITION_LEVELS, *SHEETS) if set(column.choices) <= set(found)), {})
    return {choice: known.get(choice, choice) for choice in column.choices}


def said(column: PolicyColumn, value: Any) -> str:
    """A value in words."""
    if value is None or value == []:
        return "（无）"
    if isinstance(value, list):
        return "、".join(said(column, one) for one in value)
    if column.kind == "truth":
        return "是" if value else "否"
    return options(column).get(value, str(value)) if column.kind == "choice" else str(value)
