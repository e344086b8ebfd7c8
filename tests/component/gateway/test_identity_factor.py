"""The second factor (动态口令): required of deciders, enrolled by a code, never good twice, lost and reset by two people."""
import html
import re
from datetime import UTC, datetime, timedelta

import pytest

from services.gateway.identity import totp
from services.gateway.settings import GatewaySettings
from services.gateway.storage import Account, Factor
from tests.fakes_gateway import PASSWORD, access_log, account, bearer, form, problem
from tests.fakes_pages import settle

SESSION = "/api/v1/session"


@pytest.fixture
def strict(gate):
    """The gate as it is delivered: deciders need a second factor."""
    settle(gate.store)
    gate.app.extensions["gateway"] = GatewaySettings()
    gate.caller.hold("prs_lin", ("secretary", "org_village"))
    return gate


@pytest.fixture
def lin(strict):
    return account(strict.store, password=PASSWORD)


def sign_in(gate, **more):
    return gate.web.post(SESSION, json={"username": "lin.qiao", "password": PASSWORD} | more)


def enrolled(gate, owner):
    """Enrol, and wait for the next code; the secret and the recovery codes."""
    mine = bearer(gate.app, owner)
    secret = secret_of(gate.web.post(f"{SESSION}/factor", headers=mine).json["secret"])
    codes = gate.web.put(f"{SESSION}/factor", headers=mine, json={"code": now_code(gate, secret)}).json["codes"]
    gate.clock.move(seconds=30)
    return secret, codes


def secret_of(written):
    import base64
    return base64.b32decode(written + "=" * (-len(written) % 8))


def now_code(gate, secret, away=0):
    return totp.code_at(secret, totp.step_of(gate.clock.now()) + away)


@pytest.mark.parametrize("seconds, code", [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"),
                                           (2000000000, "279037"), (20000000000, "353130")])
def test_codes_are_those_of_the_standard(seconds, code):
    """The test vectors of RFC 6238, their last six digits. [X47]"""
    assert totp.code_at(b"12345678901234567890", totp.step_of(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds))) == code


@pytest.mark.parametrize("role", ["secretary", "superior", "office", "auditor", "operator"])
def test_a_decider_without_it_can_do_nothing_but_enrol(strict, lin, role):
    """Refused on the server, call by call; sign-in, one's own session and enrolling work. [X13] [X47]"""
    strict.caller.hold("prs_lin", (role, "org_county"))
    mine = {"Authorization": f"Bearer {sign_in(strict).json['token']}"}
    for path in ("/pledges?organisation_id=org_village", "/members?organisation_id=org_village", "/accounts?organisation_id=org_county"):
        assert problem(strict.web.get(f"/api/v1{path}", headers=mine)).code == "second_factor_needed"
    assert strict.web.get(SESSION, headers=mine).status_code == 200
    begun = strict.web.post(f"{SESSION}/factor", headers=mine).json
    assert begun["address"].startswith("otpauth://totp/") and begun["secret"] in begun["address"]
    code = now_code(strict, secret_of(begun["secret"]))
    assert len(strict.web.put(f"{SESSION}/factor", headers=mine, json={"code": code}).json["codes"]) == 10
    assert strict.web.get("/api/v1/members?organisation_id=org_village", headers=mine).status_code == 404


def test_who_decides_nothing_and_the_demonstration_county_need_none(strict, lin):
    """[X47]"""
    strict.caller.hold("prs_lin", ("clerk", "org_village"), ("member", "org_village"))
    mine = bearer(strict.app, lin)
    assert strict.web.get("/api/v1/members?organisation_id=org_village", headers=mine).status_code == 404
    strict.app.extensions["gateway"] = GatewaySettings(demonstration=True)
    strict.caller.hold("prs_lin", ("secretary", "org_village"))
    strict.app.extensions["clients"].forget("prs_lin")
    assert strict.web.get("/api/v1/members?organisation_id=org_village", headers=mine).status_code == 404


def test_a_code_opens_once_and_a_replayed_one_never(strict, lin):
    """[X14] [X47]"""
    secret, _ = enrolled(strict, lin)
    assert problem(sign_in(strict)).code == "code_needed"
    code = now_code(strict, secret)
    assert sign_in(strict, code=code).status_code == 201
    assert problem(sign_in(strict, code=code)).code == "wrong_code"
    assert problem(sign_in(strict, code=now_code(strict, secret, -1))).code == "wrong_code", "nor an older one"
    strict.clock.move(seconds=30)
    assert sign_in(strict, code=now_code(strict, secret)).status_code == 201


def test_clocks_may_be_one_step_apart_and_no_more(strict, lin):
    """[X47]"""
    secret, _ = enrolled(strict, lin)
    strict.clock.move(minutes=5)
    assert [sign_in(strict, code=now_code(strict, secret, away)).status_code for away in (-2, 2, -1, 1)] == [422, 422, 201, 201]


def test_wrong_codes_lock_like_wrong_passwords_and_passwords_in_between_do_not_help(strict, lin):
    """Showing the right password again neither clears nor adds to the count. [X6] [X47]"""
    secret, _ = enrolled(strict, lin)
    for _ in range(5):
        assert problem(sign_in(strict)).code == "code_needed"
        assert problem(sign_in(strict, code="000000")).code == "wrong_code"
    assert sign_in(strict, code=now_code(strict, secret)).status_code == 429
    strict.clock.move(minutes=15, seconds=1)
    assert sign_in(strict, code=now_code(strict, secret)).status_code == 201


def test_ten_recovery_codes_open_once_each(strict, lin):
    """Hashed, told once; however they are typed. [X47]"""
    _, codes = enrolled(strict, lin)
    assert len(set(codes)) == 10
    assert sign_in(strict, code=codes[0].upper().replace("-", " ")).status_code == 201
    assert problem(sign_in(strict, code=codes[0])).code == "wrong_code"
    assert sign_in(strict, code=codes[9]).status_code == 201


def test_the_secret_and_the_codes_are_not_in_the_database(strict, lin, tmp_path):
    """`strings` on the files finds neither. [X47]"""
    secret, codes = enrolled(strict, lin)
    for file in tmp_path.glob("gateway.sqlite*"):
        kept = file.read_bytes()
        assert secret not in kept and totp.written(secret).encode() not in kept
        assert not any(code.encode() in kept or code.replace("-", "").encode() in kept for code in codes)


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_clock_that_jumped_an_hour_locks_nobody_out_for_good(strict, lin, hours):
    """Whatever was used while the clock was wrong, the next code after it is right again opens; so does a lock end. [T29] [X47]"""
    secret, _ = enrolled(strict, lin)
    strict.clock.move(hours=hours)
    assert sign_in(strict, code=now_code(strict, secret)).status_code == 201
    for _ in range(5):
        sign_in(strict, code="000000")
    assert sign_in(strict, code="000000").status_code == 429
    strict.clock.move(hours=-hours)
    strict.clock.move(minutes=15, seconds=1)
    assert sign_in(strict, code=now_code(strict, secret)).status_code == 201


def test_it_is_reset_by_two_administrators_and_the_owner_is_told(strict, lin):
    """One alone, twice, changes nothing; the owner enrols anew, and hears of both. [X14] [X47]"""
    enrolled(strict, lin)
    strict.app.extensions["gateway"] = GatewaySettings(second_factor="none")
    desks = []
    for name in ("gao", "jiang"):
        strict.caller.hold(f"prs_{name}", ("office", "org_county"))
        desks.append(bearer(strict.app, account(strict.store, username=f"{name}.office", person_id=f"prs_{name}", name=name)))
    reset = lambda desk: strict.web.post(  # noqa: E731
        f"/api/v1/accounts/{lin.id}/reset-factor", headers=desk, json={"reason": "本人当面说手机丢失"})
    for _ in range(2):
        assert reset(desks[0]).json["reset_asked_by"] == "gao"
        assert problem(sign_in(strict)).code == "code_needed"
    assert reset(desks[1]).json == reset_view(strict, lin) and sign_in(strict).status_code == 201
    with strict.store.reading() as unit:
        told = [one["sentence"] for one in unit.books.notes.unseen(lin.id)]
    assert len(told) == 2 and "gao申请重置" in told[0] and "gao和jiang重置了" in told[1]
    assert reset(desks[0]).status_code == 404


def reset_view(gate, owner):
    with gate.store.reading() as unit:
        assert not unit.books.accounts.seen(owner.id)["factor"]
    return {"account_id": owner.id, "username": "lin.qiao", "name": "林乔", "person_id": "prs_lin", "member_id": "", "state": "active",
            "must_change": False, "factor": False, "reset_asked_by": "", "created_at": "2026-03-02T01:00:00Z", "version": 2,
            "last_sign_in_at": None, "locks": []}


def test_a_second_consent_after_a_day_is_a_new_request(strict, lin):
    enrolled(strict, lin)
    strict.app.extensions["gateway"] = GatewaySettings(second_factor="none")
    for name, asked in (("gao", "gao"), ("jiang", "jiang")):
        strict.caller.hold(f"prs_{name}", ("office", "org_county"))
        desk = bearer(strict.app, account(strict.store, username=f"{name}.office", person_id=f"prs_{name}", name=name))
        answer = strict.web.post(f"/api/v1/accounts/{lin.id}/reset-factor", headers=desk, json={"reason": "手机丢失"})
        assert answer.json["reset_asked_by"] == asked
        strict.clock.move(hours=25)


def test_a_new_factor_needs_a_code_of_the_old_one(strict, lin):
    """Whoever finds an open window takes nothing off. [X47]"""
    secret, _ = enrolled(strict, lin)
    mine = bearer(strict.app, lin)
    assert problem(strict.web.post(f"{SESSION}/factor", headers=mine)).code == "has_factor"
    assert problem(strict.web.post(f"{SESSION}/factor/off", headers=mine, json={"code": "000000"})).code == "wrong_code"
    assert strict.web.post(f"{SESSION}/factor/off", headers=mine, json={"code": now_code(strict, secret)}).status_code == 204
    assert problem(strict.web.get("/api/v1/pledges?organisation_id=org_village", headers=mine)).code == "second_factor_needed"


def test_a_reset_password_does_not_open_without_the_code(strict, lin):
    enrolled(strict, lin)
    strict.caller.hold("prs_gao", ("office", "org_county"))
    strict.app.extensions["gateway"] = GatewaySettings(second_factor="none")
    desk = bearer(strict.app, account(strict.store, username="gao.office", person_id="prs_gao", name="高宁"))
    token = strict.web.post(f"/api/v1/accounts/{lin.id}/reset-password", headers=desk).json["token"]
    answer = strict.web.post("/api/v1/invitations/reset", json={"token": token, "password": "Another-9 lantern"})
    assert answer.status_code == 204 and not answer.data
    assert problem(sign_in(strict, password="Another-9 lantern")).code == "code_needed"


def test_the_pages_enrol_by_qr_and_ask_for_the_code_after_the_password(house):
    """[X47]"""
    house.app.extensions["gateway"] = GatewaySettings()
    account(house.store, username="he.xiuying", person_id="prs_he", name="何秀英", member_id="mbr_he", password=PASSWORD)
    house.caller.hold("prs_he", ("secretary", "org_village"))

    def enter(browser):
        typed = {"username": "he.xiuying", "password": PASSWORD, "next": "/desk/ledger"}
        return browser.post("/sign-in", data=form(browser.get("/sign-in").text) | typed)
    assert enter(house.web).location == "/desk/ledger"
    assert house.web.get("/desk/ledger").location == "/account/factor?first=1"
    page = house.web.get("/account/factor").text
    assert "您的职责要求" in page
    house.web.post("/account/factor/begin", data=form(page))
    page = house.web.get("/account/factor").text
    assert 'src="data:image/svg+xml' in page
    secret = secret_of(re.search(r'<code class="secret mb-3">([A-Z2-7 ]+)<', page)[1].replace(" ", ""))
    wrong = house.web.post("/account/factor", data=form(page) | {"code": "000000"})
    assert wrong.status_code == 422 and 'src="data:image/svg+xml' in wrong.text
    done = house.web.post("/account/factor", data=form(page) | {"code": now_code(house, secret)})
    assert len(re.findall(r"<code>[a-z2-9]{5}-[a-z2-9]{5}</code>", done.text)) == 10 and done.headers["Cache-Control"] == "no-store"
    assert house.web.get("/desk/ledger").status_code == 200
    house.clock.move(seconds=30)

    other = house.app.test_client()
    second = enter(other).text
    assert "请输入动态口令" in second and PASSWORD not in second
    fields = {name: html.unescape(word) for name, word in form(second).items()}
    wrong = other.post("/sign-in/code", data=fields | {"code": "123123"})
    assert wrong.status_code == 422 and other.get("/desk").status_code == 302
    assert other.post("/sign-in/code", data=fields | {"code": now_code(house, secret)}).location == "/desk/ledger"
    assert other.get("/desk/ledger").status_code == 200


def test_a_ticket_is_good_for_five_minutes_and_for_this_password_only(house):
    house.app.extensions["gateway"] = GatewaySettings()
    owner = account(house.store, username="he.xiuying", person_id="prs_he", name="何秀英", password=PASSWORD)
    secret, _ = enrolled(house, owner)
    page = house.web.post("/sign-in", data=form(house.web.get("/sign-in").text) | {"username": "he.xiuying", "password": PASSWORD}).text
    fields = {name: html.unescape(word) for name, word in form(page).items()}
    house.clock.move(minutes=5)
    late = house.web.post("/sign-in/code", data=fields | {"code": now_code(house, secret)})
    assert late.status_code == 401 and "隔得太久" in late.text
    forged = house.web.post("/sign-in/code", data=fields | {"ticket": "W10.made-up", "code": now_code(house, secret)})
    assert forged.status_code == 401


def test_what_happens_to_a_factor_stands_in_the_operation_log(strict, lin):
    """[X21]"""
    secret, _ = enrolled(strict, lin)
    sign_in(strict, code="000000")
    lines = [(one["operation"], one["result"]) for one in access_log(strict.store)]
    assert ("gateway.enrol_factor", "done") in lines and ("gateway.sign_in", "wrong_code") in lines
    assert totp.written(secret) not in str(access_log(strict.store))


def test_who_asked_for_a_reset_and_why_is_read_from_the_store_and_not_from_the_link(house):
    """A link that says the chief asked, says it to nobody. [X14] [X47]"""
    with house.store.writing() as unit:
        unit.books.factors.keep(Factor(account_id="acc_he", sealed=b"-", active=True, last_step=0, created_at=unit.now))
        unit.books.accounts.add(Account(id="acc_he", username="he.xiuying", password="-", person_id="prs_he", member_id="mbr_he", name="何秀英",
                                        state="active", version=1, created_at=unit.now, password_at=unit.now))
    address = "/county/accounts/acc_he/factor?organisation=org_county&name=骗子&asked_by=书记"
    first, second = (house.enter("office", "org_county", name=name, member_id=f"mbr_{n}") for n, name in enumerate(("高宁", "江涛")))
    page = first.get(address).text
    assert "重置何秀英的动态口令" in page and "骗子" not in page and "书记已申请" not in page and "申请重置</button>" in page
    assert first.post(address, data=form(page) | {"reason": "手机丢失"}).status_code in (302, 303)
    assert "您已申请重置" in first.get(address).text
    page = second.get(address).text
    assert "高宁已申请重置，原因是“手机丢失”" in page and "同意重置</button>" in page
    assert house.enter("clerk", "org_village", member_id="mbr_c").get(address).status_code == 403
