"""In which branch somebody is exempt.  What pledge told of it is read anew; until that is done nobody counts as exempt."""
import sqlalchemy as sa
from alembic import op

revision = "0006_exempt_where"
down_revision = "0005_board_member"
branch_labels = None
depends_on = "0001_bus"

#: as the console's ``replay``: nothing of the stream was taken, and of the epochs the newest is known
READ_ANEW = (
    "DELETE FROM inbox WHERE stream = :stream",
    "DELETE FROM watermark WHERE stream = :stream AND epoch < (SELECT max(epoch) FROM watermark WHERE stream = :stream)",
    "UPDATE watermark SET position = 0, highest = 0, highest_id = '', hole_since = NULL, settled = false, doubt = NULL"
    " WHERE stream = :stream")


def upgrade() -> None:
    op.execute("DELETE FROM exempt")
    with op.batch_alter_table("exempt") as table:
        table.add_column(sa.Column("organisation_id", sa.Text, nullable=False))
    for words in READ_ANEW:
        op.get_bind().execute(sa.text(words), {"stream": "pledge.exemption"})


def downgrade() -> None:
    with op.batch_alter_table("exempt") as table:
        table.drop_column("organisation_id")
