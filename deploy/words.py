"""What a start says to the person at the terminal when everything is up."""
import shlex
from collections.abc import Mapping
from typing import Any

from deploy.down import DATA

ROLES = {"member": "党员", "clerk": "材料员", "secretary": "支部书记", "office": "县级管理员", "superior": "上级书记", "auditor": "日志查阅"}
#: the three administrators of a new county 三员, in the order in which they begin
ADMINISTRATORS = {"office": "业务管理员", "operator": "系统管理员", "auditor": "审计管理员"}
#: those the terminal shows with their links; the others stand in one line below
SHOWN = ("member", "clerk", "secretary", "office")
#: where an address with a password in it is left out of a command
AS_STARTED = "（两个“…”照启动时 --broker 和 --database 写的填）"
BANNER = """\
┌────────────────────────────────────────────────────────┐
│  演 示    演 示    演 示    演 示    演 示    演 示    │
│  云岭县是虚构的，人物、党组织和事项都不是真的。        │
│  不要录入真实信息；正式使用请另选目录：--empty --data  │
└────────────────────────────────────────────────────────┘"""


def summary(report: Mapping[str, Any], *, detached: bool) -> str:
    """Links, accounts, how to stop, seconds taken."""
    lines = [BANNER] if report["kind"] == "demonstration" else []
    lines += ["", f"公开栏      {report['board']}"]
    if report["listen"]:
        lines.append(f"对外公开    {report['listen']}（只有公开页面；工作人员页面只在本机）")
    accounts = report["accounts"]
    if any("password" in account for account in accounts.values()):
        lines += ["", f"登录演示（{len(accounts)} 个角色，每个一个账号）"]
        lines += [f"  {_wide(ROLES[role], 12)}{accounts[role]['link']}  用户名 {accounts[role]['username']}  密码 {accounts[role]['password']}"
                  for role in SHOWN if role in accounts]
        others = [f"{word} {accounts[role]['username']} / {accounts[role]['password']}"
                  for role, word in ROLES.items() if role in accounts and role not in SHOWN]
        if others:
            lines.append(f"  其他角色（在同一登录页，用户名 / 密码）：{'；'.join(others)}")
    elif accounts:
        lines += ["", "开通系统：三个链接交给三位不同的同志，业务管理员先设立本县（每个只能用一次，过期作废）"]
        lines += [f"  {_wide(word, 12)}{accounts[role]['link']}" for role, word in ADMINISTRATORS.items() if role in accounts]
        lines.append(f"  过期了：重新启动会打印新的，或运行 {report['console']} invite" + (AS_STARTED if "…" in report["console"] else ""))
    else:
        lines += ["", f"登录        {report['url']}/sign-in"]
    stop = "./deploy/down" + (f" --data {shlex.quote(report['data'])}" if report["data"] != str(DATA) else "")
    lines += ["", f"数据目录    {report['data']}" + ("（保留了上次的数据）" if report["kept"] else ""),
              f"停止        {stop}" + ("" if detached else "，或按 Ctrl-C"), ""]
    if "seconds" in report:
        lines.append(f"已就绪，用了 {report['seconds']} 秒。")
    return "\n".join(lines)


def _wide(word: str, columns: int) -> str:
    """Padded to columns of a terminal, where a Chinese character takes two."""
    return word + " " * max(1, columns - 2 * len(word))
