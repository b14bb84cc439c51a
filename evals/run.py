"""One run of tasks over a question set, from rows to a results folder:

    rows -> judge -> cases, worst first -> scores -> limits -> DIR/<task>/{config,outputs,scores,times}.json

config holds what differs from run to run (date, versions); outputs and scores are the same twice; times never are.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import Any

from channels.wiring import Product
from evals.asking import Asker, asker
from evals.case import Case, worst_first
from evals.facts import RECORD, off_record, read_record
from evals.provenance import files_read, hash_of, made_with
from evals.sample import Row, files_of, load
from evals.scorers import LIMITS, Limit, confusion, limits_of, scores_of
from evals.tasks import TASKS

CONFUSION = ("outcome",)
"""Tasks whose expected and given outcomes are few enough for a table."""
SEED = 6
Progress = Callable[[str, int, int], None]
"""Called with the task, rows done and rows in all."""


@dataclass(frozen=True)
class Plan:
    """What to run."""

    tasks: tuple[str, ...]
    part: str
    """Name of the set, under which its limits stand."""
    folder: Path
    most: int | None = None
    """At most so many rows of each kind, a fixed sample; limits are then not held against them."""
    at: date = field(default_factory=date.today)
    record: Path = RECORD
    limits: Path = LIMITS


@dataclass(frozen=True)
class Result:
    """One task judged."""

    task: str
    cases: tuple[Case, ...]
    scores: dict[str, Any]
    limits: tuple[Limit, ...]
    config: dict[str, Any]

    @property
    def within_limits(self) -> bool:
        """And, of answering, whether the handbook says what is on record."""
        return all(limit.met for limit in self.limits) and not self.scores.get("off_record")


def run(product: Product, plan: Plan, progress: Progress = lambda *_: None) -> list[Result]:
    """Raises BadRow."""
    rows = {name: _rows(plan, name) for name in plan.tasks}
    made, record = made_with(product), read_record(plan.record)
    with asker(product, plan.at, record) as asking:
        return [_result(asking, plan, name, rows[name], made, progress) for name in plan.tasks]


def with_rows(folder: Path) -> tuple[str, ...]:
    """The tasks for which a set has every file."""
    return tuple(name for name, task in TASKS.items() if all(files_of(kind, folder)[0].is_file() for kind in task.rows))


def _rows(plan: Plan, task: str) -> list[Row]:
    rows: list[Row] = []
    for kind in TASKS[task].rows:
        found = list(load(kind, plan.folder))
        if plan.most is not None and plan.most < len(found):
            found = Random(SEED).sample(found, plan.most)  # noqa: S311 - a sample, not a secret
        rows += found
    return rows


def _result(
    asking: Asker, plan: Plan, name: str, rows: Sequence[Row], made: dict[str, Any], progress: Progress
) -> Result:
    begun, clock = datetime.now(UTC), time.perf_counter()
    cases: list[Case] = []
    for number, row in enumerate(rows, 1):
        cases += TASKS[name].judge(asking, row)
        progress(name, number, len(rows))
    scores = scores_of(cases)
    if name in CONFUSION:
        scores["confusion"] = confusion(cases)
    if name == "answering":
        scores["off_record"] = off_record(asking.product.live.current().library.items, asking.record)
    limits = limits_of(name, plan.part, scores, plan.limits) if plan.most is None else ()
    scores["limits"] = [limit.as_dict() for limit in limits]
    config = {
        "task": name,
        "part": plan.part,
        "files": files_read(TASKS[name].rows, plan.folder),
        "facts": {"sha256": hash_of(plan.record)},
        "rows": len(rows),
        "most": plan.most,
        "at": plan.at.isoformat(),
        "began": begun.isoformat(timespec="seconds"),
        "seconds": round(time.perf_counter() - clock, 1),
        **made,
    }
    return Result(name, worst_first(tuple(cases)), scores, limits, config)


def write(results: Sequence[Result], out: Path) -> None:
    for result in results:
        folder = out / result.task
        folder.mkdir(parents=True, exist_ok=True)
        times = {case.id: round(case.took_ms, 2) for case in result.cases if case.took_ms is not None}
        _write(folder / "config.json", result.config)
        _write(folder / "outputs.json", [case.as_dict() for case in result.cases])
        _write(folder / "scores.json", result.scores)
        _write(folder / "times.json", times)


def _write(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
