"""The history of a policy document in its own words: what each field of its form is called, and what its values mean."""
import json
from collections.abc import Sequence
from typing import Any

from wire.contracts.history import HistoryChange
from wire.contracts.policies import PolicyColumn, PolicyView

from services.gateway.pages import history_words, policy_values

#: by what machines tell versions apart; people see what changed
UNTOLD = ("hash", "policy_version")


class PolicyWords:
    """Stands where ``history_words`` does for everything else."""

    deed = staticmethod(history_words.deed)

    def __init__(self, view: PolicyView):
        self._fields = {field.name: field for field in view.fields}
        self._columns: dict[str, PolicyColumn] = {column.name: column for field in view.fields for column in field.columns} | self._fields

    def shown(self, changes: Sequence[HistoryChange], aggregate: str = "") -> list[HistoryChange]:
        """Those a person has use for: by what a row of a list is called is not told again as its value."""
        keys = {field.columns[0].name for field in self._fields.values() if field.columns}
        return [one for one in changes if one.path[-1] not in UNTOLD and not (len(one.path) > 1 and one.path[-1] in keys)]

    def label(self, path: Sequence[str], aggregate: str = "") -> str:
        """``由哪几项评分组成：互评：权重``."""
        field = self._fields.get(path[0])
        if field is None:
            return path[0]
        if len(path) == 1 or not field.columns:
            return field.label
        return "：".join((field.label, policy_values.said(field.columns[0], path[1]), *(
            self._columns[name].label if name in self._columns else name for name in path[2:])))

    def value(self, name: str, told: str, aggregate: str = "") -> str:
        """A value of that name in words; ``told`` is JSON, empty for none."""
        found: Any = json.loads(told) if told else None
        column = self._columns.get(name)
        if found in (None, "", []):
            return "（空）"
        return policy_values.said(column, found) if column else str(found)
