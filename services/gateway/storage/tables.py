"""The gateway's tables.  It keeps no domain data: accounts, sessions, invitations, second factors, API keys, jobs, prepared
pages.  Its access log (访问日志) is the operation log every service has (``wire.bus.audit``)."""
from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, MetaData, Table, Text, text

from wire.bus.tables import Instant

metadata = MetaData()

account = Table(
    "account", metadata,
    Column("id", Text, primary_key=True),
    Column("username", Text, nullable=False),
    Column("password", Text, nullable=False),
    Column("person_id", Text, nullable=False),
    Column("member_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("password_at", Instant, nullable=False),
    Column("must_change", Boolean, nullable=False),
    Column("last_sign_in_at", Instant))
Index("account_username", account.c.username, unique=True)
Index("account_person", account.c.person_id)
#: one person, one account that works (X50)
ACTIVE = account.c.state == text("'active'")
Index("account_one_active", account.c.person_id, unique=True, sqlite_where=ACTIVE, postgresql_where=ACTIVE)

#: only the digest of the identifier is kept: who reads the table cannot become anybody
session = Table(
    "session", metadata,
    Column("digest", Text, primary_key=True),
    Column("account_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("address", Text, nullable=False),
    Column("device", Text, nullable=False))
Index("session_account", session.c.account_id)
Index("session_expires", session.c.expires_at)

invitation = Table(
    "invitation", metadata,
    Column("id", Text, primary_key=True),
    Column("digest", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("person_id", Text, nullable=False),
    Column("member_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("invited_by", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("spent_at", Instant),
    Column("account_id", Text, nullable=False))
Index("invitation_digest", invitation.c.digest, unique=True)
#: one person, one link of a kind that is good
UNSPENT = invitation.c.spent_at.is_(None)
Index("invitation_one_unspent", invitation.c.kind, invitation.c.person_id, unique=True, sqlite_where=UNSPENT, postgresql_where=UNSPENT)

#: failed sign-ins of one username from one address, under a digest of both
failure = Table(
    "failure", metadata,
    Column("digest", Text, primary_key=True),
    Column("tries", Integer, nullable=False),
    Column("first_at", Instant, nullable=False),
    Column("locked_until", Instant),
    Column("locked_at", Instant),
    Column("account_id", Text, nullable=False, default=""),
    Column("network", Text, nullable=False, default=""))
Index("failure_account", failure.c.account_id)

#: TOTP secrets, sealed; ``last_step`` is the last code used, so that none is good twice
second_factor = Table(
    "second_factor", metadata,
    Column("account_id", Text, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("last_step", BigInteger, nullable=False),
    Column("created_at", Instant, nullable=False))

recovery_code = Table(
    "recovery_code", metadata,
    Column("account_id", Text, primary_key=True),
    Column("digest", Text, primary_key=True),
    Column("used_at", Instant))

#: one administrator asked for a second factor to be reset; another must agree
factor_reset = Table(
    "factor_reset", metadata,
    Column("account_id", Text, primary_key=True),
    Column("asked_by", Text, nullable=False),
    Column("asked_by_name", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("asked_at", Instant, nullable=False))

#: what was done to an account by others, told to its owner until they have seen it
account_note = Table(
    "account_note", metadata,
    Column("id", Text, primary_key=True),
    Column("account_id", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("sentence", Text, nullable=False),
    Column("seen_at", Instant))
Index("account_note_of", account_note.c.account_id, account_note.c.at)

api_key = Table(
    "api_key", metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("organisation_id", Text, nullable=False),
    Column("person_id", Text, nullable=False),
    Column("grant_id", Text, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_by_name", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    Column("used_from", Text, nullable=False))
Index("api_key_place", api_key.c.organisation_id)

#: a key's secrets, as digests: one, and while it is being rotated two
api_secret = Table(
    "api_secret", metadata,
    Column("digest", Text, primary_key=True),
    Column("key_id", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False))
Index("api_secret_key", api_secret.c.key_id)

#: what was asked for and how far it is; under a lease while somebody works on it
job = Table(
    "job", metadata,
    Column("id", Text, primary_key=True),
    *(Column(name, Text, nullable=False) for name in (
        "kind", "state", "person_id", "member_id", "person_name", "address", "file_name", "sentence", "asked", "leased_by")),
    *(Column(name, Integer, nullable=False) for name in (
        "total", "importable", "wrong", "repeated", "new", "changed", "expected", "read", "handled", "attempt", "tries")),
    Column("right_only", Boolean, nullable=False),
    Column("faults_gz", LargeBinary, nullable=False),
    Column("created_at", Instant, nullable=False),
    *(Column(name, Instant) for name in ("began_at", "finished_at", "leased_until")))
Index("job_person", job.c.person_id, job.c.created_at)
Index("job_state", job.c.state)

#: what was uploaded for a job and what was made by it, until it is no longer wanted
job_file = Table(
    "job_file", metadata,
    Column("job_id", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("body", LargeBinary, nullable=False))

#: public pages as they were last rendered; ``about`` is the organisation whose news makes them stale ("": the county)
prepared_page = Table(
    "prepared_page", metadata,
    Column("path", Text, primary_key=True),
    Column("about", Text, nullable=False),
    Column("etag", Text, nullable=False),
    Column("body_gz", LargeBinary, nullable=False),
    Column("content_type", Text, nullable=False),
    Column("stale", Boolean, nullable=False),
    Column("rendered_at", Instant, nullable=False),
    Column("asked_at", Instant, nullable=False))
Index("prepared_page_about", prepared_page.c.about)
Index("prepared_page_stale", prepared_page.c.stale)
