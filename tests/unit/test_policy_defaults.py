"""The defaults of every policy document, by digest: a result names the version it was made by, and that must say it all."""
import dataclasses
import hashlib
import json

import pytest

from services.evaluation.domain.policy import AppraisalPolicy, ScoringPolicy
from services.notice.domain.policy import BoardPolicy
from services.pledge.domain.policy import CoveragePolicy, DraftingPolicy, ReviewPolicy

#: a changed default is a new line here with a new version; the old line goes
KNOWN = {
    AppraisalPolicy: ("default-1", "04adce1e2c7022b7"),
    ScoringPolicy: ("default-1", "c52b6b1a30741b4f"),
    BoardPolicy: ("default-1", "d2e8af774ccc120a"),
    CoveragePolicy: ("default-1", "236b98d628654633"),
    DraftingPolicy: ("default-1", "f6e37523fdafdc10"),
    ReviewPolicy: ("default-1", "44ade51fd1218cd4"),
}


def digest(document: type) -> str:
    told = {name: value for name, value in dataclasses.asdict(document()).items() if name != "version"}
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()[:16]


@pytest.mark.parametrize("document", [AppraisalPolicy, ScoringPolicy, BoardPolicy, CoveragePolicy, DraftingPolicy, ReviewPolicy])
def test_changed_defaults_have_a_new_version(document):
    """Who changes a number changes the version, and only then this table."""
    assert (document().version, digest(document)) == KNOWN[document]


def test_the_board_and_the_branch_expect_the_same_people():
    """Two services count 应承诺; neither may import the other. [A3]"""
    assert BoardPolicy().expected == CoveragePolicy().expected
