"""What hangs on the lines of a sheet outside the roster: asked before it is taken back, because roster hears nobody but notice."""
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from wire.contracts.pledge import PledgedAmong
from wire.contracts.roster import ListSheetSubjects, Obstacle, SheetSubject

if TYPE_CHECKING:
    from services.gateway.jobs.working import Task

PLEDGED = "{}已经有 {} 份承诺（含草稿），不能撤销。请先在承诺里处理，或只改正这一行。"
EXEMPT = "{}已经提出或办理过免诺，不能撤销。如确系误登记，请在党员页面办理离开名册。"
SIGNS_IN = "{}已经开通账号，不能撤销。如确系误登记，请先停用账号，再在党员页面办理离开名册。"


def obstacles(task: "Task", kind: str) -> list[Obstacle]:
    """Every new line on whose member or organisation something was decided elsewhere: a pledge or an exemption in any state, an account."""
    if kind not in ("members", "organisations"):
        return []
    found: list[Obstacle] = []
    for page in _entered(task):
        ids = tuple(one.subject_id for one in page)
        asked = PledgedAmong(member_ids=ids) if kind == "members" else PledgedAmong(organisation_ids=ids)
        decided = {one.subject_id: one for one in task.ask(asked)}
        with task.app.extensions["store"].reading() as unit:
            accounts = unit.books.accounts.ever_among(list(ids))
        found += [Obstacle(row=one.row, code=one.code, sentence=PLEDGED.format(one.name, has.pledges) if has.pledges else EXEMPT.format(one.name))
                  for one in page if (has := decided.get(one.subject_id))]
        found += [Obstacle(row=one.row, code=one.code, sentence=SIGNS_IN.format(one.name)) for one in page if one.subject_id in accounts]
    return sorted(found, key=lambda one: one.row)


def _entered(task: "Task") -> Iterator[Sequence[SheetSubject]]:
    page = task.ask(ListSheetSubjects(sheet_id=task.job.id))
    while page.subjects:
        yield page.subjects
        if not page.next:
            return
        page = task.ask(ListSheetSubjects(sheet_id=task.job.id, after=page.next))
