"""Files are read in worker processes, several at once: a file that kills its reader costs that file, nothing else."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from preapproval.case import FileProblem, HandedIn, ReadFile
from preapproval.reading.budget import Budget
from preapproval.reading.reader import ReaderUnavailable, Reading
from preapproval.reading.worker_process import WorkerFailed, WorkerProcess

RAPIDOCR: Mapping[str, str] = {"engine": "rapidocr", "variant": "small"}
TRIES = 2
"""A file whose worker died without a known cause is read once more: the cause may have been another one's."""

Done = TypeVar("Done")

logger = logging.getLogger(__name__)


class WorkerReader:
    """A FileReader for many threads: each `read` waits for a free worker. Processes start at the first file."""

    def __init__(
        self,
        engine: Mapping[str, str] = RAPIDOCR,
        workers: int = 2,
        budget: Budget | None = None,
        idle_seconds: float = 600.0,
    ) -> None:
        self._engine, self._budget, self._idle = engine, budget or Budget(), idle_seconds
        self.workers = workers
        self._free: queue.LifoQueue[WorkerProcess | None] = queue.LifoQueue()
        for _ in range(workers):
            self._free.put(None)
        self._alive: set[WorkerProcess] = set()
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._sweeper: threading.Thread | None = None

    def check(self) -> None:
        """Start a worker and let it try itself. Raises ReaderUnavailable with the reason."""
        try:
            self._with_worker(lambda worker: worker.pid)
        except WorkerFailed as failure:
            raise ReaderUnavailable(failure.detail or failure.problem) from failure

    def read(self, file: HandedIn, data: bytes) -> Reading:
        problem: FileProblem = "reader_failed"
        detail = ""
        begun = time.perf_counter()
        for _ in range(TRIES):
            try:
                return self._with_worker(lambda worker: worker.read(file, data))
            except WorkerFailed as failure:
                problem, detail = failure.problem, failure.detail
                logger.warning("a worker ended at a file of %d bytes: %s %s", len(data), problem, detail)
            if problem != "reader_failed" or self._closed.is_set():
                break
        took = round((time.perf_counter() - begun) * 1000, 1)
        return Reading(ReadFile(file=file, problem=problem, detail=detail, took_ms=took), {})

    def read_all(
        self, handed_in: Sequence[tuple[HandedIn, bytes]], on_done: Callable[[Reading], None] = lambda _reading: None
    ) -> list[Reading]:
        """All files, as many at once as there are workers; `on_done` hears of each when it is read, in any order."""

        def one(file: HandedIn, data: bytes) -> Reading:
            reading = self.read(file, data)
            on_done(reading)
            return reading

        with ThreadPoolExecutor(self.workers, "reader") as pool:
            return list(pool.map(lambda pair: one(*pair), handed_in))

    def pids(self) -> list[int]:
        """Of the processes that run now."""
        with self._lock:
            return sorted(worker.pid for worker in self._alive)

    def close(self) -> None:
        """Ends every process, also one that reads now."""
        self._closed.set()
        with self._lock:
            alive = list(self._alive)
            self._alive.clear()
        for worker in alive:
            worker.close()

    def _with_worker(self, work: Callable[[WorkerProcess], Done]) -> Done:
        worker = self._free.get()
        try:
            worker = worker or self._start()
            done = work(worker)
        except WorkerFailed:
            worker = self._gone(worker)
            raise
        finally:
            if worker is not None and (worker.worn or self._closed.is_set()):
                worker = self._gone(worker)
            self._free.put(worker)
        return done

    def _start(self) -> WorkerProcess:
        if self._closed.is_set():
            raise WorkerFailed("reader_failed")
        worker = WorkerProcess(self._engine, self._budget)
        with self._lock:
            self._alive.add(worker)
            if self._sweeper is None:
                self._sweeper = threading.Thread(target=self._sweep, daemon=True, name="reader-idle")
                self._sweeper.start()
        try:
            worker.wait_ready()
        except WorkerFailed:
            self._gone(worker)
            raise
        return worker

    def _gone(self, worker: WorkerProcess | None) -> None:
        if worker is not None:
            with self._lock:
                self._alive.discard(worker)
            worker.close()

    def _sweep(self) -> None:
        """Ends workers that nobody has needed for a while: their memory goes back."""
        while not self._closed.wait(max(0.05, self._idle / 4)):
            resting: list[WorkerProcess | None] = []
            while True:
                try:
                    resting.append(self._free.get_nowait())
                except queue.Empty:
                    break
            for worker in reversed(resting):
                idle = worker is not None and time.monotonic() - worker.used_at > self._idle
                self._free.put(self._gone(worker) if idle else worker)
