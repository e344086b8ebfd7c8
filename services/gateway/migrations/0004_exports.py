"""What an export was asked for."""
import sqlalchemy as sa
from alembic import op

revision = "0004_exports"
down_revision = "0003_jobs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("job", sa.Column("asked", sa.Text, nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("job", "asked")
