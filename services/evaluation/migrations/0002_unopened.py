"""Published pledges of a branch and year are found by an index: what has no evaluation yet is listed from them."""
from alembic import op

revision = "0002_unopened"
down_revision = "0001_evaluation"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("pledged_place", "pledged", ["organisation_id", "year"])


def downgrade() -> None:
    op.drop_index("pledged_place", "pledged")
