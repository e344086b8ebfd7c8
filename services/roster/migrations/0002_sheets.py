"""Sheets on their way into the roster: what each line would do, every fault, and what each line did."""
import sqlalchemy as sa
from alembic import op

from wire.bus.tables import Instant, Json

revision = "0002_sheets"
down_revision = "0001_roster"
branch_labels = None
depends_on = None


def _texts(*names: str) -> list[sa.Column]:
    return [sa.Column(n, sa.Text, nullable=False) for n in names]


def upgrade() -> None:
    op.create_table(
        "sheet", sa.Column("id", sa.Text, primary_key=True), *_texts("kind", "state", "person_id"),
        sa.Column("targets", Json, nullable=False), *_texts("edition"),
        *(sa.Column(n, sa.Integer, nullable=False) for n in ("total", "new", "changed", "same", "wrong", "importable", "faults")),
        sa.Column("created_at", Instant, nullable=False), sa.Column("written_at", Instant))
    op.create_index("sheet_created", "sheet", ["created_at"])
    op.create_table(
        "sheet_line", sa.Column("sheet_id", sa.Text, primary_key=True),
        sa.Column("row", sa.Integer, primary_key=True, autoincrement=False), sa.Column("piece", sa.Integer, nullable=False),
        *_texts("code", "verdict", "subject"), sa.Column("version", sa.Integer, nullable=False), *_texts("place_id"))
    op.create_index("sheet_line_code", "sheet_line", ["sheet_id", "code"])
    op.create_table(
        "sheet_fault", sa.Column("sheet_id", sa.Text, primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True, autoincrement=False), sa.Column("piece", sa.Integer, nullable=False),
        sa.Column("row", sa.Integer, nullable=False), *_texts("column", "value", "sentence"))


def downgrade() -> None:
    for name in ("sheet_fault", "sheet_line", "sheet"):
        op.drop_table(name)
