"""The gateway's tables.  It keeps no domain data: accounts, sessions, invitations, the access log, jobs, prepared pages."""
from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, MetaData, Table, Text

from wire.bus.tables import Instant, Serial

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
    Column("password_at", Instant, nullable=False))
Index("account_username", account.c.username, unique=True)
Index("account_person", account.c.person_id)

#: only the digest of the identifier is kept: who reads the table cannot become anybody
session = Table(
    "session", metadata,
    Column("digest", Text, primary_key=True),
    Column("account_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False))
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
    Column("spent_at", Instant))
Index("invitation_digest", invitation.c.digest, unique=True)

#: failed sign-ins of one username from one address, under a digest of both
failure = Table(
    "failure", metadata,
    Column("digest", Text, primary_key=True),
    Column("tries", Integer, nullable=False),
    Column("first_at", Instant, nullable=False),
    Column("locked_until", Instant))

#: who signed in, and who looked at whose personal data
look = Table(
    "look", metadata,
    Column("seq", Serial, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("account_id", Text, nullable=False),
    Column("person_id", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("object", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("correlation", Text, nullable=False))
Index("look_at", look.c.at)
Index("look_person", look.c.person_id, look.c.at)

job = Table(
    "job", metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("person_id", Text, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("total", Integer, nullable=False),
    Column("importable", Integer, nullable=False),
    Column("wrong", Integer, nullable=False),
    Column("repeated", Integer, nullable=False),
    Column("sentence", Text, nullable=False),
    Column("faults_gz", LargeBinary, nullable=False),
    Column("rows_gz", LargeBinary, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("finished_at", Instant))
Index("job_person", job.c.person_id, job.c.created_at)

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
