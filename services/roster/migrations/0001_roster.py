"""Organisations, members, persons and grants of the roster."""
import sqlalchemy as sa
from alembic import op

revision = "0001_roster"
down_revision = None
branch_labels = ("roster",)
depends_on = None

#: compares by bytes on both databases: under a language's collation a prefix is no range
ORDERED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _texts(*names: str) -> list[sa.Column]:
    return [sa.Column(n, sa.Text, nullable=False) for n in names]


def upgrade() -> None:
    op.create_table(
        "organisation", sa.Column("id", sa.Text, primary_key=True), sa.Column("code", sa.Text, nullable=False, unique=True),
        *_texts("name", "kind", "sector"), sa.Column("parent_id", sa.Text), sa.Column("path", ORDERED, nullable=False),
        sa.Column("founded_on", sa.Date), sa.Column("re_elected_on", sa.Date), *_texts("state"),
        sa.Column("version", sa.Integer, nullable=False))
    op.create_index("organisation_path", "organisation", ["path"])
    rootless = sa.text("parent_id IS NULL")
    op.create_index("organisation_one_root", "organisation", ["kind"], unique=True, postgresql_where=rootless,
                    sqlite_where=rootless)
    op.create_table(
        "member", sa.Column("id", sa.Text, primary_key=True), sa.Column("code", sa.Text, nullable=False, unique=True),
        *_texts("name"), sa.Column("sort_key", ORDERED, nullable=False), sa.Column("initials", ORDERED, nullable=False),
        *_texts("kind", "organisation_id", "post", "post_kind"), sa.Column("joined_on", sa.Date), *_texts("state"),
        sa.Column("version", sa.Integer, nullable=False))
    op.create_index("member_place", "member", ["organisation_id", "sort_key"])
    op.create_index("member_order", "member", ["sort_key", "id"])
    op.create_table("person", sa.Column("id", sa.Text, primary_key=True), *_texts("name"))
    op.create_table(
        "held_grant", sa.Column("id", sa.Text, primary_key=True),
        *_texts("person_id", "person_name", "member_id", "role", "organisation_id", "state"),
        sa.Column("version", sa.Integer, nullable=False))
    op.create_index("held_grant_place", "held_grant", ["organisation_id"])
    given = sa.text("state = 'given'")
    op.create_index("held_grant_once", "held_grant", ["person_id", "role", "organisation_id"], unique=True,
                    postgresql_where=given, sqlite_where=given)


def downgrade() -> None:
    for name in ("held_grant", "person", "member", "organisation"):
        op.drop_table(name)
