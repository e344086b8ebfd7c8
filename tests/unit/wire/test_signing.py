"""The signed actor: for one operation, one request, one minute."""
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, strategies as st

from wire.bus.settings import Refused, Settings
from wire.bus.signing import Claims, Signer, Verifier, digest, make_keys, signer_of, verifier_of
from wire.contracts.actor import PUBLIC, Actor, HeldGrant, service_actor
from wire.contracts.calls import Unsigned

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
BODY = b'{"words":"x"}'
KEY = Ed25519PrivateKey.generate()
ACTOR = Actor(kind="person", person_id="per_1", name="书记", grants=(
    HeldGrant(grant_id="grt_1", role="secretary", organisation_id="org_1"),))
CLAIMS = Claims(actor=ACTOR, operation="pledge.publish", digest=digest(BODY), key="k", issued_at=NOW, ends_at=NOW + timedelta(seconds=3))


def verifier(now=NOW) -> Verifier:
    return Verifier(KEY.public_key(), lambda: now)


def test_what_the_gateway_signed_is_believed():
    assert verifier().claims(Signer(KEY).token(CLAIMS), "pledge.publish", BODY) == CLAIMS


def test_a_forged_actor_is_refused():
    """Signed with another key, or not at all.  [X43]"""
    for signer in (Signer(Ed25519PrivateKey.generate()), Signer()):
        with pytest.raises(Unsigned):
            verifier().claims(signer.token(CLAIMS), "pledge.publish", BODY)


def test_a_token_is_for_one_operation_and_one_request():
    """[X43]"""
    token = Signer(KEY).token(CLAIMS)
    with pytest.raises(Unsigned):
        verifier().claims(token, "pledge.withdraw", BODY)
    with pytest.raises(Unsigned):
        verifier().claims(token, "pledge.publish", BODY + b" ")


@pytest.mark.parametrize("apart", [61, 86_400, -61, -3600])
def test_a_stale_token_or_a_wrong_clock_is_refused_with_a_sentence_that_names_the_clock(apart):
    """[X43] [T29]"""
    with pytest.raises(Unsigned) as refused:
        verifier(NOW + timedelta(seconds=apart)).claims(Signer(KEY).token(CLAIMS), "pledge.publish", BODY)
    assert str(abs(apart)) in refused.value.sentence and "时钟" in refused.value.sentence


def test_a_token_is_good_for_its_minute():
    for apart in (-59, 59):
        assert verifier(NOW + timedelta(seconds=apart)).claims(Signer(KEY).token(CLAIMS), "pledge.publish", BODY)


def test_a_service_asks_for_a_journal_without_a_signature_and_for_nothing_else():
    """[X43]"""
    claims = replace(CLAIMS, actor=service_actor("notice"), operation="pledge.journal")
    assert verifier().claims(Signer().token(claims), "pledge.journal", BODY).actor.person_id == "notice"
    for other in (replace(claims, operation="pledge.publish"), replace(claims, actor=PUBLIC), replace(claims, actor=ACTOR)):
        with pytest.raises(Unsigned):
            verifier().claims(Signer().token(other), other.operation, BODY)


@given(st.one_of(st.none(), st.integers(), st.text(max_size=40), st.binary(max_size=40), st.text("ABCx_-=.", max_size=40)))
def test_anything_that_is_no_token_is_refused(token):
    """[X43] [T23]"""
    with pytest.raises(Unsigned):
        verifier().claims(token, "pledge.publish", BODY)


@given(st.data())
def test_a_token_with_one_character_changed_is_refused(data):
    """[X43]"""
    token = Signer(KEY).token(CLAIMS)
    # the last character of base64 may carry bits that mean nothing
    place = data.draw(st.integers(0, len(token) - 4).filter(lambda n: token[n] not in ".="))
    letter = data.draw(st.sampled_from("ABCDEFabcdef0123456789-_").filter(lambda c: c != token[place]))
    changed = token[:place] + letter + token[place + 1:]
    try:
        assert verifier().claims(changed, "pledge.publish", BODY) == CLAIMS
    except Unsigned:
        return
    raise AssertionError(f"believed {changed}")


def test_keys_are_made_once_and_the_private_one_is_its_owners_alone(tmp_path):
    settings = Settings(data=tmp_path)
    private, public = make_keys(settings)
    before = private.read_bytes()
    assert make_keys(settings) == (private, public) and private.read_bytes() == before
    assert private.stat().st_mode & 0o077 == 0
    token = signer_of(settings).token(CLAIMS)
    assert verifier_of(settings, lambda: NOW).claims(token, "pledge.publish", BODY) == CLAIMS


def test_a_distributed_service_has_no_key_to_sign_with_and_does_not_start_without_the_public_one(tmp_path):
    distributed = {"broker": "pyamqp://u:p@h/v", "database": "postgresql+psycopg2://u@h/d", "data": tmp_path}
    with pytest.raises(Refused, match="JIANNUO_VERIFY_KEY"):
        verifier_of(Settings(**distributed), lambda: NOW)
    (tmp_path / "bad.pem").write_text("nothing")
    with pytest.raises(Refused, match="JIANNUO_VERIFY_KEY"):
        verifier_of(Settings(**distributed, verify_key=str(tmp_path / "bad.pem")), lambda: NOW)
    with pytest.raises(Refused, match="JIANNUO_SIGNING_KEY"):
        signer_of(Settings(**distributed, signing_key=str(tmp_path / "bad.pem")))
    assert signer_of(Settings(**distributed)).token(CLAIMS).endswith(".")
