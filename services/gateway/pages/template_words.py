"""What every template can say: words for states and dates, what a person may do, hidden fields of a form."""
import secrets
from typing import Any

from flask import Blueprint, current_app, g, request

from services.gateway.pages import account, assets, forms, here, menu, words

#: what was done, told on the page one is sent to; the word travels in the address, so a reload does nothing
DONE = {
    "saved": "已保存。", "unchanged": "没有变化：与已经登记的一样。", "submitted": "已提交，等待审定。", "reviewed": "审查意见已保存。",
    "approved": "已审定，下一步是签订承诺书。",
    "returned": "已退回，本人和材料员会看到理由。", "signed": "承诺书已签订并编号，可以打印一式三份，再亮诺。",
    "published": "已亮诺，公开栏几秒后更新。",
    "already": "这些承诺之前已经亮诺，没有重复公开。", "progress": "进展已登记，公开栏几秒后更新。", "claimed": "已申请销号，等待核验。",
    "verified": "已通过核验并销号，公开栏几秒后显示“已兑现”。", "opened": "评议已开始。", "assessed": "自评已保存。",
    "rated": "互评已保存，本人看不到是谁评的。", "commented": "点评已保存。", "held": "评议会已登记，请两名计票人分别录入票数。",
    "counted": "您的票数已保存。两名计票人一致后生效。", "completed": "评议已评定，践诺榜几秒后更新。", "imported": "导入完成。",
    "adopted": "已采用，从填写的那一天起执行。",
    "moved": "组织关系已转接，本人的权限随之到新的党组织。", "sent": "已开始转接，等对方接收。", "left": "已登记离开名册，其权限和职务已全部结束。",
    "merged": "已合并：职务和权限归保留的一条，原编号查到的是他。", "appointed": "已任职。有决定权的，要上级确认后才生效。",
    "relieved": "已免职，相应权限立即结束。", "confirmed": "已确认，立即生效。",
    "granted": "已登记权限。有决定权的，要上级确认后才生效。",
    "linked": "已认作党员：原有的权限和职务归他，原来的账号不再有权限。他还没有账号的，请生成开通链接。",
    "ended": "权限已收回，立即生效。", "password": "密码已修改。其他地方的登录都已退出。", "out": "已退出。",
    "not_yours": "已登录。刚才那张表单是另一位同志填写的，没有交给您，也没有提交。",
    "reset": "新密码已设好，请用它登录。", "session": "已退出其他地方的登录。", "factor_off": "动态口令已关闭。",
    "proposed": "已提出，等上级批准。批准前仍在未承诺名单里。", "exempted": "已批准，从今天起免予承诺，公开栏一分钟内更新。",
    "not_exempted": "已登记不批准，支部和本人会看到理由。", "withdrawn": "已撤回，从今天起重新列入应承诺。",
    "unlocked": "已恢复登录，本人现在可以再试。", "disabled": "账号已停用，所有登录已退出。",
    "enabled": "账号已启用。", "demanded": "下次打开任何页面，都会先要求本人修改密码。", "asked": "已申请重置动态口令，还要另一位管理员同意。",
    "factor_reset": "动态口令已重置，本人登录后要重新开通。", "revoked": "密钥已停用，立即失效。"}


#: a blueprint without pages: it gives the templates of the whole application their words
spoken = Blueprint("spoken", __name__)
for _word in words.FILTERS_OF_TEMPLATES:
    spoken.add_app_template_filter(_word, _word.__name__)

spoken.after_app_request(assets.compress)


@spoken.app_context_processor
def known() -> dict[str, Any]:
    return words.LABELS | {
        "may": here.may, "whoami": whoami, "menu": menu.menu, "asset": assets.address, "new_key": new_key, "demo": here.demo,
        "county_name": here.county_name, "done_sentence": done_sentence, "organisation_name": here.organisation_name, "parent_name": here.parent_name,
        "today": here.today, "places": here.places, "roles_at": here.roles_at, "rights": here.rights, "shown": forms.shown, "error": forms.error,
        "refusal": forms.refusal, "owner_notes": account.notes, "settings": current_app.extensions["gateway"], "refused_here": forms.refused_here}


def whoami():
    """The signed-in person; nothing for the public."""
    return here.actor() if here.signed_in() else None


def new_key() -> str:
    """The idempotency key of one form: pressed twice, it is done once."""
    return f"form-{secrets.token_hex(12)}"


def done_sentence() -> str:
    """What was done last; the word in the address is that of the page as it was opened, and not of what is sent from it."""
    return DONE.get(g.get("done") or (request.args.get("done", "") if request.method == "GET" else ""), "")
