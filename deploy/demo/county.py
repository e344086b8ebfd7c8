"""Who is there: three towns, twelve villages, an enterprise, a school, a hospital and a bureau, and about 200 members.

All names are made up from two lists; nobody is meant.
"""
import random
from dataclasses import dataclass
from datetime import date

from wire.contracts.roster import SyncedMember, SyncedOrganisation

SEED = 20120920
CODE, NAME, ADMINISTRATOR = "YL", "中共云岭县委员会", "云知远"
#: the branch whose people sign in for the demonstration
SHOWCASE = "YL-SQ-LX"


@dataclass(frozen=True)
class Branch:
    """A branch 党支部 with members; ``leader`` is the organisation whose superior decides about the secretary's own pledge."""

    code: str
    name: str
    sector: str
    parent: str
    leader: str
    people: int


TOWNS = {"YL-SQ": "石桥镇党委", "YL-QX": "青溪镇党委", "YL-FL": "枫林镇党委"}
VILLAGES = {
    "YL-SQ": {"LX": "柳溪村", "YT": "月塘村", "HP": "禾坪村", "ZY": "竹园村"},
    "YL-QX": {"TA": "桃岸村", "XH": "杏花村", "SD": "石墩村", "BQ": "白泉村"},
    "YL-FL": {"FK": "枫口村", "CS": "茶山村", "WT": "雾台村", "LJ": "栗家坳村"}}
UNITS = (("YL-CY", "云雾茶业公司党支部", "private_enterprise", 11), ("YL-XX", "云岭二中党支部", "school", 12),
         ("YL-YY", "云岭中医院党支部", "healthcare", 12), ("YL-SL", "县水利局党支部", "government", 11))

#: elected at another time than all others: one is overdue, one will be before the others
ELECTED = {"YL-CY": date(2022, 3, 18), "YL-SL": date(2024, 4, 20)}

SURNAMES = "柳何陶云石林杜白竹禾苏程岳江叶沈宋丁方余段尹柯蓝秋"
GIVEN = ("德顺", "秀英", "春生", "桂兰", "守田", "满仓", "水根", "玉梅", "长贵", "金枝", "有福", "小满", "立春", "谷雨", "望山",
         "清禾", "远航", "思源", "若兰", "向阳", "晓溪", "知秋", "明川", "听泉", "晚晴", "松年", "柏林", "雨田", "新苗", "惠风", "书瑶",
         "沐阳", "景行", "安然", "修竹", "星野")
POSTS = {"rural": ("村委会委员", "村民小组长", "护林员", "养殖户", ""), "private_enterprise": ("车间主任", "质检员", "制茶师", "销售员"),
         "school": ("年级主任", "班主任", "语文教师", "物理教师"), "healthcare": ("科主任", "主治医师", "护士长", "药剂师"),
         "government": ("股长", "科员", "河道管理员", "工程师")}


def branches() -> list[Branch]:
    """All sixteen, the showcase first."""
    found = [Branch(f"{town}-{code}", f"{name}党支部", "rural", town, town, 18 if f"{town}-{code}" == SHOWCASE else 12)
             for town, villages in VILLAGES.items() for code, name in villages.items()]
    return found + [Branch(code, name, sector, CODE, CODE, people) for code, name, sector, people in UNITS]


def organisation_rows() -> tuple[SyncedOrganisation, ...]:
    towns = [SyncedOrganisation(code=code, name=name, kind="committee", sector="rural", parent_code=CODE, re_elected_on=date(2025, 11, 18))
             for code, name in TOWNS.items()]
    return (*towns, *(SyncedOrganisation(code=one.code, name=one.name, kind="branch", sector=one.sector, parent_code=one.parent,
                                         re_elected_on=ELECTED.get(one.code, date(2025, 12, 5))) for one in branches()))


def member_rows(today: date) -> tuple[SyncedMember, ...]:
    """The first of a branch is its secretary; nobody shares a name with anybody in the county."""
    chance = random.Random(SEED)
    names = [surname + given for surname in SURNAMES for given in GIVEN]
    chance.shuffle(names)
    rows: list[SyncedMember] = []
    for branch in branches():
        posts = POSTS[branch.sector]
        for place in range(branch.people):
            old = branch.sector == "rural" and place >= branch.people - 2
            new = place == branch.people - 3
            rows.append(SyncedMember(
                code=f"{branch.code}-{place + 1:02d}", name=names[len(rows)],
                kind="probationary" if new else "member", organisation_code=branch.code,
                post="党支部书记" if not place else "支部委员" if place < 3 else "" if old else posts[place % len(posts)],
                post_kind="leader" if not place else "elder" if old else "without" if not posts[place % len(posts)] else "staff",
                joined_on=date(today.year - 1 if new else chance.randint(1978, today.year - 3), chance.randint(1, 12 if not new else 6),
                               chance.randint(1, 28))))
    return tuple(rows)
