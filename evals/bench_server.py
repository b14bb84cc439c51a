"""The server in a process of its own: throughput under load, memory, and how soon it is ready."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import httpx
import numpy as np

from evals.bench_figures import Figure, Part, Run, cpu_seconds, many_questions, rss_mb, settings_in
from knowledge.embedders import build_embedder

SHARE, MEMORY_MB, READY_S = 70, 600, 3
PATIENCE_S = 600
ASKED = 200
"""Questions before memory is read."""
WARM_UP = 50
WRK_SCRIPT = """
local bodies = {}
for line in io.lines(os.getenv("BENCH_BODIES")) do bodies[#bodies + 1] = line end
local at = 0
request = function()
  at = at % #bodies + 1
  return wrk.format("POST", "/v1/ask", {["Content-Type"] = "application/json"}, bodies[at])
end
done = function(summary, latency)
  local failed = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  io.write(string.format("BENCH %d %d %d %d %d\\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(95), failed + summary.errors.status))
end
"""


@dataclass(frozen=True)
class Server:
    pid: int
    url: str
    ready_s: float
    """From the start of the process until /readyz says so."""


@dataclass(frozen=True)
class Load:
    """What a load generator saw."""

    requests: int
    seconds: float
    p50_ms: float
    p95_ms: float
    failed: int
    by: str


@contextmanager
def serving(folder: Path, **settings: str) -> Iterator[Server]:
    """`xiaoxin serve` with these settings on a free port of this machine, stopped at the end."""
    port = _free_port()
    command = [sys.executable, "-m", "channels.cli", "--data-dir", str(folder), "serve", "--port", str(port)]
    begun = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 - our own command
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={
            **os.environ,
            "XIAOXIN_LOG_LEVEL": "WARNING",
            **{f"XIAOXIN_{name.upper()}": value for name, value in settings.items()},
        },
    )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(url, process)
        yield Server(process.pid, url, time.perf_counter() - begun)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


def http(run: Run) -> Part:
    """A closed loop of connections against one server process, beside the encoder alone."""
    alone_rate, alone_cpu_ms = _encoding_alone(run)
    with serving(run.folder, speech="false") as server:
        _ask(server, list(islice(many_questions(), WARM_UP)))
        before = cpu_seconds(server.pid)
        load = _load(server, run)
        server_cpu_ms = 1000 * (cpu_seconds(server.pid) - before) / max(load.requests, 1)
    rate = load.requests / load.seconds
    return Part(
        (
            Figure("server, questions a second", rate, "1/s"),
            Figure("encoder alone, questions a second", alone_rate, "1/s"),
            Figure("server, of what the encoder alone allows", 100 * rate / alone_rate, "%", least=SHARE),
            Figure("server, processor time of a question", server_cpu_ms, "ms"),
            Figure("encoder alone, processor time of a question", alone_cpu_ms, "ms"),
            Figure("encoder's share of the processor time", 100 * alone_cpu_ms / server_cpu_ms, "%", least=SHARE),
            Figure("under load p50", load.p50_ms, "ms"),
            Figure("under load p95", load.p95_ms, "ms"),
            Figure("failed requests", load.failed, ""),
        ),
        (
            f"{run.connections} connections in a closed loop, {load.seconds:.0f} s of distinct questions, by {load.by}",
            "the load generator uses the same cores as the server: the share of processor time is the fairer figure",
        ),
    )


def memory(run: Run) -> Part:
    """First and second start, and what the process holds after some hundred questions."""
    folder = run.folder.parent / "memory"
    shutil.rmtree(folder, ignore_errors=True)
    with serving(folder, speech="false") as first:
        first_mb, first_cpu_s = rss_mb(first.pid), cpu_seconds(first.pid)
    with serving(folder, speech="false") as second:
        empty_mb, second_cpu_s = rss_mb(second.pid), cpu_seconds(second.pid)
        _ask(second, list(islice(many_questions(), ASKED)))
        asked_mb = rss_mb(second.pid)
    return Part(
        (
            Figure("first start, ready after", first.ready_s, "s"),
            Figure("first start, processor time", first_cpu_s, "s"),
            Figure("first start, memory when ready", first_mb, "MiB"),
            Figure("second start, ready after", second.ready_s, "s", most=READY_S),
            Figure("second start, processor time", second_cpu_s, "s"),
            Figure("second start, memory when ready", empty_mb, "MiB"),
            Figure(f"memory after {ASKED} questions", asked_mb, "MiB", most=MEMORY_MB),
        ),
        ("the first start builds the encoder and embeds the bundled handbook",),
    )


def _encoding_alone(run: Run) -> tuple[float, float]:
    """Questions a second and processor milliseconds of each, with as many threads as the server has."""
    settings = settings_in(run.folder)
    embedder = build_embedder(settings.embedder, models_dir=run.folder / "models", threads=settings.threads)
    texts = iter(many_questions())
    for text in islice(texts, WARM_UP):
        embedder.query_vector(text)
    lock, counts = threading.Lock(), [0] * settings.threads
    begun, cpu = time.perf_counter(), time.process_time()
    until = begun + run.seconds / 2

    def work(number: int) -> None:
        while time.perf_counter() < until:
            with lock:
                text = next(texts)
            embedder.query_vector(text)
            counts[number] += 1

    with ThreadPoolExecutor(settings.threads) as pool:
        list(pool.map(work, range(settings.threads)))
    took, cpu = time.perf_counter() - begun, time.process_time() - cpu
    return sum(counts) / took, 1000 * cpu / sum(counts)


def _load(server: Server, run: Run) -> Load:
    texts = islice(many_questions(), WARM_UP, WARM_UP + 500 * run.seconds)
    bodies = [json.dumps({"question": text}, ensure_ascii=True) for text in texts]
    return _wrk(server, bodies, run) if shutil.which("wrk") else _threads(server, bodies, run)


def _wrk(server: Server, bodies: list[str], run: Run) -> Load:
    with tempfile.TemporaryDirectory() as temporary:
        script, lines = Path(temporary) / "ask.lua", Path(temporary) / "bodies.jsonl"
        script.write_text(WRK_SCRIPT, encoding="ascii")
        lines.write_text("\n".join(bodies), encoding="ascii")
        command = ["wrk", "-t1", f"-c{run.connections}", f"-d{run.seconds}s", "--timeout", "30s", "-s", str(script)]
        said = subprocess.run(  # noqa: S603 - our own command
            [*command, server.url],
            env={**os.environ, "BENCH_BODIES": str(lines)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    line = next(line for line in said.splitlines() if line.startswith("BENCH "))
    requests, duration, p50, p95, failed = (int(number) for number in line.split()[1:])
    return Load(requests, duration / 1e6, p50 / 1000, p95 / 1000, failed, "wrk")


def _threads(server: Server, bodies: list[str], run: Run) -> Load:
    texts, lock = iter(bodies), threading.Lock()
    begun = time.perf_counter()
    until = begun + run.seconds

    def work(_number: int) -> tuple[list[float], int]:
        took, failed = [], 0
        with httpx.Client(base_url=server.url, timeout=30, trust_env=False) as client:
            while time.perf_counter() < until:
                with lock:
                    body = next(texts)
                sent = time.perf_counter()
                answer = client.post("/v1/ask", content=body, headers={"Content-Type": "application/json"})
                took.append((time.perf_counter() - sent) * 1000)
                failed += answer.status_code != 200
        return took, failed

    with ThreadPoolExecutor(run.connections) as pool:
        done = list(pool.map(work, range(run.connections)))
    ms = [one for took, _ in done for one in took]
    failed = sum(count for _, count in done)
    seconds = time.perf_counter() - begun
    p50, p95 = (float(np.percentile(ms, rank)) for rank in (50, 95))
    return Load(len(ms), seconds, p50, p95, failed, "threads of Python")


def _ask(server: Server, texts: list[str]) -> None:
    with httpx.Client(base_url=server.url, timeout=30, trust_env=False) as client:
        for text in texts:
            client.post("/v1/ask", json={"question": text}).raise_for_status()


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE_S
    with httpx.Client(base_url=url, timeout=5, trust_env=False) as client:
        while time.monotonic() < until:
            try:
                if client.get("/readyz").status_code == 200:
                    return
            except httpx.TransportError:
                pass
            if process.poll() is not None:
                raise RuntimeError(f"the server ended with status {process.returncode} before it was ready")
            time.sleep(0.02)
    raise RuntimeError(f"the server was not ready within {PATIENCE_S} s")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
