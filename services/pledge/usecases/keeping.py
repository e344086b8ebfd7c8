"""What a change of an exemption 免诺 leaves behind: its row, and an event or a line of history."""
from datetime import date

from services.pledge.domain.exemption import Exemption
from wire.contracts.pledge import ExemptionEnded, ExemptionFacts, ExemptionGranted, ExemptionLine
from wire.contracts.ports import Unit

AGGREGATE = ExemptionGranted.stream
PROPOSED, REFUSED, DROPPED = (f"{AGGREGATE}.{verb}" for verb in ("proposed", "refused", "dropped"))
#: what a line of history says; no words
_KEPT = ("organisation_id", "member_id", "member_name", "state", "from_on", "until_on", "ended_on", "ended_because", "meeting_kind",
         "meeting_on", "meeting_due", "meeting_present")


def saved(unit: Unit, before: Exemption, after: Exemption, by: tuple[str, str] | None = None) -> ExemptionLine:
    """What was granted, and its end, is announced; what others never heard of leaves a line of history alone."""
    if after is before:
        return line(before)
    unit.books.exemptions.save(after, before.version)
    if after.from_on is not None:
        unit.announce(_facts(unit, ExemptionGranted if after.state == "granted" else ExemptionEnded, after, by))
    else:
        remember(unit, REFUSED if after.state == "refused" else DROPPED, after, by)
    return line(after)


def _facts(unit: Unit, kind: type[ExemptionFacts], one: Exemption, by: tuple[str, str] | None) -> ExemptionFacts:
    assert one.from_on is not None
    acted_by, acted_by_name = by or (unit.actor.person_id, unit.actor.name)
    return kind(
        version=one.version, acted_by=acted_by, acted_by_name=acted_by_name, acted_at=unit.now, scope="branch",
        exemption_id=one.id, organisation_id=one.organisation_id, member_id=one.member_id,
        state="granted" if one.state == "granted" else "ended", from_on=one.from_on, until_on=one.until_on, ended_on=one.ended_on,
        ended_because=one.ended_because)


def remember(unit: Unit, what: str, one: Exemption, by: tuple[str, str] | None = None) -> None:
    said = {name: getattr(one, name) for name in _KEPT} | (dict(zip(("acted_by", "acted_by_name"), by, strict=True)) if by else {})
    unit.remember(AGGREGATE, one.id, one.version, what, {
        name: value.isoformat() if isinstance(value, date) else value for name, value in said.items()})


def line(one: Exemption) -> ExemptionLine:
    return ExemptionLine(
        exemption_id=one.id, organisation_id=one.organisation_id, member_id=one.member_id, member_name=one.member_name, state=one.state,
        until_on=one.until_on, from_on=one.from_on, ended_on=one.ended_on, ended_because=one.ended_because, proposed_at=one.proposed_at,
        version=one.version)
