"""Personal data masked by role: who works with persons sees them, who only follows or reads logs sees less. [X18]"""
from datetime import date

import pytest

from tests.component.gateway.test_pages_policies import browser, text, town  # noqa: F401
from wire.contracts.calls import Remote
from wire.contracts.history import read_history_of
from wire.contracts.roster import CorrectMember, ListBirthdays, ListMembers, ReadMember, SetStanding

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
        assert (one.name, one.masked, one.joined_on, one.standing) == ("演**", True, None, "normal") and one.code.endswith("*") is (len(one.code) > 2)
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


def test_the_pages_say_that_something_is_masked(marked):
    auditor = browser(marked, marked.people["auditor", "above"])
    page = auditor.get(f"/county/members?organisation={marked.organisations['V']}")
    assert "个人信息已遮掩" in text(page) and "演柳溪" not in page.text and "限期改正" not in text(page).split("查找")[-1]
    entry = auditor.get(f"/county/members/{marked.members['V']}")
    assert entry.status_code == 200 and "演柳溪" not in entry.text and "已遮掩" in text(entry) and "没有按时参加" not in entry.text
    office = browser(marked, marked.office).get(f"/county/members?organisation={marked.organisations['V']}")
    assert "演柳溪" in office.text and "已遮掩" not in office.text
