"""An item names the organisation's item it serves (A13); what serves a pledge is found by an index of those few."""
import sqlalchemy as sa
from alembic import op

revision = "0002_serving"
down_revision = "0001_pledge"
branch_labels = None
depends_on = None

SERVES = sa.text("serves_pledge_id <> ''")


def upgrade() -> None:
    for name in ("serves_pledge_id", "serves_item_id"):
        op.add_column("pledge_item", sa.Column(name, sa.Text, nullable=False, server_default=""))
    op.create_index("pledge_item_serves", "pledge_item", ["serves_pledge_id"], sqlite_where=SERVES, postgresql_where=SERVES)


def downgrade() -> None:
    op.drop_index("pledge_item_serves", "pledge_item")
    for name in ("serves_item_id", "serves_pledge_id"):
        op.drop_column("pledge_item", name)
