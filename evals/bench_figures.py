"""Figures that the bench measures, and how they are printed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import yaml

from channels.settings import Settings
from evals.sample import load

SEED = 20


@dataclass(frozen=True)
class Run:
    """What the parts share."""

    folder: Path
    """A data folder that holds the bundled handbook, and room for others beside it."""
    questions: int = 500
    passages: int = 100_000
    items: int = 322
    seconds: int = 15
    connections: int = 8
    with_chroma: bool = False
    sentences: int = 200
    turns: int = 20


@dataclass(frozen=True)
class Figure:
    name: str
    value: float
    unit: str
    most: float | None = None
    least: float | None = None

    @property
    def met(self) -> bool | None:
        """None where there is no target."""
        if self.most is None and self.least is None:
            return None
        return (self.most is None or self.value <= self.most) and (self.least is None or self.value >= self.least)

    def line(self) -> str:
        target = (
            f"<= {self.most:g}" if self.most is not None else f">= {self.least:g}" if self.least is not None else ""
        )
        verdict = {True: "met", False: "missed", None: ""}[self.met]
        return f"  {self.name:<58} {self.value:>10,.2f} {self.unit:<6} {target:>9} {verdict}".rstrip()

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "met": self.met}


@dataclass(frozen=True)
class Part:
    """What one part measured, and what one has to know to read it."""

    figures: tuple[Figure, ...]
    notes: tuple[str, ...] = ()

    def lines(self, name: str) -> Iterator[str]:
        yield name
        yield from (figure.line() for figure in self.figures)
        yield from (f"  note: {note}" for note in self.notes)


def settings_in(folder: Path, **given: Any) -> Settings:
    """The settings of this environment, with another data folder."""
    return Settings(data_dir=folder, **given)


def copy_models(source: Path, target: Path) -> None:
    """So that no part measures the building of the encoder."""
    if (source / "models").exists():
        shutil.copytree(source / "models", target / "models")


@cache
def words() -> dict[str, list[str]]:
    return yaml.safe_load((files("evals") / "bench_words.yaml").read_text("utf-8"))


def questions(*, chinese: bool = False) -> list[str]:
    """The distinct answerable development questions, in a fixed mixed order."""
    rows = [row for row in load("answering") if not chinese or row.kind not in ("english", "japanese", "german")]
    found = list(dict.fromkeys(row.question for row in rows))
    Random(SEED).shuffle(found)  # noqa: S311 - an order, not a secret
    return found


def many_questions() -> Iterator[str]:
    """Some 70,000 distinct questions: the development questions, then with words of courtesy around them."""
    for closing, opening in product(words()["closings"], words()["openings"]):
        yield from (f"{opening}{question}{closing}" for question in questions())


def spread(prefix: str, ms: Sequence[float], targets: dict[int, float] | None = None) -> tuple[Figure, ...]:
    """p50, p95 and p99 of times in milliseconds."""
    return tuple(
        Figure(f"{prefix} p{rank}", float(np.percentile(ms, rank)), "ms", most=(targets or {}).get(rank))
        for rank in (50, 95, 99)
    )


def share(name: str, right: Iterable[bool]) -> Figure:
    given = list(right)
    return Figure(name, 100 * sum(given) / max(len(given), 1), "%")


def rss_mb(pid: int | str = "self") -> float:
    """Resident memory of a process in MiB; NaN where there is no /proc."""
    try:
        status = Path(f"/proc/{pid}/status").read_text("ascii")
    except OSError:
        return float("nan")
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS"))


def load_average() -> float:
    """Processes that wanted the processor, over the last minute; NaN where that is not told."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")


def cpu_seconds(pid: int) -> float:
    """User and system time that a process has used; NaN where there is no /proc."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()
    except OSError:
        return float("nan")
    return (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")
