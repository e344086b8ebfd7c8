"""Passwords: hashed slowly and outside the hub (X15), and a profile of what is refused (X2, X3).

The two sources disagree: GB/T 22239 asks for several kinds of characters, ASVS forbids asking and wants length.  Both
refuse common words, sequences and the person's own name.
"""
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from eventlet import tpool
from eventlet.semaphore import Semaphore

from services.gateway.identity import local
from services.gateway.identity.refusals import WeakPassword

#: room for a whole sentence: ASVS wants at least 64 allowed
LONGEST = 128


@dataclass(frozen=True, slots=True)
class Profile:
    """``kinds``: of the four kinds of characters; ``days`` until it must be changed, 0: never by age."""

    shortest: int
    kinds: int
    days: int


PROFILES = {"gb": Profile(shortest=8, kinds=3, days=90), "asvs": Profile(shortest=12, kinds=1, days=0)}
COMMON = frozenset("""
    password passwort admin administrator root user guest test testing welcome letmein login master monkey dragon
    iloveyou sunshine princess football shadow superman changeme secret default system oracle mysql postgres server
    computer internet samsung huawei xiaomi woaini woaiwojia zhongguo beijing shanghai guizhou yunnan dangyuan dangzhibu
    zhibu shuji xianwei zuzhibu gongkai chengnuo jiannuo liangnuo pingnuo gongchandang wodezuguo renmin fuwu weirenminfuwu
    xianweiban mima dengluo yonghu guanliyuan nihao 践诺 承诺 公开承诺 亮诺 党员 党支部 县委 组织部 管理员 密码 你好 中国 共产党
    """.split())  # noqa: SIM905 - a list of words reads better as words
ROWS = ("0123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qazwsxedcrfvtgbyhnujmikolp",
        "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p")
#: so many neighbours are a run; so many characters must be left when all that is easily guessed is taken out
RUN, FREE = 3, 5
ALIKE = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"})

#: OWASP's figures for argon2id; two at a time, so that a rush of sign-ins takes neither the memory nor both processors
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_at_once = Semaphore(2)
#: verified against when nobody has that name, so that both take as long (X8)
_nobody = _hasher.hash("nobody signs in with this")


def hash_of(password: str) -> str:
    """The argon2id hash, made in a thread."""
    with _at_once:
        return tpool.execute(_hasher.hash, _written(password))


def fits(hashed: str | None, password: str) -> bool:
    """Whether the password belongs to the hash; without a hash it takes as long and is False."""
    with _at_once:
        matched = tpool.execute(_verified, hashed or _nobody, _written(password))
    return matched and hashed is not None


def check(password: str, *, profile: str = "gb", own_words: Iterable[str] = (), field: str = "password") -> None:
    """Pass, or raise WeakPassword with what to do.  ``own_words``: username, name, county: not to be in it."""
    wanted = PROFILES[profile]
    if len(password) < wanted.shortest:
        raise WeakPassword(f"密码至少 {wanted.shortest} 个字符，请加长。", field)
    if len(password) > LONGEST:
        raise WeakPassword(f"密码最多 {LONGEST} 个字符，请缩短。", field)
    if not password.isprintable():
        raise WeakPassword("密码里有无法输入的字符，请删去后重填。", field)
    if _kinds(password) < wanted.kinds:
        raise WeakPassword("密码要有大写字母、小写字母、数字、符号中的至少三种，请补充。", field)
    plain = password.casefold()
    if len(set(plain)) < 5:
        raise WeakPassword("密码里重复的字符太多，请换一个。", field)
    if any(spelling in plain for word in own_words for spelling in local.spellings(word)):
        raise WeakPassword("密码里不要有用户名、姓名或本县名称（汉字和拼音都不行），请换一个。", field)
    if _is_common(plain):
        raise WeakPassword("这个密码太常见，容易被猜中，请换一个，例如用几个不相干的词连起来。", field)


def same(one: str, other: str) -> bool:
    """Whether both are the same password, whatever keyboard wrote them."""
    return _written(one) == _written(other)


def hint(profile: str) -> str:
    """What a field for a new password says beforehand."""
    wanted = PROFILES[profile]
    kinds = "要有大写字母、小写字母、数字、符号中的三种" if wanted.kinds > 1 else "长一点最好，例如几个不相干的词"
    return f"{wanted.shortest} 到 {LONGEST} 个字符，{kinds}；不要用姓名、用户名、本县名称和常见的词"


def _verified(hashed: str, password: str) -> bool:
    try:
        return _hasher.verify(hashed, password)
    except (Argon2Error, InvalidHashError):
        return False


def _written(password: str) -> str:
    """One spelling for what looks the same on different keyboards."""
    return unicodedata.normalize("NFC", password)


def _kinds(password: str) -> int:
    return sum((any(c.islower() for c in password), any(c.isupper() for c in password), any(c.isdigit() for c in password),
                any(not c.isalnum() for c in password)))


def _is_common(plain: str) -> bool:
    """Whether hardly anything is left of it once common words, years and rows of the keyboard are taken out."""
    taken = [False] * len(plain)
    for spelling in (plain, plain.translate(ALIKE)):
        for word in COMMON:
            place = spelling.find(word)
            while place >= 0:
                taken[place:place + len(word)] = [True] * len(word)
                place = spelling.find(word, place + 1)
    for year in re.finditer(r"(?:19|20)\d\d", plain, re.ASCII):
        taken[year.start():year.end()] = [True] * 4
    place = 0
    while place < len(plain):
        run = _run_from(plain, place)
        if run >= RUN:
            taken[place:place + run] = [True] * run
        place += run if run >= RUN else 1
    return taken.count(False) < FREE


def _run_from(letters: str, place: int) -> int:
    """How many characters from here on stand side by side in a row of the keyboard, in either direction."""
    longest = 1
    for row in (*ROWS, *(r[::-1] for r in ROWS)):
        length = 1
        while place + length < len(letters) and letters[place:place + length + 1] in row:
            length += 1
        longest = max(longest, length)
    return longest
