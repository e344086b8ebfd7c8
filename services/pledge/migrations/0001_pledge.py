"""Pledges, their items, reviews, verifications and letters."""
from typing import Any

import sqlalchemy as sa
from alembic import op

from wire.bus.tables import Instant, Json

revision = "0001_pledge"
down_revision = None
branch_labels = ("pledge",)
depends_on = None


def _texts(*names: str) -> list[sa.Column]:
    return [sa.Column(n, sa.Text, nullable=False) for n in names]


def _whole(name: str, kind: type = sa.Integer) -> sa.Column:
    return sa.Column(name, kind, nullable=False)


def _of_pledge(**more: Any) -> sa.Column:
    return sa.Column("pledge_id", sa.Text, sa.ForeignKey("pledge.id"), nullable=False, **more)


def upgrade() -> None:
    op.create_table(
        "pledge", sa.Column("id", sa.Text, primary_key=True), *_texts("organisation_id", "member_id", "pledgor_name"),
        _whole("year"), *_texts("kind", "form", "commitment", "state", "number", "letter_hash", "returned_because"),
        sa.Column("submitted_at", Instant), sa.Column("signed_at", Instant), sa.Column("published_at", Instant),
        *_texts("evaluation_id"), _whole("evaluation_epoch", sa.BigInteger), _whole("evaluation_version"), _whole("version"),
        # every step of a pledge's life rewrites its row: with room beside it, no index has to follow
        postgresql_with={"fillfactor": 50})
    op.create_index("pledge_place", "pledge", ["organisation_id", "year", "id"])
    op.create_index("pledge_member", "pledge", ["member_id", "year"])
    op.create_index("pledge_number", "pledge", ["organisation_id", "number"], unique=True,
                    sqlite_where=sa.text("number <> ''"), postgresql_where=sa.text("number <> ''"))
    op.create_table(
        "pledge_item", sa.Column("id", sa.Text, primary_key=True), _of_pledge(), _whole("position"),
        *_texts("matter", "category", "source", "measure", "target", "responsible"), sa.Column("deadline_on", sa.Date),
        *_texts("state"), _whole("progress"), *_texts("note", "evidence"), sa.Column("claimed_at", Instant),
        sa.Column("fulfilled_at", Instant), sa.Column("fulfilled_on", sa.Date), *_texts("verdict"))
    op.create_index("pledge_item_place", "pledge_item", ["pledge_id", "position"])
    op.create_table(
        "pledge_review", _of_pledge(primary_key=True), sa.Column("item_id", sa.Text, primary_key=True),
        sa.Column("reviewer_id", sa.Text, primary_key=True), *_texts("reviewer_name"),
        sa.Column("reviewed_at", Instant, nullable=False), sa.Column("verdicts", Json, nullable=False))
    op.create_table(
        "pledge_gate", _of_pledge(primary_key=True), sa.Column("item_id", sa.Text, primary_key=True),
        sa.Column("verified_at", Instant, primary_key=True),
        *(_whole(name, sa.Boolean) for name in ("solved", "implemented", "satisfied")),
        *_texts("note", "verified_by", "verified_by_name"))
    op.create_table(
        "pledge_letter", _of_pledge(primary_key=True), *_texts("organisation_id"), _whole("year"),
        *_texts("number", "text", "digest"), sa.Column("copies", Json, nullable=False), *_texts("signed_by_name"),
        sa.Column("signed_at", Instant, nullable=False))
    op.create_table(
        "pledge_letter_sequence", sa.Column("organisation_id", sa.Text, primary_key=True),
        sa.Column("year", sa.Integer, primary_key=True, autoincrement=False), _whole("last"))


def downgrade() -> None:
    for table in ("pledge_letter_sequence", "pledge_letter", "pledge_gate", "pledge_review", "pledge_item", "pledge"):
        op.drop_table(table)
