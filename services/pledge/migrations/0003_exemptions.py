"""Exemptions 免予承诺: who need not pledge where, and until when; why, sealed."""
import sqlalchemy as sa
from alembic import op

from wire.bus.tables import Instant

revision = "0003_exemptions"
down_revision = "0002_serving"
branch_labels = None
depends_on = None


def _texts(*names: str) -> list[sa.Column]:
    return [sa.Column(n, sa.Text, nullable=False) for n in names]


def upgrade() -> None:
    op.create_table(
        "exemption", sa.Column("id", sa.Text, primary_key=True), *_texts("organisation_id", "member_id", "member_name"),
        sa.Column("until_on", sa.Date, nullable=False), *_texts("proposed_by", "proposed_by_name"),
        sa.Column("proposed_at", Instant, nullable=False), *_texts("meeting_kind"), sa.Column("meeting_on", sa.Date),
        sa.Column("meeting_due", sa.Integer, nullable=False), sa.Column("meeting_present", sa.Integer, nullable=False),
        sa.Column("words", sa.LargeBinary, nullable=False), *_texts("state"), sa.Column("from_on", sa.Date), *_texts("decided_by_name"),
        sa.Column("decided_at", Instant), sa.Column("ended_on", sa.Date), *_texts("ended_because"), sa.Column("forget_on", sa.Date),
        sa.Column("version", sa.Integer, nullable=False))
    op.create_index("exemption_place", "exemption", ["organisation_id", "id"])
    op.create_index("exemption_member", "exemption", ["member_id"])
    is_open = sa.text("state IN ('proposed', 'granted')")
    op.create_index("exemption_open", "exemption", ["organisation_id", "member_id"], unique=True, sqlite_where=is_open,
                    postgresql_where=is_open)


def downgrade() -> None:
    op.drop_table("exemption")
