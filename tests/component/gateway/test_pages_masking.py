"""Personal data masked by role: who works with persons sees them, who only follows or reads logs sees less. [X18]"""
from dataclasses import replace
from datetime import date

import pytest

from tests.component.gateway.test_pages_policies import browser, text, town  # noqa: F401
from wire.contracts.calls import Remote
from wire.contracts.history import read_history_of
from wire.contracts.roster import (
    AdvanceMember, CorrectMember, ListBirthdays, ListDefects, ListMembers, ReadMember, RecordWhereabouts, RegisterMember, SetStanding,
)

FOLLOWERS = [("liaison", "same"), ("liaison", "above"), ("auditor", "above")]
WORKERS = [("clerk", "same"), ("secretary", "same"), ("superior", "above"), ("office", "above")]


@pytest.fixture(scope="module")
def marked(town):  # noqa: F811
    """The member of the village, with a date of joining and a standing nobody needs to know who only follows."""
    seen = town.house.call(town.office, ReadMember(member_id=town.members["V"]))
    town.house.call(town.office, CorrectMember(member_id=town.members["V"], version=seen.version, name="演柳溪", joined_on=date(2001, 7, 1)))
    town.house.call(town.office, SetStanding(member_id=town.members["V"], standing="correcting", note="没有按时参加组织生活"))
    town.house.settle()
    return town


def listed(town, role, **more):  # noqa: F811
    page = town.house.call(town.people[role], ListMembers(organisation_id=town.organisations["V"], **more))
    return next((one for one in page.members if one.member_id == town.members["V"]), None)


@pytest.mark.parametrize("role", FOLLOWERS)
def test_who_only_follows_sees_where_and_which_post_and_not_who_or_how_judged(marked, role):
    """In the list, on the entry, among the birthdays; the register tells no reasons, the history is not theirs. [X18]"""
    detail = marked.house.call(marked.people[role], ReadMember(member_id=marked.members["V"]))
    for one in (listed(marked, role), detail.member):
        assert (one.name, one.masked, one.joined_on, one.standing) == ("演**", True, None, "normal")
    assert detail.acts and not any(act.note or act.act == "限期改正" for act in detail.acts)
    born = marked.house.call(marked.people[role], ListBirthdays(organisation_id=marked.organisations["V"], month=7))
    assert {one.name for one in born.birthdays} == {"演**"}
    with pytest.raises(Remote) as caught:
        marked.house.call(marked.people[role], read_history_of("roster").request(aggregate="roster.member", aggregate_id=marked.members["V"]))
    assert caught.value.status == 404


@pytest.mark.parametrize("role", WORKERS)
def test_who_works_with_persons_sees_them(marked, role):
    detail = marked.house.call(marked.people[role], ReadMember(member_id=marked.members["V"]))
    for one in (listed(marked, role), detail.member):
        assert (one.name, one.masked, one.joined_on, one.standing) == ("演柳溪", False, date(2001, 7, 1), "correcting")
    assert any((act.act, act.note) == ("限期改正", "没有按时参加组织生活") for act in detail.acts)


def test_everybody_sees_their_own_entry(marked):
    own = marked.house.call(marked.people["member", "same"], ReadMember(member_id=marked.members["V"]))
    assert own.member.name == "演柳溪" and not own.member.masked


def test_a_masked_list_goes_on_from_page_to_page_and_its_marks_tell_no_name(marked):
    auditor, found, after = marked.people["auditor", "above"], [], ""
    while True:
        page = marked.house.call(auditor, ListMembers(organisation_id=marked.organisations["T"], limit=1, after=after))
        found += [one.member_id for one in page.members]
        after = page.next
        if not after:
            break
        assert after.startswith("|mem_")
    assert len(found) == page.total == len(set(found)) > 2


@pytest.mark.parametrize("role", FOLLOWERS)
@pytest.mark.parametrize("asked", [{"standing": "correcting"}, {"standing": "normal"}, {"state": "left"}])
def test_what_is_masked_is_not_found_by_asking_for_it(marked, role, asked):
    """[X18]"""
    with pytest.raises(Remote) as caught:
        listed(marked, role, search="演柳溪", **asked)
    assert caught.value.status == 403 and "去掉这个条件" in caught.value.sentence
    assert listed(marked, ("secretary", "same"), standing="correcting").name == "演柳溪"


@pytest.mark.parametrize("role", FOLLOWERS)
def test_who_only_follows_sees_the_day_of_a_political_birthday_and_not_the_year(marked, role):
    """[X18]"""
    asked = ListBirthdays(organisation_id=marked.organisations["V"], month=7)
    [told] = [one for one in marked.house.call(marked.people[role], asked).birthdays if one.member_id == marked.members["V"]]
    assert (told.day, told.joined_on, told.years) == (1, None, 0)
    assert date(2001, 7, 1) in {one.joined_on for one in marked.house.call(marked.people["secretary", "same"], asked).birthdays}


def test_birthdays_and_defects_go_on_from_page_to_page_and_their_marks_tell_no_name(marked):
    """[X18]"""
    auditor, place = marked.people["auditor", "above"], marked.organisations["T"]
    for member_id in marked.members.values():
        seen = marked.house.call(marked.office, ReadMember(member_id=member_id))
        marked.house.call(marked.office, CorrectMember(member_id=member_id, version=seen.version, name=seen.member.name, joined_on=date(2001, 7, 1)))
        marked.house.call(marked.office, RecordWhereabouts(member_id=member_id, whereabouts="unreachable"))
    for request, rows in ((ListBirthdays(organisation_id=place, month=7, limit=1), "birthdays"),
                          (ListDefects(organisation_id=place, limit=1), "items")):
        found = []
        while True:
            page = marked.house.call(auditor, request)
            found += [one.member_id for one in getattr(page, rows)]
            assert not page.next or page.next == found[-1]
            if not page.next:
                break
            request = replace(request, after=page.next)
        assert len(found) == page.total == len(set(found)) > 1


def test_the_register_tells_who_only_follows_neither_the_step_in_the_party_nor_its_day(marked):
    """[X18]"""
    member_id = marked.house.call(marked.office, RegisterMember(
        organisation_id=marked.organisations["V"], code="P-9", name="演预备", kind="probationary")).member_id
    marked.house.call(marked.office, AdvanceMember(member_id=member_id, kind="member", happened_on=date(2025, 7, 1)))
    acts = {role: [act.act for act in marked.house.call(marked.people[role], ReadMember(member_id=member_id)).acts]
            for role in (("auditor", "above"), ("secretary", "same"))}
    assert acts == {("auditor", "above"): ["登记"], ("secretary", "same"): ["转为正式党员", "登记"]}
    assert marked.house.call(marked.people["auditor", "above"], ReadMember(member_id=member_id)).member.code == "P-*"


def test_the_pages_say_that_something_is_masked(marked):
    auditor = browser(marked, marked.people["auditor", "above"])
    page = auditor.get(f"/county/members?organisation={marked.organisations['V']}")
    assert "个人信息已遮掩" in text(page) and "演柳溪" not in page.text and "限期改正" not in text(page).split("查找")[-1]
    birthdays = auditor.get(f"/county/birthdays?organisation={marked.organisations['V']}&month=7")
    assert birthdays.status_code == 200 and "已遮掩" in text(birthdays) and "2001" not in text(birthdays)
    assert "去掉这个条件" in text(auditor.get(f"/county/members?organisation={marked.organisations['V']}&standing=correcting"))
    entry = auditor.get(f"/county/members/{marked.members['V']}")
    assert entry.status_code == 200 and "演柳溪" not in entry.text and "已遮掩" in text(entry) and "没有按时参加" not in entry.text
    office = browser(marked, marked.office).get(f"/county/members?organisation={marked.organisations['V']}")
    assert "演柳溪" in office.text and "已遮掩" not in office.text
