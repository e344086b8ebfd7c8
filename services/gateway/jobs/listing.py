"""What a list that can be taken out is: its words, its columns, and how its pages are asked for, the call behind the page on the screen,
with the same filters, so that what comes out is what is shown."""
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wire.contracts.calls import Invalid
from wire.contracts.shape import Malformed, load

PAGE = 500
WRONG = "筛选条件填写不对，请从列表页面重新导出。"


@dataclass(frozen=True, slots=True)
class Out:
    """A column: ``value`` of a row as text.  Not ``ticked``: only for whoever asks for it, as what the house alone understands."""

    field: str
    label: str
    value: Callable[[Any], str]
    ticked: bool = True


@dataclass(frozen=True, slots=True)
class Listing:
    """``call``: the declared call; ``rows``: the field of its reply that holds them; ``operation``: who may see the list may take it;
    ``filters``: by what it is narrowed, each with its label and its words."""

    name: str
    label: str
    call: type
    rows: str
    operation: str
    columns: tuple[Out, ...]
    filters: Mapping[str, tuple[str, Mapping[str, str]]]

    @property
    def title(self) -> str:
        """What the file is called."""
        return f"{self.label}名单"

    def asked(self, filters: Mapping[str, Any]) -> Any:
        """The call with these filters.  Raises Invalid, field by field, for what it does not know."""
        try:
            return load(self.call, {**filters, "limit": PAGE})
        except Malformed as malformed:
            raise Invalid(WRONG, errors=malformed.errors) from None

    def pages(self, ask: Callable[[Any], Any], filters: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
        """Page by page, as the list is shown."""
        after = ""
        while True:
            page = ask(self.asked({**filters, "after": after}))
            yield getattr(page, self.rows)
            if not (after := page.next):
                return

    def narrower(self, first: Any, last: Any) -> str:
        """What to ask for instead of more rows than one file takes; ``last``: the last row that would have gone in."""
        return "请先筛选再导出，例如按党组织分开。"

    def narrowed(self, filters: Mapping[str, Any]) -> list[tuple[str, str]]:
        """These filters in words, as label and word: what is left out of the list."""
        said = [(label, words.get(str(filters[name]), str(filters[name]))) for name, (label, words) in self.filters.items()
                if filters.get(name)]
        return said + ([("查找", str(filters["search"]))] if filters.get("search") else [])

    def chosen(self, fields: list[str]) -> tuple[Out, ...]:
        """The columns wanted, in the list's own order; those that are ticked when none is named."""
        return tuple(column for column in self.columns if column.field in fields) or tuple(column for column in self.columns if column.ticked)
