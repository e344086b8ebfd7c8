"""Grants are confirmed, and say which position gives them."""
import sqlalchemy as sa
from alembic import op

revision = "0006_confirmed"
down_revision = "0005_membership"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("directory_grant", sa.Column("position_id", sa.Text, nullable=False, server_default=""))
    # what was given before grants were confirmed stays in force
    op.execute("UPDATE directory_grant SET state = 'confirmed' WHERE state = 'given' AND role IN ('secretary', 'superior', 'office')")


def downgrade() -> None:
    op.execute("UPDATE directory_grant SET state = 'given' WHERE state = 'confirmed'")
    op.drop_column("directory_grant", "position_id")
