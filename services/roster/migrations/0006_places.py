"""New units, assignments to organisations, and zones."""
import sqlalchemy as sa
from alembic import op

from wire.bus.tables import Json

revision = "0006_places"
down_revision = "0005_positions"
branch_labels = None
depends_on = None


def _texts(*names: str) -> list[sa.Column]:
    return [sa.Column(n, sa.Text, nullable=False) for n in names]


def _day(name: str) -> sa.Column:
    return sa.Column(name, sa.Date, nullable=False)


def upgrade() -> None:
    op.create_table(
        "workplace", sa.Column("id", sa.Text, primary_key=True), *_texts("name", "sector", "organisation_id"), _day("set_up_on"),
        _day("since"), *_texts("covered_by"), sa.Column("covered_on", sa.Date), *_texts("state", "closed_because"),
        sa.Column("version", sa.Integer, nullable=False))
    op.create_index("workplace_place", "workplace", ["organisation_id"])
    op.create_index("workplace_cover", "workplace", ["covered_by"])
    op.create_table(
        "assignment", sa.Column("id", sa.Text, primary_key=True),
        *_texts("kind", "organisation_id", "person_id", "person_name", "member_id", "rank"), _day("since"), sa.Column("until", sa.Date),
        sa.Column("version", sa.Integer, nullable=False))
    op.create_index("assignment_place", "assignment", ["organisation_id"])
    op.create_index("assignment_person", "assignment", ["person_id"])
    op.create_table(
        "zone", sa.Column("id", sa.Text, primary_key=True), *_texts("organisation_id", "kind", "name", "place"), _day("since"),
        sa.Column("until", sa.Date), *_texts("state"), sa.Column("members", Json, nullable=False),
        sa.Column("months", Json, nullable=False), sa.Column("version", sa.Integer, nullable=False))
    op.create_index("zone_place", "zone", ["organisation_id"])


def downgrade() -> None:
    for name in ("zone", "assignment", "workplace"):
        op.drop_table(name)
