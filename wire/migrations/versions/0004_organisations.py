"""What other services know of an organisation besides: its form, its system 条线, and what it became part of."""
import sqlalchemy as sa
from alembic import op

revision = "0004_organisations"
#: two that landed at once meet here again
down_revision = ("0003_policy", "0003_prepared")
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("directory_organisation") as table:
        table.add_column(sa.Column("form", sa.Text, nullable=False, server_default="ordinary"))
        table.add_column(sa.Column("system_id", sa.Text, nullable=False, server_default=""))
        table.add_column(sa.Column("merged_into", sa.Text, nullable=False, server_default=""))
    op.create_index("directory_organisation_system", "directory_organisation", ["system_id"])


def downgrade() -> None:
    op.drop_index("directory_organisation_system")
    with op.batch_alter_table("directory_organisation") as table:
        for name in ("form", "system_id", "merged_into"):
            table.drop_column(name)
