"""Whose name was tried, from where, and since when it is locked: what an administrator sees before unlocking it."""
import sqlalchemy as sa
from alembic import op

from wire.bus.tables import Instant

revision = "0006_locked"
down_revision = "0005_key_scopes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("failure", sa.Column("locked_at", Instant))
    op.add_column("failure", sa.Column("account_id", sa.Text, nullable=False, server_default=""))
    op.add_column("failure", sa.Column("network", sa.Text, nullable=False, server_default=""))
    op.create_index("failure_account", "failure", ["account_id"])


def downgrade() -> None:
    op.drop_index("failure_account", "failure")
    for name in ("locked_at", "account_id", "network"):
        op.drop_column("failure", name)
