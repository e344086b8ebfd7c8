"""The operator's console: ``python -m deploy.console status | parked … | replay SERVICE | restored SERVICE | verify | invite``.

Embedded, it asks the running process over a local socket, because that process owns its files; it opens the files only
when nothing runs.  Distributed, it works on the databases.  Its data folder is that of ``deploy/up``, unless JIANNUO_DATA
names another.
"""
import eventlet

eventlet.monkey_patch()

import fcntl
import json
import os
import socket
import sys
from contextlib import ExitStack
from typing import Any

import click
from nameko.containers import ServiceContainer

from deploy import desk
from deploy.down import DATA
from deploy.folder import RUNNING, Folder
from deploy.process import EVERYONE, service_class
from deploy.words import ADMINISTRATORS
from wire.bus import settings as settings_
from wire.bus.health import extensions_of
from wire.bus.settings import Settings

SERVICE = click.Choice(EVERYONE)


@click.group()
def console() -> None:
    """运维控制台。"""


@console.command()
def status() -> None:
    """每个服务：待发、待重试、等人处理的事件各有多少。"""
    for service, found in _ask("status").items():
        click.echo(f"{service}：待发 {found['outbox']}（最久 {found['oldest_seconds']} 秒），"
                   f"待重试 {found['due']}，等人处理 {found['parked']}，丢失 {found['lost']}")


@console.group()
def parked() -> None:
    """等人处理的事件。"""


@parked.command("list")
@click.argument("service", type=SERVICE, required=False)
def list_parked(service: str | None) -> None:
    """列出等人处理的事件和原因。"""
    found = _ask("parked", service or "")
    for name, rows in found.items():
        for row in rows:
            click.echo(f"{name}  {row['id']}  {row['topic']}  试过 {row['tries']} 次，自 {row['since']}\n    {row['reason']}")
    if not any(found.values()):
        click.echo("没有等人处理的事件。")


@parked.command("replay")
@click.argument("service", type=SERVICE)
@click.argument("ids", nargs=-1)
def replay_parked(service: str, ids: tuple[str, ...]) -> None:
    """重新处理；不写编号就是全部。"""
    click.echo(f"{_ask('again', service, *ids)[service]} 个事件将在几秒内重新处理。")


@parked.command("drop")
@click.argument("service", type=SERVICE)
@click.argument("ids", nargs=-1, required=True)
def drop_parked(service: str, ids: tuple[str, ...]) -> None:
    """放弃，不再处理。"""
    click.echo(f"已放弃 {_ask('drop', service, *ids)[service]} 个事件。")


@console.command()
@click.argument("service", type=SERVICE)
def replay(service: str) -> None:
    """让服务从头重新读取它收听的全部事件，重建它的副本。"""
    click.echo(f"{_ask('replay', service)[service]} 个事件流将重新读取。")


@console.command()
@click.argument("service", type=SERVICE)
def restored(service: str) -> None:
    """服务刚从备份恢复：开始新的一期，收听它的服务会重新读取。"""
    click.echo(f"{service} 的第 {_ask('restored', service)[service]} 期已经开始，请用 lost 命令查看各服务里丢失了什么。")


@console.command()
def lost() -> None:
    """备份恢复后，哪些内容只在收听方还留有记录。"""
    found = _ask("lost")
    for name, rows in found.items():
        for row in rows:
            click.echo(f"{name}  " + "  ".join(f"{k}={v}" for k, v in row.items()))
    if not any(found.values()):
        click.echo("没有丢失的内容。")


@console.command()
def verify() -> None:
    """核对每个服务的操作日志有没有被改动或删减。"""
    found = _ask("verify")
    for name, log in found.items():
        said = "完整" if log["broken"] is None else f"从第 {log['broken']} 条起被改动或缺失，请立即封存数据库并报告"
        click.echo(f"{name}：操作日志已成链 {log['chained']} 条，待成链 {log['unlinked']} 条，{said}。")
    if any(log["broken"] is not None for log in found.values()):
        sys.exit(1)


@console.command()
@click.argument("role", type=click.Choice(list(ADMINISTRATORS)), required=False)
@click.option("--url", default="", help="系统的网址，例如 http://127.0.0.1:8000；不填就是 ./deploy/up 正在用的那个。")
def invite(role: str | None, url: str) -> None:
    """开通邀请过期还没用上：重新生成（旧的作废）。不写角色就是全部还没开通的。"""
    url = url or Folder(_settings().data).running.get("url", "")
    for name, path in _ask("invite", "gateway", *([role] if role else []))["gateway"].items():
        click.echo(f"{ADMINISTRATORS[name]}（只能用一次，过期作废）：{url.rstrip('/')}{path}")
    if not url:
        click.echo("前面请接上系统的网址（不知道这里用的是哪个；下次可用 --url 写明）。", err=True)


def _settings() -> Settings:
    return settings_.from_environment({"JIANNUO_DATA": str(DATA)} | {name: word for name, word in os.environ.items() if word})


def _ask(command: str, service: str = "", *arguments: str) -> dict[str, Any]:
    settings = _settings()
    request = {"command": command, "service": service, "arguments": list(arguments)}
    answer = _over_the_socket(settings, request) if settings.embedded else None
    if answer is None:
        answer = _on_the_database(settings, request)
    if "refused" in answer:
        raise click.ClickException(answer["refused"])
    return answer["done"]


def _over_the_socket(settings: Settings, request: dict[str, Any]) -> dict[str, Any] | None:
    """What the running process answers, None when none runs."""
    with socket.socket(socket.AF_UNIX) as sock:
        try:
            sock.settimeout(30)
            sock.connect(str(desk.path_of(settings)))
        except OSError:
            return None
        with sock.makefile("rwb") as file:
            file.write(json.dumps(request).encode() + b"\n")
            file.flush()
            return json.loads(file.readline())


def _on_the_database(settings: Settings, request: dict[str, Any]) -> dict[str, Any]:
    with ExitStack() as open_:
        if settings.embedded:
            if not settings.data.is_dir():
                raise click.ClickException(f"没有找到数据目录 {settings.data}，请检查 JIANNUO_DATA。")
            lock = open_.enter_context(open(settings.data / RUNNING, "w"))
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise click.ClickException("系统正在启动或停止，请几秒后再试。") from None
        # extensions know their container weakly: somebody has to hold it
        containers, buses = [], {}
        for name in (request["service"],) if request["service"] else EVERYONE:
            if not settings.embedded or settings.sqlite(name).exists():
                # set up as for a start, and never started
                containers.append(ServiceContainer(service_class(name), settings.nameko()))
                buses[name], _ = extensions_of(containers[-1])
                buses[name].setup()
                open_.callback(buses[name].database.close)
        return desk.carry_out(buses, request)


def main() -> None:
    try:
        console()
    except settings_.Refused as refusal:
        sys.exit(str(refusal))


if __name__ == "__main__":
    main()
