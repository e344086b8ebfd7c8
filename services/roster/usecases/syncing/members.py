"""Another system keeps members in step, by their own code.

Standing, whereabouts and grants are never taken from a sync (X45); nobody comes to the roll twice, and nobody comes back by one.
"""
from collections.abc import Callable, Mapping
from functools import partial

from services.roster.domain import reading, roll
from services.roster.domain.member import Member
from services.roster.domain.organisation import Organisation
from services.roster.domain.policy import RollPolicy, SyncPolicy
from services.roster.usecases.following import put_many
from services.roster.usecases.planning import planned_members
from services.roster.usecases.policy_parts import by_place
from services.roster.usecases.syncing.rows import TWICE, Row, Sort, begun, reply, within_reach
from wire.contracts.ports import Unit
from wire.contracts.roster import LEAVINGS, MemberRow, SyncedMember, SyncMembers, SyncReply

UNMET = {"stale": "这名党员的资料在别处改过了，请先读取最新内容再提交。",
         "exists": "已经有这个编号的党员，没有新登记。要修改，请读取后带上他的版本提交。",
         "absent": "还没有这个编号的党员，没有写入。要新登记，请去掉版本和“必须已有”的条件后提交。"}
GONE = "这名党员已离开名册，不再接受同步。如已回来，请在党员页面办理“恢复在册”；如是另一个人，请换一个编号。"
SAME_PERSON = "这一批里有两行是同一个人（这两个编号已合并），请只留一行。"
#: fields a policy may let be overwritten, with their Chinese names
FIELDS = {"name": roll.NAME, "kind": roll.KIND, "organisation_code": roll.PLACE, "post": roll.POST, "post_kind": roll.POST_KIND,
          "joined_on": roll.JOINED}


def sync_members(unit: Unit, request: SyncMembers) -> SyncReply:
    """Write what is right; another organisation is a move, which ends what a move ends.

    Refused row by row: who left the roll, a code that is another person's, who would leave a position behind, what is out of
    reach.  The code of a merged entry leads to the kept one.  Refuses the whole as ``sync_organisations`` does.
    """
    books = unit.books
    books.organisations.root(hold=True)
    standing = books.members.by_codes(roll.codes(request.rows))
    places = books.organisations.by_codes_or_ids(roll.places(request.rows), {m.organisation_id for m in standing.values()})
    by_code, by_id = {o.code: o for o in places}, {o.id: o for o in places}
    sort, rows = _sort(unit, by_id), list[Row]()
    seen: dict[str, str] = {}
    for number, said in enumerate(request.rows, 1):
        row = begun(sort, number, said, _wanted(said), standing, odd=partial(_not_them, said=said))
        if row.line is not None:
            whose = row.known.id if row.known else row.line.code
            if whose in seen:
                row.refuse("invalid", TWICE if seen[whose] == row.line.code else SAME_PERSON)
            else:
                seen[whose] = row.line.code
        rows.append(row)

    def touched(row: Row) -> list[Organisation | None]:
        home = by_id.get(row.known.organisation_id) if row.known else None
        return [home, by_code.get(row.line.organisation_code) if row.line else None]

    within_reach(unit, SyncMembers, rows, touched)
    plan = planned_members(unit, [row.line for row in rows if row.line], places, standing,
                           rules=by_place(unit, RollPolicy))
    put_many(unit, plan.new, plan.changed)
    return reply(rows, plan.lines, plan.faults)


def _sort(unit: Unit, by_id: Mapping[str, Organisation]) -> Sort:
    return Sort(UNMET, GONE, FIELDS, MemberRow, may=lambda m: unit.policy(SyncPolicy, m.organisation_id).member_fields, stands=lambda m: {
        "name": m.name, "kind": m.kind, "organisation_code": by_id[m.organisation_id].code, "post": m.post, "post_kind": m.post_kind,
        "joined_on": reading.day_cell(m.joined_on)})


def _not_them(known: Member, said: SyncedMember) -> str:
    # asked of what was said, whatever of it the policy will keep
    return roll.not_them(known, {"name": _as_read(reading.name, said.name), "joined_on": said.joined_on}, LEAVINGS)


def _wanted(said: SyncedMember) -> dict[str, str]:
    return {"name": _as_read(reading.name, said.name), "kind": said.kind, "organisation_code": _as_read(reading.code, said.organisation_code),
            "post": reading.plain(said.post), "post_kind": said.post_kind, "joined_on": reading.day_cell(said.joined_on)}


def _as_read(reader: Callable[[str], str], cell: str) -> str:
    """As the roll would write it; what cannot be read is left for the plan to refuse."""
    try:
        return reader(cell)
    except reading.Odd:
        return reading.plain(cell)
