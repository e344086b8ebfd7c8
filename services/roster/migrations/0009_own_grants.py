"""What everybody on the roll holds over their own matters is read off the roll, and kept no more."""
import sqlalchemy as sa
from alembic import op

revision = "0009_own_grants"
down_revision = "0008_sheet_hints"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DELETE FROM held_grant WHERE role = 'member'")
    if sa.inspect(op.get_bind()).has_table("prepared"):
        # what is prepared to be written would give such grants: written now, such a sheet asks to be checked again
        op.execute("DELETE FROM prepared WHERE batch IN (SELECT id FROM sheet WHERE kind = 'members')")


def downgrade() -> None:
    grant = sa.table("held_grant", *(sa.column(name) for name in (
        "id", "person_id", "person_name", "member_id", "role", "organisation_id", "state", "position_id", "version")))
    member = sa.table("member", *(sa.column(name) for name in ("id", "name", "organisation_id", "state")))
    op.execute(sa.insert(grant).from_select([c.name for c in grant.columns], sa.select(
        sa.literal("grt_") + member.c.id, member.c.id, member.c.name, member.c.id, sa.literal("member"), member.c.organisation_id,
        sa.literal("given"), sa.literal(""), sa.literal(1)).where(member.c.state == "active")))
