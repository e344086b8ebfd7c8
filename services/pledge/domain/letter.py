"""《公开承诺书》: its number, its text as it is signed, and the digest by which a changed copy is known (D1–D3)."""
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from services.pledge.domain.item import Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A signed letter, as it is kept: the text never changes after it was signed."""

    pledge_id: str
    organisation_id: str
    year: int
    number: str
    text: str
    digest: str
    copies: tuple[str, ...]
    signed_by_name: str
    signed_at: datetime


def number_of(year: int, sequence: int) -> str:
    """``2026-003``: the year and the running number within one organisation and year, three digits at least."""
    return f"{year}-{sequence:03d}"


def text_of(*, number: str, organisation_name: str, pledgor_name: str, year: int, kind: str, form: str, commitment: str,
            items: Iterable[Item], signed_on: date, sources: Mapping[str, str] = MappingProxyType({})) -> str:
    """The canonical text, to be read on paper: lines of ``name：value`` in a fixed order, a wide space between two of them.

    What could pretend to be another value (line breaks, wide spaces, backslashes) is escaped, so two different letters
    never have the same text.  ``sources``: the Chinese word for an item's source.
    """
    lines = [(("公开承诺书", number), ("党组织", organisation_name), ("承诺人", pledgor_name)),
             (("年度", str(year)), ("种类", kind), ("形式", form), ("方式", commitment))]
    for item in items:
        lines += [((f"第 {item.position} 项", item.matter),),
                  (("目标", item.target), ("措施", item.measure), ("责任人", item.responsible),
                   ("时限", item.deadline_on.isoformat() if item.deadline_on else "长期"),
                   ("来源", sources.get(item.source, item.source)), ("类别", item.category))]
    lines.append((("定诺日期", signed_on.isoformat()),))
    return "\n".join("　".join(f"{name}：{_plain(value)}" for name, value in line) for line in lines)


def digest_of(text: str) -> str:
    """SHA-256 of the UTF-8 text, 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: str) -> str:
    return value.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r").replace("　", "\\s")
