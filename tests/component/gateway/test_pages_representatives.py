"""评议代表库 on screen: by stratum with search; a phone at a press only, and the press is in the access log."""
from datetime import date

import pytest

from tests.fakes_gateway import access_log, always, form
from wire.contracts import roster as r
from wire.contracts.calls import Remote


def view(**more):
    return r.RepresentativeView(**{
        "representative_id": "rep_1", "organisation_id": "org_village", "organisation_name": "柳溪村党支部", "stratum": "users",
        "stratum_name": "服务对象", "name": "陶大安", "phone": "138****0000", "since": date(2026, 3, 2), "until": None, "state": "active",
        "version": 2} | more)


@pytest.fixture
def desk(house):
    strata = (r.RepresentativeStratum(stratum="households", name="户代表", count=0),
              r.RepresentativeStratum(stratum="users", name="服务对象", count=1))
    house.caller.answers |= {
        r.ListRepresentatives: always(r.RepresentativePage(representatives=(view(),), strata=strata, total=1, next="tao|rep_1")),
        r.ReadRepresentativePhone: always(r.RepresentativePhone(representative_id="rep_1", phone="13800000000")),
        **dict.fromkeys((r.RegisterRepresentative, r.ChangeRepresentative, r.EndRepresentative), always(view()))}
    return house


def post(browser, path, **said):
    hidden = form(browser.get("/county/representatives").text)
    return browser.post(path, data={"csrf_token": hidden["csrf_token"], "key": hidden["key"], **said})


def test_the_list_is_narrowed_by_stratum_and_searched_and_shows_masked_phones(desk):
    """[X18]"""
    page = desk.enter("clerk").get("/county/representatives?stratum=users&search=tda").text
    assert desk.caller.of(r.ListRepresentatives)[-1].request == r.ListRepresentatives(
        organisation_id="org_village", stratum="users", search="tda", limit=50)
    assert "138****0000" in page and "13800000000" not in page and "服务对象 · 1 人" in page and "rel=\"next\"" in page


def test_a_phone_is_seen_at_a_press_and_the_press_is_in_the_access_log(desk):
    """[X18, X21]"""
    browser = desk.enter("clerk")
    browser.get("/county/representatives")
    assert "roster.read_representative_phone" not in {line["operation"] for line in access_log(desk.store)}
    page = post(browser, "/county/representatives/phone", representative_id="rep_1")
    assert page.status_code == 200 and "13800000000" in page.text and "no-store" in page.headers["Cache-Control"]
    [line] = [line for line in access_log(desk.store) if line["operation"] == "roster.read_representative_phone"]
    assert (line["subject"], line["result"]) == ("rep_1", "read") and "13800000000" not in str(line)


def test_whoever_may_not_see_it_has_no_button_and_is_refused(desk):
    browser = desk.enter("office", "org_county")
    assert "看电话" not in browser.get("/county/representatives").text
    desk.caller.answers[r.ReadRepresentativePhone] = Remote("forbidden", 403, "您没有这项权限。")
    assert post(browser, "/county/representatives/phone", representative_id="rep_1").status_code == 403


def test_somebody_is_registered_changed_and_ended_from_here(desk):
    browser = desk.enter("clerk")
    answer = post(browser, "/county/representatives", organisation_id="org_village", name="陶大安", stratum="users", phone="138 0000 0000")
    assert answer.status_code == 303 and desk.caller.of(r.RegisterRepresentative)[-1].request == r.RegisterRepresentative(
        organisation_id="org_village", name="陶大安", stratum="users", phone="138 0000 0000")
    post(browser, "/county/representatives/change", representative_id="rep_1", version="2", name="陶大安", stratum="users", phone="", no_phone="1")
    assert desk.caller.of(r.ChangeRepresentative)[-1].request == r.ChangeRepresentative(
        representative_id="rep_1", version=2, name="陶大安", stratum="users", no_phone=True)
    assert post(browser, "/county/representatives/end", representative_id="rep_1").status_code == 303


def test_a_phone_that_is_known_is_asked_back_with_what_was_typed(desk):
    browser = desk.enter("clerk")
    desk.caller.answers[r.RegisterRepresentative] = Remote("phone_known", 409, "这个电话已登记给柳溪村党支部的陶大安。", errors={
        "phone": ["已有代表用这个电话。"]})
    answer = post(browser, "/county/representatives", organisation_id="org_village", name="何小满", stratum="users", phone="13800000000")
    assert answer.status_code == 409 and "何小满" in answer.text and 'name="another"' in answer.text
