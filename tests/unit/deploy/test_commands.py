"""The two commands' own small decisions: which rooms are run, what is said about them, where public pages are served."""
import os
import sys
from pathlib import Path

import pytest

from deploy.house import SERVICES
from deploy.process import EVERYONE
from deploy.up import _listen
from deploy.words import summary
from tests import packages, rooms
from wire.bus.settings import Settings

REPORT = {"url": "http://127.0.0.1:8000", "board": "http://127.0.0.1:8000/board/org_1", "accounts": {}, "pid": 7, "data": "/srv/jiannuo",
          "console": "JIANNUO_DATA=/srv/jiannuo .venv/bin/python -m deploy.console", "listen": "", "kind": "empty", "kept": False}


@pytest.mark.parametrize(("arguments", "expected"), [
    ([], list(packages.DEFAULT_ROOMS)), (["unit"], ["unit"]), (["unit", "journeys"], ["unit", "journeys"]), (["bench", "S1"], ["bench"]),
    (["unit", "-k", "grade"], ["unit"]), (["-x"], list(packages.DEFAULT_ROOMS))])
def test_rooms_are_named_at_the_head_of_the_command_line(arguments, expected):
    assert packages.named_rooms(arguments) == expected


def test_a_room_without_servers_needs_no_packages():
    assert packages.missing(["checks", "unit", "contracts"]) == []


def test_the_table_names_what_is_red_the_time_it_took_and_how_many_passed():
    said = rooms.table([rooms.Outcome("unit", 0, 3.2, "93 passed in 0.52s"),
                        rooms.Outcome("journeys", 1, 60.0, "== 1 failed, 20 passed, 2 errors in 60s ==")], 61.0)
    *_, all_of_it, counted = said.splitlines()
    assert "RED: journeys" in all_of_it and "61.0" in all_of_it and "93 passed in 0.52s" in said and "1 failed, 20 passed" in said
    assert counted == "113 passed, 3 failed"


def test_what_a_process_logs_while_it_ends_is_not_taken_for_its_result():
    says = "print('== 2 failed, 7 passed in 1.50s (0:00:01) =='); print('connection lost'); print('bye')"
    code, closing = rooms._follow([sys.executable, "-c", says], dict(os.environ), None, "")
    assert (code, closing) == (0, "== 2 failed, 7 passed in 1.50s (0:00:01) ==")
    assert rooms._follow([sys.executable, "-c", "print('it broke')"], dict(os.environ), None, "") == (0, "it broke")


@pytest.mark.parametrize(("typed", "expected"), [
    ("", ""), ("0.0.0.0", "0.0.0.0:8080"), ("0.0.0.0:9000", "0.0.0.0:9000"), ("[::1]", "[::1]:8080"), ("[::1]:9000", "[::1]:9000")])
def test_the_public_address_has_a_port_of_its_own(typed, expected):
    assert _listen(typed, 8000) == expected


def test_a_real_start_shows_the_three_invitations_and_no_banner():
    """[X46]"""
    links = {role: f"http://127.0.0.1:8000/invitation#{role}-token" for role in ("office", "operator", "auditor")}
    said = summary({**REPORT, "accounts": {role: {"link": link} for role, link in links.items()}}, detached=True)
    assert all(link in said for link in links.values()) and said.index(links["office"]) < said.index(links["operator"])
    assert "演 示" not in said and "--data /srv/jiannuo" in said and "Ctrl-C" not in said
    assert "或运行 JIANNUO_DATA=/srv/jiannuo .venv/bin/python -m deploy.console invite" in said, "for this house, not the usual folder"


def test_what_is_to_be_typed_can_be_typed_wherever_the_data_is():
    said = summary({**REPORT, "data": "/srv/县 里", "accounts": {"office": {"link": "x"}}, "console": Settings(
        data=Path("/srv/县 里"), broker="pyamqp://u:geheim@mq", database="postgresql+psycopg2://u:geheim@db/x").console}, detached=True)
    assert "./deploy/down --data '/srv/县 里'" in said and "geheim" not in said
    assert "JIANNUO_BROKER=… JIANNUO_DATABASE=… .venv/bin/python -m deploy.console invite（两个“…”照启动时" in said


def test_a_demonstration_says_loudly_that_it_is_one():
    account = {"username": "shuji", "password": "Abcd2-Efgh34", "link": "http://127.0.0.1:8000/sign-in"}
    said = summary({**REPORT, "kind": "demonstration", "accounts": {"secretary": account}, "seconds": 14.8}, detached=False)
    assert "演 示" in said and "虚构" in said and "Abcd2-Efgh34" in said and "Ctrl-C" in said and "14.8" in said


def test_every_service_is_started_whether_its_doors_are_a_module_or_a_package():
    assert sorted(SERVICES) == sorted(EVERYONE)
