"""The refusals of evaluation: each a stable code, an HTTP status and a sentence that says what to do next."""


class Refused(Exception):
    code = "refused"
    status = 409
    default = ""

    def __init__(self, sentence: str = "", errors: dict | None = None):
        self.sentence = sentence or self.default
        self.errors = dict(errors or {})
        super().__init__(self.sentence)


class NotReady(Refused):
    """Something the policy demands is missing; absent is never zero."""

    code = "not_ready"


class NotOpen(Refused):
    code = "not_open"
    default = "这次评诺已经评定，不能再改；确有差错，请联系上级党组织撤回后重新评定。"


class NoEvaluation(Refused):
    """The pledge is none that this evaluation judges: not published, or no member's own."""

    code = "no_evaluation"


class QuorumNotMet(Refused):
    """Too few attend, or a stratum the policy demands is empty (G17, G18)."""

    code = "quorum_not_met"


class FiguresDisagree(Refused):
    """Present ≥ issued ≥ returned = the four kinds + invalid does not hold."""

    code = "figures_disagree"
    status = 422


class NotTeller(Refused):
    code = "not_teller"
    status = 403
    default = "您不是这次评议会的计票人，票数要由登记的两位计票人录入。"


class WrongTellers(Refused):
    code = "wrong_tellers"
    status = 422


class CountStands(Refused):
    code = "count_stands"
    default = "两位计票人的票数已经一致并生效，不能再改；确有差错，请联系上级党组织。"


class NotPeer(Refused):
    code = "not_peer"
    status = 403
    default = "互评由本支部的其他党员打分，您不在本支部党员名册中；如有出入，请联系材料员核对名册。"


class Unfitting(Refused):
    """What was filled in does not cover what is asked: items, indicators, reasons."""

    code = "unfitting"
    status = 422


class TooManyExcellent(Refused):
    code = "too_many_excellent"
