"""The operation log gives back what is old enough, and nothing else: linked lines more than 200 days old, by the database's own
clock (X21).  How much older they must be is a setting; that a line tells of it, the chain sees to."""
from alembic import op

revision = "0008_audit_trimmed"
down_revision = "0007_audit_append_only"
branch_labels = None
depends_on = None

KEPT = ("seq", "at", "kind", "person_id", "person_name", "on_behalf_of", "address", "operation", "organisation_id", "subject", "result",
        "correlation")
SAID = "the operation log is append-only"


def upgrade() -> None:
    old = "OLD.place IS NOT NULL AND OLD.at < now() - interval '200 days'"
    _guard(f"IF TG_OP = 'DELETE' AND {old} THEN RETURN OLD; END IF; ",
           " WHEN OLD.place IS NULL OR OLD.at >= strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-200 days')")


def downgrade() -> None:
    _guard("", "")


def _guard(postgresql: str, sqlite: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        same = " AND ".join(f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}" for name in KEPT)
        op.execute(
            f"CREATE OR REPLACE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {postgresql}"
            f"IF TG_OP = 'UPDATE' AND OLD.place IS NULL AND OLD.link IS NULL AND {same} THEN RETURN NEW; END IF; "
            f"RAISE EXCEPTION '{SAID}'; END $$")
    else:
        op.execute("DROP TRIGGER audit_never_emptied")
        # alembic reads a colon as a parameter; a percent sign is kept
        op.execute(f"CREATE TRIGGER audit_never_emptied BEFORE DELETE ON audit{sqlite} BEGIN SELECT RAISE(ABORT, '{SAID}'); END".replace(":", r"\:"))
