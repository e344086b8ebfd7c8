"""A representative 评议代表: somebody who is no member and judges, with the least that lets them be invited."""
import re
from dataclasses import dataclass
from datetime import date

from services.roster.domain import reading
from services.roster.domain.reading import Odd
from services.roster.domain.refusals import Refusal
from services.roster.domain.versioned import Versioned

ACTIVE, ENDED = "active", "ended"
_MOBILE, _LANDLINE = re.compile(r"1[3-9]\d{9}"), re.compile(r"0\d{9,11}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Representative(Versioned):
    """``phone_sealed``: only this service can read it; ``phone_mark`` finds the same phone.  Both empty where none is kept."""

    id: str
    organisation_id: str
    stratum: str
    name: str
    sort_key: str
    initials: str
    since: date
    until: date | None = None
    state: str = ACTIVE
    phone_sealed: bytes = b""
    phone_mark: str = ""

    def end(self, on: date) -> "Representative":
        """No longer invited, and the phone is gone.  A second end changes nothing."""
        return self if self.state == ENDED else self.told_again(state=ENDED, until=on, phone_sealed=b"", phone_mark="")


def phone(cell: str) -> str:
    """A phone number as digits, however it is written; empty for none."""
    said = reading.plain(cell)
    digits = re.sub(r"[\s()（）－—-]", "", said)
    digits = re.sub(r"^(?:\+|00)86", "", digits)
    if digits and not (_MOBILE.fullmatch(digits) or _LANDLINE.fullmatch(digits)):
        raise Odd("看不懂这个电话。手机写 11 位数字，座机带区号，例如 0871-1234567；也可以不填。")
    return digits


def masked_phone(number: str) -> str:
    """138****0000."""
    return f"{number[:3]}****{number[-4:]}" if number else ""


class SamePhone(Refusal):
    code = "phone_known"

    def __init__(self, who: str):
        super().__init__(f"这个电话已登记给{who}。是同一个人的，请不要重复登记；是另一个人的，请勾选“另一个人”后再保存。")
        self.errors = {"phone": ["已有代表用这个电话。"]}


class SameName(Refusal):
    code = "representative_known"

    def __init__(self, name: str):
        super().__init__(f"这里已有名叫“{name}”的代表。是同一个人的，请不要重复登记；是另一个人的，请勾选“另一个人”后再保存。")
        self.errors = {"name": ["已有同名的代表。"]}


class NoLongerThere(Refusal):
    code = "representative_ended"

    def __init__(self, name: str):
        super().__init__(f"{name}已退出代表库，不能再修改；如要再次邀请，请重新登记。")
