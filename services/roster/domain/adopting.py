"""What adopting a policy says no to."""
from datetime import date

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


class PastDay(Refusal):
    """Results of past days name the version they were made by; nobody changes it afterwards."""

    code, status = "past_day", 422

    def __init__(self, today: date):
        super().__init__("政策只能从今天或以后执行，不能改动过去，请改写开始日期。")
        self.errors = {"starts_on": [f"最早填 {today.isoformat()}。"]}
