"""Stops the house that uses a data folder, and waits until it is down."""
import contextlib
import os
import signal
import sys
import time
from pathlib import Path

import click

from deploy.folder import Folder
from deploy.supervisor import CHECKOUT, STOP_SECONDS

DATA = CHECKOUT / "var" / "data"


@click.command(help="停止 ./deploy/up 启动的系统。")
@click.option("--data", type=click.Path(path_type=Path), default=DATA, show_default=True, help="数据目录。")
def main(data: Path) -> None:
    """Ask the process that holds the folder to stop; nothing running is no error.  Exit code 1 if it does not end."""
    folder, began = Folder(data.resolve()), time.monotonic()
    pid = folder.user()
    if not pid:
        click.echo(f"没有正在运行的系统（数据目录 {folder.path}）。")
        return
    click.echo(f"正在停止（进程 {pid}），等待手头的工作做完，最多 30 秒 …", err=True)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    while folder.user() == pid:
        if time.monotonic() - began > STOP_SECONDS + 10:
            click.echo(f"进程 {pid} 没有停下来。请查看 {folder.path / 'log'} 里的日志，必要时由管理员结束它。", err=True)
            sys.exit(1)
        time.sleep(0.1)
    click.echo(f"已停止，用了 {time.monotonic() - began:.1f} 秒。数据保留在 {folder.path}。")


if __name__ == "__main__":
    main(prog_name="./deploy/down")
