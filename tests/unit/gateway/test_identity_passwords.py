"""Which passwords are refused, by profile, and that a hash gives nothing away."""
import pytest

from services.gateway.identity import passwords
from services.gateway.identity.refusals import WeakPassword

GOOD = ["Lantern-7 over river", "correct Horse 4 battery", "Xk9#mQ2vLp", "Plum&Bamboo88trees", "春风Abc又绿4江南岸", "tH3.quick.fox",
        "A whole sentence of a song nobody else remembers, 7 of them, and then some more words after it"]
BAD_EVERYWHERE = ["", "short1!", "password", "Password1!", "P@ssw0rd2024", "12345678901234", "Aa1!Aa1!Aa1!Aa1!", "qwertyuiop12",
                  "Qwerty!23456", "abcdefgh1234", "1qaz2wsx3edc", "zhongguo123!", "Dangyuan@2026", "jiannuo#2026", "Admin123456!",
                  "aaaaaaaaaaaaA1", "x" * 65, "Lin.qiao-2026", "Welcome!2025", "99999999999Zz!", "tab\there-Is-one1", "iloveyou2026!A",
                  "zxcvbnm,./123", "践诺2026!Ab", "Gongkai-Chengnuo#1", "云岭Bridge-77x", "Yunling-Bridge-77", "Linqiao-Lantern-7", "林乔Lantern-77",
                  "党员Dangyuan#2026", "y" * 129]
#: username, name, county
OWN = ("lin.qiao", "林乔", "中共云岭县委员会")
ONLY_GB = ["alllowercasewords", "only lower case here", "ALLUPPERCASEWORDS"]


@pytest.mark.parametrize(("profile", "password"), [(p, w) for p, least in (("gb", 8), ("asvs", 12)) for w in GOOD if len(w) >= least])
def test_a_good_password_passes(password, profile):
    """[X2]"""
    passwords.check(password, profile=profile, own_words=OWN)


@pytest.mark.parametrize("password", BAD_EVERYWHERE)
@pytest.mark.parametrize("profile", ["gb", "asvs"])
def test_what_is_easily_guessed_is_refused_with_what_to_do(password, profile):
    """Common words, rows of the keyboard, repetition, one's own name, too short, too long. [X2] [X3]"""
    with pytest.raises(WeakPassword) as refused:
        passwords.check(password, profile=profile, own_words=OWN)
    assert refused.value.errors["password"] == refused.value.sentence


@pytest.mark.parametrize("password", ONLY_GB)
def test_kinds_of_characters_are_asked_for_by_the_national_profile_only(password):
    """GB/T 22239 wants three kinds, ASVS forbids to ask. [X2]"""
    passwords.check(password, profile="asvs")
    with pytest.raises(WeakPassword, match="三种"):
        passwords.check(password, profile="gb")


def test_a_hash_fits_its_password_only_and_is_never_the_same_twice():
    one, other = passwords.hash_of("Lantern-7 over river"), passwords.hash_of("Lantern-7 over river")
    assert one != other and one.startswith("$argon2id$")
    assert passwords.fits(one, "Lantern-7 over river")
    assert not passwords.fits(one, "Lantern-7 over rivers")
    assert not passwords.fits(None, "nobody signs in with this")
    assert not passwords.fits("-", "anything")


def test_one_word_written_with_another_keyboard_is_the_same_password():
    assert passwords.fits(passwords.hash_of("cafe\u0301-Riv3r"), "caf\u00e9-Riv3r")
