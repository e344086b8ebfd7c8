"""First steps 开始使用: what a new county does next, each ticked from the facts."""
from dataclasses import dataclass

from flask import current_app, url_for

from services.gateway.pages import here


@dataclass(frozen=True)
class Step:
    """``about``: how far it is, or how it is done."""

    word: str
    about: str
    url: str
    verb: str
    done: bool


def first_steps(organisation_id: str) -> tuple[Step, ...]:
    """The steps, for whoever may take them over the whole county; none once all are done, and for everybody else."""
    place = here.organisation(organisation_id)
    if not place or place["parent_id"] or not here.may("roster.stage_lines", organisation_id):
        return ()
    found = current_app.extensions["directory"].begun()
    steps = (
        Step("导入党组织", f"已有 {found.organisations} 个" if found.organisations else "下载模板，填好乡镇党委和党支部，再上传",
             url_for("county.imports", kind="organisations"), "去导入", found.organisations > 0),
        Step("导入党员", f"已有 {found.members} 人" if found.members else "党组织导入后，按模板填党员名单",
             url_for("county.imports", kind="members"), "去导入", found.members > 0),
        Step("登记书记等职务", "已经登记" if found.deciders else "可以用模板导入，也可以在“职务”页逐个任职",
             url_for("county.imports", kind="positions"), "去登记", found.deciders > 0),
        Step("确认有决定权的职务", f"{found.waiting} 项等确认，确认后才生效" if found.waiting else "书记等职务要上级确认后才能审定",
             url_for("county.confirmations"), "去确认", found.confirmed > 0),
        Step("邀请开通账号", "已有人开通" if found.accounts else
             f"已发出 {found.invited} 个链接，还没有人开通" if found.invited else "给书记、材料员发一次性的开通链接，由本人设密码",
             url_for("county.invite_list", organisation=organisation_id), "去邀请", found.accounts > 0),
        Step("采用办法", "已在执行，可以对照本县办法修改" if found.policies else "满意度、法定人数等数字，按本县办法核对后采用",
             url_for("county.policies", organisation=organisation_id), "去看看", found.policies > 0))
    return () if all(step.done for step in steps) else steps
