"""Shapes: a frozen dataclass declared once becomes its marshmallow schema, its loader and its dumper.

Every event and every call is a shape.  Allowed field types: str, int, bool, Decimal, date, aware datetime,
Literal[…] of strings, another shape, ``X | None`` and ``tuple[X, …]``.  Floats are refused: scores and money are
Decimal.  Loading refuses what JSON lets through but no database should hold: NUL, lone surrogates, NaN.
"""
from wire.contracts.shape.declaring import *  # noqa: F403
from wire.contracts.shape.dumping import *  # noqa: F403
from wire.contracts.shape.fields import *  # noqa: F403
from wire.contracts.shape.loading import *  # noqa: F403
