"""The report of a results folder: one HTML page that needs nothing else, neither network nor script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from evals import judge
from evals.compare import Comparison, compare
from evals.results import Stored

WORST = 40
"""Cases shown of each task; the spreadsheet has all."""
CHANGED = 40
BARS = 24
"""Bars of the distribution of times."""


@dataclass(frozen=True)
class Metric:
    name: str
    label: str
    means: str
    score: dict[str, Any]
    limit: dict[str, Any] | None


@dataclass(frozen=True)
class Histogram:
    """How many answers took how long, in milliseconds. The last bar holds all that is slower."""

    counts: tuple[int, ...]
    width: float
    p50: float
    p95: float
    p99: float
    longest: float


@dataclass(frozen=True)
class Section:
    """One task of the report."""

    task: str
    title: str
    about: str
    main: str
    stored: Stored
    metrics: tuple[Metric, ...]
    worst: tuple[dict[str, Any], ...]
    times: Histogram | None
    comparison: Comparison | None

    @property
    def main_metric(self) -> Metric:
        return next((metric for metric in self.metrics if metric.name == self.main), self.metrics[0])

    @property
    def missed(self) -> int:
        return sum(not case["right"] for case in self.stored.outputs)


def write_report(path: Path, results: Mapping[str, Stored], before: Mapping[str, Stored] | None = None) -> None:
    """With what a chat model judged of these results, where that lies beside the report. Raises BadRow."""
    compared = {one.task: one for one in compare(before, results)} if before else {}
    sections = [_section(stored, compared.get(task)) for task, stored in results.items() if stored.outputs]
    page = _environment().get_template("report.html")
    config = next(iter(results.values())).config
    judged = judge.read(path.parent, results)
    text = page.render(sections=sections, config=config, words=words(), changed=CHANGED, judge=judged)
    path.write_text(text.lstrip(), encoding="utf-8")


@cache
def words() -> dict[str, Any]:
    return yaml.safe_load((files("evals") / "report_words.yaml").read_text("utf-8"))


def label(task: str, metric: str) -> str:
    return words()["metrics"].get(f"{task}.{metric}", {}).get("label", metric)


def histogram(times: Sequence[float]) -> Histogram | None:
    if not times:
        return None
    p50, p95, p99 = (float(np.percentile(times, rank)) for rank in (50, 95, 99))
    width = max(p99 * 1.1, 1.0) / BARS
    counts = [0] * BARS
    for ms in times:
        counts[min(int(ms / width), BARS - 1)] += 1
    return Histogram(tuple(counts), width, p50, p95, p99, max(times))


def _section(stored: Stored, comparison: Comparison | None) -> Section:
    said = words()["tasks"].get(stored.task, {})
    limits = {limit["metric"]: limit for limit in stored.scores["limits"]}
    metrics = tuple(
        Metric(
            name,
            label(stored.task, name),
            words()["metrics"].get(f"{stored.task}.{name}", {}).get("means", ""),
            score,
            limits.get(name),
        )
        for name, score in stored.scores["metrics"].items()
    )
    return Section(
        task=stored.task,
        title=said.get("title", stored.task),
        about=said.get("about", ""),
        main=_main(stored, said) or metrics[0].name,
        stored=stored,
        metrics=metrics,
        worst=tuple(case for case in stored.outputs if not case["right"])[:WORST],
        times=histogram(list(stored.times.values())),
        comparison=comparison,
    )


def _main(stored: Stored, said: dict[str, Any]) -> str | None:
    """Where every case is a hall's own, the metric that holds the whole row."""
    own = stored.scores["metrics"].get(said.get("own_main", ""))
    return said["own_main"] if own and own["of"] == stored.scores["cases"] else said.get("main")


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(str(files("evals"))),
        autoescape=select_autoescape(["html"]),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters["percent"] = lambda share: f"{100 * share:.1f}%"
    environment.globals["label"] = label
    return environment
