"""Boards are found by a part of their name, and by what is overdue, through an index each."""
import sqlalchemy as sa
from alembic import op

revision = "0002_boards"
down_revision = "0001_notice"
branch_labels = None
depends_on = "0002_directory"

#: compares by bytes on both databases: under a language's collation a prefix is no range
ORDERED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.drop_index("board_pledge_year", "board_pledge")
    op.create_index("board_pledge_waiting", "board_pledge", ["year", "waiting"])
    names = op.create_table(
        "board_name", sa.Column("organisation_id", sa.Text, primary_key=True), sa.Column("ending", ORDERED, primary_key=True))
    op.create_index("board_name_ending", "board_name", ["ending"])
    known = op.get_bind().execute(sa.text("SELECT id, lower(name) FROM directory_organisation")).all()
    rows = [{"organisation_id": id_, "ending": ending} for id_, name in known
            for ending in {name[at:] for at in range(len(name)) if not name[at].isspace()}]
    if rows:
        op.bulk_insert(names, rows)


def downgrade() -> None:
    op.drop_table("board_name")
    op.drop_index("board_pledge_waiting", "board_pledge")
    op.create_index("board_pledge_year", "board_pledge", ["year"])
