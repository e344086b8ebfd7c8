"""Identity whole: forced change, devices, what an invitation was for, second factor, notes to owners, API keys.

The access log moves into the operation log of the gateway, where it is chained like every other line.
"""
import sqlalchemy as sa
from alembic import op

from wire.bus.tables import Instant

revision = "0002_identity"
down_revision = "0001_gateway"
branch_labels = None
# the operation log is the bus's table
depends_on = "0001_bus"


def upgrade() -> None:
    op.add_column("account", sa.Column("must_change", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("account", sa.Column("last_sign_in_at", Instant))
    op.add_column("session", sa.Column("address", sa.Text, nullable=False, server_default=""))
    op.add_column("session", sa.Column("device", sa.Text, nullable=False, server_default=""))
    op.add_column("invitation", sa.Column("account_id", sa.Text, nullable=False, server_default=""))
    op.execute("UPDATE invitation SET kind = 'office' WHERE kind = 'county'")
    op.create_table(
        "second_factor",
        sa.Column("account_id", sa.Text, primary_key=True),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("last_step", sa.BigInteger, nullable=False),
        sa.Column("created_at", Instant, nullable=False))
    op.create_table(
        "recovery_code",
        sa.Column("account_id", sa.Text, primary_key=True),
        sa.Column("digest", sa.Text, primary_key=True),
        sa.Column("used_at", Instant))
    op.create_table(
        "factor_reset",
        sa.Column("account_id", sa.Text, primary_key=True),
        sa.Column("asked_by", sa.Text, nullable=False),
        sa.Column("asked_by_name", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("asked_at", Instant, nullable=False))
    op.create_table(
        "account_note",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("account_id", sa.Text, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("sentence", sa.Text, nullable=False),
        sa.Column("seen_at", Instant))
    op.create_index("account_note_of", "account_note", ["account_id", "at"])
    op.create_table(
        "api_key",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("organisation_id", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("grant_id", sa.Text, nullable=False),
        sa.Column("scopes", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("made_by_name", sa.Text, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("expires_at", Instant, nullable=False),
        sa.Column("used_at", Instant),
        sa.Column("used_from", sa.Text, nullable=False, server_default=""))
    op.create_index("api_key_place", "api_key", ["organisation_id"])
    op.create_table(
        "api_secret",
        sa.Column("digest", sa.Text, primary_key=True),
        sa.Column("key_id", sa.Text, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("ends_at", Instant, nullable=False))
    op.create_index("api_secret_key", "api_secret", ["key_id"])
    op.execute(
        "INSERT INTO audit (at, kind, person_id, person_name, on_behalf_of, address, operation, organisation_id, subject, result, correlation) "
        "SELECT at, CASE WHEN person_id = '' THEN 'public' ELSE 'person' END, person_id, '', '', address, what, '', object, "
        "CASE WHEN what LIKE '%failed' THEN 'refused' ELSE 'done' END, correlation FROM look ORDER BY seq")
    op.drop_table("look")
