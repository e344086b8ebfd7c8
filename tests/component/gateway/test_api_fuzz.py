"""Whatever is sent to whatever route, the answer is a 4xx that says so or the call's own answer: never a 500."""
import json
import re
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from services.gateway.api.route import PREFIX
from tests.fakes_gateway import account, bearer

ODD = st.sampled_from(["", " ", "\0", "a\0b", "\x1b[31m", "‮", "' OR 1=1 --", "<script>alert(1)</script>", "../../etc/passwd", "{{7*7}}",
                       "%00", "𠮷" * 200, "x" * 5000, "NaN", "1e999", "-1", "2026-02-30", "0001-01-01", "=1+1", "￾", "é"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-10**20, 10**20) | st.floats(allow_nan=False, allow_infinity=False) | ODD | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ODD | st.text(max_size=8), inner, max_size=3), max_leaves=8)


def routes(app):
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith(PREFIX) and not rule.endpoint.startswith("api-docs"):
            for method in rule.methods - {"HEAD", "OPTIONS"}:
                # signing out would only end the test's own session
                if (method, rule.rule) != ("DELETE", f"{PREFIX}/session"):
                    yield method, rule.rule


def named_fields(spec, method, path):
    operation = spec["paths"][re.sub(r"<(\w+)>", r"{\1}", path)][method.lower()]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    schema = spec["components"]["schemas"].get(body.get("$ref", "").rsplit("/", 1)[-1], {})
    return list(schema.get("properties", {})), [p["name"] for p in operation.get("parameters", []) if p.get("in") == "query"]


@pytest.fixture
def known(gate):
    """Every route with the fields it names, and somebody who is signed in."""
    spec = gate.web.get(f"{PREFIX}/openapi.json").json
    gate.routes = [(method, path, *named_fields(spec, method, path)) for method, path in sorted(routes(gate.app))]
    gate.headers = bearer(gate.app, account(gate.store, username="fuzz.er", person_id="prs_fuzz"))
    return gate


@settings(max_examples=1000, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_request_makes_a_500(known, data):
    """Bodies of the right fields with wrong values, addresses of odd words, wrong headers. [T23] [X26]"""
    method, path, fields, query = data.draw(st.sampled_from(known.routes))
    places = path.count("<")
    words = data.draw(st.lists(ODD | st.text(max_size=10), min_size=places, max_size=places))
    body = data.draw(st.dictionaries(st.sampled_from(fields or ["x"]) | ODD, VALUES, max_size=6) | VALUES)
    asked = data.draw(st.dictionaries(st.sampled_from(query or ["x"]) | ODD, ODD | st.text(max_size=10), max_size=4))
    tag = data.draw(st.sampled_from(["", "", '"1"', "*", "x", '"99999999999999"']))
    kind = data.draw(st.sampled_from(["application/json"] * 9 + ["text/plain"]))
    given_words = iter(words)
    address = re.sub(r"<\w+>", lambda _: quote(next(given_words).encode("utf-8", "surrogatepass"), safe="") or "x", path)
    asked_as = urlencode({k: v.encode("utf-8", "surrogatepass") for k, v in asked.items()})
    answer = known.web.open(address, method=method, query_string=asked_as, data=json.dumps(body).encode(), content_type=kind,
                            headers=known.headers | ({"If-Match": tag} if tag else {}))
    assert answer.status_code < 500, (method, address, body, answer.text)
    if answer.status_code >= 400:
        assert json.loads(answer.data)["code"], answer.text
