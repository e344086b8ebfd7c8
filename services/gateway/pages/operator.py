"""The operator's page 系统: how the house itself is, and what whoever keeps it running does; no personal data."""
from datetime import timedelta

from flask import Blueprint, current_app, g, render_template

from services.gateway.identity import factors
from services.gateway.pages import here
from services.gateway.problems import refuse

operator = Blueprint("operator", __name__)
#: what the console tells: the command, and what for
COMMANDS = (("status", "每个服务有多少待发、待重试、等人处理的事件"), ("parked", "等人处理的事件，逐条看原因，修好后重试"),
            ("verify", "操作日志有没有被改动或删减"), ("invite", "开通邀请过期了还没用上：重新生成"))
RECENT = timedelta(days=7)


@operator.get("/system")
def system():
    """Jobs by state, pages that wait to be rendered, and the steps to take."""
    if not here.operates():
        raise refuse(403, "这一页给系统运维使用，您没有这项权限。")
    with current_app.extensions["store"].reading() as unit:
        jobs, stale = unit.books.jobs.counted(unit.now - RECENT), unit.books.pages.stale_count()
    return render_template("operator/system.html", jobs=jobs, stale=stale, factor=factors.of(g.account), commands=COMMANDS,
                           console=current_app.config["CONSOLE"])
