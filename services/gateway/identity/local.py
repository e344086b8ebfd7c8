"""Words everybody in the county knows and a password may not contain: a name as it is written, and in pinyin (X3)."""
import os
import re

# read by the library when it is imported: a name needs no phrases, which take 60 MB
os.environ["PYPINYIN_NO_PHRASES"] = os.environ["PYPINYIN_NO_DICT_COPY"] = "true"

from pypinyin import lazy_pinyin

AROUND = re.compile(r"^中共|(?:委员会|县委|市委|区委|委|自治县|县|市|区|旗)+$")
HAN = re.compile(r"[\u3400-\u9fff]")
#: shorter ones stand in any password by chance
LEAST, LEAST_HAN = 3, 2


def spellings(word: str) -> tuple[str, ...]:
    """How the word may stand in a password, in small letters; nothing for one too short to mean anything."""
    plain = word.strip().casefold()
    found = {plain, AROUND.sub("", plain)}
    found |= {"".join(lazy_pinyin(one)) for one in found if HAN.search(one)}
    return tuple(one for one in found if len(one) >= (LEAST_HAN if HAN.search(one) else LEAST))
