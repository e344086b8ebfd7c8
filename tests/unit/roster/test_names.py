"""Names sort by surname as it is read, and are found by their initials."""
import pytest

from services.roster.names import SORT_KEY_LIMIT, pinyin


@pytest.mark.parametrize(("name", "reading", "initials"), [
    ("曾小明", "zeng", "zxm"), ("单立人", "shan", "slr"), ("仇和平", "qiu", "qhp"), ("区大伟", "ou", "odw"), ("解放", "xie", "xf"),
    ("查良", "zha", "zl"), ("盖文", "ge", "gw"), ("任远", "ren", "ry"), ("朴实", "piao", "ps"), ("尉迟恭", "yu", "ycg"),
    ("欧阳春", "ou", "oyc"), ("单于", "shan", "sy"), ("覃塘", "qin", "qt"), ("洗星海", "xian", "xxh"), ("冼玉清", "xian", "xyq"),
    ("万俟卨", "mo", "mqx"), ("乐正子", "yue", "yzz"), ("纪云", "ji", "jy"), ("华佗", "hua", "ht"), ("乜一", "nie", "ny"), ("句一", "gou", "gy"),
    ("薄一", "bo", "by"), ("贠一", "yun", "yy"), ("谌一", "chen", "cy"), ("逄一", "pang", "py"), ("郗一", "xi", "xy"), ("单雄信", "shan", "sxx")])
def test_a_surname_is_read_as_a_surname(name, reading, initials):
    key, found = pinyin(name)
    assert key.split(" ")[0] == reading and found == initials


def test_the_same_character_in_a_given_name_keeps_its_usual_reading():
    assert pinyin("李单")[1] == "ld" and pinyin("王曾")[0].startswith("wang 王 ceng")


def test_names_stand_by_surname_and_one_surname_stays_together():
    names = ["张三", "章三", "湛江", "张一", "安宁", "曾明", "章一", "臧天"]
    ordered = sorted(names, key=lambda n: pinyin(n)[0])
    assert ordered[:2] == ["安宁", "臧天"] and ordered[2] == "曾明"
    assert ordered.index("湛江") < ordered.index("张三")
    together = "".join(n[0] for n in ordered)
    assert "张张" in together and "章章" in together


def test_names_that_are_not_chinese_have_keys_too():
    assert pinyin("Anna Li")[1] == "annali"
    key, initials = pinyin("阿依古丽·买买提")
    assert key.startswith("a 阿 yi 依") and initials == "ayglmmt"


def test_a_very_long_name_fits_its_column():
    assert len(pinyin("庄" * 40)[0]) == SORT_KEY_LIMIT
