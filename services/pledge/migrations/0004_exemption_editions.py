"""Exemptions keep the editions of member and place they stand by: what is read again, older, ends none."""
import sqlalchemy as sa
from alembic import op

revision = "0004_exemption_editions"
down_revision = "0003_exemptions"
branch_labels = None
depends_on = "0005_membership"


def upgrade() -> None:
    for name in ("member_version", "place_version"):
        op.add_column("exemption", sa.Column(name, sa.Integer, nullable=False, server_default="0"))
    op.execute("UPDATE exemption SET member_version = coalesce("
               "(SELECT m.version FROM directory_member m WHERE m.id = exemption.member_id), 0)")
    op.execute("UPDATE exemption SET place_version = coalesce("
               "(SELECT o.version FROM directory_member m JOIN directory_organisation o"
               " ON o.id = CASE WHEN m.inflow_id != '' THEN m.inflow_id ELSE m.organisation_id END"
               " WHERE m.id = exemption.member_id), 0)")


def downgrade() -> None:
    for name in ("place_version", "member_version"):
        op.drop_column("exemption", name)
