"""A job whose step ends otherwise than it should: taken up by another process, given up, refused, broken."""
from datetime import timedelta

import pytest

from services.gateway.storage.jobs import LeaseLost
from tests.component.gateway.test_jobs_imports import HEADER, ROWS, finished, post, sheet, upload, uploaded
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
