"""Another system keeps organisations in step, by their own code."""
from services.roster.domain import reading, tree
from services.roster.domain.organisation import Organisation
from services.roster.domain.policy import SyncPolicy
from services.roster.usecases import shaping
from services.roster.usecases.syncing.rows import TWICE, Row, Sort, begun, reply, within_reach
from wire.contracts.ports import Unit
from wire.contracts.roster import OrganisationRow, SyncedOrganisation, SyncOrganisations, SyncReply

UNMET = {"stale": "这个党组织在别处改过了，请先读取最新内容再提交。",
         "exists": "已经有这个编号的党组织，没有新建。要修改，请读取后带上它的版本提交。",
         "absent": "还没有这个编号的党组织，没有写入。要新建，请去掉版本和“必须已有”的条件后提交。"}
GONE = "这里已撤销或已并入他处，不再接受同步；请在对方系统里也作相应处理。"
#: fields a policy may let be overwritten, with their Chinese names and the domain's
FIELDS = {"name": tree.NAME, "kind": tree.KIND, "sector": tree.SECTOR, "parent_code": tree.PARENT, "system": tree.SYSTEM,
          "founded_on": tree.FOUNDED, "re_elected_on": tree.RE_ELECTED}


def sync_organisations(unit: Unit, request: SyncOrganisations) -> SyncReply:
    """Write what is right.  Refuses the whole where nothing of it is within reach; more rows than may be sent at once are no request."""
    unit.books.organisations.root(hold=True)
    standing = unit.books.organisations.tree()
    by_code, by_id = {o.code: o for o in standing}, {o.id: o for o in standing}
    sort, rows = _sort(unit, by_id), list[Row]()
    seen: set[str] = set()
    for number, said in enumerate(request.rows, 1):
        row = begun(sort, number, said, _wanted(said), by_code)
        if row.line is not None and row.line.code in seen:
            row.refuse("invalid", TWICE)
        seen.add(row.line.code if row.line else "")
        rows.append(row)

    def touched(row: Row) -> list[Organisation | None]:
        parent = by_code.get(row.line.parent_code) if row.line else None
        moves = parent is not None and (row.known is None or row.known.parent_id != parent.id)
        return [row.known, parent if moves else None]

    within_reach(unit, SyncOrganisations, rows, touched)
    plan, faults = tree.plan_right([row.line for row in rows if row.line], standing, **shaping.rules(unit))
    shaping.written(unit, plan)
    return reply(rows, plan.lines, faults)


def _sort(unit: Unit, by_id: dict[str, Organisation]) -> Sort:
    systems = {system.id: system.name for system in unit.books.systems.all()}

    def stands(known: Organisation) -> dict[str, str]:
        above = by_id.get(known.parent_id or "")
        return {"name": known.name, "kind": known.kind if known.form == "ordinary" else f"{known.kind}.{known.form}", "sector": known.sector,
                "parent_code": above.code if above else "", "system": systems.get(known.system_id, tree.NONE),
                "founded_on": reading.day_cell(known.founded_on), "re_elected_on": reading.day_cell(known.re_elected_on)}

    return Sort(UNMET, GONE, FIELDS, OrganisationRow, stands=stands, may=lambda o: unit.policy(SyncPolicy, o.id).organisation_fields)


def _wanted(said: SyncedOrganisation) -> dict[str, str]:
    kind = f"{said.kind}.{said.form}" if said.kind and said.form not in ("", "ordinary") else said.kind
    return {"name": reading.plain(said.name), "kind": kind, "sector": reading.plain(said.sector),
            "parent_code": reading.plain(said.parent_code), "system": reading.plain(said.system), "founded_on": reading.day_cell(said.founded_on),
            "re_elected_on": reading.day_cell(said.re_elected_on)}
