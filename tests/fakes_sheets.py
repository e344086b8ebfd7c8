"""A roster that takes whole spreadsheets, in memory: what every test of imports in the gateway talks to."""
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

from tests.fakes_gateway import FakeCaller
from wire.contracts import roster as r
from wire.contracts.calls import NotFound, Stale
from wire.contracts.pledge import Pledged, PledgedAmong

STALE = Stale("检查之后名册有了变动。")


@dataclass
class FakeSheets:
    """``faults``: what it finds wrong; ``same``: codes it knows already; ``stale``: how often writing finds changed ground."""

    faults: list[r.RowFault] = field(default_factory=list)
    same: set[str] = field(default_factory=set)
    obstacles: list[r.Obstacle] = field(default_factory=list)
    hints: list[r.RowHint] = field(default_factory=list)
    stale: int = 0
    #: code of a line whose subject has pledges -> how many
    pledged: dict[str, int] = field(default_factory=dict)
    exempt: set[str] = field(default_factory=set)
    kept: dict[str, r.SheetView] = field(default_factory=dict)
    pieces: dict[tuple[str, int], r.StageLines] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)

    def at(self, caller: FakeCaller) -> "FakeSheets":
        """Answer for roster."""
        caller.answers |= {
            r.StageLines: self._stage, r.CheckSheet: self._check, r.ListSheetFaults: self._faults, r.WriteSheet: self._write,
            r.ListSheetHints: lambda actor, request: r.SheetHints(
                hints=tuple(self.hints[request.after:request.after + request.limit]), total=len(self.hints), counts=tuple(
                    r.HintCount(sort=sort, total=many) for sort, many in Counter(one.sort for one in self.hints).items())),
            r.UndoSheet: self._undo, r.ListSheetSubjects: self._subjects, PledgedAmong: self._pledged}
        return self

    def rows(self) -> list[dict[str, Any]]:
        """The lines of the last sheet, by field."""
        last = list(self.kept)[-1]
        return [{"row": line.row, **dict(zip(piece.columns, line.cells, strict=True))}
                for (sheet, _), piece in sorted(self.pieces.items()) if sheet == last for line in piece.lines]

    def _stage(self, actor, request):
        if request.piece == 0:
            self.pieces = {key: piece for key, piece in self.pieces.items() if key[0] != request.sheet_id}
        self.pieces[request.sheet_id, request.piece] = request
        self.kept[request.sheet_id] = r.SheetView(sheet_id=request.sheet_id, kind=request.kind, state="staging", total=0, new=0, changed=0,
                                                  same=0, wrong=0, importable=0, faults=0)
        return self.kept[request.sheet_id]

    def _check(self, actor, request):
        rows = self.rows()
        wrong, same = len({f.row for f in self.faults}), sum(row["code"] in self.same for row in rows)
        new = len(rows) - wrong - same
        self.kept[request.sheet_id] = replace(self._sheet(request), state="checked", total=len(rows), new=new, same=same, wrong=wrong,
                                              importable=new, faults=len(self.faults))
        return self.kept[request.sheet_id]

    def _faults(self, actor, request):
        page = self.faults[request.after:request.after + 2]
        following = request.after + len(page)
        return r.SheetFaults(faults=tuple(page), next=following if following < len(self.faults) else 0)

    def _write(self, actor, request):
        if self.stale:
            self.stale -= 1
            raise STALE
        sheet = self._sheet(request)
        if sheet.state != "written":
            self.written.append(request.sheet_id)
        self.kept[request.sheet_id] = replace(sheet, state="written")
        return self.kept[request.sheet_id]

    def _undo(self, actor, request):
        done = not self.obstacles and request.after > 0
        return r.UndoView(sheet_id=request.sheet_id, lines=2, prepared=0 if self.obstacles else 2, next=0 if self.obstacles or done else 2,
                          done=done, obstacles=tuple(self.obstacles), obstacles_in_all=len(self.obstacles))

    def _subjects(self, actor, request):
        """One line a page."""
        rows = [row for row in self.rows() if row["row"] > request.after]
        return r.SheetSubjects(subjects=tuple(r.SheetSubject(
            row=row["row"], code=row["code"], subject_id=f"mem_{row['code']}", name=row["name"]) for row in rows[:1]),
            next=rows[0]["row"] if len(rows) > 1 else 0)

    def _pledged(self, actor, request):
        asked = (*request.member_ids, *request.organisation_ids)
        return tuple(Pledged(subject_id=f"mem_{code}", pledges=self.pledged.get(code, 0), exemptions=int(code in self.exempt))
                     for code in sorted({*self.pledged, *self.exempt}) if f"mem_{code}" in asked)

    def _sheet(self, request):
        if request.sheet_id not in self.kept:
            raise NotFound("没有找到。")
        return self.kept[request.sheet_id]
