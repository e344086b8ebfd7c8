"""The bus's own tables: outbox, leases, heads, inbox, watermarks, retry, idempotency, audit, history."""
import sqlalchemy as sa
from alembic import op

from wire.bus.tables import Instant, Serial

revision = "0001_bus"
down_revision = None
branch_labels = ("wire",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outbox",
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("stream", sa.Text, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("correlation", sa.Text, nullable=False),
        sa.Column("traceparent", sa.Text, nullable=False),
        sa.Column("epoch", sa.Integer),
        sa.Column("position", sa.BigInteger),
        sa.Column("unrouted", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_index("outbox_place", "outbox", ["stream", "epoch", "position"], unique=True)
    op.create_index("outbox_waiting", "outbox", ["seq"], postgresql_where=sa.text("position IS NULL"),
                    sqlite_where=sa.text("position IS NULL"))
    op.create_table(
        "lease",
        sa.Column("id", Serial, primary_key=True, autoincrement=True),
        sa.Column("stream", sa.Text, nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("first", sa.BigInteger, nullable=False),
        sa.Column("last", sa.BigInteger, nullable=False),
        sa.Column("leased_by", sa.Text, nullable=False),
        sa.Column("leased_until", Instant, nullable=False),
        sa.Column("placed_at", Instant, nullable=False),
        sa.Column("returned_at", Instant))
    op.create_table(
        "stream_head",
        sa.Column("stream", sa.Text, primary_key=True),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("opened", sa.BigInteger, nullable=False))
    op.create_table(
        "inbox",
        sa.Column("stream", sa.Text, primary_key=True),
        sa.Column("epoch", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("id", sa.Text, nullable=False))
    op.create_table(
        "watermark",
        sa.Column("stream", sa.Text, primary_key=True),
        sa.Column("epoch", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("highest", sa.BigInteger, nullable=False),
        sa.Column("highest_id", sa.Text, nullable=False),
        sa.Column("head", sa.BigInteger, nullable=False),
        sa.Column("opened", sa.BigInteger),
        sa.Column("settled", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("hole_since", Instant),
        sa.Column("doubt", sa.Text))
    op.create_table(
        "retry",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("producer", sa.Text, nullable=False),
        sa.Column("stream", sa.Text, nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("due_at", Instant, nullable=False),
        sa.Column("first_at", Instant, nullable=False),
        sa.Column("last_at", Instant, nullable=False),
        sa.Column("reason", sa.Text, nullable=False))
    op.create_index("retry_due", "retry", ["state", "due_at"])
    op.create_table(
        "idempotency",
        sa.Column("caller", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("operation", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("reply", sa.Text, nullable=False),
        sa.Column("at", Instant, nullable=False))
    op.create_index("idempotency_at", "idempotency", ["at"])
    op.create_table(
        "audit",
        sa.Column("seq", Serial, primary_key=True, autoincrement=True),
        sa.Column("at", Instant, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("person_name", sa.Text, nullable=False),
        sa.Column("on_behalf_of", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("operation", sa.Text, nullable=False),
        sa.Column("organisation_id", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("result", sa.Text, nullable=False),
        sa.Column("correlation", sa.Text, nullable=False),
        sa.Column("place", sa.BigInteger),
        sa.Column("link", sa.Text))
    op.create_index("audit_place", "audit", ["place"], unique=True)
    op.create_index("audit_unlinked", "audit", ["seq"], postgresql_where=sa.text("place IS NULL"),
                    sqlite_where=sa.text("place IS NULL"))
    op.create_index("audit_at", "audit", ["at"])
    op.create_table(
        "history",
        sa.Column("seq", Serial, primary_key=True, autoincrement=True),
        sa.Column("aggregate", sa.Text, nullable=False),
        sa.Column("aggregate_id", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("person_name", sa.Text, nullable=False),
        sa.Column("on_behalf_of", sa.Text, nullable=False),
        sa.Column("correlation", sa.Text, nullable=False))
    op.create_index("history_of", "history", ["aggregate_id", "version"])


def downgrade() -> None:
    for name in ("history", "audit", "idempotency", "retry", "watermark", "inbox", "stream_head", "lease", "outbox"):
        op.drop_table(name)
