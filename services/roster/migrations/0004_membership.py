"""A member's life: floating, standing, transfer, second registration, leaving, merging; and its register."""
import sqlalchemy as sa
from alembic import op

from wire.bus.tables import Instant

revision = "0004_membership"
down_revision = "0003_tree"
branch_labels = None
depends_on = None

EMPTY = ("rank", "duty", "inflow_id", "outside_place", "lacks", "residence_id", "transfer_to_id", "left_because", "merged_into")
DAYS = ("full_on", "nameplate_on", "standing_on", "whereabouts_on", "residence_on", "residence_confirmed_on", "transfer_on", "left_on")
SMALL = ("inflow_id", "residence_id", "transfer_to_id", "merged_into")


def upgrade() -> None:
    for name, value in (*((name, "") for name in EMPTY), ("standing", "normal"), ("whereabouts", "home")):
        op.add_column("member", sa.Column(name, sa.Text, nullable=False, server_default=value))
    for name in DAYS:
        op.add_column("member", sa.Column(name, sa.Date))
    for name in SMALL:
        some = sa.text(f"{name} <> ''")
        op.create_index(f"member_{name}", "member", [name], postgresql_where=some, sqlite_where=some)
    op.create_table(
        "member_act", sa.Column("id", sa.Text, primary_key=True), sa.Column("member_id", sa.Text, nullable=False),
        sa.Column("act", sa.Text, nullable=False), sa.Column("happened_on", sa.Date, nullable=False),
        *(sa.Column(n, sa.Text, nullable=False) for n in ("note", "acted_by", "acted_by_name")),
        sa.Column("acted_at", Instant, nullable=False))
    op.create_index("member_act_of", "member_act", ["member_id", "id"])


def downgrade() -> None:
    op.drop_table("member_act")
    for name in SMALL:
        op.drop_index(f"member_{name}", "member")
    for name in (*EMPTY, *DAYS, "standing", "whereabouts"):
        op.drop_column("member", name)
