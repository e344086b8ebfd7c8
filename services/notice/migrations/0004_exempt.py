"""Who is exempt 免诺 and when, to be counted and never shown."""
import sqlalchemy as sa
from alembic import op

revision = "0004_exempt"
down_revision = "0003_links"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "exempt", sa.Column("exemption_id", sa.Text, primary_key=True), sa.Column("epoch", sa.BigInteger, nullable=False),
        sa.Column("version", sa.Integer, nullable=False), sa.Column("lost", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("member_id", sa.Text, nullable=False), sa.Column("from_on", sa.Date, nullable=False),
        sa.Column("until_on", sa.Date, nullable=False), sa.Column("ended_on", sa.Date))
    op.create_index("exempt_member", "exempt", ["member_id"])


def downgrade() -> None:
    op.drop_table("exempt")
