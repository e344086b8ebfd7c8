"""PUT by the other system's own code: conditions as HTTP has them, a verdict, and why not."""
import pytest

from tests.fakes_gateway import always, problem
from wire.contracts import roster as r


def synced(**more):
    verdict = r.SyncVerdict(**{"code": "V", "id": "org_v", "result": "changed", "version": 3} | more)
    return always(r.SyncReply(verdicts=(verdict,), new=0, changed=1, same=0, refused=0))


def test_an_organisation_is_kept_in_step_by_its_own_code_with_etag_and_if_match(gate, secretary):
    gate.caller.answers[r.SyncOrganisations] = synced(kept=("类别",))
    answer = gate.web.put("/api/v1/organisations/V", json={"name": "柳溪村党支部"}, headers=secretary)
    assert answer.status_code == 200 and answer.json["kept"] == ["类别"] and answer.headers["ETag"].startswith('"3-')
    assert gate.caller.of(r.SyncOrganisations)[-1].request.rows == (r.SyncedOrganisation(code="V", name="柳溪村党支部"),)
    gate.web.put("/api/v1/organisations/V", json={"name": "柳溪村党支部"}, headers=secretary | {"If-Match": answer.headers["ETag"]})
    assert gate.caller.of(r.SyncOrganisations)[-1].request.rows[0].version == 3
    gate.caller.answers[r.SyncOrganisations] = synced(result="new")
    assert gate.web.put("/api/v1/organisations/V", json={"name": "柳溪村党支部"}, headers=secretary).status_code == 201


@pytest.mark.parametrize(("headers", "expects", "version"), [
    ({"If-Match": "*"}, "there", 0), ({"If-None-Match": "*"}, "absent", 0), ({"If-Match": '"3-0a"', "If-None-Match": "*"}, "absent", 3)])
def test_a_sync_can_ask_to_find_it_there_or_to_make_it(gate, secretary, headers, expects, version):
    gate.caller.answers[r.SyncOrganisations] = synced()
    gate.web.put("/api/v1/organisations/V", json={}, headers=secretary | headers)
    [said] = gate.caller.of(r.SyncOrganisations)[0].request.rows
    assert (said.expects, said.version) == (expects, version)


@pytest.mark.parametrize(("headers", "status"), [
    ({"If-Match": "3"}, 400), ({"If-Match": '"3", "4"'}, 400), ({"If-Match": '"theirs"'}, 412), ({"If-None-Match": '"3"'}, 400),
    ({"If-Match": "*", "If-None-Match": "*"}, 412)])
def test_a_condition_that_cannot_be_read_or_cannot_hold_is_told_before_anything_is_asked(gate, secretary, headers, status):
    answer = gate.web.put("/api/v1/members/A-17", json={}, headers=secretary | headers)
    assert answer.status_code == status and "。" in problem(answer).detail and not gate.caller.of(r.SyncMembers)


def test_a_member_is_kept_in_step_by_their_own_code_with_the_etag_of_what_was_read(gate, secretary):
    view = r.MemberView(member_id="mem_1", code="A-17", name="柳德顺", kind="member", organisation_id="org_village", organisation_name="柳溪村党支部",
                        post="", post_kind="staff", joined_on=None, state="active", version=3)
    gate.caller.answers[r.ReadMember] = always(r.MemberDetail(
        member=view, inflow_name="", residence_name="", transfer_to_name="", merged_into_name="", acts=(), version=3))
    read = gate.web.get("/api/v1/members/A-17", headers=secretary)
    assert gate.caller.of(r.ReadMember)[0].request == r.ReadMember(code="A-17") and read.headers["ETag"].startswith('"3-')
    gate.caller.answers[r.SyncMembers] = synced(code="A-17", id="mem_1", version=4)
    answer = gate.web.put("/api/v1/members/A-17", json={"post": "支委"}, headers=secretary | {"If-Match": read.headers["ETag"]})
    assert answer.status_code == 200 and answer.headers["ETag"].startswith('"4-')
    assert gate.caller.of(r.SyncMembers)[0].request.rows == (r.SyncedMember(code="A-17", post="支委", version=3),)
    gate.caller.answers[r.SyncMembers] = synced(code="A-17", result="refused", reason="stale", sentences=("请先读取最新内容再提交。",))
    assert gate.web.put("/api/v1/members/A-17", json={"post": "支委"}, headers=secretary).status_code == 412


def test_members_are_synced_in_bulk_with_a_verdict_each(gate, secretary):
    gate.caller.answers[r.SyncMembers] = synced(code="A-17", id="mem_1")
    answer = gate.web.post("/api/v1/members/sync", json={"rows": [{"code": "A-17", "name": "柳德顺"}]}, headers=secretary)
    assert answer.json["verdicts"][0]["result"] == "changed"
    assert gate.caller.of(r.SyncMembers)[0].request.rows == (r.SyncedMember(code="A-17", name="柳德顺"),)


@pytest.mark.parametrize(("reason", "status"), [
    ("stale", 412), ("exists", 412), ("absent", 412), ("ended", 409), ("forbidden", 403), ("invalid", 422)])
def test_a_row_that_is_refused_alone_is_a_problem_with_its_status(gate, secretary, reason, status):
    gate.caller.answers[r.SyncOrganisations] = synced(result="refused", reason=reason, sentences=("请核对后重新提交。",))
    answer = gate.web.put("/api/v1/organisations/V", json={"name": "柳溪村党支部"}, headers=secretary)
    found = problem(answer)
    assert (answer.status_code, found.code, found.detail) == (status, f"sync_{reason}", "请核对后重新提交。")


@pytest.mark.parametrize("path", ["members", "organisations"])
def test_a_code_that_is_too_long_is_refused_and_never_cut_to_that_of_somebody_else(gate, secretary, path):
    gate.caller.answers[r.SyncMembers] = gate.caller.answers[r.SyncOrganisations] = synced()
    assert gate.web.put(f"/api/v1/{path}/{'M' * 40}", json={"name": "柳德顺"}, headers=secretary).status_code == 200
    answer = gate.web.put(f"/api/v1/{path}/{'M' * 41}", json={"name": "柳德顺"}, headers=secretary)
    assert answer.status_code == 422 and "编号最多 40 个字" in problem(answer).detail
    assert len([*gate.caller.of(r.SyncMembers), *gate.caller.of(r.SyncOrganisations)]) == 1, "it never left the door"
