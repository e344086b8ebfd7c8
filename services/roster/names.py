"""Names in the order people expect: by surname, read as a surname is read, then by given name; and pinyin initials.

A surname is often read otherwise than the same character elsewhere (单 shan, 曾 zeng); the list below holds only at the
head of a name, so that 李单 keeps its dan.
"""
import os
from functools import lru_cache

# read by the library when it is imported: without its phrases, which are for sentences and not for names, it takes 60 MB
# less; set here, so that every process reads a name alike
os.environ["PYPINYIN_NO_PHRASES"] = os.environ["PYPINYIN_NO_DICT_COPY"] = "true"

from pypinyin import Style, lazy_pinyin

#: surnames of two characters first
COMPOUND = {
    "尉迟": ("yu", "chi"), "长孙": ("zhang", "sun"), "万俟": ("mo", "qi"), "澹台": ("tan", "tai"), "单于": ("chan", "yu"),
    "令狐": ("ling", "hu"), "鲜于": ("xian", "yu"), "欧阳": ("ou", "yang"), "司马": ("si", "ma"), "诸葛": ("zhu", "ge"),
    "上官": ("shang", "guan"), "夏侯": ("xia", "hou"), "皇甫": ("huang", "fu"), "慕容": ("mu", "rong"), "宇文": ("yu", "wen"),
    "司徒": ("si", "tu"), "公孙": ("gong", "sun"), "呼延": ("hu", "yan"), "东方": ("dong", "fang"), "南宫": ("nan", "gong"),
    "端木": ("duan", "mu"), "百里": ("bai", "li"), "轩辕": ("xuan", "yuan"), "钟离": ("zhong", "li"), "赫连": ("he", "lian"),
    "申屠": ("shen", "tu"), "太叔": ("tai", "shu"), "闻人": ("wen", "ren"), "拓跋": ("tuo", "ba"), "完颜": ("wan", "yan")}
SINGLE = {
    "曾": "zeng", "单": "shan", "仇": "qiu", "区": "ou", "解": "xie", "查": "zha", "盖": "ge", "任": "ren",
    "朴": "piao", "翟": "zhai", "员": "yun", "缪": "miao", "覃": "qin", "召": "shao", "折": "she", "洗": "xian",
    "乐": "yue", "种": "chong", "秘": "bi", "繁": "po", "粘": "nian", "能": "nai", "隗": "wei", "祭": "zhai",
    "藏": "zang", "都": "du", "阚": "kan", "重": "chong", "佴": "nai", "黑": "he", "牟": "mu", "卜": "bu",
    "乜": "nie", "句": "gou", "薄": "bo", "番": "pan", "炅": "gui", "贠": "yun", "六": "lu", "会": "gui"}
SORT_KEY_LIMIT = 200


@lru_cache(maxsize=20_000)
def pinyin(name: str) -> tuple[str, str]:
    """Sort key and initials: ``曾小明`` gives ``zeng 曾 xiao 小 ming 明`` and ``zxm``.

    In the key each reading stands before its character, so that one surname stays together among those that sound
    alike, and a shorter reading comes before a longer one.
    """
    syllables = _syllables(name)
    key = " ".join(f"{syllable.lower()} {sign}" for syllable, sign in zip(syllables, name, strict=True))
    return key[:SORT_KEY_LIMIT], "".join(s[0].lower() for s in syllables if s[0].isalnum())


@lru_cache(maxsize=20_000)
def initials(name: str) -> str:
    """The initials of what is no person's name, an organisation for instance: ``柳溪村党支部`` gives ``lxcdzb``."""
    syllables = lazy_pinyin(name, style=Style.NORMAL, errors=list)  # type: ignore[arg-type]
    return "".join(s[0].lower() for s in syllables if s[0].isalnum())[:SORT_KEY_LIMIT]


def _syllables(name: str) -> list[str]:
    """One reading per character; what is not Chinese reads as itself."""
    head: tuple[str, ...] = ()
    if len(name) > 2 and name[:2] in COMPOUND:
        head = COMPOUND[name[:2]]
    elif name[:1] in SINGLE:
        head = (SINGLE[name[0]],)
    # whatever is not Chinese comes through sign by sign
    return [*head, *map(_reading, name[len(head):])]


@lru_cache(maxsize=10_000)
def _reading(sign: str) -> str:
    """Without phrases every character reads the same wherever it stands."""
    return lazy_pinyin(sign, style=Style.NORMAL, errors=list)[0]  # type: ignore[arg-type]
