"""What a key may do is told by what other systems need, no longer by service: keys that are out keep what they had."""
import sqlalchemy as sa
from alembic import op

revision = "0005_key_scopes"
down_revision = "0004_exports"
branch_labels = None
depends_on = None

NOW = {"roster:read": "organisations:read members:read posts:read", "roster:write": "organisations:sync members:sync",
       "pledge:read": "pledges:read", "commendation:read": "rankings:read"}
BEFORE = {"organisations": "roster", "members": "roster", "posts": "roster", "pledges": "pledge", "rankings": "commendation"}
api_key = sa.table("api_key", sa.column("id", sa.Text), sa.column("scopes", sa.Text))


def _rewrite(of) -> None:
    here = op.get_bind()
    for id_, scopes in here.execute(sa.select(api_key.c.id, api_key.c.scopes)).all():
        words = {word for scope in scopes.split() for word in of(scope).split()}
        here.execute(api_key.update().where(api_key.c.id == id_).values(scopes=" ".join(sorted(words))))


def upgrade() -> None:
    _rewrite(lambda scope: NOW.get(scope, scope))


def downgrade() -> None:
    """Wider than it was, where a key was given a part of a service."""
    def wider(scope: str) -> str:
        thing, _, verb = scope.partition(":")
        return f"{BEFORE[thing]}:{'write' if verb == 'sync' else 'read'}" if thing in BEFORE else scope
    _rewrite(wider)
