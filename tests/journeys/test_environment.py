"""The project's own Python environment: made once, whole or not at all, from a lock that is checked."""
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from deploy.environment import CHECKOUT, Environment, _entry

#: the smallest lock there is: one package with the hashes of the real one
LOCK = _entry((CHECKOUT / "requirements.lock").read_text(), "setuptools")


@pytest.fixture
def checkout(tmp_path) -> Path:
    (tmp_path / "requirements.lock").write_text(LOCK)
    return tmp_path


def prepare(checkout: Path) -> subprocess.CompletedProcess:
    """As deploy/up does, in a process of its own."""
    code = ("import sys; from pathlib import Path; from deploy.environment import Environment, Failed\n"
            "try:\n    Environment(Path(sys.argv[1])).prepare('run')\nexcept Failed as why:\n    sys.exit(str(why))")
    return subprocess.run([sys.executable, "-c", code, checkout], capture_output=True, text=True, cwd=CHECKOUT)


def test_two_starts_at_once_make_the_environment_once(checkout):
    with ThreadPoolExecutor(2) as both:
        first, second = both.map(prepare, [checkout, checkout])
    assert first.returncode == second.returncode == 0, first.stderr + second.stderr
    assert (first.stderr + second.stderr).count("正在安装") == 1
    assert not prepare(checkout).stderr, "the third finds it whole and installs nothing"


def test_a_half_made_environment_is_made_again(checkout):
    half = checkout / ".venv" / "bin"
    half.mkdir(parents=True)
    (half / "python").symlink_to(sys.executable)
    assert not Environment(checkout).whole("run")
    assert prepare(checkout).returncode == 0
    assert Environment(checkout).whole("run")
    assert (checkout / ".venv" / "pyvenv.cfg").exists()


def test_a_package_that_is_not_the_locked_one_is_refused(checkout):
    (checkout / "requirements.lock").write_text(re.sub(r"sha256:\w{8}", "sha256:00000000", LOCK))
    refused = prepare(checkout)
    assert refused.returncode == 1 and "软件包没有装全" in refused.stderr
    assert not Environment(checkout).whole("run")


def test_the_tests_lock_holds_the_running_systems_lock_unchanged():
    for package in re.findall(r"^([\w.-]+)==", (CHECKOUT / "requirements.lock").read_text(), re.M):
        pins = [re.search(rf"^{re.escape(package)}==(\S+)", (CHECKOUT / name).read_text(), re.M)
                for name in ("requirements.lock", "requirements-test.lock")]
        assert pins[0] and pins[1] and pins[0][1] == pins[1][1], package
