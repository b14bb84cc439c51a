"""One worker process as its parent sees it: started bare, asked one file at a time, killed when it takes too much."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO, Literal, cast

from pydantic import ValidationError

from preapproval.case import FileProblem, HandedIn, ReadFile
from preapproval.reading.budget import Budget
from preapproval.reading.frames import Broken, receive, send
from preapproval.reading.reader import Reading

ROOT = Path(__file__).parent.parent.parent
INHERITED = ("PATH", "LD_LIBRARY_PATH", "TMPDIR", "TZ")
"""All that a worker is told of the environment: no setting, no key."""
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}
MODULE = "preapproval.reading.worker"
TICK = 0.1
NO_NEW_PAGE = 0.7
"""Share of a file's time after which no further page is begun, so that what was read is kept."""
PAGE_BYTES, TICKS = os.sysconf("SC_PAGE_SIZE"), os.sysconf("SC_CLK_TCK")


class WorkerFailed(Exception):
    """The worker gave no answer, and is gone. `problem` says why; `reader_failed` where nobody knows."""

    def __init__(self, problem: FileProblem, detail: str = "") -> None:
        super().__init__(problem, detail)
        self.problem: FileProblem = problem
        self.detail = detail


class WorkerProcess:
    """Not for several threads at once, but for `close`."""

    def __init__(self, engine: Mapping[str, str], budget: Budget) -> None:
        self.pages = 0
        """Read so far."""
        self.used_at = time.monotonic()
        self._budget = budget
        told = {
            "address_space": (4 * budget.megabytes + 4096) * 2**20,
            "seconds": NO_NEW_PAGE * budget.seconds,
            "wall_seconds": NO_NEW_PAGE * budget.wall_seconds,
        }
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-P", "-W", "ignore", "-m", MODULE, json.dumps({**engine, **told})],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={name: os.environ[name] for name in INHERITED if name in os.environ}
            | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **ONE_THREAD},
        )
        self.pid = self._process.pid

    def wait_ready(self) -> None:
        """Until the models stand ready. Raises WorkerFailed with what the process says is wrong."""
        ready, _ = self._answer(None, self._budget.start_seconds, self._budget.start_seconds)
        if not ready.get("ready"):
            self.close()
            raise WorkerFailed("reader_failed", str(ready.get("error", "")))

    def read(self, file: HandedIn, data: bytes) -> Reading:
        """Raises WorkerFailed; the process is then gone."""
        message, pictures = self._answer((file, data), self._budget.seconds, self._budget.wall_seconds)
        try:
            read = ReadFile.model_validate({**message, "file": file})
            reading = Reading(read, {page.ref: one for page, one in zip(read.pages, pictures, strict=True)})
        except (ValidationError, ValueError) as error:
            self.close()
            raise WorkerFailed("reader_failed") from error
        self.pages += len(read.pages)
        self.used_at = time.monotonic()
        return reading

    @property
    def worn(self) -> bool:
        """Whether a fresh process should take its place."""
        return self.pages >= self._budget.pages

    def close(self) -> None:
        """Ends the process, whatever it does. May be called from any thread, and twice."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream:
                try:
                    stream.close()
                except OSError:
                    continue

    def _answer(
        self, asked: tuple[HandedIn, bytes] | None, seconds: float, wall_seconds: float
    ) -> tuple[dict[str, Any], list[bytes]]:
        watch = _Watch(self._process, seconds, wall_seconds, self._budget.megabytes)
        watch.start()
        try:
            if asked:
                send(cast(BinaryIO, self._process.stdin), asked[0].model_dump(mode="json"), [asked[1]])
            answer = receive(cast(BinaryIO, self._process.stdout))
        except Broken as error:
            watch.end()
            self.close()
            raise WorkerFailed(watch.problem or "reader_failed", watch.detail) from error
        watch.end()
        if watch.problem:
            self.close()
            raise WorkerFailed(watch.problem, watch.detail)
        return answer


class _Watch(threading.Thread):
    """Kills a process that takes too much time, of the processor or by the clock, or memory, and remembers why."""

    def __init__(self, process: subprocess.Popen[bytes], seconds: float, wall_seconds: float, megabytes: int) -> None:
        super().__init__(daemon=True, name="reader-watch")
        self.problem: Literal["timed_out", "out_of_memory"] | None = None
        self.detail = ""
        self._process, self._megabytes = process, megabytes
        self._seconds, self._wall_seconds = seconds, wall_seconds
        self._done = threading.Event()

    def run(self) -> None:
        until, used = time.monotonic() + self._wall_seconds, processor_seconds(self._process.pid)
        while not self._done.wait(TICK):
            if processor_seconds(self._process.pid) - used > self._seconds:
                self.problem, self.detail = "timed_out", f"{self._seconds:.0f} s"
            elif time.monotonic() > until:
                self.problem, self.detail = "timed_out", f"{self._wall_seconds:.0f} s"
            elif resident_megabytes(self._process.pid) > self._megabytes:
                self.problem, self.detail = "out_of_memory", f"{self._megabytes} MB"
            if self.problem:
                self._process.kill()
                return

    def end(self) -> None:
        self._done.set()
        self.join()


def resident_megabytes(pid: int) -> float:
    """Memory of a process; 0 where the system does not tell or the process is gone."""
    try:
        return int(Path("/proc", str(pid), "statm").read_text().split()[1]) * PAGE_BYTES / 2**20
    except (OSError, IndexError, ValueError):
        return 0.0


def processor_seconds(pid: int) -> float:
    """What all threads of a process have used; 0 where the system does not tell or the process is gone."""
    try:
        told = Path("/proc", str(pid), "stat").read_text().rpartition(")")[2].split()
        return (int(told[11]) + int(told[12])) / TICKS
    except (OSError, IndexError, ValueError):
        return 0.0
