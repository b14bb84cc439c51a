"""A real `xiaoxin serve` on a data folder of its own, killed and started again; and visitors who never give up."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

NURSERY = """
import os, sys
import channels.app
from channels.cli import main
for _ in sys.stdin:
    child = os.fork()
    if not child:
        os._exit(main(["serve", *sys.argv[1:]]))
    print(child, flush=True)
    os.waitpid(child, 0)
"""
"""Forks a server whenever it is asked to: what is killed and started again is the server, not the imports."""
PROGRAM = (sys.executable, "-W", "ignore", "-c", "import sys; from channels.cli import main; sys.exit(main())")
PLAIN = {
    "XIAOXIN_EMBEDDER": "hashing", "XIAOXIN_VECTOR_STORE": "memory", "XIAOXIN_SPEECH": "false",
    "XIAOXIN_OCR": "scripted", "XIAOXIN_OCR_WORKERS": "0", "XIAOXIN_BLIND_SAMPLE": "0",
}  # fmt: skip
ITEM = {"item": "dog-registration", "choices": {"home": "rent", "breed": "small"}}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class CaseServer:
    """One server process. Its log lies beside the data folder."""

    def __init__(self, data: Path, **settings: str) -> None:
        self.data, self.port = data, free_port()
        self.log = data.with_suffix(".log")
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("XIAOXIN_")}
        self.environment |= PLAIN | {f"XIAOXIN_{name.upper()}": value for name, value in settings.items()}
        self.environment |= {"XIAOXIN_DATA_DIR": str(data), "PYTHONPATH": str(Path(__file__).parents[2])}
        self.nursery: subprocess.Popen[bytes] | None = None
        self.pid = 0
        """Of the server that runs."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, wait_s: float = 90.0) -> None:
        if self.nursery is None:
            with self.log.open("ab") as log:
                self.nursery = subprocess.Popen(
                    [sys.executable, "-W", "ignore", "-c", NURSERY, "--port", str(self.port)],
                    env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
                )  # fmt: skip
        assert self.nursery.stdin is not None
        assert self.nursery.stdout is not None
        self.nursery.stdin.write(b"one more\n")
        self.nursery.stdin.flush()
        self.pid = 0
        while not self.pid:
            line = self.nursery.stdout.readline().strip()
            assert line or self.nursery.poll() is None, self.log.read_text("utf-8")[-2000:]
            self.pid = int(line) if line.isdigit() else 0
        until(self._answers, wait_s)

    def _answers(self) -> bool:
        assert Path("/proc", str(self.pid)).exists(), self.log.read_text("utf-8")[-2000:]
        try:
            return httpx.get(f"{self.url}/readyz", trust_env=False, timeout=2).is_success
        except httpx.HTTPError:
            return False

    def kill(self) -> None:
        """kill -9: nothing is tidied up."""
        os.kill(self.pid, signal.SIGKILL)
        until(lambda: not Path("/proc", str(self.pid)).exists())

    def close(self) -> None:
        if self.nursery is not None:
            if Path("/proc", str(self.pid)).exists():
                self.kill()
            self.nursery.communicate()

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`xiaoxin …` on the same data folder."""
        return subprocess.run([*PROGRAM, *arguments], env=self.environment, capture_output=True, text=True, check=False)


def until(true: Callable[[], object], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "this never came true"
        time.sleep(0.05)


@dataclass
class Promised:
    """What a server has acknowledged about one case."""

    id: str
    key: str
    files: set[str] = field(default_factory=set)
    tried: set[str] = field(default_factory=set)
    """Files that were sent, whether the server answered or not."""
    number: str | None = None

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}


class Applicants:
    """Visitors who begin cases, hand in files and submit, and try again whenever the server goes away."""

    def __init__(self, server: CaseServer, make_file: Callable[[random.Random], bytes], files: int = 3) -> None:
        self.server, self.make_file, self.files = server, make_file, files
        self.promised: list[Promised] = []
        self.stop = threading.Event()
        self.threads: list[threading.Thread] = []

    @property
    def told(self) -> int:
        """How much the servers have acknowledged so far."""
        return sum(1 + len(case.files) + bool(case.number) for case in self.promised)

    def come(self, visitors: int) -> None:
        for seed in range(visitors):
            thread = threading.Thread(target=self._visit, args=(seed,), daemon=True)
            thread.start()
            self.threads.append(thread)

    def end(self) -> None:
        """No new cases; what was begun is handed in."""
        self.stop.set()
        for thread in self.threads:
            thread.join(300)
            assert not thread.is_alive(), "a visitor never comes to an end"

    def _visit(self, seed: int) -> None:
        dice = random.Random(seed)
        with httpx.Client(base_url=self.server.url, trust_env=False, timeout=30) as http:
            while not self.stop.is_set():
                self._apply(http, dice)

    def _apply(self, http: httpx.Client, dice: random.Random) -> None:
        address = f"10.{dice.randrange(256)}.{dice.randrange(256)}.{dice.randrange(1, 255)}"
        begun = self._again(lambda: http.post("/v1/cases", json=ITEM, headers={"X-Forwarded-For": address}))
        assert begun.status_code == 201, begun.text
        mine = Promised(begun.json()["id"], begun.json()["key"])
        self.promised.append(mine)
        for _ in range(self.files):
            data = self.make_file(dice)
            sha256 = hashlib.sha256(data).hexdigest()
            mine.tried.add(sha256)
            sent = self._again(
                lambda data=data: http.post(
                    f"/v1/cases/{mine.id}/materials", files={"file": ("样本.png", data)}, headers=mine.headers
                )
            )
            assert sent.status_code == 201, sent.text
            assert sent.json()["file"]["id"] == sha256
            mine.files.add(sha256)
        seen = self._again(lambda: http.get(f"/v1/cases/{mine.id}", headers=mine.headers)).json()
        token = {"Idempotency-Key": f"{mine.id}:1", **mine.headers}
        version = {"version": seen["version"]}
        handed = self._again(lambda: http.post(f"/v1/cases/{mine.id}/submit", json=version, headers=token))
        assert handed.status_code == 202, handed.text
        mine.number = handed.json()["number"]

    def _again(self, ask: Callable[[], httpx.Response]) -> httpx.Response:
        end = time.monotonic() + 280
        while True:
            try:
                return ask()
            except httpx.HTTPError:
                assert time.monotonic() < end, "the server never comes back"
                time.sleep(0.1)


def see(server: CaseServer, case: Promised) -> dict[str, Any]:
    answer = httpx.get(f"{server.url}/v1/cases/{case.id}", headers=case.headers, trust_env=False, timeout=30)
    assert answer.status_code == 200, answer.text
    return json.loads(answer.text)
