"""What a line may be worth a look for."""
from datetime import date
from typing import get_args

from services.gateway.jobs.receiving import NOTES
from services.roster.domain import hint
from services.roster.domain.member import Member
from services.roster.domain.organisation import Organisation
from services.roster.domain.sheet import CHANGED, Line
from services.roster.usecases.sheets import columns
from wire.bus.settings import Settings
from wire.contracts.roster import RowHint, SheetHints
from wire.contracts.roster.staging import HINT_SORTS, HintSort
from wire.contracts.shape import written

LINES = [Line(row=1_100_000, code="码" * 40, verdict=CHANGED, subject="one", version=2)]


def test_the_sorts_are_the_same_in_the_same_order_wherever_they_are_named():
    assert hint.ORDER == tuple(HINT_SORTS) == get_args(HintSort)


def organisation(word: str, system: str, day: int) -> Organisation:
    return Organisation(id="one", code="码" * 40, name=word * 100, kind="branch", sector="social_organisation" if day > 1 else "window",
                        form="functional" if day > 1 else "joint", parent_id=word, path=f"/{word}/one/", system_id=system,
                        founded_on=date(2020, 1, day), re_elected_on=date(2024, 1, day), extended_until=None if day > 1 else date(2025, 1, 1))


def test_a_page_of_the_longest_there_can_be_fits_a_reply(tmp_path):
    """Long names on both sides, and everything changed at once: else an import of such lines would stop at its own hints. [T22]"""
    before, after = organisation("甲", "one", 1), organisation("乙", "two", 2)
    says = columns.of_organisations({"one": "条" * 40, "two": "线" * 40})
    found = hint.of_changes(LINES, [(before, after)], {"甲": "上" * 100, "乙": "级" * 100}, stands="parent_id", verb="调整上级", columns=says)
    was = Member(id="one", code="码" * 40, name="姓" * 40, sort_key="", initials="", kind="probationary", organisation_id="甲", post="职" * 200,
                 post_kind="without", duty="责" * 100, joined_on=date(2020, 1, 1), whereabouts="inflow", inflow_id="乙")
    told = was.told_again(name="名" * 40, kind="member", organisation_id="乙", post="务" * 60, post_kind="retired", duty="", joined_on=None,
                          whereabouts="home", inflow_id="")
    found += hint.of_changes(LINES, [(was, told)], {"甲": "上" * 100, "乙": "级" * 100}, stands="organisation_id", verb="调动",
                             columns=columns.MEMBERS)
    assert {one.sort for one in found} == {hint.RENAMED, hint.MOVED, hint.EMPTIED, hint.ALTERED}
    longest = max((RowHint(row=one.row, code=one.code, sentence=one.sentence, sort=one.sort) for one in found), key=lambda one: len(one.sentence))
    reply = written(SheetHints(hints=(longest,) * NOTES, total=NOTES))
    assert len(reply.encode()) < Settings(data=tmp_path).call_bytes, len(reply.encode())
