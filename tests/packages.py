"""What the tests need from the operating system, installed if missing and if that is allowed.

Standard library only: it runs before the environment exists.  Rule kept: the system's own RabbitMQ and PostgreSQL
are never started, and nothing is installed without saying so.
"""
import os
import shutil
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(CHECKOUT))

from deploy import environment

DEFAULT_ROOMS = ("checks", "unit", "component", "contracts", "journeys", "browser", "faults")
SERVERS = ("rabbitmq-server", "postgresql")
NEEDS = {"component": SERVERS, "journeys": SERVERS, "faults": SERVERS, "bench": SERVERS, "browser": ("chromium", "fonts-noto-cjk")}
POLICY = Path("/usr/sbin/policy-rc.d")


def installed(package: str) -> bool:
    """Whether what the tests use of this package is there, however it came."""
    return {
        "rabbitmq-server": lambda: Path("/usr/lib/rabbitmq/bin/rabbitmq-server").exists(),
        "postgresql": lambda: any(Path("/usr/lib/postgresql").glob("*/bin/initdb")),
        "chromium": lambda: any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))),
        "fonts-noto-cjk": lambda: any(Path("/usr/share/fonts").glob("**/Noto*CJK*")),
    }[package]()


def missing(rooms: list[str]) -> list[str]:
    """The packages these rooms need and this machine lacks."""
    wanted = dict.fromkeys(package for room in rooms for package in NEEDS.get(room, ()))
    return [package for package in wanted if not installed(package)]


def install(packages: list[str]) -> bool:
    """Install Debian packages without starting their services; False, with a sentence, where that is not allowed."""
    if os.getuid() or not shutil.which("apt-get"):
        environment.say(f"缺少 {' '.join(packages)}，而当前用户不能安装。请用管理员运行：apt-get install {' '.join(packages)}。"
                        "在此之前，用到它们的测试会跳过。")
        return False
    environment.say(f"正在用 apt-get 安装 {' '.join(packages)} …")
    settings = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    ours = not POLICY.exists()
    try:
        if ours:
            POLICY.write_text("#!/bin/sh\nexit 101\n")
            POLICY.chmod(0o755)
        subprocess.run(["apt-get", "update", "-qq"], env=settings, stdout=sys.stderr)
        done = subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages], env=settings,
                              stdout=sys.stderr)
    finally:
        if ours:
            POLICY.unlink(missing_ok=True)
    if done.returncode:
        environment.say(f"apt-get 没有装上 {' '.join(packages)}，原因见上面几行。")
    return not done.returncode


def named_rooms(arguments: list[str]) -> list[str]:
    """The rooms named at the head of the command line; without any, those of a default run."""
    known = {*DEFAULT_ROOMS, "bench"}
    count = next((i for i, word in enumerate(arguments) if word not in known), len(arguments))
    return arguments[:count] or list(DEFAULT_ROOMS)


if __name__ == "__main__":
    needed = missing(named_rooms(sys.argv[1:]))
    if not needed or install(needed):
        # everything is here, so nothing may be skipped
        os.environ["JIANNUO_TESTS_SERVERS"] = "must"
    environment.become("test", ["-m", "tests.rooms", *sys.argv[1:]], get_venv=lambda: install(["python3-venv"]))
