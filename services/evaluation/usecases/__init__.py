"""One function per verb of evaluation, cut by who speaks: who opens, the voices, the meeting, the decision, the readers."""
from services.evaluation.usecases.deciding import complete_evaluation
from services.evaluation.usecases.meeting import enter_totals, hold_appraisal
from services.evaluation.usecases.opening import open_evaluation
from services.evaluation.usecases.reading import list_evaluations, list_unopened, read_evaluation
from services.evaluation.usecases.voices import assess_self, comment_as_leader, rate_peer

__all__ = ["assess_self", "comment_as_leader", "complete_evaluation", "enter_totals", "hold_appraisal", "list_evaluations", "list_unopened",
           "open_evaluation", "rate_peer", "read_evaluation"]
