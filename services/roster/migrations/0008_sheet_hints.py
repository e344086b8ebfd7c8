"""What is worth a look in a sheet, a row each: a page of it reads what it shows."""
import json

import sqlalchemy as sa
from alembic import op

revision = "0008_sheet_hints"
down_revision = "0007_representatives"
branch_labels = None
depends_on = None

#: as they stood when this was written
APART, SORTS, FOLLOWED = 100_000, ("renamed", "moved", "double", "probation", "month"), "followed-"

prepared = sa.table("prepared", *(sa.column(name) for name in ("batch", "what", "chunk", "rows")))


def upgrade() -> None:
    hints = op.create_table(
        "sheet_hint", sa.Column("sheet_id", sa.Text, primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("sort", "row")),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("code", "hint")))
    op.create_index("sheet_hint_order", "sheet_hint", ["sheet_id", "sort", "row", "place"])
    sql, kept = op.get_bind(), prepared.c.what == "hint"
    if not sa.inspect(sql).has_table("prepared"):
        # a new database, in which the bus's own tables come later: nothing is kept yet
        return
    for batch, chunk in sql.execute(sa.select(prepared.c.batch, prepared.c.chunk).where(kept)).all():
        rows = json.loads(sql.scalar(sa.select(prepared.c.rows).where(kept, prepared.c.batch == batch, prepared.c.chunk == chunk)))
        sql.execute(sa.insert(hints), [
            {"sheet_id": batch.removeprefix(FOLLOWED), "place": chunk * APART + n, "sort": SORTS.index(row.get("sort", "double")),
             "row": row["row"], "code": row["code"], "hint": row["sentence"]} for n, row in enumerate(rows[:APART])])
    sql.execute(sa.delete(prepared).where(kept))


def downgrade() -> None:
    op.drop_table("sheet_hint")
