"""The tables of pledge.  Column names are the domain's field names; what is derived (overdue, rates) is in none of them."""
from sqlalchemy import BigInteger, Boolean, Column, Date, ForeignKey, Index, Integer, LargeBinary, MetaData, Table, Text

from wire.bus.tables import Instant, Json

metadata = MetaData()


def _texts(*names: str) -> list[Column]:
    return [Column(name, Text, nullable=False) for name in names]


pledges = Table(
    "pledge", metadata,
    Column("id", Text, primary_key=True), *_texts("organisation_id", "member_id", "pledgor_name"),
    Column("year", Integer, nullable=False), *_texts("kind", "form", "commitment", "state", "number", "letter_hash"),
    *_texts("returned_because"), Column("submitted_at", Instant), Column("signed_at", Instant), Column("published_at", Instant),
    *_texts("evaluation_id"), Column("evaluation_epoch", BigInteger, nullable=False),
    Column("evaluation_version", Integer, nullable=False), Column("version", Integer, nullable=False))
Index("pledge_place", pledges.c.organisation_id, pledges.c.year, pledges.c.id)
Index("pledge_member", pledges.c.member_id, pledges.c.year)
Index("pledge_number", pledges.c.organisation_id, pledges.c.number, unique=True,
      sqlite_where=pledges.c.number != "", postgresql_where=pledges.c.number != "")

items = Table(
    "pledge_item", metadata,
    Column("id", Text, primary_key=True), Column("pledge_id", Text, ForeignKey("pledge.id"), nullable=False),
    Column("position", Integer, nullable=False), *_texts("matter", "category", "source", "measure", "target", "responsible"),
    Column("deadline_on", Date), *_texts("state"), Column("progress", Integer, nullable=False), *_texts("note", "evidence"),
    Column("claimed_at", Instant), Column("fulfilled_at", Instant), Column("fulfilled_on", Date), *_texts("verdict"),
    *(Column(name, Text, nullable=False, server_default="") for name in ("serves_pledge_id", "serves_item_id")))
Index("pledge_item_place", items.c.pledge_id, items.c.position)
Index("pledge_item_serves", items.c.serves_pledge_id, sqlite_where=items.c.serves_pledge_id != "",
      postgresql_where=items.c.serves_pledge_id != "")

#: the latest look of each reviewer at each item
reviews = Table(
    "pledge_review", metadata,
    Column("pledge_id", Text, ForeignKey("pledge.id"), primary_key=True), Column("item_id", Text, primary_key=True),
    Column("reviewer_id", Text, primary_key=True), *_texts("reviewer_name"), Column("reviewed_at", Instant, nullable=False),
    Column("verdicts", Json, nullable=False))

#: every verification, passed or not, in the order it was made
gates = Table(
    "pledge_gate", metadata,
    Column("pledge_id", Text, ForeignKey("pledge.id"), primary_key=True), Column("item_id", Text, primary_key=True),
    Column("verified_at", Instant, primary_key=True), Column("solved", Boolean, nullable=False),
    Column("implemented", Boolean, nullable=False), Column("satisfied", Boolean, nullable=False),
    *_texts("note", "verified_by", "verified_by_name"))

#: letters as they were signed
letters = Table(
    "pledge_letter", metadata,
    Column("pledge_id", Text, ForeignKey("pledge.id"), primary_key=True), *_texts("organisation_id"),
    Column("year", Integer, nullable=False), *_texts("number", "text", "digest"), Column("copies", Json, nullable=False),
    *_texts("signed_by_name"), Column("signed_at", Instant, nullable=False))

#: the last running number given in each organisation and year
letter_sequence = Table(
    "pledge_letter_sequence", metadata,
    Column("organisation_id", Text, primary_key=True), Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False))

#: exemptions 免予承诺; ``words``: why, sealed, empty once ``forget_on`` has come
exemptions = Table(
    "exemption", metadata,
    Column("id", Text, primary_key=True), *_texts("organisation_id", "member_id", "member_name"), Column("until_on", Date, nullable=False),
    *_texts("proposed_by", "proposed_by_name"), Column("proposed_at", Instant, nullable=False), *_texts("meeting_kind"),
    Column("meeting_on", Date), Column("meeting_due", Integer, nullable=False), Column("meeting_present", Integer, nullable=False),
    Column("words", LargeBinary, nullable=False), *_texts("state"), Column("from_on", Date), *_texts("decided_by_name"),
    Column("decided_at", Instant), Column("ended_on", Date), *_texts("ended_because"), Column("forget_on", Date),
    Column("member_version", Integer, nullable=False), Column("place_version", Integer, nullable=False),
    Column("version", Integer, nullable=False))
Index("exemption_place", exemptions.c.organisation_id, exemptions.c.id)
Index("exemption_member", exemptions.c.member_id)
_open = exemptions.c.state.in_(("proposed", "granted"))
Index("exemption_open", exemptions.c.organisation_id, exemptions.c.member_id, unique=True, sqlite_where=_open, postgresql_where=_open)
