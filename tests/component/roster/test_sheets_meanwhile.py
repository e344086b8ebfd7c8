"""What happens to a grant between the check of a sheet of members and its writing: nothing is told of it that is not so."""
import pytest

from tests.component.roster.sending import people
from wire.contracts.calls import Refusal
from wire.contracts.roster import EndGrant, GiveGrant, WriteSheet


def test_a_new_name_tells_nothing_of_a_grant_that_ended_between_check_and_write(county):
    """[X49]"""
    county.written("s2", "members", people(2))
    one = county.members()["M0000"]
    given = county.call(GiveGrant(organisation_id=county.root, role="clerk", member_id=one.member_id))
    renamed = [("M0000", "演新名", "正式党员", "V", "2010-07-01")]
    county.stage("s3", "members", renamed)
    county.call(EndGrant(grant_id=given.grant_id))
    said = len(county.announced())
    with pytest.raises(Refusal) as stale:
        county.call(WriteSheet(sheet_id="s3"))
    assert stale.value.status == 412 and len(county.announced()) == said and county.members()["M0000"].name == "演一"
    county.written("s3", "members", renamed)
    assert [topic for topic, _ in county.announced()[said:]] == ["roster.member.changed.v1"]
