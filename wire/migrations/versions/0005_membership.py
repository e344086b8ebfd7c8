"""What other services need to know of a member: where they pledge, report and float, their standing, rank and duty."""
import sqlalchemy as sa
from alembic import op

revision = "0005_membership"
down_revision = "0004_organisations"
branch_labels = None
depends_on = None

TEXTS = ("rank", "duty", "standing", "whereabouts", "inflow_id", "transfer_to_id", "residence_id", "merged_into")
DAYS = ("joined_on", "nameplate_on", "residence_confirmed_on")
SMALL = ("inflow_id", "residence_id")
KNOWN = {"standing": "normal", "whereabouts": "home"}


def upgrade() -> None:
    for name in TEXTS:
        op.add_column("directory_member", sa.Column(name, sa.Text, nullable=False, server_default=KNOWN.get(name, "")))
    for name in DAYS:
        op.add_column("directory_member", sa.Column(name, sa.Date))
    for name in SMALL:
        some = sa.text(f"{name} <> ''")
        op.create_index(f"directory_member_{name}", "directory_member", [name], postgresql_where=some, sqlite_where=some)


def downgrade() -> None:
    for name in SMALL:
        op.drop_index(f"directory_member_{name}", "directory_member")
    for name in (*TEXTS, *DAYS):
        op.drop_column("directory_member", name)
