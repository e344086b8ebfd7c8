"""How an evaluation is written into its row and read again.  Exact fractions stay exact: they are kept as "2800/30"."""
from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from services.evaluation.domain.appraisal import Appraisal, Tally, Teller, Totals
from services.evaluation.domain.evaluation import Comment, Evaluation, Result, SelfReport
from services.evaluation.domain.pledged import Matter, Pledged
from services.evaluation.domain.scoring import Part

PLAIN = ("id", "version", "organisation_id", "member_id", "member_name", "pledge_id", "year", "state", "policy_version",
         "acted_by", "acted_by_name", "acted_at")


def row(value: Evaluation) -> dict[str, Any]:
    """The columns of an evaluation."""
    report, comment, meeting, result = value.self_report, value.comment, value.appraisal, value.result
    return {name: getattr(value, name) for name in PLAIN} | {
        "self_report": {"statements": _pairs(report.statements), "score": str(report.score)} if report else None,
        "comment": _named(comment) | {"scores": _pairs((n, str(s)) for n, s in comment.scores)} if comment else None,
        "appraisal": _appraisal(meeting) if meeting else None,
        "result": _result(result) if result else None,
        "score": result.score if result else None, "grade": result.grade if result else None}


def evaluation(found: Mapping[str, Any]) -> Evaluation:
    """The evaluation of a row."""
    report, comment, meeting, result = (found[n] for n in ("self_report", "comment", "appraisal", "result"))
    return Evaluation(
        **{name: found[name] for name in PLAIN},
        self_report=SelfReport(_tuples(report["statements"]), Decimal(report["score"])) if report else None,
        comment=Comment(**comment | {"scores": tuple((n, Decimal(s)) for n, s in comment["scores"])}) if comment else None,
        appraisal=_read_appraisal(meeting) if meeting else None,
        result=_read_result(result) if result else None)


def pledged(found: Mapping[str, Any]) -> Pledged:
    """The pledge of a row of the copy."""
    return Pledged(
        **{f.name: found[f.name] for f in fields(Pledged) if f.name != "items"},
        items=tuple(Matter(**i | {"deadline_on": _day(i["deadline_on"]), "fulfilled_at": _instant(i["fulfilled_at"])})
                    for i in found["items"]))


def _appraisal(value: Appraisal) -> dict[str, Any]:
    return {"held_on": value.held_on.isoformat(), "strata": dict(value.strata), "issued": value.issued,
            "tellers": [_named(t) for t in value.tellers], "entries": {t: _named(e) for t, e in value.entries.items()}}


def _read_appraisal(found: dict[str, Any]) -> Appraisal:
    return Appraisal(
        held_on=date.fromisoformat(found["held_on"]), strata=found["strata"], issued=found["issued"],
        tellers=tuple(Teller(**t) for t in found["tellers"]), entries={t: Totals(**e) for t, e in found["entries"].items()})


def _result(value: Result) -> dict[str, Any]:
    return _named(value) | {
        "parts": [_named(p) | {"score": str(p.score), "weight": str(p.weight)} for p in value.parts],
        "outcomes": _pairs(value.outcomes), "left_out": list(value.left_out), "score": str(value.score),
        "tally": _tally(value.tally) if value.tally else None, "due_fulfilment": _text(value.due_fulfilment),
        "on_time": _text(value.on_time), "completed_at": value.completed_at.isoformat() if value.completed_at else None}


def _read_result(found: dict[str, Any]) -> Result:
    tally = found["tally"]
    return Result(**found | {
        "parts": tuple(Part(**p | {"score": Fraction(p["score"]), "weight": Fraction(p["weight"])}) for p in found["parts"]),
        "outcomes": _tuples(found["outcomes"]), "left_out": tuple(found["left_out"]), "score": Decimal(found["score"]),
        "tally": Tally(**tally | {"totals": Totals(**tally["totals"]), "satisfaction": _fraction(tally["satisfaction"]),
                                  "awareness": _fraction(tally["awareness"])}) if tally else None,
        "due_fulfilment": _decimal(found["due_fulfilment"]), "on_time": _decimal(found["on_time"]),
        "completed_at": _instant(found["completed_at"])})


def _tally(value: Tally) -> dict[str, Any]:
    return _named(value) | {"totals": _named(value.totals), "satisfaction": _text(value.satisfaction),
                            "awareness": _text(value.awareness)}


def _named(value: Any) -> dict[str, Any]:
    return {f.name: getattr(value, f.name) for f in fields(value)}


def _pairs(values: Any) -> list[list[str]]:
    return [list(pair) for pair in values]


def _tuples(values: list[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((one, other) for one, other in values)


def _text(value: Decimal | Fraction | None) -> str | None:
    return None if value is None else str(value)


def _fraction(value: str | None) -> Fraction | None:
    return None if value is None else Fraction(value)


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _day(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)


def _instant(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)
