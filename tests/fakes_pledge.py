"""The fake books of pledge, and a county small enough to know by heart."""
import dataclasses

from services.pledge.domain.exemption import OPEN
from services.pledge.domain.history import Line, stands
from services.pledge.domain.item import Gates
from services.pledge.domain.letter import Letter
from services.pledge.domain.pledge import Pledge
from services.pledge.domain.review import Review
from tests.fakes import FakeDirectory, FakeUnit, organisation, person
from wire.contracts.calls import Stale
from wire.contracts.pledge import ItemFacts
from wire.contracts.shape import load


class FakePledgeBook:
    def __init__(self, kept: "dict[str, Pledge] | None" = None):
        self.kept = {} if kept is None else kept
        self._read: dict[str, int] = {}

    def get(self, pledge_id):
        return next(iter(self.get_many([pledge_id])), None)

    peek = get

    def get_many(self, pledge_ids):
        found = [self.kept[i] for i in sorted(set(pledge_ids)) if i in self.kept]
        self._read |= {p.id: p.version for p in found}
        return found

    def add(self, pledge):
        assert pledge.id not in self.kept
        self.kept[pledge.id] = pledge
        self._read[pledge.id] = pledge.version

    def save(self, pledge):
        self.save_many([pledge])

    def save_many(self, pledges):
        pledges = list(pledges)
        if any(self.kept[p.id].version != self._read[p.id] for p in pledges):
            raise Stale("这份承诺刚刚被别人改动过，请刷新页面，核对后再办理。")
        for pledge in pledges:
            self.kept[pledge.id] = pledge
            self._read[pledge.id] = pledge.version

    def of(self, organisation_ids, year, states):
        return [p for _, p in sorted(self.kept.items())
                if p.organisation_id in organisation_ids and p.year == year and p.state in states]

    def own(self, organisation_ids, year, states):
        return [p for p in self.of(organisation_ids, year, states) if not p.member_id]

    def holding(self, item_ids):
        return {item.id: p for p in self.kept.values() for item in p.items if item.id in item_ids}

    def annual(self, organisation_id, member_id, year):
        return [(p.id, p.state, p.organisation_id) for _, p in sorted(self.kept.items()) if (p.member_id, p.year, p.kind) == (
            member_id, year, "annual") and p.state != "terminated" and (member_id or p.organisation_id == organisation_id)]

    def signed_at(self, member_ids, year, states):
        found = {}
        for p in self.kept.values():
            if p.member_id in member_ids and p.year == year and p.state in states:
                found.setdefault(p.member_id, set()).add(p.organisation_id)
        return found


class FakeReviewBook:
    def __init__(self):
        self.kept: dict[tuple[str, str, str], Review] = {}

    def of(self, pledge_id):
        mine = [r for (p, _, _), r in self.kept.items() if p == pledge_id]
        return sorted(mine, key=lambda r: (r.reviewed_at, r.item_id, r.reviewer_id))

    def put(self, pledge_id, review):
        self.kept[pledge_id, review.item_id, review.reviewer_id] = review

    def forget(self, pledge_id, item_ids):
        for key in [k for k in self.kept if k[0] == pledge_id and k[1] in item_ids]:
            del self.kept[key]


class FakeGateBook:
    def __init__(self):
        self.kept: list[tuple[str, Gates]] = []

    def of(self, pledge_id):
        return [g for p, g in self.kept if p == pledge_id]

    def add(self, pledge_id, gates):
        self.kept.append((pledge_id, gates))


class FakeLetterBook:
    def __init__(self):
        self.last: dict[tuple[str, int], int] = {}
        self.filed: dict[str, Letter] = {}

    def next_number(self, organisation_id, year):
        self.last[organisation_id, year] = self.last.get((organisation_id, year), 0) + 1
        return self.last[organisation_id, year]

    def file(self, letter):
        assert letter.pledge_id not in self.filed
        self.filed[letter.pledge_id] = letter

    def of(self, pledge_id):
        return self.filed.get(pledge_id)


class FakeExemptionBook:
    def __init__(self, kept=None):
        self.kept = {} if kept is None else kept

    def get(self, exemption_id):
        return self.kept.get(exemption_id)

    peek = get

    def open_of(self, member_ids):
        return [e for _, e in sorted(self.kept.items()) if e.member_id in member_ids and e.state in OPEN]

    def exempt(self, member_ids, organisation_ids, day):
        return {e.member_id for e in self.kept.values()
                if e.member_id in member_ids and e.organisation_id in organisation_ids and e.in_force(day)}

    def past(self, today, most):
        return [e for _, e in sorted(self.kept.items()) if e.state in OPEN and e.until_on < today][:most]

    def forget(self, today, most):
        due = [e for _, e in sorted(self.kept.items()) if e.words and e.forget_on and e.forget_on <= today][:most]
        self.kept |= {e.id: dataclasses.replace(e, words=b"") for e in due}
        return len(due)

    def add(self, exemption):
        if any(e.organisation_id == exemption.organisation_id for e in self.open_of([exemption.member_id])):
            return False
        self.kept[exemption.id] = exemption
        return True

    def save(self, exemption, was):
        if self.kept[exemption.id].version != was:
            raise Stale("这项免诺刚刚被别人办理过，请刷新页面，核对后再办理。")
        self.kept[exemption.id] = exemption


class FakeHistoryBook:
    """Lines of units that ended; ``finish`` ends one."""

    def __init__(self):
        self.lines: dict[str, list[Line]] = {}

    def of(self, pledge_id):
        return list(self.lines.get(pledge_id, ()))

    def finish(self, unit):
        for aggregate, id_, _, what, state in unit.remembered:
            if aggregate != "pledge.pledge":
                continue
            self.lines.setdefault(id_, []).append(Line(
                unit.now, unit.actor.person_id, state["acted_by_name"], what,
                stands([load(ItemFacts, i, lenient=True) for i in state["items"]]), unit.acted_for))
        for event in (e for e in unit.announced if e.stream == "pledge.pledge"):
            self.lines.setdefault(event.subject, []).append(Line(
                unit.now, event.acted_by, event.acted_by_name, event.topic, stands(event.items), unit.acted_for))


class FakeBooks:
    def __init__(self):
        self.pledges = FakePledgeBook()
        self.reviews, self.gates = FakeReviewBook(), FakeGateBook()
        self.letters, self.history = FakeLetterBook(), FakeHistoryBook()
        self.exemptions = FakeExemptionBook()


def member(id_, name, organisation_id="org_village", **more):
    return {"id": id_, "code": id_, "name": name, "sort_key": name, "kind": "member", "organisation_id": organisation_id,
            "post": "", "post_kind": "staff", "state": "active"} | more


def directory():
    """A town with a village and its party group, and another village."""
    return FakeDirectory(
        [organisation("org_town", "/org_town/", kind="committee", name="清河镇党委"),
         organisation("org_village", "/org_town/org_village/", parent_id="org_town", name="清河村党支部"),
         organisation("org_group", "/org_town/org_village/org_group/", parent_id="org_village", kind="group", name="第一党小组"),
         organisation("org_other", "/org_town/org_other/", parent_id="org_town", name="柳河村党支部")],
        [member("mem_zhang", "张三"), member("mem_li", "李书记"), member("mem_wang", "王五", kind="probationary"),
         member("mem_active", "赵六", kind="activist"), member("mem_gone", "钱七", state="left"),
         member("mem_group", "孙八", "org_group"), member("mem_far", "周九", "org_other")])


ZHANG = person("member", member_id="mem_zhang", name="张三")
CLERK = person("clerk", member_id="mem_wang", name="王会计")
SECRETARY = person("secretary", member_id="mem_li", name="李书记")
SUPERIOR = person("superior", "org_town", member_id="mem_chen", name="陈镇书记")
FAR_CLERK = person("clerk", "org_other", member_id="mem_far", name="周会计")
FAR_SECRETARY = person("secretary", "org_other", member_id="mem_far2", name="吴书记")


class Village:
    """The use cases on fakes: one unit per call, as the bus would open it."""

    def __init__(self, **policies):
        self.books, self.directory = FakeBooks(), directory()
        self.announced = []
        self.policies = policies.get("policies")
        self.now = None
        self._ids = 0

    def do(self, actor, usecase, request, *more_):
        """``more_``: what the use case takes besides, a vault."""
        more = {"now": self.now} if self.now else {}
        unit = FakeUnit(self.books, actor=actor, directory=self.directory, doing=type(request), policies=self.policies, **more)
        unit._ids = self._ids
        reply = usecase(unit, request, *more_)
        self._ids = unit._ids
        assert unit.permitted, "the bus refuses a unit that never asked permit"
        self.books.history.finish(unit)
        self.announced += unit.announced
        return reply

    def topics(self):
        return [type(e).__name__ for e in self.announced]
