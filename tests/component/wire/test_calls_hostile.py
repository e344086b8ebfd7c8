"""Hostile bytes before the door: refused with a code, never a crash, and the next caller is served."""
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings, strategies as st
from kombu import Connection

from tests.component.wire.echo import SECRETARY, Echo, List, Read, Write
from wire.bus.calls import form
from wire.bus.signing import Claims, Signer, digest
from wire.bus.testing import house
from wire.contracts.actor import PUBLIC
from wire.contracts.calls import Remote, operation_of


@pytest.fixture
def running(tmp_path):
    Echo.done.clear()
    with house(tmp_path, Echo) as running:
        yield running


def test_more_bytes_than_a_call_may_have_are_refused_before_they_are_sent(running):
    """[T22]"""
    with pytest.raises(form.TooLarge):
        running.call(PUBLIC, List(words=("x" * 1_000_000,) * 5))


def refused(running, request) -> Remote:
    with pytest.raises(Remote) as caught:
        running.call(PUBLIC, request)
    return caught.value


def test_a_reply_nobody_would_read_is_an_error_with_a_number(running):
    """[T22] [X36]"""
    refusal = refused(running, List(words=("字" * 60_000,) * 22))
    assert refusal.code == "invalid"
    assert running.call(PUBLIC, List(words=("x" * 3_900,) * 1000))[999].words == "x" * 3_900
    refusal = refused(running, List(words=("x" * 3_985,) * 1000))
    assert (refusal.code, refusal.status) == ("internal", 500) and refusal.incident


OPERATIONS = {"echo.read": operation_of(Read), "echo.write": operation_of(Write)}


def raw(running, body: bytes, token: str | None, operation: str = "echo.read"):
    """Put bytes before the door as whoever can publish might; the refusal's code."""
    caller = running.caller
    waiting = caller._letter(OPERATIONS[operation], PUBLIC, Read(words=""), None, 2.0, "", "")
    waiting.body = body
    waiting.headers["token"] = caller._signer.token(claims(running, body, operation)) if token is None else token
    return json.loads(caller._ask(waiting))["refusal"]["code"]


def claims(running, body, operation):
    now = running.bus("echo").room.clock.now()
    return Claims(actor=SECRETARY, operation=operation, digest=digest(body), key="k", issued_at=now, ends_at=now + timedelta(seconds=2))


HOSTILE = [
    b"{", b"null", b"[]", b"\xff\xfe{\x00}\x00", '{"words":"中"}'.encode("gb18030"), b'{"words":NaN}', b'{"words":1e999}',
    b'{"words":"\\ud800"}', b'{"words":"\\u0000"}', b"[" * 100_000, b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    b'{"words":"x","other":1}', b'{"words":' + b"9" * 5000 + b"}", b"{" + b",".join(b'"k%d":1' % n for n in range(100_000)) + b"}"]


@pytest.mark.parametrize("body", HOSTILE, ids=lambda b: repr(b[:12]))
def test_what_cannot_be_read_is_refused_with_a_code_and_the_door_stays_open(running, body):
    """[T22] [T23] [X26]"""
    assert raw(running, body, None) == "invalid"
    assert running.call(PUBLIC, Read(words="still here")).words == "still here"


def test_any_bytes_and_any_token_are_refused_with_a_code(running):
    """[T23] [X26]"""
    @settings(max_examples=150, suppress_health_check=list(HealthCheck))
    @given(st.binary(max_size=60), st.one_of(st.none(), st.text(max_size=30), st.binary(max_size=30)))
    def knock(body, token):
        assert raw(running, body, token) in ("invalid", "unsigned", "too_large")

    knock()


def test_a_message_that_is_no_call_at_all_is_dropped(running):
    """[T23]"""
    with Connection(running.settings.broker_uri) as connection:
        channel = connection.channel()
        for key in ("echo.read", "echo.nothing", "echo."):
            channel.basic_publish(channel.prepare_message(b"\x00", headers={"ends_at": "never"}), "nameko-rpc", key)
    assert running.call(PUBLIC, Read(words="still here")).words == "still here"
    running.settle()


def test_a_forged_actor_is_refused_at_the_door_and_does_nothing(running):
    """Not signed, signed with another key, signed for another operation, for other words, an hour ago.  [X43]"""
    body = b'{"words":"forged"}'
    good = claims(running, body, "echo.write")
    signer = running.caller._signer
    forged = [
        Signer().token(good), Signer(Ed25519PrivateKey.generate()).token(good), signer.token(replace(good, operation="echo.read")),
        signer.token(replace(good, digest=digest(b'{"words":"other"}'))), signer.token(replace(good, issued_at=good.issued_at - timedelta(hours=1))),
        signer.token(good)[:-6], "", "."]
    assert [raw(running, body, token, "echo.write") for token in forged] == ["unsigned"] * len(forged)
    assert Echo.done == []


def test_a_call_signed_for_a_time_that_has_passed_is_refused(running):
    """The signed deadline counts, not the header's.  [X49]"""
    body = b'{"words":"late"}'
    late = claims(running, body, "echo.write")
    late = replace(late, issued_at=late.issued_at - timedelta(seconds=20), ends_at=late.issued_at - timedelta(seconds=10))
    assert raw(running, body, running.caller._signer.token(late), "echo.write") == "service_away"
    assert Echo.done == []
