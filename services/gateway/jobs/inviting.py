"""A sheet of accounts 账号: each line a person to be invited; the links come back in a file that is taken once.

Rule kept: a link is in nobody's log and in no table as text: the file is sealed for its owner until it is taken, and gone then.
What knows the web is imported where it is used: the processes that read spreadsheets load the table of kinds as well.
"""
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any

from services.gateway.jobs.account_lines import Row, looked_up
from services.gateway.jobs.receiving import Counted
from wire.contracts.calls import Forbidden, Refusal
from wire.contracts.envelope import parse, text_of
from wire.contracts.gateway import AT_ONCE, InvitationVerdict

if TYPE_CHECKING:
    from services.gateway.jobs.working import Task

#: files of the job: the lines as read, a piece each; what was found; the links
LINES, FOUND, LINKS = "lines-{}", "found", "links"
HEAD = ("姓名", "人员编号", "党组织编号", "开通链接", "有效期至", "说明")
ACCEPTED = "{}已经用链接开通了账号，不能撤销；如要停用，请在“账号”页面办理。"
TOO_MANY = "一个表格最多邀请 {} 人，请分成几个文件。"
NO_RIGHT = "只有县级管理员可以开通账号，请联系管理员办理。"


class AccountSheets:
    """Lines become invitations, at most one for each person; who has an account is 重复."""

    def stage(self, task: "Task", piece: int, columns: Sequence[str], lines: Sequence[Sequence[Any]]) -> None:
        """Keep the piece.  Refuses who administers nothing, before anything is kept."""
        self._offices(task)
        rows = [Row(row=number, **dict(zip(columns, cells, strict=True))) for number, cells in lines]
        task.put_file(LINES.format(piece), text_of([[one.row, one.code, one.name, one.organisation_code] for one in rows]).encode())
        task.drop_file(LINES.format(piece + 1))

    def check(self, task: "Task") -> Counted:
        rows = list(self._rows(task))
        most = task.settings.sheet_accounts
        if len(rows) > most:
            raise Refusal(TOO_MANY.format(most))
        people, faults = looked_up(task.app.extensions["store"], rows, self._offices(task))
        with task.app.extensions["store"].reading() as unit:
            taken = unit.books.accounts.among([one["person_id"] for one in people])
        people = [one | {"has": (has := one["person_id"] in taken), "invited": not has} for one in people]
        self._keep(task, people, faults)
        return _counted(people, faults)

    def faults(self, task: "Task") -> Iterator[dict[str, Any]]:
        yield from self._found(task)["faults"]

    def notes(self, task: "Task") -> Iterator[dict[str, Any]]:
        """None: an invitation changes nothing that is there."""
        return iter(())

    def write(self, task: "Task", *, right_only: bool) -> Counted:
        """Invite them; a call again makes new links and ends the ones before."""
        found = self._found(task)
        verdicts: dict[str, InvitationVerdict] = {}
        for office, people in self._by_office(task, found["people"]).items():
            for start in range(0, len(people), AT_ONCE):
                some = [one["person_id"] for one in people[start:start + AT_ONCE]]
                with _at_the_door(task) as invitations:
                    verdicts |= {one.person_id: one for one in invitations.invite_all(office, some)}
                task.save(handled=len(verdicts), expected=len(found["people"]))
        people = [one | _said(verdicts[one["person_id"]]) for one in found["people"]]
        task.put_file(LINKS, self._vault(task).seal(_file(task, people, verdicts), task.job.id))
        self._keep(task, people, found["faults"], written_at=task.app.extensions["clock"].now())
        return _counted(people, found["faults"])

    def undo(self, task: "Task") -> Iterator[tuple[int, int, Sequence[dict[str, Any]]]]:
        """Links nobody has used stop working; where somebody has, none does."""
        found = self._found(task)
        invited = [one for one in found["people"] if one["invited"]]
        with task.app.extensions["store"].reading() as unit:
            since = unit.books.accounts.ever_among([one["person_id"] for one in invited])
        accepted = [one for one in invited if one["person_id"] in since]
        if accepted:
            yield 0, len(invited), [{"row": one["row"], "code": one["code"] or one["name"], "sentence": ACCEPTED.format(one["name"]),
                                     "in_all": len(accepted)} for one in accepted]
            return
        written = datetime.fromisoformat(found["written_at"])
        for office, people in self._by_office(task, invited).items():
            with _at_the_door(task) as invitations:
                invitations.withdraw_all(office, [one["person_id"] for one in people], written)
        task.drop_file(LINKS)
        yield len(invited), len(invited), ()

    def _rows(self, task: "Task") -> Iterator[Row]:
        piece = 0
        while (body := task.file(LINES.format(piece))) is not None:
            yield from (Row(row=row, code=code, name=name, organisation_code=place) for row, code, name, place in parse(body))
            piece += 1

    def _keep(self, task: "Task", people: Sequence[Mapping[str, Any]], faults: Sequence[Mapping[str, Any]],
              written_at: datetime | None = None) -> None:
        task.put_file(FOUND, text_of({"people": list(people), "faults": list(faults),
                                      "written_at": written_at.isoformat() if written_at else ""}).encode())

    def _found(self, task: "Task") -> dict[str, Any]:
        body = task.file(FOUND)
        if body is None:
            raise Refusal("这次导入的内容已经清理，请重新上传。")
        return parse(body)

    def _offices(self, task: "Task") -> list[str]:
        """Where the person administers by the grants of this moment.  Refuses who does nowhere."""
        held = task.app.extensions["clients"].grants(task.job.person_id, now=True)
        if not (found := [grant.organisation_id for grant in held if grant.role == "office"]):
            raise Forbidden(NO_RIGHT)
        return found

    def _by_office(self, task: "Task", people: Sequence[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
        """Under which of the person's own organisations each stands."""
        directory, offices = task.app.extensions["directory"], self._offices(task)
        paths = {one: (directory.organisation(one) or {"path": ""})["path"] for one in offices}
        found: dict[str, list[Mapping[str, Any]]] = {}
        for one in people:
            office = next((id_ for id_, path in paths.items() if path and one["path"].startswith(path)), offices[0])
            found.setdefault(office, []).append(one)
        return found

    def _vault(self, task: "Task") -> Any:
        return task.app.extensions["vault"]


@contextmanager
def _at_the_door(task: "Task") -> Iterator[Any]:
    """Identity decides for whoever is at the door: the one whose job it is."""
    from flask import g

    from services.gateway.identity import invitations, looks

    g.actor, g.correlation = task.actor, f"cor_{task.job.id}"
    try:
        yield invitations
    finally:
        looks.flush()


def _said(verdict: InvitationVerdict) -> dict[str, bool]:
    """What became of one: invited, or an account there is by now, or gone from the roster meanwhile."""
    from services.gateway.storage.accounts import HasAccount

    return {"has": verdict.code == HasAccount.code, "invited": bool(verdict.path)}


def _file(task: "Task", people: Sequence[Mapping[str, Any]], verdicts: Mapping[str, InvitationVerdict]) -> bytes:
    from services.gateway.jobs.sheet import made

    out, house, zone = io.BytesIO(), parse(task.job.asked or "{}").get("house", ""), task.app.extensions["clock"].zone
    made(([*HEAD], *([one["name"], one["code"], one["organisation_code"], *_told(verdicts[one["person_id"]], house, zone)]
                     for one in people)), out, in_memory=True)
    return out.getvalue()


def _told(verdict: InvitationVerdict, house: str, zone: tzinfo) -> tuple[str, str, str]:
    if not verdict.path or verdict.expires_at is None:
        return "", "", verdict.sentence
    return house + verdict.path, f"{verdict.expires_at.astimezone(zone):%Y-%m-%d %H:%M}", "请交给本人，只能用一次。"


def _counted(people: Sequence[Mapping[str, Any]], faults: Sequence[Mapping[str, Any]]) -> Counted:
    wrong, same, new = len({fault["row"] for fault in faults}), sum(one["has"] for one in people), sum(one["invited"] for one in people)
    return Counted(total=len(people) + wrong, importable=new, wrong=wrong, repeated=same, new=new, changed=0)
