"""What adopting a policy says no to."""
from services.roster.domain.refusals import Refusal


class ForTheCounty(Refusal):
    """The document holds for the whole county: no part of it has one of its own."""

    code = "for_the_county"

    def __init__(self):
        super().__init__("登录和密码的政策全县统一，只能由县里为全县采用；请选县委后再采用。")


class NoSuchPolicy(Refusal):
    code, status = "no_such_policy", 404

    def __init__(self, document: str):
        super().__init__(f"没有这份政策或这个版本（{document}），请先在“政策”页填写并保存，再采用。")
