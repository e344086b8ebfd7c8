"""A process of the house as it is deployed: starts, is asked over its console, drains, costs next to nothing."""
import json
import os
import signal
import subprocess
import sys
import time
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.servers import crowding, free_port, wait_until

HOUSE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))


class Started:
    """``python -m deploy.process`` with a data folder of its own."""

    def __init__(self, folder, *services, **environment):
        self.port = free_port()
        self.environment = {**os.environ, "JIANNUO_DATA": str(folder / "data"), "JIANNUO_HEALTH_PORT": str(self.port),
                            "JIANNUO_BROKER": "", "JIANNUO_DATABASE": "", **environment}
        with open(folder / "process.log", "ab") as log:
            self.process = self.run("deploy.process", *services, stdout=log, stderr=log)

    def run(self, module, *arguments, **options) -> subprocess.Popen:
        return subprocess.Popen([sys.executable, "-m", module, *arguments], cwd=HOUSE, env=self.environment, **options)

    def console(self, *arguments) -> tuple[int, str]:
        done = self.run("deploy.console", *arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        said, _ = done.communicate(timeout=120)
        return done.returncode, said

    def ready(self) -> bool:
        assert self.process.poll() is None, "the process ended at its start"
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as answer:
                return json.load(answer)["ready"]
        except (URLError, OSError):
            return False

    def end(self, number=signal.SIGTERM) -> tuple[int, float]:
        """Its code, and the seconds it took, as they would be on a quiet machine."""
        started = time.monotonic()
        self.process.send_signal(number)
        code, took = self.process.wait(60), time.monotonic() - started
        return code, took / crowding()


@pytest.fixture
def start(tmp_path):
    begun = []

    def begin(*services, **environment) -> Started:
        begun.append(Started(tmp_path, *services, **environment))
        return begun[-1]

    yield begin
    for started in begun:
        if started.process.poll() is None:
            started.process.kill()
            started.process.wait()


def test_all_services_in_one_process_are_ready_answer_the_console_and_drain_within_five_seconds(start):
    """[T2]"""
    house = start("all")
    assert wait_until(house.ready)
    code, said = house.console("status")
    assert code == 0 and all(f"{name}：待发 0" in said for name in ("roster", "pledge", "evaluation", "commendation", "notice", "gateway"))
    code, said = house.console("parked", "list")
    assert (code, said) == (0, "没有等人处理的事件。\n")
    code, said = house.console("restored", "pledge")
    assert code == 0 and "pledge 的第 2 期" in said
    code, said = house.console("replay", "notice")
    assert code == 0 and "重新读取" in said
    code, seconds = house.end()
    assert code == 0 and seconds < 5
    # the console works on the files when nothing runs
    code, said = house.console("status")
    assert code == 0 and "pledge：待发 0" in said


def test_a_second_process_on_the_same_folder_is_refused(start):
    first = start("roster")
    assert wait_until(first.ready)
    second = first.run("deploy.process", "roster", stderr=subprocess.PIPE, text=True)
    _, said = second.communicate(timeout=120)
    assert second.returncode == 2 and "正在被另一个进程使用" in said
    assert first.end(signal.SIGINT)[0] == 0


@pytest.mark.parametrize(("services", "environment", "sentence"), [
    ((), {}, "用法"), (("nothing",), {}, "没有名为 nothing 的服务"), (("../x",), {}, "用法"),
    (("roster",), {"JIANNUO_BROKER": "pyamqp://h/v", "JIANNUO_DATABASE": "postgresql://h/d"}, r"postgresql+psycopg2://")])
def test_what_cannot_start_says_why_and_ends(start, tmp_path, services, environment, sentence):
    process = start(*services, **environment).process
    assert process.wait(120) == 2
    assert sentence in (tmp_path / "process.log").read_text()


@pytest.mark.distributed
def test_a_distributed_service_waits_for_its_broker_and_its_database(start, broker, database, tmp_path):
    """Red meanwhile, alive all the time.  [T9]"""
    from wire.bus.settings import Settings
    from wire.bus.signing import make_keys
    _, public = make_keys(Settings(data=tmp_path))
    uri, url = broker.vhost("waits"), database.database("waits")
    database.stop()
    try:
        service = start("roster", JIANNUO_BROKER=uri, JIANNUO_DATABASE=url, JIANNUO_VERIFY_KEY=str(public))
        assert wait_until(lambda: _page(service, "/livez") == 200)
        assert _page(service, "/readyz") == 503
    finally:
        database.start()
    assert wait_until(service.ready)
    code, seconds = service.end()
    assert code == 0 and seconds < 5


def _page(started, path) -> int:
    try:
        with urlopen(f"http://127.0.0.1:{started.port}{path}", timeout=5) as answer:
            return answer.status
    except OSError as error:
        return getattr(error, "code", 0)
