"""Which item on the board serves which organisation's item (A13)."""
import sqlalchemy as sa
from alembic import op

revision = "0003_links"
down_revision = "0002_boards"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "board_link", sa.Column("pledge_id", sa.Text, primary_key=True), sa.Column("item_id", sa.Text, primary_key=True),
        sa.Column("serves_pledge_id", sa.Text, nullable=False), sa.Column("serves_item_id", sa.Text, nullable=False),
        sa.Column("fulfilled", sa.Boolean, nullable=False))
    op.create_index("board_link_serves", "board_link", ["serves_pledge_id", "serves_item_id"])


def downgrade() -> None:
    op.drop_table("board_link")
