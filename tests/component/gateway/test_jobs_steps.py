"""A job whose step ends otherwise than it should: taken up by another process, given up, refused, broken."""
from datetime import timedelta

import eventlet
import pytest

from services.gateway.jobs import imports, working
from services.gateway.storage.jobs import LeaseLost
from tests.component.gateway.test_jobs_imports import HEADER, ROWS, finished, post, sheet, upload, uploaded
from tests.servers import wait_until
from wire.bus.database import Busy
from wire.contracts import roster as r
from wire.contracts.calls import Forbidden


def test_a_job_left_behind_by_a_stopped_process_is_taken_up_by_the_next(gate, office, roster, monkeypatch):
    """Its lease runs out, another process begins the step anew, and it is written once. [T1]"""
    jobs = gate.app.extensions["jobs"]
    monkeypatch.setattr(jobs, "begin", lambda job_id: None)
    job = upload(gate, office, sheet([HEADER, *ROWS])).json
    assert job["state"] == "reading"
    with gate.store.writing() as unit:
        assert unit.books.jobs.take(job["id"], "a process that was killed", unit.now, unit.now + timedelta(seconds=12))
    monkeypatch.undo()
    assert jobs.sweep() == []
    gate.clock.move(seconds=30)
    assert jobs.sweep() == [job["id"]]
    assert finished(gate, office, job)["state"] == "checked"
    with gate.store.writing() as unit, pytest.raises(LeaseLost):
        unit.books.jobs.save(unit.books.jobs.get(job["id"], "prs_gao"), worker="a process that was killed")


@pytest.mark.parametrize(("verb", "state"), [("run", "checked"), ("undo", "done"), ("run?right_only=true", "wrong")])
def test_a_step_given_up_after_it_was_done_is_where_it_began_and_says_so(gate, office, roster, monkeypatch, verb, state):
    """Whether it was written is not known, and the next try finds it written."""
    if state == "wrong":
        roster.faults = [r.RowFault(row=2, column="领域", value="x", sentence="请从下拉框里选。")]
    job = uploaded(gate, office, sheet([HEADER, *ROWS]))
    if verb == "undo":
        job = post(gate, office, job, "run")
    assert job["state"] == state
    jobs = gate.app.extensions["jobs"]
    with monkeypatch.context() as stopped:
        stopped.setattr(jobs, "begin", lambda job_id: None)
        assert gate.web.post(f"/api/v1/imports/{job['id']}/{verb}", headers=office).status_code == 200
        for _ in range(5):
            with gate.store.writing() as unit:
                assert unit.books.jobs.take(job["id"], "a process that was killed", unit.now, unit.now)
            gate.clock.move(seconds=1)
        jobs.work(job["id"])
    told = gate.web.get(f"/api/v1/imports/{job['id']}", headers=office).json
    assert told["state"] == state and "还不能确定" in told["sentence"] and "没有写入" not in told["sentence"]
    assert post(gate, office, job, verb)["state"] == {"undo": "undone"}.get(verb, "done")


@pytest.mark.parametrize("answer", [Forbidden("您没有这项权限。"), ZeroDivisionError()])
def test_the_right_lines_can_be_written_after_a_refusal_or_a_mishap(gate, office, roster, answer):
    roster.faults = [r.RowFault(row=2, column="领域", value="x", sentence="请从下拉框里选。")]
    job = uploaded(gate, office, sheet([HEADER, *ROWS]))
    write = gate.caller.answers[r.WriteSheet]

    def fails(actor, request):
        raise answer
    gate.caller.answers[r.WriteSheet] = fails
    assert post(gate, office, job, "run?right_only=true")["state"] == "wrong"
    gate.caller.answers[r.WriteSheet] = write
    assert post(gate, office, job, "run?right_only=true")["state"] == "done"


def test_a_job_that_ends_every_process_is_given_up(gate, office, monkeypatch):
    jobs = gate.app.extensions["jobs"]
    monkeypatch.setattr(jobs, "begin", lambda job_id: None)
    job = upload(gate, office, sheet([HEADER, *ROWS])).json
    for _ in range(5):
        with gate.store.writing() as unit:
            assert unit.books.jobs.take(job["id"], "a process that was killed", unit.now, unit.now)
        gate.clock.move(seconds=1)
    jobs.work(job["id"])
    told = gate.web.get(f"/api/v1/imports/{job['id']}", headers=office).json
    assert told["state"] == "failed" and "没有写入任何内容" in told["sentence"]


class Waits:
    """An answer of roster that comes when it is let go: one event for each time it is asked."""

    def __init__(self, gate, request):
        self.answer, self.asked = gate.caller.answers[request], []
        gate.caller.answers[request] = self

    def __call__(self, actor, request):
        self.asked.append(eventlet.Event())
        told = self.asked[-1].wait()
        if told is not None:
            raise told
        return self.answer(actor, request)


def until(true):
    wait_until(true, every=0.01)


def state_of(gate, job):
    with gate.store.reading() as unit:
        return unit.books.jobs.get(job["id"], "prs_gao").state


def test_an_attempt_whose_lease_ran_out_writes_nothing_into_the_next_one_of_the_same_process(gate, office, roster, monkeypatch):
    """[T1]"""
    monkeypatch.setattr(imports, "PATIENCE", 0.01)
    jobs, checking = gate.app.extensions["jobs"], Waits(gate, r.CheckSheet)
    job = upload(gate, office, sheet([HEADER, *ROWS])).json
    until(lambda: len(checking.asked) == 1)
    gate.clock.move(seconds=30)
    assert jobs.sweep() == [job["id"]]
    until(lambda: len(checking.asked) == 2)
    checking.asked[0].send(Forbidden("您没有这项权限。"))
    for _ in range(20):
        eventlet.sleep(0.01)
    assert state_of(gate, job) == "reading", "the second attempt is under way"
    checking.asked[1].send(None)
    assert finished(gate, office, job)["state"] == "checked"


def test_a_step_that_lost_its_lease_asks_nobody_and_keeps_no_file(gate, office, roster, monkeypatch):
    monkeypatch.setattr(working, "RENEW_SECONDS", 0.01)
    monkeypatch.setattr(gate.app.extensions["jobs"], "begin", lambda job_id: None)
    monkeypatch.setattr(imports, "PATIENCE", 0.01)
    job = upload(gate, office, sheet([HEADER, *ROWS])).json
    with gate.store.writing() as unit:
        taken = unit.books.jobs.take(job["id"], "one", unit.now, unit.now)
    task = working.Task(gate.app, taken, "one")
    gate.clock.move(seconds=1)
    with gate.store.writing() as unit:
        assert unit.books.jobs.take(job["id"], "two", unit.now, unit.now + timedelta(seconds=12))
    for keeps in (lambda: task.put_file("found", b"x"), lambda: task.drop_file("upload"), lambda: task.save(handled=1)):
        with pytest.raises(LeaseLost):
            keeps()
    gate.app.extensions["jobs"]._renew(task, "one")
    before = len(gate.caller.made)
    with pytest.raises(LeaseLost):
        task.ask(r.CheckSheet(sheet_id=job["id"]))
    assert len(gate.caller.made) == before and task.file("upload")


def test_a_lease_is_renewed_after_trouble_of_the_database(gate, office, roster, monkeypatch):
    """One moment in which the database was busy is no reason for another attempt beside the one under way. [T1]"""
    monkeypatch.setattr(working, "RENEW_SECONDS", 0.01)
    monkeypatch.setattr(imports, "PATIENCE", 0.01)
    jobs, checking = gate.app.extensions["jobs"], Waits(gate, r.CheckSheet)
    job = upload(gate, office, sheet([HEADER, *ROWS])).json
    until(lambda: checking.asked)
    writing, troubles = gate.store.writing, []

    def troubled(*more):
        if len(troubles) < 2:
            troubles.append(1)
            raise Busy("gateway: another write has been under way")
        return writing(*more)
    monkeypatch.setattr(gate.store, "writing", troubled)
    until(lambda: len(troubles) == 2)
    gate.clock.move(seconds=11)

    def held():
        with gate.store.reading() as unit:
            return unit.books.jobs.get(job["id"], "prs_gao").leased_until == unit.now + timedelta(seconds=12)
    until(held)
    gate.clock.move(seconds=11)
    assert jobs.sweep() == []
    checking.asked[0].send(None)
    assert finished(gate, office, job)["state"] == "checked"


@pytest.mark.parametrize(("verb", "request_"), [("run", r.WriteSheet), ("undo", r.UndoSheet)])
def test_whoever_presses_at_the_same_moment_takes_no_running_job_away(gate, office, roster, monkeypatch, verb, request_):
    """Both saw the button; the second answers with the job as it is, its lease as it was. [T32]"""
    monkeypatch.setattr(imports, "PATIENCE", 0.01)
    job = uploaded(gate, office, sheet([HEADER, *ROWS]))
    if verb == "undo":
        job = post(gate, office, job, "run")
    find, waits = imports.find, Waits(gate, request_)
    with gate.store.reading() as unit:
        seen = unit.books.jobs.get(job["id"], "prs_gao")
    assert gate.web.post(f"/api/v1/imports/{job['id']}/{verb}", headers=office).status_code == 200
    until(lambda: waits.asked)
    with gate.store.reading() as unit:
        running = unit.books.jobs.get(job["id"], "prs_gao")
    looks = iter([seen])
    monkeypatch.setattr(imports, "find", lambda job_id: next(looks, None) or find(job_id))
    again = gate.web.post(f"/api/v1/imports/{job['id']}/{verb}", headers=office)
    assert again.status_code == 200 and again.json["state"] == running.state
    with gate.store.reading() as unit:
        now = unit.books.jobs.get(job["id"], "prs_gao")
    assert (now.leased_by, now.attempt) == (running.leased_by, running.attempt) and now.leased_by
    assert len(waits.asked) == 1
    gate.caller.answers[request_] = waits.answer
    waits.asked[0].send(None)
    assert finished(gate, office, again.json)["state"] == {"undo": "undone"}.get(verb, "done")
