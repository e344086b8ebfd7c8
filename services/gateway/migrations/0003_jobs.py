"""Jobs say how far they are, are worked on under a lease, and keep their files."""
import sqlalchemy as sa
from alembic import op

from wire.bus.tables import Instant

revision = "0003_jobs"
down_revision = "0002_identity"
branch_labels = None
depends_on = None

TEXTS = ("member_id", "person_name", "address", "leased_by")
NUMBERS = ("new", "changed", "expected", "read", "handled", "attempt", "tries")
INSTANTS = ("began_at", "leased_until")


def upgrade() -> None:
    for name in TEXTS:
        op.add_column("job", sa.Column(name, sa.Text, nullable=False, server_default=""))
    for name in NUMBERS:
        op.add_column("job", sa.Column(name, sa.Integer, nullable=False, server_default="0"))
    for name in INSTANTS:
        op.add_column("job", sa.Column(name, Instant))
    op.add_column("job", sa.Column("right_only", sa.Boolean, nullable=False, server_default=sa.false()))
    op.drop_column("job", "rows_gz")
    op.create_index("job_state", "job", ["state"])
    op.create_table(
        "job_file",
        sa.Column("job_id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("body", sa.LargeBinary, nullable=False))
    # what was under way before had neither file nor person: it cannot go on
    op.execute("UPDATE job SET state = 'failed', sentence = '系统升级前没有处理完，没有写入任何内容，请重新上传。' WHERE state = 'reading'")
    op.execute("UPDATE job SET state = 'failed', sentence = '系统升级前没有导入，请重新上传。' WHERE state = 'checked'")


def downgrade() -> None:
    op.drop_table("job_file")
    op.drop_index("job_state", "job")
    for name in (*TEXTS, *NUMBERS, *INSTANTS, "right_only"):
        op.drop_column("job", name)
    op.add_column("job", sa.Column("rows_gz", sa.LargeBinary, nullable=False, server_default=""))
