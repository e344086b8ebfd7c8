"""What becomes of a member's pledge when they move on: it stays where it was made, and theirs."""
from dataclasses import replace

import pytest

from tests.component.pledge.test_doors import LAMPS, drafted
from tests.fakes import NOW, person
from tests.fakes_pledge import FAR_CLERK, ZHANG
from wire.contracts.calls import Remote
from wire.contracts.pledge import DraftPledge, ListPledges
from wire.contracts.roster import MemberMoved


def test_after_a_move_a_member_still_sees_their_own_and_makes_no_second(running):
    """It stays where it was made; the branch they came to lists only what was made there.  [B3] [X17]"""
    mine = drafted(running)
    running.hear(MemberMoved(
        member_id="mem_zhang", code="mem_zhang", name="张三", sort_key="张三", organisation_id="org_other", kind="member", version=2,
        acted_by="prs_office", acted_by_name="县办", acted_at=NOW))
    ask = ListPledges(organisation_id="org_other", year=2026)
    moved = person("member", "org_other", member_id="mem_zhang", person_id=ZHANG.person_id)
    for asked in (ask, replace(ask, member_id="mem_zhang")):
        assert [(p.pledge_id, p.organisation_id) for p in running.call(moved, asked).pledges] == [(mine.pledge_id, "org_village")]
    assert running.call(FAR_CLERK, replace(ask, member_id="mem_zhang")).pledges == ()
    second = DraftPledge(organisation_id="org_other", member_id="mem_zhang", year=2026, items=(LAMPS,))
    for actor in (moved, FAR_CLERK):
        with pytest.raises(Remote) as no:
            running.call(actor, second)
        assert (no.value.code, no.value.status) == ("already_pledged", 409) and "已经在village有一份年度承诺（草拟）" in no.value.sentence
    assert running.call(moved, replace(second, kind="immediate")).organisation_id == "org_other"
