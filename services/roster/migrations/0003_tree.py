"""Form, system, extension and end of an organisation; the systems 条线 themselves."""
import sqlalchemy as sa
from alembic import op

from services.roster.storage.organisations import initials

revision = "0003_tree"
down_revision = "0002_sheets"
branch_labels = None
depends_on = None

ORDERED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
TEXTS = ("system_id", "extension_reason", "merged_into", "ended_because")
DATES = ("extended_until", "ended_on")


def upgrade() -> None:
    op.add_column("organisation", sa.Column("form", sa.Text, nullable=False, server_default="ordinary"))
    op.add_column("organisation", sa.Column("initials", ORDERED, nullable=False, server_default=""))
    for name in TEXTS:
        op.add_column("organisation", sa.Column(name, sa.Text, nullable=False, server_default=""))
    for name in DATES:
        op.add_column("organisation", sa.Column(name, sa.Date))
    op.create_index("organisation_system", "organisation", ["system_id"])
    op.create_table(
        "system", sa.Column("id", sa.Text, primary_key=True), sa.Column("name", sa.Text, nullable=False, unique=True),
        sa.Column("organisation_id", sa.Text, nullable=False), sa.Column("state", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False))
    _find_initials()


def _find_initials() -> None:
    """Of those that were entered before one could search by them."""
    table = sa.table("organisation", sa.column("id"), sa.column("name"), sa.column("initials"))
    sql = op.get_bind()
    for row in sql.execute(sa.select(table.c.id, table.c.name)).all():
        sql.execute(sa.update(table).where(table.c.id == row.id).values(initials=initials(row.name)))


def downgrade() -> None:
    op.drop_table("system")
    op.drop_index("organisation_system")
    with op.batch_alter_table("organisation") as table:
        for name in ("form", "initials", *TEXTS, *DATES):
            table.drop_column(name)
