"""Positions, the grants they give, and grants that are confirmed; a person who turned out to be a member."""
import sqlalchemy as sa
from alembic import op

revision = "0005_positions"
down_revision = "0004_membership"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "position", sa.Column("id", sa.Text, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("organisation_id", "kind", "person_id", "person_name", "member_id")),
        sa.Column("from_on", sa.Date, nullable=False), sa.Column("until_on", sa.Date), sa.Column("state", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False))
    op.create_index("position_place", "position", ["organisation_id", "state"])
    op.create_index("position_person", "position", ["person_id", "state"])
    single = sa.text("state = 'held' AND kind IN ('secretary', 'deputy_in_charge', 'first_secretary')")
    op.create_index("position_single", "position", ["organisation_id", "kind"], unique=True, postgresql_where=single, sqlite_where=single)
    op.add_column("person", sa.Column("member_id", sa.Text, nullable=False, server_default=""))
    op.add_column("held_grant", sa.Column("position_id", sa.Text, nullable=False, server_default=""))
    # what was given before grants were confirmed stays in force
    op.execute("UPDATE held_grant SET state = 'confirmed' WHERE state = 'given' AND role IN ('secretary', 'superior', 'office')")
    op.drop_index("held_grant_once", "held_grant")
    stands = sa.text("state <> 'ended'")
    op.create_index("held_grant_once", "held_grant", ["person_id", "role", "organisation_id", "position_id"], unique=True,
                    postgresql_where=stands, sqlite_where=stands)
    op.create_index("member_name", "member", ["name"])


def downgrade() -> None:
    op.drop_index("member_name", "member")
    op.drop_index("held_grant_once", "held_grant")
    op.drop_column("held_grant", "position_id")
    op.execute("UPDATE held_grant SET state = 'given' WHERE state = 'confirmed'")
    given = sa.text("state = 'given'")
    op.create_index("held_grant_once", "held_grant", ["person_id", "role", "organisation_id"], unique=True, postgresql_where=given,
                    sqlite_where=given)
    op.drop_column("person", "member_id")
    op.drop_table("position")
