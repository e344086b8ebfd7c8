"""The ranking."""
import sqlalchemy as sa
from alembic import op

revision = "0001_commendation"
down_revision = None
branch_labels = ("commendation",)
depends_on = None

#: figures compare as text, by bytes, on both databases
FIGURE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "ranking", sa.Column("evaluation_id", sa.Text, primary_key=True),
        *(sa.Column(n, sa.Text, nullable=False) for n in ("organisation_id", "member_id", "member_name", "pledge_id")),
        sa.Column("year", sa.Integer, nullable=False), sa.Column("state", sa.Text, nullable=False),
        sa.Column("policy_version", sa.Text, nullable=False),
        *(sa.Column(n, FIGURE) for n in ("score", "satisfaction", "due_fulfilment", "on_time")),
        sa.Column("grade", sa.Text, nullable=False), sa.Column("components", sa.Text, nullable=False),
        sa.Column("epoch", sa.BigInteger, nullable=False), sa.Column("version", sa.Integer, nullable=False),
        sa.Column("lost", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_index("ranking_list", "ranking", ["year", "state", "organisation_id"])


def downgrade() -> None:
    op.drop_table("ranking")
