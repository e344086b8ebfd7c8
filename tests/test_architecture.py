"""The house keeps its own law, and the law is itself tried on snippets that break it."""
import re
import subprocess
from pathlib import Path, PurePosixPath

import pytest

from tests import architecture

CHECKOUT = Path(__file__).resolve().parent.parent
SAMPLES = CHECKOUT / "tests" / "architecture_samples"
HEADER = re.compile(r"(?:#|<!--|/\*) as: (?P<path>\S+); refused: (?P<rule>[\w ]*?)(?:; lines: (?P<lines>\d+))?\s*(?:-->|\*/)?$")


def tracked() -> list[PurePosixPath]:
    """What belongs to the project: as git knows it, new files included; without git, the folders of the house."""
    listed = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=CHECKOUT, capture_output=True,
                            text=True)
    if listed.returncode == 0:
        names = listed.stdout.splitlines()
    else:
        names = [str(found.relative_to(CHECKOUT)) for room in architecture.OURS for found in (CHECKOUT / room).rglob("*")]
    inside = [PurePosixPath(name) for name in names if not name.startswith("tests/architecture_samples/")]
    return [path for path in inside if "__pycache__" not in path.parts and (CHECKOUT / path).is_file()]


def test_the_house_keeps_its_law():
    findings = []
    for path in tracked():
        try:
            source = (CHECKOUT / path).read_text()
        except UnicodeDecodeError:
            continue
        findings += architecture.check(path, source)
    assert not findings, "\n" + "\n".join(map(str, findings))


@pytest.mark.parametrize("sample", sorted(SAMPLES.iterdir()), ids=lambda sample: sample.stem)
def test_each_bad_snippet_is_refused_with_its_reason(sample):
    source = sample.read_text()
    header = HEADER.match(source.splitlines()[0])
    assert header, f"{sample.name} does not say what it stands for"
    if header["lines"]:
        source += "\n" * (int(header["lines"]) - source.count("\n"))
    findings = architecture.check(PurePosixPath(header["path"]), source)
    expected = {header["rule"]} - {""}
    assert {finding.rule for finding in findings} == expected, "\n".join(map(str, findings)) or "nothing was refused"
    assert all(finding.reason for finding in findings)


def test_every_rule_has_a_bad_snippet():
    headers = [HEADER.match(sample.read_text().splitlines()[0]) for sample in SAMPLES.iterdir()]
    shown = {header["rule"] for header in headers if header}
    assert shown >= {*architecture.EXEMPT, "imports", "class name", "file name", "length", "external URL", "machine path"}


def test_every_room_of_the_table_has_a_bad_snippet():
    headers = [HEADER.match(sample.read_text().splitlines()[0]) for sample in SAMPLES.iterdir()]
    shown = {architecture.room_of(PurePosixPath(header["path"]))[0] for header in headers if header and header["rule"] == "imports"}
    assert shown == set(architecture.rooms("any"))


def test_every_service_stands_on_the_same_rooms():
    for service in sorted((CHECKOUT / "services").iterdir()):
        if service.is_dir() and service.name != "__pycache__":
            assert (service / "__init__.py").exists(), f"{service.name} has no card"
            for room in ("service", "storage", "migrations"):
                assert (service / room).exists() or (service / f"{room}.py").exists(), f"{service.name} has no {room}"
