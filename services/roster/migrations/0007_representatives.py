"""Representatives 评议代表库, their phones sealed."""
import sqlalchemy as sa
from alembic import op

revision = "0007_representatives"
down_revision = "0006_places"
branch_labels = None
depends_on = None

ORDERED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "representative", sa.Column("id", sa.Text, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("organisation_id", "stratum", "name")),
        sa.Column("sort_key", ORDERED, nullable=False), sa.Column("initials", ORDERED, nullable=False),
        sa.Column("since", sa.Date, nullable=False), sa.Column("until", sa.Date), sa.Column("state", sa.Text, nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary, nullable=False), sa.Column("phone_mark", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False))
    op.create_index("representative_place", "representative", ["organisation_id", "sort_key"])
    some = sa.text("phone_mark <> ''")
    op.create_index("representative_phone", "representative", ["phone_mark"], postgresql_where=some, sqlite_where=some)


def downgrade() -> None:
    op.drop_table("representative")
