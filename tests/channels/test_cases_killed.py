"""kill -9 at any moment: what was acknowledged is there, nothing is half there, and every case ends reviewed."""

import os
import random
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from case_pages import id_front, lease, picture
from case_server import Applicants, CaseServer, Promised, see, until
from fastapi.testclient import TestClient
from hall_settings import door_settings
from test_cases import HALL, Visitor

from channels.app import create_app

NewServer = Callable[..., CaseServer]


@pytest.fixture
def new_server(tmp_path: Path, ingest: Any) -> Any:
    ingest(door_settings(tmp_path / "data"), HALL)
    opened: list[CaseServer] = []

    def one(**settings: str) -> CaseServer:
        opened.append(CaseServer(tmp_path / "data", **settings))
        return opened[-1]

    yield one
    for server in opened:
        server.close()


def slow_page(dice: random.Random) -> bytes:
    """A page whose reading takes a while, with up to 300 KB behind it, and unlike every other."""
    page = picture("样本", str(dice.random()), seconds=dice.choice((0.02, 0.1, 0.3)))
    return page + bytes([dice.randrange(200, 256)]) * dice.randrange(300_000)


def check_nothing_is_lost(server: CaseServer, promised: list[Promised]) -> None:
    handed_in = [case for case in promised if case.number]
    assert len({case.number for case in handed_in}) == len(handed_in), "a number was given twice"
    for case in promised:
        seen = see(server, case)
        there = {file["id"] for file in seen["files"]}
        assert case.files <= there <= case.tried
        assert case.number in (None, seen["number"])
    until(lambda: all(see(server, case)["state"] == "awaiting_clerk" for case in handed_in), 180)
    for case in handed_in:
        seen = see(server, case)
        assert all(file["pages"] and file["problem"] is None for file in seen["files"]), seen["files"]
        assert seen["round"] == 1


def killed_at_random(server: CaseServer, times: int) -> list[Promised]:
    """What servers had acknowledged that were killed while visitors came and went; one runs at the end."""
    server.start()
    visitors, dice = Applicants(server, slow_page), random.Random(7)
    visitors.come(3)
    for _ in range(times):
        told = visitors.told
        until(lambda told=told: visitors.told > told)
        time.sleep(dice.uniform(0, 1.5))
        server.kill()
        server.start()
    visitors.end()
    return visitors.promised


def check_killed(server: CaseServer, times: int) -> None:
    promised = killed_at_random(server, times)
    assert len([case for case in promised if case.number]) >= 3
    check_nothing_is_lost(server, promised)
    server.kill()
    verified = server.command("admin", "audit", "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    half = [path for path in (server.data / "cases").rglob("*") if path.name.startswith(".")]
    assert all(path.stat().st_mtime > time.time() - 3600 for path in half), "drafts are swept after an hour"


def test_four_killed_servers_lose_nothing_that_they_acknowledged(new_server: NewServer):
    check_killed(new_server(), 4)


@pytest.mark.bench
def test_fifty_killed_servers_lose_nothing_that_they_acknowledged(new_server: NewServer):
    check_killed(new_server(), 50)


def test_a_server_killed_in_the_middle_of_a_review_takes_it_up_when_its_lease_is_over(new_server: NewServer):
    server = new_server()
    server.start()
    visitors = Applicants(server, lambda dice: picture("样本", str(dice.random()), seconds=3), files=2)
    visitors.come(1)
    until(lambda: any(case.number for case in visitors.promised))
    case = visitors.promised[0]
    until(lambda: see(server, case)["state"] == "reviewing")
    server.kill()
    visitors.stop.set()
    server.start()
    visitors.end()
    until(lambda: see(server, case)["state"] == "awaiting_clerk", 120)


def test_a_killed_reader_costs_a_second_reading_and_no_case(tmp_path: Path, ingest: Any):
    given = door_settings(tmp_path, ocr_workers=1)
    ingest(given, HALL)
    with TestClient(create_app(given)) as door:
        reader = door.app.state.cases.reader  # type: ignore[attr-defined]
        visitor = Visitor(door)
        slow = picture("样本", "慢", seconds=6)
        assert visitor.hand_in(slow, "慢.png").status_code == 201
        assert visitor.hand_in(id_front(), slot="id-card").status_code == 201
        visitor.ask("POST", "/submit", json={"version": visitor.see()["version"]})
        until(reader.pids)
        time.sleep(1)
        first = reader.pids()[0]
        os.kill(first, signal.SIGKILL)
        seen = visitor.reviewed()
        assert seen["state"] == "awaiting_clerk"
        assert first not in reader.pids()
        assert [(one["problem"], len(one["pages"])) for one in seen["files"]] == [(None, 1), (None, 1)]


def test_a_file_that_is_gone_from_the_disk_goes_to_a_person(tmp_path: Path, ingest: Any):
    given = door_settings(tmp_path)
    ingest(given, HALL)
    with TestClient(create_app(given), raise_server_exceptions=False) as door:
        visitor = Visitor(door)
        visitor.hand_in(lease(), slot="lease")
        for folder in (tmp_path / "cases").iterdir():
            shutil.rmtree(folder)
        seen = visitor.submit()
        assert seen["state"] == "awaiting_clerk"
        assert "fail" not in {one["status"] for one in seen["verdict"]["findings"] if one["rule"] == "readable"}
        assert seen["verdict"]["verdict"] != "ready"
