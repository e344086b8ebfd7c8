"""Large changes, prepared in pieces."""
import sqlalchemy as sa
from alembic import op

revision = "0003_prepared"
down_revision = "0002_directory"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "prepared",
        sa.Column("batch", sa.Text, primary_key=True),
        sa.Column("what", sa.Text, primary_key=True),
        sa.Column("chunk", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("said", sa.Text, nullable=False),
        sa.Column("rows", sa.Text, nullable=False))


def downgrade() -> None:
    op.drop_table("prepared")
