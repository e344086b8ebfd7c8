"""What every no of the roster is: a stable code, a status and a Chinese sentence that says what to do next."""


class Refusal(Exception):
    """A no of the rules; it crosses to the caller with its code, status and sentence."""

    code = "refused"
    status = 409

    def __init__(self, sentence: str):
        self.sentence = sentence
        self.errors: dict = {}
        super().__init__(sentence)


class Incomplete(Refusal):
    """A field is empty or does not fit; the sentence names it."""

    code, status = "invalid", 422

    def __init__(self, field: str, sentence: str):
        super().__init__(sentence)
        self.errors = {field: [sentence]}


class Faulty(Incomplete):
    """What was filled in does not fit, field by field."""

    def __init__(self, errors: dict[str, list[str]]):
        first = next(iter(errors.values()))[0]
        Refusal.__init__(self, first if len(errors) == 1 else "有的内容填写不对，请按提示改正后重新提交。")
        self.errors = errors
