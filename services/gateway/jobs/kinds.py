"""The kinds of spreadsheets that are taken: the one place where a kind is added.

A kind is its words, its columns, and who receives its lines: roster's sheets by ``receiving.RosterSheets``, those of
accounts by ``inviting.AccountSheets``.
"""
from dataclasses import dataclass

from services.gateway.jobs.columns import Column
from services.gateway.jobs.inviting import AccountSheets
from services.gateway.jobs.receiving import Receiver, RosterSheets
from wire.contracts.calls import NotFound
from wire.contracts.roster import KINDS_AND_FORMS, MEMBER_KINDS, POSITIONS, POST_KINDS, SECTORS


@dataclass(frozen=True, slots=True)
class Kind:
    """``template``: the name of the file to fill in; ``page``: the endpoint of the list it fills; ``again``: what the same line does
    when it comes again; ``called``: by what a line is told apart, also where it stops an undo; ``right``, ``written`` and
    ``undone``: what is said of a job, with its counters."""

    name: str
    label: str
    template: str
    columns: tuple[Column, ...]
    receiver: Receiver
    page: str
    called: str = "编号"
    again: str = "同一编号再次上传就是更新，内容一样就什么也不变。"
    right: str = "检查通过：新增 {new} 条，更新 {changed} 条，没有变化 {same} 条。请确认导入。"
    written: str = "已导入：新增 {new} 条，更新 {changed} 条，没有变化 {same} 条。"
    undone: str = "已撤销：新增的 {new} 条已退出，更新的 {changed} 条已恢复原样。"


DATE = "写成 2020-07-01 的样子"
ORGANISATIONS = (
    Column("code", "编号", ("党组织编号", "组织编号", "代码", "党组织代码", "组织代码"), True, (),
           "党组织自己的编号，不重复，以后按它更新", "示例-0101"),
    Column("name", "名称", ("党组织名称", "组织名称", "党组织全称", "支部名称"), True, (), "党组织全称", "某某村党支部"),
    Column("kind", "类别", ("党组织类别", "组织类别", "类型", "党组织类型"), True, tuple(KINDS_AND_FORMS.values()), "从下拉框里选", "党支部"),
    Column("sector", "领域", ("所属领域", "行业", "行业领域"), True, tuple(SECTORS.values()), "从下拉框里选", "农村"),
    Column("parent_code", "上级编号", ("上级党组织编号", "上级组织编号", "上级代码", "上级党组织代码"), True, (),
           "上级党组织的编号，要么已在系统里，要么在本表里", "示例-01"),
    Column("system", "条线", ("所属条线", "系统", "所属系统"), False, (), "例如 教育、卫健；没有就空着", ""),
    Column("founded_on", "成立日期", ("成立时间",), False, (), DATE, "2012-07-01"),
    Column("re_elected_on", "最近换届日期", ("换届日期", "换届时间", "最近换届时间"), False, (), DATE, "2021-03-15"))
MEMBERS = (
    Column("code", "编号", ("党员编号", "人员编号", "代码"), True, (), "党员自己的编号，不重复；不要填身份证号", "示例-0001"),
    Column("name", "姓名", ("党员姓名", "名字"), True, (), "", "张某某"),
    Column("kind", "身份", ("人员类别", "党员类别", "类别", "政治面貌"), True, tuple(MEMBER_KINDS.values()), "从下拉框里选", "正式党员"),
    Column("organisation_code", "所在党组织编号", ("党组织编号", "所在支部编号", "所在组织编号", "支部编号", "组织编号"), True, (),
           "系统里已有的党组织编号", "示例-0101"),
    Column("post", "职务", ("职务名称", "党内职务"), False, (), "没有就空着", "支部委员"),
    Column("post_kind", "岗位类别", ("岗位", "岗位情况"), False, tuple(POST_KINDS.values()),
           "从下拉框里选；空着的，新登记的算在岗，已在册的不变", "在岗"),
    Column("joined_on", "入党日期", ("入党时间", "加入党组织日期"), False, (), DATE, "2010-06-30"))

#: whom a line means, member or not
WHO = (
    Column("code", "人员编号", ("党员编号", "编号"), False, (), "党员自己的编号；不是党员的材料员、联络员空着，只填姓名", "示例-0001"),
    Column("name", "姓名", ("党员姓名", "名字"), False, (), "填了编号时用来核对", "张某某"))
POSITIONS_HELD = (
    *WHO,
    Column("organisation_code", "党组织编号", ("任职党组织编号", "组织编号", "所在党组织编号", "支部编号"), True, (),
           "在哪个党组织任职，填系统里的编号", "示例-0101"),
    Column("kind", "职务", ("职务名称", "党内职务", "任职"), True, tuple(POSITIONS.values()), "从下拉框里选", "书记"),
    Column("from_on", "起始日期", ("任职日期", "任职时间", "起始时间"), True, (), DATE, "2021-03-15"),
    Column("until_on", "截止日期", ("免职日期", "离任日期", "截止时间"), False, (), "还在任就空着；填了就是已在那天免去", ""),
    Column("confirmed", "确认情况", ("确认", "是否确认", "上级确认", "权限状态"), False, (),
           "请空着：有决定权的职务由上级在系统里确认，表格不能确认", ""))

ACCOUNTS = (
    *WHO,
    Column("organisation_code", "党组织编号", ("所在党组织编号", "组织编号", "支部编号"), True, (),
           "这个人所在或任职的党组织，或它的上级", "示例-0101"))

KINDS: dict[str, Kind] = {kind.name: kind for kind in (
    Kind("organisations", "党组织", "党组织导入模板.xlsx", ORGANISATIONS, RosterSheets("organisations"), "county.organisations"),
    Kind("members", "党员", "党员导入模板.xlsx", MEMBERS, RosterSheets("members"), "county.members"),
    Kind("positions", "职务", "职务导入模板.xlsx", POSITIONS_HELD, RosterSheets("positions"), "county.positions",
         called="人员编号或姓名",
         again="同一个人在同一党组织的同一职务、起始日期也相同的，再次上传什么也不变；填上截止日期，就是在那天免去。",
         written="已导入：任职 {new} 条，免职 {changed} 条，没有变化 {same} 条。有决定权的职务等上级确认后，权限才生效。",
         undone="已撤销：任职的 {new} 条已取消，免职的 {changed} 条已恢复，其中有决定权的要上级重新确认。"),
    Kind("accounts", "账号", "账号导入模板.xlsx", ACCOUNTS, AccountSheets(), "county.accounts",
         called="人员编号或姓名",
         again="再次上传，还没有开通账号的人会得到新的链接，以前的链接作废；已经开通的不受影响。",
         right="检查通过：可以邀请 {new} 人，{same} 人已有账号。请确认，然后下载开通链接。",
         written="已邀请 {new} 人，{same} 人已有账号。请马上下载开通链接，只能下载一次，每个链接的有效期写在里面。",
         undone="已撤销：发给 {new} 人的开通链接已全部作废。"))}


def kind_of(name: str) -> Kind:
    """Refuses what is no kind."""
    if name not in KINDS:
        raise NotFound("没有这种表格，请从页面上列出的种类中选择。")
    return KINDS[name]
