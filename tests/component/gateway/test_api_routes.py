"""The API: thin over the declared calls, true to its own document."""
import json
import re

import pytest

from services.gateway.api import conditions
from tests.fakes_gateway import access_log, always, problem
from wire.contracts import roster as r
from wire.contracts.calls import registry
from wire.contracts.evaluation import CommentAsLeader, EnterTotals, EvaluationPage, ListEvaluations
from wire.contracts.notice import ReadBoard
from wire.contracts.pledge import DraftPledge, ListPledges, PledgePage, Published, PublishPledges, ReadPledge, SaveDraft
from tests.fakes_pages import board, evaluation_view, pledge_view

#: operations no other system makes: between services, or reached through sessions, invitations and imports
NOT_ROUTES = {"roster.appoint_administrator", "roster.grants_of", "roster.found_county"}


@pytest.fixture
def spec(gate):
    return gate.web.get("/api/v1/openapi.json").json


def test_the_document_is_openapi_3_1_and_names_every_operation_of_the_house(spec):
    """A call declared anywhere has its route here."""
    assert spec["openapi"] == "3.1.0"
    named = {operation["operationId"].replace("_", ".", 1) for path in spec["paths"].values() for verb, operation in path.items()
             if verb != "parameters" and "operationId" in operation}
    # what a job asks, piece by piece
    sheets = {"pledge.pledged_among", *(f"roster.{verb}" for verb in (
        "stage_lines", "check_sheet", "list_sheet_faults", "list_sheet_hints", "list_sheet_subjects", "write_sheet", "undo_sheet"))}
    assert {"/api/v1/imports/{kind}", "/api/v1/imports/{job_id}/run", "/api/v1/imports/{job_id}/undo"} <= set(spec["paths"])
    assert set(registry) - NOT_ROUTES - sheets - {n for n in registry if n.endswith(".journal")} <= named


def test_every_operation_says_how_it_refuses(spec):
    for path, operations in spec["paths"].items():
        for verb, operation in operations.items():
            if verb != "parameters":
                assert "default" in operation["responses"], (verb, path)
                assert operation["summary"] and operation["tags"], (verb, path)


def test_the_document_shows_limits_and_that_scores_are_strings(spec):
    schemas = spec["components"]["schemas"]
    assert schemas["ItemDraft"]["properties"]["matter"]["maxLength"] == 500
    assert schemas["RatePeerBody"]["properties"]["score"]["type"] == "string"
    assert "pledge_id" not in schemas["ReviewItemBody"]["properties"]


def test_the_page_to_read_holds_every_path_and_nothing_from_elsewhere(gate, spec):
    page = gate.web.get("/api/v1/").text
    for path in spec["paths"]:
        assert path.replace("<", "&lt;") in page
    assert not re.findall(r'(?:src|href)="(?!#|/api/v1/)', page) and "<script" not in page and "style=" not in page
    assert gate.web.get("/api/v1/reference.css").content_type.startswith("text/css")


def test_a_reading_route_makes_its_call_with_what_stands_in_the_address(gate, secretary):
    gate.caller.answers[ListPledges] = always(PledgePage(pledges=(), next="abc"))
    answer = gate.web.get("/api/v1/pledges?organisation_id=org_village&year=2026&below=true&limit=5&after=x", headers=secretary)
    assert answer.json == {"pledges": [], "next": "abc", "total": 0}
    made, = gate.caller.of(ListPledges)
    assert made.request == ListPledges(organisation_id="org_village", year=2026, below=True, limit=5, after="x")
    assert made.actor.kind == "person" and made.actor.address == "127.0.0.1" and made.key == ""


@pytest.mark.parametrize(("query", "field"), [
    ("year=2026", "organisation_id"), ("organisation_id=x", "year"), ("organisation_id=x&year=two", "year"), ("organisation_id=x&year=1999", "year"),
    ("organisation_id=x&year=2026&limit=0", "limit"), ("organisation_id=x&year=2026&limit=501", "limit"),
    ("organisation_id=x&year=2026&below=maybe", "below"), ("organisation_id=" + "x" * 81 + "&year=2026", "organisation_id"),
    ("organisation_id=x&year=٢٠٢٦", "year"), ("organisation_id=x&year=2026.0", "year")])
def test_a_wrong_address_is_told_by_field_in_chinese_and_nothing_is_called(gate, secretary, query, field):
    """[X26]"""
    answer = gate.web.get(f"/api/v1/pledges?{query}", headers=secretary)
    found = problem(answer)
    assert answer.status_code == 422 and list(found.errors) == [field] and re.search(r"[一-鿿]", str(found.errors[field]))
    assert not gate.caller.of(ListPledges)


def test_a_writing_route_takes_json_and_the_key(gate, secretary):
    """[T32]"""
    gate.caller.answers[DraftPledge] = always(pledge_view(state="drafted"))
    body = {"organisation_id": "org_village", "member_id": "mbr_lin", "year": 2026,
            "items": [{"matter": "修通机耕路", "deadline_on": "2026-09-30"}]}
    answer = gate.web.post("/api/v1/pledges", json=body, headers=secretary | {"Idempotency-Key": "abc-1"})
    assert answer.status_code == 201 and answer.json["state"] == "drafted"
    made, = gate.caller.of(DraftPledge)
    assert made.request.items[0].matter == "修通机耕路" and made.request.items[0].deadline_on.isoformat() == "2026-09-30"
    assert made.key.startswith("abc-1")


@pytest.mark.parametrize("key", ["", " ", "a b", "键", "x" * 201, "a\tb"])
def test_a_key_that_is_no_key_is_refused(gate, secretary, key):
    answer = gate.web.post("/api/v1/pledges/publish", json={"pledge_ids": []}, headers=secretary,
                           environ_overrides={"HTTP_IDEMPOTENCY_KEY": key.encode().decode("latin-1")})
    assert problem(answer).code == "bad_key"


@pytest.mark.parametrize(("body", "where"), [
    ({"items": []}, "year"), ({"year": "2026"}, "year"), ({"year": 2026.5}, "year"), ({"year": True}, "year"), ({"year": None}, "year"),
    ({"year": 2026, "unknown": 1}, "unknown"), ({"year": 2026, "items": "x"}, "items"), ({"year": 2026, "items": [{"matter": 5}]}, "items"),
    ({"year": 2026, "items": [{"matter": "修路", "who": 1}]}, "items"), ({"year": 2026, "kind": "monthly"}, "kind"),
    ({"year": 2026, "organisation_id": "a\0b"}, "organisation_id"), ({"year": 2026, "items": [None]}, "items"),
    ({"year": 2026, "items": [{"matter": "修路", "deadline_on": "31.12."}]}, "items")])
def test_a_wrong_body_is_told_by_field_and_nothing_is_called(gate, secretary, body, where):
    """[X26]"""
    answer = gate.web.post("/api/v1/pledges", json={"organisation_id": "org_village"} | body, headers=secretary)
    found = problem(answer)
    assert answer.status_code == 422 and where in found.errors and "Not a valid" not in str(found.errors) and "Unknown field" not in str(found.errors)
    assert not gate.caller.of(DraftPledge)


@pytest.mark.parametrize("body", [b"{", b"NaN", b'{"year": NaN}', b'"text"', b"[]", b"null", '{"year": 1}'.encode("utf-16"),
                                  '{"a":"张"}'.encode("gb18030"), b"\x00", b'{"organisation_id": "\\ud800"}',
                                  b"[" * 50_000, b'{"year":' + b"9" * 9000 + b"}"])
def test_a_body_that_is_no_json_is_a_4xx_and_never_a_500(gate, secretary, body):
    """[T23] [X26]"""
    answer = gate.web.post("/api/v1/pledges", data=body, content_type="application/json", headers=secretary)
    assert answer.status_code in (400, 422) and problem(answer).code
    assert not gate.caller.of(DraftPledge)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "", "application/xml", "text/json"])
def test_only_json_is_json(gate, secretary, kind):
    answer = gate.web.post("/api/v1/pledges", data=b'{"year": 2026}', content_type=kind, headers=secretary)
    assert answer.status_code == 415


def test_a_json_body_over_its_limit_is_413(gate, secretary):
    """[T22]"""
    answer = gate.web.post("/api/v1/pledges", data=b'{"a": "' + b"x" * 300_000 + b'"}', content_type="application/json", headers=secretary)
    assert problem(answer).code == "too_large"


def test_a_score_may_be_a_number_or_a_string_and_is_never_a_float(gate, secretary):
    gate.caller.answers[CommentAsLeader] = always(evaluation_view())
    for score in ('93.10', '"93.10"'):
        said = '"achievement": "办成两件实事", "problem": "进度偏慢", "direction": "抓紧扫尾"'
        body = f'{{{said}, "scores": [{{"indicator": "德", "score": {score}}}]}}'
        answer = gate.web.put("/api/v1/evaluations/evl_1/comment", data=body.encode(), content_type="application/json", headers=secretary)
        assert answer.status_code == 200, answer.text
        assert str(gate.caller.of(CommentAsLeader)[-1].request.scores[0].score) == "93.10"


def test_totals_go_to_the_evaluation_in_the_address(gate, secretary):
    gate.caller.answers[EnterTotals] = always(evaluation_view())
    totals = {"satisfied": 20, "basically": 6, "dissatisfied": 2, "unknown": 1, "invalid": 1}
    assert gate.web.put("/api/v1/evaluations/evl_9/totals", json=totals, headers=secretary).status_code == 200
    assert gate.caller.of(EnterTotals)[0].request == EnterTotals(evaluation_id="evl_9", **totals)


def test_a_list_comes_as_an_object(gate, secretary):
    gate.caller.answers[ListEvaluations] = always(EvaluationPage(items=(), total=0, next=""))
    assert gate.web.get("/api/v1/evaluations?organisation_id=x&year=2026&limit=7", headers=secretary).json == {"items": [], "total": 0, "next": ""}
    assert gate.caller.of(ListEvaluations)[0].request.limit == 7


def test_what_was_read_carries_an_etag_and_is_not_sent_twice(gate, secretary):
    gate.caller.answers[ReadPledge] = always(pledge_view())
    first = gate.web.get("/api/v1/pledges/plg_liu", headers=secretary)
    assert first.headers["ETag"].startswith('"7-')
    again = gate.web.get("/api/v1/pledges/plg_liu", headers=secretary | {"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304 and not again.data


def test_a_draft_is_overwritten_only_by_who_read_it(gate, secretary):
    gate.caller.answers[SaveDraft] = always(pledge_view(state="drafted"))
    body = {"items": [{"matter": "修通机耕路"}]}
    missing = gate.web.put("/api/v1/pledges/plg_liu/draft", json=body, headers=secretary)
    assert missing.status_code == 428 and problem(missing).code == "if_match_needed"
    for tag in ('"7-0123456789ab"', 'W/"7-0123456789ab"', '"7"'):
        assert gate.web.put("/api/v1/pledges/plg_liu/draft", json=body, headers=secretary | {"If-Match": tag}).status_code == 200
        assert gate.caller.of(SaveDraft)[-1].request.version == 7
    for tag, status in (("7", 400), ("", 400), ('"7', 400), ('"7-0123456789ab", "8"', 400), ("*", 428), ('"x"', 412), ('"0"', 412)):
        answer = gate.web.put("/api/v1/pledges/plg_liu/draft", json=body, headers=secretary | {"If-Match": tag})
        assert answer.status_code == status and problem(answer).detail, tag
    assert len(gate.caller.of(SaveDraft)) == 3


def test_a_condition_that_would_not_be_kept_is_refused(gate, secretary):
    answer = gate.web.post("/api/v1/pledges/plg_liu/submit", headers=secretary | {"If-Match": '"7"'})
    assert problem(answer).code == "if_match_not_supported"
    answer = gate.web.post("/api/v1/pledges/plg_liu/submit", headers=secretary | {"If-None-Match": "*"})
    assert (answer.status_code, problem(answer).code) == (400, "if_none_match_not_supported")


def test_publishing_takes_many(gate, secretary):
    gate.caller.answers[PublishPledges] = lambda actor, request: Published(published=len(request.pledge_ids), already=0)
    answer = gate.web.post("/api/v1/pledges/publish", json={"pledge_ids": ["plg_1", "plg_2"]}, headers=secretary)
    assert answer.json == {"published": 2, "already": 0}


def test_the_board_needs_nobody_and_asks_as_the_public(gate):
    gate.caller.answers[ReadBoard] = lambda actor, request: board(request)
    answer = gate.web.get("/api/v1/public/boards/org_village", environ_overrides={"jiannuo.listener": "public", "REMOTE_ADDR": "192.0.2.9"})
    assert answer.status_code == 200 and answer.json["name"] == "柳溪村党支部" and answer.json["fulfilment"] == "44.79"
    assert gate.caller.of(ReadBoard)[0].actor.kind == "public"


def test_looking_at_the_roll_leaves_a_line_in_the_access_log(gate, secretary):
    """[X21]"""
    gate.caller.answers[r.ListMembers] = always(r.MemberPage(members=(), total=0, next=""))
    gate.web.get("/api/v1/members?organisation_id=org_village", headers=secretary)
    line = access_log(gate.store)[0]
    assert (line["operation"], line["organisation_id"], line["person_id"], line["result"]) == (
        "roster.list_members", "org_village", "prs_lin", "read")


def test_an_unknown_address_is_a_problem_document(gate):
    assert problem(gate.web.get("/api/v1/nowhere")).code == "not_found"
    answer = gate.web.delete("/api/v1/pledges")
    assert answer.status_code in (401, 405) and json.loads(answer.data)["code"]


def test_what_people_read_in_the_document_is_chinese(spec):
    """Every summary, description and title, but for what is called by its name."""
    def said(value, path=""):
        if isinstance(value, dict):
            for name, word in value.items():
                if name in ("summary", "description", "title") and isinstance(word, str):
                    yield path, word
                yield from said(word, f"{path}/{name}")
        elif isinstance(value, list):
            for one in value:
                yield from said(one, path)
    english = [(path, line) for path, words in said(spec) for line in words.splitlines() if line.strip() and not re.search(r"[\u4e00-\u9fff]", line)]
    assert english == []


def test_a_sync_takes_a_thousand_rows_at_a_time_and_the_document_says_so(gate, spec, secretary):
    for body, path in (("SyncMembersBody", "members"), ("SyncOrganisationsBody", "organisations")):
        assert spec["components"]["schemas"][body]["properties"]["rows"]["maxItems"] == 1000
        answer = gate.web.post(f"/api/v1/{path}/sync", json={"rows": [{"code": f"N{n}"} for n in range(1001)]}, headers=secretary)
        assert answer.status_code == 422 and "最多 1000 条，请分几次提交" in answer.text


def routes_of(gate, method):
    """Every route of the API with an address that fits it, whoever wrote it."""
    for rule in gate.app.url_map.iter_rules():
        if rule.rule.startswith("/api/v1") and method in rule.methods:
            yield rule.endpoint, re.sub(r"<[^>]+>", "x_1", rule.rule)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_every_route_that_writes_keeps_a_condition_or_refuses_it(gate, secretary, method):
    kept = set()
    for endpoint, address in routes_of(gate, method):
        answer = gate.web.open(address, method=method, json={}, headers=secretary | {"If-None-Match": "*"})
        if getattr(gate.app.view_functions[endpoint], "keeps_conditions", False):
            kept.add(address)
        else:
            assert (answer.status_code, problem(answer).code) == (400, "if_none_match_not_supported"), address
    assert kept == ({"/api/v1/organisations/x_1", "/api/v1/members/x_1", "/api/v1/members/x_1/facts", "/api/v1/pledges/x_1/draft",
                     "/api/v1/zones/x_1", "/api/v1/representatives/x_1", "/api/v1/organisations/x_1/facts"} if method == "PUT" else set())


def test_every_route_that_reads_is_tagged_and_refuses_a_condition_it_does_not_keep(gate, secretary):
    """The rule is kept by what stands before and after all routes of a blueprint, so each of them must have it."""
    routes = list(routes_of(gate, "GET"))
    for endpoint, address in routes:
        refused = gate.web.get(address, headers=secretary | {"If-Match": '"7"'})
        assert (refused.status_code, problem(refused).code) == (400, "if_match_not_supported"), address
        assert conditions._tagged in gate.app.after_request_funcs.get(endpoint.rpartition(".")[0], ()), address
        assert not getattr(gate.app.view_functions[endpoint], "keeps_conditions", False), address
    assert {endpoint.partition(".")[0] for endpoint, _ in routes} >= {"api-docs", "api-exports", "api-pledges"}


@pytest.mark.parametrize("address", ["/api/v1/imports", "/api/v1/sessions", "/api/v1/openapi.json", "/api/v1/asyncapi.json",
                                     "/api/v1/", "/api/v1/imports/templates/members"])
def test_what_is_read_carries_a_tag_and_is_not_sent_twice_also_where_no_call_is_behind_it(gate, secretary, address):
    first = gate.web.get(address, headers=secretary)
    assert first.status_code == 200 and first.headers["ETag"]
    again = gate.web.get(address, headers=secretary | {"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304 and not again.data
    assert gate.web.get(address, headers=secretary | {"If-None-Match": '"another"'}).status_code == 200
    refused = gate.web.get(address, headers=secretary | {"If-Match": first.headers["ETag"]})
    assert (refused.status_code, problem(refused).code) == (400, "if_match_not_supported")
