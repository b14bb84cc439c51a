"""The pre-review at work: what a card and a case of eight files cost, judging again without OCR, and memory."""

from __future__ import annotations

import os
import resource
import time
from statistics import median

from channels.reading_parts import open_reader
from channels.settings import Settings
from evals.bench_figures import Figure, Part, Run, cpu_seconds, load_average, rss_mb, settings_in
from evals.reviewing import ReviewDesk, case_of, handed_in
from evals.specimens.application import Application, File, application
from knowledge.handbook import bundled_handbook, load_handbook
from preapproval.case import HandedIn
from preapproval.reading.worker_reader import WorkerReader

CARD_CPU_S, CASE_S, AGAIN_MS, RSS_MB = 1.2, 30, 100, 1200
ITEM, SEED = "housing-fund-rent", "bench"
FILES, CARDS, AGAIN = 8, 6, 20


def reviewing(run: Run) -> Part:
    """One reader in this process for the card; the product's workers for the case."""
    begun, settings = load_average(), settings_in(run.folder)
    made = application(ITEM, SEED, degradation="phone")
    assert made is not None
    card_s, resident = _card(settings)
    figures, workers = _case(settings, made)
    return Part(
        (
            Figure("identity card, one side, processor time", card_s, "s", most=CARD_CPU_S),
            *figures,
            Figure("memory with the models loaded, one process", resident, "MiB", most=RSS_MB),
        ),
        (
            f"case: {FILES} files of {ITEM} as photographed; {workers} workers; card: median of {CARDS} sides",
            f"load average {begun:.1f} to {load_average():.1f}",
        ),
    )


def _card(settings: Settings) -> tuple[float, float]:
    """Seconds of the processor, the first reading left out; MiB that this process holds then."""
    reader = open_reader(settings, 0)
    took: list[float] = []
    for seed in range(-1, CARDS // 2):
        for file in _cards(seed):
            start = _own_cpu()
            reader.read(*_pair(file))
            took.append(_own_cpu() - start)
    resident = rss_mb()
    reader.close()
    return median(took[2:]), resident


def _cards(seed: int) -> list[File]:
    made = application("flexible-employment-insurance", f"{SEED}-{seed}")
    assert made is not None
    return [file for file in made.files if file.kind == "id-card"]


def _case(settings: Settings, made: Application) -> tuple[tuple[Figure, ...], int]:
    handbook = load_handbook(bundled_handbook())
    item = handbook.resolved(handbook.items[ITEM])
    desk = ReviewDesk(settings, {ITEM: item}, handbook.hall.materials)
    try:
        pairs = [_pair(file) for file in made.files[:FILES]]
        desk.read([_pair(file) for file in _cards(0)])
        pids = desk.reader.pids() if isinstance(desk.reader, WorkerReader) else [os.getpid()]
        before, start = sum(map(cpu_seconds, pids)), time.perf_counter()
        reads = desk.read(pairs)
        wall = time.perf_counter() - start
        cpu = sum(map(cpu_seconds, pids)) - before
        again = []
        for _ in range(AGAIN):
            start = time.perf_counter()
            desk.reviewer.review(item, case_of(made), reads)
            again.append((time.perf_counter() - start) * 1000)
        held = sum(map(rss_mb, pids))
    finally:
        desk.close()
    return (
        Figure(f"{len(pairs)} mixed files, until the last is read", wall, "s", most=CASE_S),
        Figure(f"{len(pairs)} mixed files, processor time", cpu, "s"),
        Figure("judging again without OCR p50", median(again), "ms", most=AGAIN_MS),
        Figure("judging again without OCR, slowest", max(again), "ms"),
        Figure(f"memory of {len(pids)} workers after the case", held, "MiB"),
    ), len(pids)


def _pair(file: File) -> tuple[HandedIn, bytes]:
    return handed_in(file), file.data


def _own_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
