"""What the people of the demonstration promise: concrete matters with a target, by sector."""
import random
from collections.abc import Iterator
from datetime import date, timedelta

from wire.contracts.pledge import ItemDraft

#: matter, category, target, measure
RURAL = (
    ("修通二组到三组 1.2 公里机耕路，路面 3.5 米", "办实事", "12 户联名的诉求办结", "自筹一点、村里补一点，农闲时开工"),
    ("为 6 户独居老人每月上门两次", "服务群众", "全年上门 144 次", "排好班表，上门后在册上签名"),
    ("村卫生室药品目录上墙，常用药由 62 种增至 80 种", "服务群众", "常用药 80 种", "与镇卫生院核对短缺品种，分两批补齐"),
    ("组织 4 次义诊，每次不少于 40 人", "服务群众", "义诊 160 人次", "联系县中医院，提前一周贴通知"),
    ("带 5 户邻居种金银花 20 亩，包技术到采收", "带头致富", "每户增收 2000 元", "先种样板 2 亩，统一买苗"),
    ("清理村口到河埠头 800 米水沟", "办实事", "雨季前清完", "分四段包干，每段两人"),
    ("安装太阳能路灯 18 盏", "办实事", "三组夜路全亮", "申请项目资金，村民出工"),
    ("调解邻里纠纷，当月事当月了", "化解矛盾", "不出村解决 10 件", "每周三晚在村部坐班"),
    ("教 15 名老人用手机挂号、缴费", "服务群众", "15 人学会", "每月两个晚上在活动室一对一教"),
    ("收集旧衣 200 件，冬前送到困难户", "扶贫帮困", "送到 20 户", "设两个收集点，洗净后分类"),
    ("村务收支每月 5 日前上墙", "带头守法", "12 个月不漏", "会计、监委会两人核对后张贴"),
    ("在水库边立警示牌 10 块，暑期每天巡两遍", "平安", "暑期无溺水", "党员轮班，交接记录"))
BY_SECTOR = {
    "rural": RURAL,
    "private_enterprise": (
        ("夏茶杀青工序每斤节电 10%", "节能降耗", "每斤 0.9 度以下", "换变频电机，逐班记录"),
        ("带 3 名徒弟通过制茶师考核", "技术攻关", "3 人持证", "每周两次手把手示范"),
        ("包装差错由每月 12 件降到 4 件以下", "质量", "每月不超过 4 件", "设双人复核台"),
        ("与 20 户茶农签保底收购协议", "爱心", "20 户签约", "公示价格，现款结算"),
        ("车间安全隐患当周整改", "安全", "全年整改 30 处", "每周五巡查，贴牌销号"),
        ("开拓 2 家外地直营店", "市场开拓", "2 家开业", "先做一个月试销")),
    "school": (
        ("为 8 名学困生每周补课两次", "关爱学生", "期末 6 人及格", "错题本一人一册"),
        ("家访 40 户，期中前走完一半", "教书育人", "家访 40 户", "周末分片走访，填家访册"),
        ("开 6 节公开课，课后当天评议", "办学质量", "6 节", "同年级教师都听"),
        ("不收礼、不做有偿家教，家长会上公开说", "师德师风", "零投诉", "公布举报电话"),
        ("修好操场 3 处破损跑道", "办实事", "开学前完成", "暑假施工，家长代表验收")),
    "healthcare": (
        ("门诊平均候诊由 50 分钟减到 30 分钟", "服务水平", "30 分钟以内", "分时段预约，加一个晚班"),
        ("下乡义诊 6 次", "服务群众", "240 人次", "与三个镇轮流约定日期"),
        ("住院费用清单每日送到床头", "医患和谐", "出院无费用投诉", "护士长每天核对"),
        ("开展 4 项中医适宜技术培训", "医改任务", "村医 30 人参加", "每季一次，发操作手册"),
        ("常用 20 种药价格上墙", "医德医风", "每月更新", "药剂科月底核价")),
    "government": (
        ("办结时限由 7 个工作日减到 4 个", "作风效能", "平均 4 天", "一次告知，容缺受理"),
        ("为 5 个村修好山塘闸门", "改善民生", "5 座", "枯水期施工，村里监工"),
        ("每月下村两天，记民情日记", "服务中心", "全年 24 天", "带队领导抽查日记"),
        ("汛期前查完 32 座山塘", "平安", "32 座", "两人一组，逐座拍照建档"),
        ("政策问答 30 条印成小册子", "服务群众", "发到 12 个村", "请村干部先试读"))}
#: what a branch itself promises; a member's matter of the same category may serve it (A13)
OWN = {
    "rural": (("村组路、水沟、路灯当年修好 6 处", "办实事", "6 处全部验收", "村两委牵头，分段包给党员"),
              ("50 户老人和困难户有人管、有人问", "服务群众", "50 户都有联系人", "党员一人联系三户，上门有记录")),
    "private_enterprise": (("茶叶加工综合能耗降 8%", "节能降耗", "全年降 8%", "逐道工序查，逐月公布"),
                           ("全年生产零事故", "安全", "零事故", "党员带班巡查，隐患当周整改")),
    "school": (("家访覆盖 300 户", "教书育人", "期末走完 300 户", "党员教师分片带头"),
               ("为 60 名学困生结对", "关爱学生", "60 名都有结对老师", "党员教师一人带两名")),
    "healthcare": (("门诊平均候诊降到 35 分钟", "服务水平", "35 分钟以内", "分时段预约，党员顶晚班"),
                   ("下乡义诊 20 次", "服务群众", "800 人次", "与各镇排好日期，党员轮流去")),
    "government": (("全县 32 座山塘汛期前查完修好", "平安", "32 座", "党员分组包片"),
                   ("审批平均时限减到 5 个工作日", "作风效能", "平均 5 天", "一次告知，容缺受理"))}


def own_items(sector: str, responsible: str, today: date, chance: random.Random) -> tuple[ItemDraft, ...]:
    """The branch's own two matters, due by the end of the year."""
    return tuple(ItemDraft(matter=matter, category=category, target=target, measure=measure, source="annual_goal", responsible=responsible,
                           deadline_on=date(today.year, 12, chance.randint(20, 31))) for matter, category, target, measure in OWN[sector])


def items(sector: str, responsible: str, today: date, chance: random.Random, count: int) -> tuple[ItemDraft, ...]:
    """So many different matters: some overdue, some due soon, most by the end of the year, some long-running 长期."""
    deadlines = _deadlines(today, chance)
    chosen = chance.sample(BY_SECTOR[sector], count)
    return tuple(ItemDraft(matter=matter, category=category, target=target, measure=measure, source=chance.choice(("own", "demand", "annual_goal")),
                           responsible=responsible, deadline_on=next(deadlines)) for matter, category, target, measure in chosen)


def _deadlines(today: date, chance: random.Random) -> Iterator[date | None]:
    while True:
        yield today + timedelta(days=chance.choice((-38, -21, -9, 12, 26, 45)))
        yield chance.choice((today + timedelta(days=chance.randint(8, 28)), date(today.year, 12, 31), None))
        yield date(today.year, 12, 31)
