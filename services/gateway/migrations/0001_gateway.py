"""The gateway's tables: accounts, sessions, invitations, failures, the access log, jobs, prepared pages."""
import sqlalchemy as sa
from alembic import op

from wire.bus.tables import Instant, Serial

revision = "0001_gateway"
down_revision = None
branch_labels = ("gateway",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("username", sa.Text, nullable=False),
        sa.Column("password", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("member_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("password_at", Instant, nullable=False))
    op.create_index("account_username", "account", ["username"], unique=True)
    op.create_index("account_person", "account", ["person_id"])
    op.create_table(
        "session",
        sa.Column("digest", sa.Text, primary_key=True),
        sa.Column("account_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("seen_at", Instant, nullable=False),
        sa.Column("expires_at", Instant, nullable=False))
    op.create_index("session_account", "session", ["account_id"])
    op.create_index("session_expires", "session", ["expires_at"])
    op.create_table(
        "invitation",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("member_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("invited_by", sa.Text, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("expires_at", Instant, nullable=False),
        sa.Column("spent_at", Instant))
    op.create_index("invitation_digest", "invitation", ["digest"], unique=True)
    op.create_table(
        "failure",
        sa.Column("digest", sa.Text, primary_key=True),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("first_at", Instant, nullable=False),
        sa.Column("locked_until", Instant))
    op.create_table(
        "look",
        sa.Column("seq", Serial, primary_key=True, autoincrement=True),
        sa.Column("at", Instant, nullable=False),
        sa.Column("account_id", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("object", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("correlation", sa.Text, nullable=False))
    op.create_index("look_at", "look", ["at"])
    op.create_index("look_person", "look", ["person_id", "at"])
    op.create_table(
        "job",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("file_name", sa.Text, nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("importable", sa.Integer, nullable=False),
        sa.Column("wrong", sa.Integer, nullable=False),
        sa.Column("repeated", sa.Integer, nullable=False),
        sa.Column("sentence", sa.Text, nullable=False),
        sa.Column("faults_gz", sa.LargeBinary, nullable=False),
        sa.Column("rows_gz", sa.LargeBinary, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("finished_at", Instant))
    op.create_index("job_person", "job", ["person_id", "created_at"])
    op.create_table(
        "prepared_page",
        sa.Column("path", sa.Text, primary_key=True),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("etag", sa.Text, nullable=False),
        sa.Column("body_gz", sa.LargeBinary, nullable=False),
        sa.Column("content_type", sa.Text, nullable=False),
        sa.Column("stale", sa.Boolean, nullable=False),
        sa.Column("rendered_at", Instant, nullable=False),
        sa.Column("asked_at", Instant, nullable=False))
    op.create_index("prepared_page_about", "prepared_page", ["about"])
    op.create_index("prepared_page_stale", "prepared_page", ["stale"])
