"""Starts the house: checks first, then processes, then the demonstration county, then says where everything is.

    ./deploy/up [--port N] [--listen ADDRESS] [--data DIR] [--empty] [--broker URI --database URL] [--detach] [--json]

Rule kept: what cannot work is refused before anything is touched, in a sentence that says what to do; what was started
is stopped again when this process is told to stop.
"""
import json
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import click

from deploy import checks, words
from deploy.checks import Refused
from deploy.down import DATA
from deploy.folder import Folder
from deploy.house import House, Plan
from deploy.supervisor import Failed

#: the public listener's port, as far above the staff's: 8000 and 8080
PUBLIC_OFFSET = 80


@click.command(help="启动系统。第一次会装入演示县；--empty 则从空白开始。再次启动保留数据。")
@click.option("--port", default=8000, show_default=True, help="本机访问的端口（工作人员页面只在本机）。")
@click.option("--listen", default="", metavar="地址[:端口]", help=f"另在此地址开放公开页面，如 0.0.0.0（默认端口：--port 加 {PUBLIC_OFFSET}）。")
@click.option("--data", type=click.Path(path_type=Path), default=DATA, show_default=True, help="数据目录。")
@click.option("--empty", is_flag=True, help="正式开始：不装演示县，打印三位管理员的一次性开通邀请。")
@click.option("--broker", default="", metavar="URI", help="RabbitMQ 地址 pyamqp://…（与 --database 同用：每个服务一个进程）。")
@click.option("--database", default="", metavar="URL", help="PostgreSQL 地址 postgresql+psycopg2://…")
@click.option("--detach", is_flag=True, help="启动完成后转入后台。")
@click.option("--json", "as_json", is_flag=True, help="只打印一个 JSON 对象。")
def main(port: int, listen: str, data: Path, empty: bool, broker: str, database: str, detach: bool, as_json: bool) -> None:
    """Exit code 0 after a stop that was asked for, 1 when the house does not come up, 2 when the start is refused."""
    began = time.monotonic()
    plan = Plan(port=port, listen=_listen(listen, port), data=data.resolve(), empty=empty, broker=broker, database=database)
    folder = Folder(plan.data)
    try:
        check(plan, folder)
        if detach:
            report = _in_background(folder)
            _tell({**report, "seconds": round(time.monotonic() - began, 1)}, as_json, detached=True)
            return
        with folder.used():
            _run(House(plan, folder, _say), began, as_json)
    except Refused as refusal:
        _say(str(refusal))
        sys.exit(2)


def check(plan: Plan, folder: Folder) -> None:
    """Everything that can be known before anything is touched.  Raises Refused."""
    checks.settings(plan.broker, plan.database)
    checks.data(plan.data)
    if user := folder.user():
        raise Refused(folder.in_use(str(user)))
    checks.port("127.0.0.1", plan.port, "--port 另一个端口")
    if plan.listen:
        host, _, number = plan.listen.rpartition(":")
        checks.port(host.strip("[]"), int(number), "--listen 地址:另一个端口")
    kind = folder.county.get("kind")
    if plan.empty and kind == "demonstration":
        raise Refused(f"数据目录 {plan.data} 里是演示县，不能当作空白系统。请用 --data 另选一个空目录。")


def _listen(word: str, port: int) -> str:
    """``host:port`` of the public listener from what was typed; empty for none.  An address of IPv6 stands in brackets."""
    host, colon, number = word.rpartition(":")
    if not word or (colon and number.isdigit() and not host.endswith(":")):
        return word
    return f"{word}:{port + PUBLIC_OFFSET}"


def _run(house: House, began: float, as_json: bool) -> None:
    """Up, told, watched, down."""
    told: list[int] = []
    bell = threading.Event()

    def hear(received: int, frame: object) -> None:
        told.append(received)
        bell.set()

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, hear)
    try:
        report = house.up(told)
        if report:
            _tell({**report, "seconds": round(time.monotonic() - began, 1)}, as_json, detached=False)
        while not told:
            house.look()
            bell.wait(1.0)
        _say("正在停止，先做完手头的工作 …")
    except Failed as failed:
        _say(str(failed))
        sys.exit(1)
    finally:
        stopping = time.monotonic()
        gentle = house.down()
        if told:
            late = "" if gentle else "有进程超时未停，已强行结束，未完成的会在下次启动后继续。"
            _say(f"已停止，用了 {time.monotonic() - stopping:.1f} 秒。{late}")


def _in_background(folder: Folder) -> dict:
    """Start ourselves again without a terminal, pass on what it says until it is up, and return its report."""
    arguments = [word for word in sys.argv[1:] if word not in ("--detach", "--json")]
    folder.path.mkdir(parents=True, exist_ok=True, mode=0o700)
    log = folder.path / "up.log"
    log.unlink(missing_ok=True)
    with open(log, "ab") as out:
        child = subprocess.Popen([sys.executable, "-m", "deploy.up", *arguments, "--json"], stdin=subprocess.DEVNULL,
                                 stdout=subprocess.DEVNULL, stderr=out, start_new_session=True)
    with open(log) as said:
        while True:
            code = child.poll()
            for line in said:
                _say(line.rstrip("\n"))
            if code is not None:
                sys.exit(code or 1)
            report = folder.report
            if report.get("pid") == child.pid:
                return report
            time.sleep(0.1)


def _tell(report: dict, as_json: bool, *, detached: bool) -> None:
    if as_json:
        print(json.dumps({key: report[key] for key in ("url", "board", "accounts", "pid", "data")}, ensure_ascii=False), flush=True)
    else:
        print(words.summary(report, detached=detached), flush=True)


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main(prog_name="./deploy/up")
