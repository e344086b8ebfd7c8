"""A member's pledges of a year are found through an index: whether somebody exempt pledged all the same is asked for each."""
import sqlalchemy as sa
from alembic import op

revision = "0005_board_member"
down_revision = "0004_exempt"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("board_pledge_member", "board_pledge", ["member_id", "year"], sqlite_where=sa.text("shown = 1"),
                    postgresql_where=sa.text("shown"))


def downgrade() -> None:
    op.drop_index("board_pledge_member", "board_pledge")
