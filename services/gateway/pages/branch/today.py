"""今日待办: what waits for somebody's hand, each with the link that leads there, and who has not pledged, by name."""
from collections.abc import Iterator
from dataclasses import dataclass, replace

from flask import redirect, render_template, request, url_for
from wire.contracts.actor import Role
from wire.contracts.evaluation import EvaluationLine, ListEvaluations, ReadEvaluation
from wire.contracts.pledge import LedgerLine, LedgerPage, ListExemptions, ListPledges, PledgeLine, ReadCoverage, ReadLedger

from services.gateway import clients
from services.gateway.pages import here
from services.gateway.pages.branch import desk
from services.gateway.pages.parts import part

#: opened evaluations whose missing pieces are told on the desk; the rest stand in their list
TOLD = 5
#: items to verify, late ones, and pledges in one state that stand among the duties; lines of the ledger below them
LISTED, SHOWN = 50, 8


@dataclass(frozen=True)
class Duty:
    """One thing to do: how pressing (word and tone), what, a line about it, where and under which word."""

    word: str
    tone: str
    what: str
    about: str
    url: str
    verb: str


@desk.get("")
def today():
    """The desk of the organisation at hand; whoever has none is sent to their own page."""
    if not here.has_desk():
        return redirect(url_for("superior.units" if here.looks_below() else "operator.system" if here.operates() else "member.mine"))
    organisation_id = here.place("pledge.sign" if here.holds(Role.SECRETARY) else "pledge.draft")
    year = here.year()
    away: list[str] = []
    pledges = part(away, "承诺", lambda: _pledges(organisation_id, year)) or ()
    coverage = part(away, "承诺覆盖", lambda: clients.call(ReadCoverage(organisation_id=organisation_id, year=year)))
    ledger = part(away, "台账", lambda: _ledger(organisation_id, year))
    opened = part(away, "评议", lambda: _opened(organisation_id, year)) or ()
    proposed = part(away, "免诺", lambda: clients.call(ListExemptions(organisation_id=organisation_id, state="proposed", limit=500)))
    duties = [*pledge_duties(pledges, organisation_id, whole=request.args.get("whole", "")),
              *(item_duties(ledger, organisation_id) if ledger else ()),
              *evaluation_duties(opened)]
    return render_template("desk/today.html", organisation_id=organisation_id, year=year, duties=duties, coverage=coverage,
                           begun={p.member_id for p in pledges}, proposed={e.member_id for e in proposed.exemptions} if proposed else (),
                           ledger=ledger, away=dict.fromkeys(away),
                           waiting_to_publish=len({p.member_id for p in pledges if p.state == "signed" and p.member_id}))


def _pledges(organisation_id: str, year: int) -> tuple[PledgeLine, ...]:
    """All of the branch's, however many pages they are: what is counted on the desk is counted wholly."""
    found: list[PledgeLine] = []
    asked = ListPledges(organisation_id=organisation_id, year=year, limit=500)
    while True:
        page = clients.call(asked)
        found += page.pledges
        if not page.next:
            return tuple(found)
        asked = replace(asked, after=page.next)


def pledge_duties(pledges: tuple[PledgeLine, ...], organisation_id: str, *, whole: str = "") -> Iterator[Duty]:
    """Waiting for review, returned, approved, signed: one line for each state in which somebody's hand is missing, or one for
    each pledge; where these are many, how many more there are, unless it is this state that is wanted ``whole``."""
    def those(state: str) -> list[PledgeLine]:
        return [p for p in pledges if p.state == state]

    def first(state: str) -> list[PledgeLine]:
        return those(state) if state == whole else those(state)[:LISTED]

    def rest(state: str, word: str, tone: str) -> Iterator[Duty]:
        if left := len(those(state)) - len(first(state)):
            yield Duty(word, tone, f"{word}的承诺共 {len(those(state))} 份，还有 {left} 份没有列在这里", f"这里先列出 {LISTED} 份",
                       url_for("desk.today", organisation=organisation_id, whole=state), "全部列出")

    decides = here.may("pledge.approve", organisation_id)
    waiting = those("submitted")
    if waiting:
        oldest = min(p.submitted_at for p in waiting if p.submitted_at) if any(p.submitted_at for p in waiting) else None
        days = (here.today() - here.day_of(oldest)).days if oldest else 0
        yield Duty("待审", "due", f"{len(waiting)} 份承诺待审定", f"最早提交于 {days} 天前" if days else "今天提交",
                   url_for("desk.reviews", organisation=organisation_id), "去审定" if decides else "看进度")
    for pledge in first("returned"):
        yield Duty("已退回", "late", f"{pledge.pledgor_name}的承诺被退回", "按退回理由修改后重新提交",
                   url_for("desk.edit", pledge_id=pledge.pledge_id), "去修改")
    yield from rest("returned", "已退回", "late")
    for pledge in first("drafted"):
        yield Duty("草拟", "open", f"{pledge.pledgor_name}的承诺还没有提交", f"{pledge.items} 项",
                   url_for("desk.edit", pledge_id=pledge.pledge_id), "接着写")
    yield from rest("drafted", "草拟", "open")
    for pledge in first("approved"):
        yield Duty("待签订", "due", f"{pledge.pledgor_name}的承诺已审定", "签订后编号，打印一式三份",
                   url_for("desk.pledge", pledge_id=pledge.pledge_id), "去签订" if decides else "看承诺")
    yield from rest("approved", "待签订", "due")
    signed = those("signed")
    if signed:
        names = "、".join(p.pledgor_name for p in signed[:3]) + ("等" if len(signed) > 3 else "")
        yield Duty("待亮诺", "due", f"{len(signed)} 份承诺已签订，还没有亮诺", names,
                   url_for("desk.publish_list", organisation=organisation_id), "去亮诺" if decides else "看名单")


@dataclass(frozen=True)
class Pressing:
    """The head of the ledger: what is most pressing of all, of what is claimed, of what is late."""

    first: LedgerPage
    claimed: LedgerPage
    late: LedgerPage


def _ledger(organisation_id: str, year: int) -> Pressing:
    asked = ReadLedger(organisation_id=organisation_id, year=year, order="pressing", limit=LISTED)
    return Pressing(clients.call(replace(asked, limit=SHOWN)), *(clients.call(replace(asked, state=state)) for state in ("claimed", "late")))


def item_duties(ledger: Pressing, organisation_id: str) -> Iterator[Duty]:
    """Items to verify, and items past their deadline; how many more there are, where they are many."""
    for line in ledger.claimed.items:
        yield Duty("待核验", "due", line.matter, f"{line.pledgor_name} · 申请销号", _at(line), "去核验")
    yield from _more(ledger.claimed, "待核验", "due", "claimed", organisation_id)
    for line in (x for x in ledger.late.items if x.state == "open"):
        yield Duty(f"逾期 {line.overdue_days} 天", "late", line.matter, f"{line.pledgor_name} · 进度 {line.progress}%", _at(line), "登记进展")
    yield from _more(ledger.late, "逾期", "late", "late", organisation_id)


def _more(page: LedgerPage, word: str, tone: str, state: str, organisation_id: str) -> Iterator[Duty]:
    if page.next:
        yield Duty(word, tone, f"{word}的事项共 {page.total} 件，还有 {page.total - len(page.items)} 件没有列在这里", "都在台账上",
                   url_for("desk.ledger", organisation=organisation_id, state=state), "看台账")


def _at(line: LedgerLine) -> str:
    return url_for("desk.pledge", pledge_id=line.pledge_id, _anchor=line.item_id)


def evaluation_duties(opened: tuple[tuple[EvaluationLine, tuple[str, ...]], ...]) -> Iterator[Duty]:
    """Evaluations under way with what is missing in them."""
    for line, missing in opened:
        yield Duty("评议中" if missing else "可评定", "open" if missing else "due", f"{line.member_name}的评议",
                   "".join(missing[:3]) if missing else "材料已齐，可以评定",
                   url_for("desk.evaluation", evaluation_id=line.evaluation_id), "去办理")


def _opened(organisation_id: str, year: int) -> tuple[tuple[EvaluationLine, tuple[str, ...]], ...]:
    lines = clients.call(ListEvaluations(organisation_id=organisation_id, year=year, state="opened", limit=TOLD)).items
    return tuple((x, clients.call(ReadEvaluation(evaluation_id=x.evaluation_id)).missing) for x in lines)
