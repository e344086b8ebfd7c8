"""A sheet of organisations: where one stands depends on all others, so the pieces are kept and the whole is thought about."""
from collections.abc import Sequence
from dataclasses import fields, replace

from services.roster.domain import hint, tree
from services.roster.domain.organisation import TAKEN_BACK, Organisation
from services.roster.domain.sheet import NEW, Line, Sheet, TooManyLines
from services.roster.domain.policy import SheetPolicy
from services.roster.usecases import shaping
from services.roster.usecases.sheets import columns
from services.roster.usecases.sheets.staged import Staged, former
from services.roster.usecases.telling import announce_organisation
from wire.contracts.ports import Unit
from wire.contracts.roster import OrganisationRow

DECIDED = "导入之后这个党组织又有改动，所以不能整批撤销；导错的行请逐个改正，或改好表格重新上传。"
LIVED_IN = "它下面已经有别的党组织或党员，请先调整它们的上级或所在党组织。"
HOLDS = "导入之后在这个党组织授过权，请先结束授权。"
#: lines prepared at a time
PIECE = 1000


def stage(unit: Unit, sheet: Sheet, piece: int, rows: tuple[OrganisationRow, ...]) -> Staged:
    """Keep the lines; asks for the standing organisations they name.  What they would do is seen in ``settle``."""
    unit.books.sheets.keep_rows(sheet.id, piece, rows)
    named = unit.books.organisations.by_codes_or_ids({row.parent_code.strip() for row in rows} | {row.code.strip() for row in rows}, ())
    return [o.id for o in tree.highest(named)], (), ()


def settle(unit: Unit, sheet: Sheet) -> Staged:
    """What the lines would do, prepared; the roster is held, so that the edition is that of the tree looked at."""
    rows = [OrganisationRow(**row) for row in unit.books.sheets.rows(sheet.id)]
    root = unit.books.organisations.root(hold=True)
    most = unit.policy(SheetPolicy, root.id if root else "").most_organisations
    if len(rows) > most:
        raise TooManyLines(most, "个党组织，请分成几个文件，上级在先。")
    standing = unit.books.organisations.tree()
    plan, faults = tree.plan_right(rows, standing, **shaping.rules(unit))
    before = {one.id: one for one in standing}
    unit.books.sheets.keep_hints(sheet.id, 0, [
        *hint.of_changes(plan.lines, [(before[one.id], one) for one in plan.changed],
                         {one.id: one.name for one in (*standing, *plan.new, *plan.changed)}, stands="parent_id", verb="调整上级",
                         columns=columns.of_organisations({system.id: system.name for system in unit.books.systems.all()})),
        *hint.of_months(plan.lines, rows, {"founded_on": tree.FOUNDED, "re_elected_on": tree.RE_ELECTED})])
    _prepare(unit, sheet.id, plan.new + plan.changed + plan.moved)
    return [o.id for o in plan.targets], plan.lines, faults


def write(unit: Unit, sheet: Sheet, batch: str) -> bool:
    """Hold the roster, see whether the tree is the one looked at, and pour."""
    books = unit.books
    books.organisations.root(hold=True)
    if batch == sheet.id and books.organisations.edition() != sheet.edition:
        return False
    books.organisations.release(batch)
    return not books.sheets.missed(sheet.id, books.organisations)


def obstacles(unit: Unit, sheet: Sheet) -> list[tuple[int, str, str]]:
    """Organisations changed since, given a grant, or lived in by who did not come with this sheet."""
    books = unit.books
    return sorted({(row, code, DECIDED) for row, code in books.sheets.moved_on(sheet.id, books.organisations)} | {
        (row, code, HOLDS) for row, code in books.sheets.governed(sheet.id)} | {
        (row, code, LIVED_IN) for row, code in books.sheets.lived_in(sheet.id)})


def take_back(unit: Unit, batch: str, piece: int, lines: Sequence[Line]) -> None:
    """Prepare: what was new is dissolved, what was changed or moved is as before."""
    standing = {o.id: o for o in unit.books.organisations.get_many([line.subject for line in lines])}
    before = former(unit, "roster.organisation", lines)
    after = []
    for line in lines:
        now = standing[line.subject]
        if line.verdict == NEW:
            after.append(now.end(unit.today, TAKEN_BACK))
            continue
        facts = before[line.subject]
        told = {f.name: getattr(facts, f.name) for f in fields(Organisation) if hasattr(facts, f.name)}
        after.append(replace(now, **told | {"version": now.version + 1}))
    _prepare(unit, batch, after, first=piece)


def _prepare(unit: Unit, batch: str, organisations: list[Organisation], first: int = 0) -> None:
    ordered = sorted(organisations, key=lambda o: o.path)
    for number, start in enumerate(range(0, len(ordered), PIECE), first):
        some = ordered[start:start + PIECE]
        unit.books.organisations.prepare(batch, number, some)
        with unit.prepare(batch, number):
            for organisation in some:
                announce_organisation(unit, organisation)
