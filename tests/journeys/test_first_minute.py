"""The first minute: one command starts everything, says where it is, refuses what cannot work, and stops as it was told."""
import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.servers import crowding, family, folder, free_port, wait_until

CHECKOUT = Path(__file__).resolve().parents[2]
STOPS_WITHIN = 5.0


def up(*options: object, **more) -> subprocess.CompletedProcess:
    return subprocess.run([CHECKOUT / "deploy" / "up", *map(str, options)], capture_output=True, text=True, timeout=280, **more)


def down(data: Path) -> subprocess.CompletedProcess:
    return subprocess.run([CHECKOUT / "deploy" / "down", "--data", data], capture_output=True, text=True, timeout=60)


@pytest.fixture(scope="module")
def county() -> Iterator[dict]:
    """The demonstration county, up in the background."""
    data = folder("county")
    try:
        started = up("--data", data, "--port", free_port(), "--detach", "--json")
        assert started.returncode == 0, started.stderr
        yield json.loads(started.stdout)
    finally:
        down(data)
        shutil.rmtree(data)


@pytest.fixture
def empty(tmp_path) -> Iterator[subprocess.Popen]:
    """An empty system in the foreground of a terminal of its own."""
    process = subprocess.Popen([CHECKOUT / "deploy" / "up", "--empty", "--json", "--data", tmp_path / "data", "--port", str(free_port())],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    yield process
    for pid in reversed(family(process.pid)):
        if process.poll() is None:
            os.kill(pid, signal.SIGKILL)
    process.wait()


def test_a_fresh_start_says_everything_in_one_json_object(county):
    assert set(county) >= {"url", "board", "accounts", "pid", "data"}
    assert {"member", "clerk", "secretary", "office"} <= set(county["accounts"])
    assert all(account["username"] and len(account["password"]) >= 10 for account in county["accounts"].values())


def test_what_loaded_the_county_has_given_way_to_a_plain_process(county):
    """Loading leaves memory behind that a house would carry for as long as it runs."""
    said = [Path(f"/proc/{one}/cmdline").read_text() for one in family(county["pid"])[1:]]
    assert any("deploy.process" in words for words in said) and not any("deploy.demo" in words for words in said), said


def test_the_printed_board_shows_published_pledges_to_everybody(county):
    """Fictional people, said loudly; a published pledge is on the board without logging in. [E3]"""
    page = requests.get(county["board"], timeout=60)
    assert page.status_code == 200 and "柳溪村党支部" in page.text and "演示" in page.text
    for word in ("责任人", "逾期", "已兑现", "口头承诺"):
        assert word in page.text


def test_every_printed_account_can_sign_in(county):
    for role, account in county["accounts"].items():
        person = requests.Session()
        form = person.get(account["link"], timeout=60).text
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)
        answer = person.post(f"{county['url']}/sign-in", timeout=60, headers={"Referer": account["link"]}, data={
            "username": account["username"], "password": account["password"], "csrf_token": token[1] if token else ""})
        assert answer.status_code == 200 and "退出" in answer.text, role


def test_a_second_start_is_quick_and_keeps_the_county(county):
    data = Path(county["data"])
    assert down(data).returncode == 0
    began = time.monotonic()
    again = up("--data", data, "--port", county["url"].rpartition(":")[2], "--detach", "--json")
    assert again.returncode == 0 and time.monotonic() - began < 20 * crowding()
    said = json.loads(again.stdout)
    assert (said["board"], said["accounts"]) == (county["board"], county["accounts"])
    assert "柳溪村党支部" in requests.get(said["board"], timeout=60).text


def test_a_data_folder_in_use_is_refused_and_named(county):
    refused = up("--data", county["data"], "--port", free_port())
    assert refused.returncode == 2 and county["data"] in refused.stderr and "./deploy/down" in refused.stderr
    assert not refused.stdout


def test_a_demonstration_cannot_become_somebodys_real_county(county):
    stopped = down(Path(county["data"]))
    try:
        refused = up("--empty", "--data", county["data"], "--port", free_port())
        assert stopped.returncode == 0 and refused.returncode == 2 and "演示县" in refused.stderr
    finally:
        assert up("--data", county["data"], "--port", county["url"].rpartition(":")[2], "--detach").returncode == 0


def test_a_start_that_was_killed_is_followed_by_another_at_once(county):
    """What it left behind still drains; the next start waits for that instead of failing. [T1]"""
    data = Path(county["data"])
    os.kill(json.loads((data / "up.json").read_text())["pid"], signal.SIGKILL)
    again = up("--data", data, "--port", county["url"].rpartition(":")[2], "--detach", "--json")
    assert again.returncode == 0, again.stderr
    assert _answers(county["board"])


def test_a_process_that_dies_is_started_again(county):
    pid = json.loads((Path(county["data"]) / "up.json").read_text())["pid"]
    workers = [one for one in family(pid)[1:] if "deploy.process" in Path(f"/proc/{one}/cmdline").read_text()]
    os.kill(workers[-1], signal.SIGKILL)
    wait_until(lambda: any("deploy.process" in Path(f"/proc/{one}/cmdline").read_text() for one in family(pid)[1:]
                           if one not in workers and Path(f"/proc/{one}").exists()), what="another process")
    wait_until(lambda: _answers(county["board"]), what="the board is back")


def test_an_empty_start_has_no_account_and_three_invitations_in_fragments(empty):
    """Nothing default or shared: a fresh system has no login; three people are let in, by links no log knows. [X1] [X46]"""
    said = json.loads(empty.stdout.readline())
    assert list(said["accounts"]) == ["office", "operator", "auditor"] and all(set(one) == {"link"} for one in said["accounts"].values())
    tokens = set()
    for account in said["accounts"].values():
        address, _, token = account["link"].partition("#")
        assert address == f"{said['url']}/invitation" and len(token) >= 40
        assert requests.get(address, timeout=60).status_code == 200
        tokens.add(token)
    logs = "".join(file.read_text() for file in Path(said["data"]).glob("log/*.log"))
    assert len(tokens) == 3 and not any(token in logs for token in tokens)
    _stop(empty, signal.SIGTERM)


def test_the_command_a_start_prints_for_new_invitations_makes_them(world):
    """As a shell has it, for this house: its data folder, and where it is distributed its broker and its database. [X46]"""
    data, port = world.data / "县 里的数据", free_port()
    started = up("--empty", "--data", data, "--port", port, "--detach", *world.options)
    assert started.returncode == 0, started.stderr
    stop = re.search(r"停止 +(.+)", started.stdout)[1]
    try:
        assert not world.broker or world.broker not in started.stdout, "no password on the screen"
        command = re.search(r"或运行 (.+ invite)", started.stdout)[1]
        for name, address in (("BROKER", world.broker), ("DATABASE", world.database)):
            command = command.replace(f"JIANNUO_{name}=…", f"JIANNUO_{name}={shlex.quote(address)}")
        bare = {name: word for name, word in os.environ.items() if not name.startswith("JIANNUO_")}
        invited = subprocess.run(command, shell=True, cwd=CHECKOUT, env=bare, capture_output=True, text=True, timeout=60)
        assert invited.returncode == 0 and invited.stdout.count(f"：http://127.0.0.1:{port}/invitation#") == 3, invited.stdout + invited.stderr
    finally:
        stopped = subprocess.run(stop, shell=True, cwd=CHECKOUT, capture_output=True, text=True, timeout=60)
        down(data)
    assert stopped.returncode == 0 and "已停止" in stopped.stdout and str(data) in stopped.stdout


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "Ctrl-C"])
def test_it_stops_within_five_seconds_when_idle(empty, number):
    said = json.loads(empty.stdout.readline())
    began = time.monotonic()
    _stop(empty, number)
    assert time.monotonic() - began < STOPS_WITHIN * crowding()
    assert not _answers(said["url"])
    assert "没有正在运行" in down(Path(said["data"])).stdout


def test_public_pages_alone_are_served_where_phones_can_reach(tmp_path):
    port, public = free_port(), free_port()
    started = up("--empty", "--data", tmp_path / "data", "--port", port, "--listen", f"0.0.0.0:{public}", "--detach", "--json")
    assert started.returncode == 0, started.stderr
    try:
        assert requests.get(f"http://127.0.0.1:{port}/sign-in", timeout=60).status_code == 200
        assert requests.get(f"http://127.0.0.1:{public}/sign-in", timeout=60).status_code in (403, 404)
        assert requests.get(f"http://127.0.0.1:{public}/desk", timeout=60, allow_redirects=False).status_code in (403, 404)
        assert requests.get(f"http://127.0.0.1:{public}/", timeout=60).status_code < 500
    finally:
        assert down(tmp_path / "data").returncode == 0


def test_a_port_that_answers_is_refused_before_anything_is_made(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = up("--data", tmp_path / "data", "--port", port)
    assert refused.returncode == 2 and str(port) in refused.stderr and "--port" in refused.stderr
    assert not (tmp_path / "data").exists()


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").touch()
    refused = up("--data", tmp_path, "--port", free_port())
    assert refused.returncode == 2 and "--data" in refused.stderr
    assert [one.name for one in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize(("options", "said"), [
    (("--broker", "pyamqp://guest@127.0.0.1/", "--database", "postgresql://127.0.0.1/county"), "postgresql+psycopg2://"),
    (("--broker", "pyamqp://guest@127.0.0.1/"), "--database"),
    (("--database", "postgresql+psycopg2://127.0.0.1/county"), "--broker"),
    (("--broker", "redis://127.0.0.1/", "--database", "postgresql+psycopg2://127.0.0.1/county"), "pyamqp://"),
    (("--port", "70000"), "65535")])
def test_settings_that_cannot_work_are_refused_with_what_to_write(tmp_path, options, said):
    refused = up("--data", tmp_path / "data", *(() if "--port" in options else ("--port", free_port())), *options)
    assert refused.returncode == 2 and said in refused.stderr
    assert not (tmp_path / "data").exists()


def test_a_python_too_old_is_told_what_to_do(tmp_path):
    for tool in ("dirname", "head"):
        (tmp_path / tool).symlink_to(shutil.which(tool))
    old = tmp_path / "python3"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.9.2" && exit 0\nexit 1\n')
    old.chmod(0o755)
    for command in ("deploy/up", "deploy/down"):
        refused = subprocess.run([CHECKOUT / command], env={"PATH": str(tmp_path)}, capture_output=True, text=True)
        assert refused.returncode == 3
        assert "Python 3.9.2" in refused.stderr and "3.11" in refused.stderr and "apt-get install" in refused.stderr


def _stop(process: subprocess.Popen, number: int) -> None:
    process.send_signal(number)
    assert process.wait(40) == 0


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=20).status_code == 200
    except requests.RequestException:
        return False
