"""The operation log takes lines and gives none back: the database itself refuses to change or delete one (X21).

The only change let through is linking: ``place`` and ``link`` of a line that has none yet.  Who owns the tables can still
take the triggers off; then the chain tells (X22).
"""
from alembic import op

revision = "0007_audit_append_only"
down_revision = "0006_confirmed"
branch_labels = None
depends_on = None

KEPT = ("seq", "at", "kind", "person_id", "person_name", "on_behalf_of", "address", "operation", "organisation_id", "subject", "result",
        "correlation")
SAID = "the operation log is append-only"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        same = " AND ".join(f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}" for name in KEPT)
        op.execute(
            f"CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF TG_OP = 'UPDATE' AND OLD.place IS NULL AND OLD.link IS NULL AND {same} THEN RETURN NEW; END IF; "
            f"RAISE EXCEPTION '{SAID}'; END $$")
        op.execute("CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_append_only()")
        op.execute("CREATE TRIGGER audit_never_emptied BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()")
    else:
        same = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in KEPT)
        op.execute(f"CREATE TRIGGER audit_append_only BEFORE UPDATE ON audit WHEN NOT (OLD.place IS NULL AND OLD.link IS NULL AND {same}) "
                   f"BEGIN SELECT RAISE(ABORT, '{SAID}'); END")
        op.execute(f"CREATE TRIGGER audit_never_emptied BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, '{SAID}'); END")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER audit_append_only ON audit")
        op.execute("DROP TRIGGER audit_never_emptied ON audit")
        op.execute("DROP FUNCTION audit_append_only()")
    else:
        op.execute("DROP TRIGGER audit_append_only")
        op.execute("DROP TRIGGER audit_never_emptied")
