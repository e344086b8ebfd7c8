"""A member's own grant is read off the roll: the copy keeps it no more."""
from alembic import op

revision = "0009_no_own_grants"
down_revision = "0008_audit_trimmed"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DELETE FROM directory_grant WHERE role = 'member'")


def downgrade() -> None:
    """What was told stays in the journal: a replay of the roster's grants fills the copy."""
