"""One person, one account that works, and one unspent link of a kind: kept by the database, whoever is faster (X50).

Where a person has several accounts that work, the one last signed in to stays, of those never used the newest.  The others
are disabled and end their sessions, as if the office had done it: it can enable one again after disabling the other; whoever
has the one that stays is told.  Of several unspent links the newest stays good.
"""
import sqlalchemy as sa
from alembic import op

from wire.bus.tables import Instant

revision = "0007_one_account"
down_revision = "0006_locked"
branch_labels = None
depends_on = None

account = sa.table("account", *(sa.column(name, sa.Text) for name in ("id", "username", "person_id", "state")), sa.column("version", sa.Integer),
                   sa.column("created_at", Instant), sa.column("last_sign_in_at", Instant))
session = sa.table("session", sa.column("account_id", sa.Text))
note = sa.table("account_note", *(sa.column(name, sa.Text) for name in ("id", "account_id", "sentence")), sa.column("at", Instant))
invitation = sa.table("invitation", *(sa.column(name, sa.Text) for name in ("id", "kind", "person_id")),
                      *(sa.column(name, Instant) for name in ("created_at", "spent_at")))
TOLD = "一位同志只能有一个可用的账号，您的另一个账号“{}”已停用；如果要用那一个，请联系县级管理员。"


def upgrade() -> None:
    sql = op.get_bind()
    stays: dict[str, str] = {}
    for one in sql.execute(sa.select(account).where(account.c.state == "active").order_by(
            account.c.last_sign_in_at.is_(None), account.c.last_sign_in_at.desc(), account.c.created_at.desc(), account.c.id)).all():
        kept = stays.setdefault(one.person_id, one.id)
        if kept != one.id:
            sql.execute(account.update().where(account.c.id == one.id).values(state="disabled", version=account.c.version + 1))
            sql.execute(session.delete().where(session.c.account_id == one.id))
            sql.execute(note.insert().values(id=f"not_{one.id}", account_id=kept, at=one.created_at, sentence=TOLD.format(one.username)))
    good: set[tuple[str, str]] = set()
    for one in sql.execute(sa.select(invitation).where(invitation.c.spent_at.is_(None)).order_by(
            invitation.c.created_at.desc(), invitation.c.id.desc())).all():
        if (one.kind, one.person_id) in good:
            sql.execute(invitation.update().where(invitation.c.id == one.id).values(spent_at=one.created_at))
        good.add((one.kind, one.person_id))
    for name, table, columns, where in (("account_one_active", "account", ["person_id"], "state = 'active'"),
                                        ("invitation_one_unspent", "invitation", ["kind", "person_id"], "spent_at IS NULL")):
        op.create_index(name, table, columns, unique=True, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def downgrade() -> None:
    op.drop_index("account_one_active", "account")
    op.drop_index("invitation_one_unspent", "invitation")
