"""One function per verb of the contract; each decides within one unit, on books and a directory that are handed in."""
from services.pledge.usecases.drafting import draft_pledge, save_draft, submit_pledge
from services.pledge.usecases.evaluating import take_evaluations
from services.pledge.usecases.exempting import (
    approve_exemption, propose_exemption, read_exemption, read_exemption_rules, refuse_exemption, withdraw_exemption,
)
from services.pledge.usecases.fulfilling import claim_item, record_progress, verify_item
from services.pledge.usecases.guiding import read_guide
from services.pledge.usecases.overtaking import end_astray, end_past, follow_roster
from services.pledge.usecases.publishing import publish_pledges, sign_pledge
from services.pledge.usecases.reading import read_coverage, read_letter, read_pledge
from services.pledge.usecases.reviewing import approve_pledge, return_pledge, review_item
from services.pledge.usecases.seeing import seen

__all__ = [
    "approve_exemption", "approve_pledge", "claim_item", "draft_pledge", "end_astray", "end_past", "follow_roster", "propose_exemption",
    "publish_pledges", "read_coverage", "read_exemption", "read_exemption_rules", "read_guide", "read_letter", "read_pledge", "record_progress",
    "refuse_exemption", "return_pledge", "review_item", "save_draft", "seen", "sign_pledge", "submit_pledge", "take_evaluations",
    "verify_item", "withdraw_exemption"]
