"""Evaluations, peers' ratings, the copy of published pledges."""
import sqlalchemy as sa
from alembic import op

from wire.bus.tables import Exact, Instant, Json

revision = "0001_evaluation"
down_revision = None
branch_labels = ("evaluation",)
depends_on = None


def _texts(*names: str) -> list[sa.Column]:
    return [sa.Column(n, sa.Text, nullable=False) for n in names]


def upgrade() -> None:
    op.create_table(
        "evaluation", sa.Column("id", sa.Text, primary_key=True), sa.Column("version", sa.Integer, nullable=False),
        *_texts("organisation_id", "member_id", "member_name", "pledge_id"), sa.Column("year", sa.Integer, nullable=False),
        *_texts("state", "policy_version", "acted_by", "acted_by_name"), sa.Column("acted_at", Instant, nullable=False),
        *(sa.Column(n, Json) for n in ("self_report", "comment", "appraisal", "result")),
        sa.Column("score", Exact), sa.Column("grade", sa.Text))
    op.create_index("evaluation_of_pledge", "evaluation", ["pledge_id"], unique=True)
    op.create_index("evaluation_of_year", "evaluation", ["organisation_id", "year"])
    op.create_table(
        "peer_rating", sa.Column("evaluation_id", sa.Text, primary_key=True),
        sa.Column("rater_id", sa.Text, primary_key=True), sa.Column("score", Exact, nullable=False))
    op.create_table(
        "pledged", sa.Column("pledge_id", sa.Text, primary_key=True), sa.Column("epoch", sa.BigInteger, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("lost", sa.Boolean, nullable=False, server_default=sa.false()),
        *_texts("organisation_id", "member_id", "pledgor_name"), sa.Column("year", sa.Integer, nullable=False),
        *_texts("commitment", "state"), sa.Column("items", Json, nullable=False))


def downgrade() -> None:
    for name in ("pledged", "peer_rating", "evaluation"):
        op.drop_table(name)
