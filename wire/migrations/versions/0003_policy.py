"""The policy documents a service holds, and its copy of which version is in force where."""
import sqlalchemy as sa
from alembic import op

from wire.bus.tables import Instant

revision = "0003_policy"
down_revision = "0002_directory"
branch_labels = None
depends_on = None


def _texts(*names: str) -> list[sa.Column]:
    return [sa.Column(n, sa.Text, nullable=False) for n in names]


def upgrade() -> None:
    op.create_table(
        "policy_document", sa.Column("document", sa.Text, primary_key=True), sa.Column("hash", sa.Text, primary_key=True),
        *_texts("version", "body", "proposed_by", "proposed_by_name"), sa.Column("proposed_at", Instant, nullable=False))
    op.create_table(
        "policy_adoption", sa.Column("id", sa.Text, primary_key=True),
        *_texts("document", "policy_version", "hash", "organisation_id"), sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("number", sa.Integer, nullable=False), *_texts("basis", "preset", "adopted_by_name"),
        sa.Column("adopted_at", Instant, nullable=False), sa.Column("epoch", sa.BigInteger, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("lost", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_index("policy_adoption_place", "policy_adoption", ["document", "organisation_id"])


def downgrade() -> None:
    op.drop_table("policy_adoption")
    op.drop_table("policy_document")
