"""What is looked at before anything is touched: each check says in one sentence what it found and what to do."""
import errno
import os
import shutil
import socket
from pathlib import Path
from urllib.parse import urlsplit

LEAST_DISK = 500_000_000
#: by one of these a data folder is known as one
MARKS = ("county.json", "up.lock", "up.log", "keys", "gateway.sqlite")


class Refused(Exception):
    """The start is refused; nothing has been changed.  The message is a Chinese sentence per problem."""


def settings(broker: str, database: str) -> None:
    """The pair that makes the house distributed.  Raises Refused."""
    if broker and not database:
        raise Refused("给了 --broker 就要同时给 --database（分布运行）；两个都不给则单机运行。")
    if database and not broker:
        raise Refused("给了 --database 就要同时给 --broker（分布运行）；两个都不给则单机运行。")
    if not broker:
        return
    scheme = database.partition("://")[0]
    if scheme in ("postgresql", "postgres"):
        raise Refused(f"--database 的 {scheme}:// 没有写明驱动，会用到不适合本系统的 psycopg 3。请改写成 postgresql+psycopg2://"
                      "用户:密码@主机/库名。")
    if scheme != "postgresql+psycopg2":
        raise Refused(f"--database 应以 postgresql+psycopg2:// 开头，现在是“{database.partition('@')[0].partition(':')[0]}”，请改正。")
    parts = urlsplit(broker)
    if parts.scheme not in ("pyamqp", "amqp") or not parts.hostname:
        raise Refused("--broker 应写成 pyamqp://用户:密码@主机:5672/虚拟主机，请改正。")


def port(host: str, number: int, option: str) -> None:
    """Nobody answers there, and we may listen there.  Raises Refused.

    Asked by connecting first: a listener that shares its port would let us start and take half of its requests.
    """
    if not 1 <= number <= 65535:
        raise Refused(f"{option.partition(' ')[0]} 的端口 {number} 不对，应为 1 到 65535，请改正。")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    here = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104
    with socket.socket(family) as probe:
        probe.settimeout(1)
        if not probe.connect_ex((here, number)):
            raise Refused(f"端口 {number} 上已经有程序在回应。请先停止它（如果是本系统：./deploy/down），或换一个端口：{option}。")
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, number))
        except OSError as error:
            raise Refused(_no_bind(error, host, number, option)) from None


def _no_bind(error: OSError, host: str, number: int, option: str) -> str:
    match error.errno:
        case errno.EACCES:
            return f"没有权限监听端口 {number}（1024 以下要管理员），请换一个端口：{option}。"
        case errno.EADDRNOTAVAIL:
            return f"这台机器没有地址 {host}，请改成它自己的地址，或 0.0.0.0。"
        case _:
            return f"不能监听 {host}:{number}（{error.strerror}），请换一个端口：{option}。"


def data(folder: Path) -> None:
    """The folder can be made or is ours, can be written, and its disk has room.  Makes nothing.  Raises Refused."""
    if folder.exists() and not folder.is_dir():
        raise Refused(f"{folder} 不是目录，请用 --data 另选一个。")
    if folder.exists() and any(folder.iterdir()) and not any((folder / mark).exists() for mark in MARKS):
        raise Refused(f"目录 {folder} 里有别的文件，不像本系统的数据目录。为免弄乱，请用 --data 另选一个空目录。")
    standing = next(found for found in (folder, *folder.parents) if found.exists())
    if not os.access(standing, os.W_OK | os.X_OK):
        raise Refused(f"没有权限写入 {standing}，请用 --data 选一个可写的目录。")
    free = shutil.disk_usage(standing).free
    if free < LEAST_DISK:
        raise Refused(f"{standing} 所在磁盘只剩 {free // 1_000_000} MB，至少要 {LEAST_DISK // 1_000_000} MB。请清理磁盘，或用 --data 换一个。")
