"""Passwords: hashed slowly and outside the hub (X15), and a profile of what is refused (X2, X3).

The two sources disagree: GB/T 22239 asks for several kinds of characters, ASVS forbids asking and wants length.  Both
refuse common words, sequences and the person's own name.
"""
import unicodedata
from collections.abc import Iterable

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from eventlet import tpool
from eventlet.semaphore import Semaphore

from services.gateway.identity.refusals import WeakPassword

LONGEST = 64
#: shortest password and how many of the four kinds of characters it must have
PROFILES = {"gb": (8, 3), "asvs": (12, 1)}
COMMON = frozenset("""
    password passwort passw0rd admin administrator root user guest test testing welcome letmein login master monkey dragon
    iloveyou sunshine princess football shadow superman qwerty qwertyuiop asdfgh asdfghjkl zxcvbn zxcvbnm qazwsx qwe asd zxc
    abc abcabc aaa changeme secret default system oracle mysql postgres server computer internet samsung huawei xiaomi
    woaini woaiwojia zhongguo beijing shanghai guizhou yunnan dangyuan dangzhibu zhibu shuji xianwei zuzhibu gongkai
    chengnuo jiannuo liangnuo pingnuo gongchandang wodezuguo renmin fuwu weirenminfuwu xianweiban mima dengluo yonghu
    guanliyuan nihao""".split())
ROWS = ("0123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qazwsxedcrfvtgbyhnujmikolp",
        "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p")
ALIKE = str.maketrans({"0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"})

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
    least, kinds = PROFILES[profile]
    if len(password) < least:
        raise WeakPassword(f"密码至少 {least} 个字符，请加长。", field)
    if len(password) > LONGEST:
        raise WeakPassword(f"密码最多 {LONGEST} 个字符，请缩短。", field)
    if not password.isprintable():
        raise WeakPassword("密码里有无法输入的字符，请删去后重填。", field)
    if _kinds(password) < kinds:
        raise WeakPassword("密码要有大写字母、小写字母、数字、符号中的至少三种，请补充。", field)
    plain = password.casefold()
    if len(set(plain)) < 5:
        raise WeakPassword("密码里重复的字符太多，请换一个。", field)
    if any(len(word) >= 3 and word.casefold() in plain for word in own_words):
        raise WeakPassword("密码里不要有用户名、姓名或单位名，请换一个。", field)
    if _is_common(plain):
        raise WeakPassword("这个密码太常见，容易被猜中，请换一个，例如用几个不相干的词连起来。", field)


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
    """A common word or a row of the keyboard, dressed up with digits and signs at its ends."""
    for found in (plain, plain.translate(ALIKE)):
        core = found.strip("0123456789!@#$%^&*()-_=+.,?~ ")
        if core in COMMON or (core and core == core[:len(core) // 2] * 2 and core[:len(core) // 2] in COMMON):
            return True
    letters = "".join(c for c in plain if c.isalnum())
    return _covered(letters) >= 0.75 * len(letters)


def _covered(letters: str) -> int:
    """How many characters lie in runs of four and more along a row of the keyboard, in either direction."""
    covered = place = 0
    while place < len(letters):
        run = _run_from(letters, place)
        covered += run if run >= 4 else 0
        place += run if run >= 4 else 1
    return covered


def _run_from(letters: str, place: int) -> int:
    longest = 1
    for row in (*ROWS, *(r[::-1] for r in ROWS)):
        length = 1
        while place + length < len(letters) and letters[place:place + length + 1] in row:
            length += 1
        longest = max(longest, length)
    return longest
