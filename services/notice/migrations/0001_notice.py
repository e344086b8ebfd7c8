"""The board, results, notices."""
import sqlalchemy as sa
from alembic import op

from wire.bus.tables import Instant, Json

revision = "0001_notice"
down_revision = None
branch_labels = ("notice",)
depends_on = None


def _texts(*names: str) -> list[sa.Column]:
    return [sa.Column(n, sa.Text, nullable=False) for n in names]


def _edition() -> list[sa.Column]:
    return [
        sa.Column("epoch", sa.BigInteger, nullable=False), sa.Column("version", sa.Integer, nullable=False),
        sa.Column("lost", sa.Boolean, nullable=False, server_default=sa.false())]


def upgrade() -> None:
    op.create_table(
        "board_pledge", sa.Column("pledge_id", sa.Text, primary_key=True), *_edition(),
        sa.Column("shown", sa.Boolean, nullable=False), *_texts("organisation_id", "member_id", "pledgor_name", "number"),
        sa.Column("year", sa.Integer, nullable=False), *_texts("kind", "commitment"), sa.Column("published_at", Instant),
        *_texts("letter_hash"), sa.Column("told_at", Instant, nullable=False),
        sa.Column("item_count", sa.Integer, nullable=False), sa.Column("fulfilled", sa.Integer, nullable=False),
        *_texts("deadlines", "waiting", "matters"),
        sa.Column("items", Json, nullable=False))
    op.create_index("board_pledge_place", "board_pledge", ["organisation_id", "year"])
    op.create_index("board_pledge_year", "board_pledge", ["year"])
    op.create_table(
        "result", sa.Column("evaluation_id", sa.Text, primary_key=True), *_edition(), *_texts("organisation_id"),
        sa.Column("year", sa.Integer, nullable=False), *_texts("state"))
    op.create_table(
        "notice", sa.Column("notice_id", sa.Text, primary_key=True), sa.Column("version", sa.Integer, nullable=False),
        *_texts("organisation_id", "kind", "of", "title", "person"), sa.Column("posted_at", Instant, nullable=False),
        *_texts("state", "detail"), sa.Column("from_epoch", sa.BigInteger, nullable=False),
        sa.Column("from_version", sa.Integer, nullable=False))
    op.create_index("notice_place", "notice", ["organisation_id", "posted_at"])
    op.create_index("notice_newest", "notice", ["posted_at"])


def downgrade() -> None:
    for name in ("notice", "result", "board_pledge"):
        op.drop_table(name)
