"""The copy of the roster every service keeps: organisations, members, grants."""
import sqlalchemy as sa
from alembic import op

revision = "0002_directory"
down_revision = "0001_bus"
branch_labels = None
depends_on = None

#: compares by bytes on both databases: under a language's collation a prefix is no range
ORDERED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _edition() -> list[sa.Column]:
    return [
        sa.Column("epoch", sa.BigInteger, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("lost", sa.Boolean, nullable=False, server_default=sa.false())]


def _texts(*names: str) -> list[sa.Column]:
    return [sa.Column(n, sa.Text, nullable=False) for n in names]


def upgrade() -> None:
    op.create_table(
        "directory_organisation", sa.Column("id", sa.Text, primary_key=True), *_texts("code", "name", "kind", "sector"),
        sa.Column("parent_id", sa.Text), sa.Column("path", ORDERED, nullable=False), *_texts("state"), *_edition())
    op.create_index("directory_organisation_path", "directory_organisation", ["path"])
    op.create_table(
        "directory_member", sa.Column("id", sa.Text, primary_key=True), *_texts("code", "name"),
        sa.Column("sort_key", ORDERED, nullable=False), *_texts("kind", "organisation_id", "post", "post_kind", "state"),
        *_edition())
    op.create_index("directory_member_place", "directory_member", ["organisation_id", "sort_key"])
    op.create_table(
        "directory_grant", sa.Column("id", sa.Text, primary_key=True),
        *_texts("person_id", "person_name", "member_id", "role", "organisation_id", "state"), *_edition())
    op.create_index("directory_grant_person", "directory_grant", ["person_id"])
    op.create_index("directory_grant_place", "directory_grant", ["organisation_id"])


def downgrade() -> None:
    for name in ("directory_grant", "directory_member", "directory_organisation"):
        op.drop_table(name)
