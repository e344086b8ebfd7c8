"""Finding an evaluation and the people of its branch.  What an actor may not see answers like what is not there."""
from collections.abc import Mapping
from typing import Any

from services.evaluation.domain.appraisal import Tally, count
from services.evaluation.domain.evaluation import Evaluation
from services.evaluation.domain.pledged import Pledged
from services.evaluation.domain.policy import AppraisalPolicy, PeersPolicy, ScoringPolicy
from wire.contracts.calls import Away, Forbidden, NotFound
from wire.contracts.evaluation import ReadEvaluation
from wire.contracts.ports import Unit

NO_SUCH = "没有找到这次评诺，可能链接有误，请返回列表重新打开。"
READ_ANEW = "承诺的内容正在重新读取，请几分钟后再试。"
STREAM = "evaluation.evaluation"
NEAR, FAR = ("clerk", "secretary"), ("superior", "liaison", "office", "auditor")


def permitted(unit: Unit, evaluation: Evaluation | None) -> Evaluation:
    """The evaluation, if the actor may do here what is under way; NotFound where they may not even see it."""
    if evaluation is None:
        raise NotFound(NO_SUCH)
    permit(unit, evaluation.organisation_id, evaluation.member_id, NO_SUCH)
    return evaluation


def permit(unit: Unit, organisation_id: str, member_id: str, no_such: str) -> None:
    """As ``unit.permit``; NotFound with this sentence where the actor may not see this organisation's evaluations."""
    try:
        unit.permit(organisation_id, member_id=member_id)
    except Forbidden:
        if unit.may(ReadEvaluation, organisation_id, member_id=member_id):
            raise
        raise NotFound(no_such) from None


def people(unit: Unit, organisation_id: str) -> list[Mapping[str, Any]]:
    """The members of the branch who judge one another by its policy, those of its party groups with them."""
    peers = unit.policy(PeersPolicy, organisation_id).kinds
    return [m for p in unit.directory.with_groups(organisation_id)
            for m in unit.directory.members_of(p) if m["kind"] in peers]


def oversees(unit: Unit, organisation_id: str) -> bool:
    """Whether the actor reads here as more than a plain member of the branch."""
    held = [g for g in unit.actor.grants if g.role in NEAR + FAR]
    own = (organisation_id, unit.directory.branch_of(organisation_id))
    return any(g.organisation_id in own or g.role in FAR and unit.directory.within(organisation_id, g.organisation_id)
               for g in unit.directory.in_force(held))


def judged(unit: Unit, evaluation: Evaluation) -> Pledged:
    """The pledge that is judged, as it was last heard.  Away while the copy is empty because it is read anew (replay)."""
    found = unit.books.pledged.get(evaluation.pledge_id)
    if found is None:
        raise Away(READ_ANEW)
    return found


def tally_of(unit: Unit, evaluation: Evaluation) -> Tally | None:
    """The counted appraisal, None until both tellers agree."""
    if evaluation.appraisal is None:
        return None
    return count(evaluation.appraisal, unit.policy(AppraisalPolicy, evaluation.organisation_id))


def policy_version(unit: Unit, organisation_id: str) -> str:
    """The version printed on the result: of scoring, and of the appraisal where it differs."""
    versions = (unit.policy(ScoringPolicy, organisation_id).version, unit.policy(AppraisalPolicy, organisation_id).version)
    return "；".join(dict.fromkeys(versions))


def saved(unit: Unit, before: Evaluation, after: Evaluation, what: str) -> Evaluation:
    """Keep what changed, with who changed it and a line of history that tells no figure; nothing if nothing changed."""
    if after is before:
        return before
    after = after.by(unit.actor.person_id, unit.actor.name, unit.now)
    unit.books.evaluations.save(after)
    unit.remember(STREAM, after.id, after.version, what, {"state": after.state})
    return after
