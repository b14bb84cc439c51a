"""One run of tasks over a question set, from rows to a results folder:

    rows -> judge -> cases, worst first -> scores -> limits -> DIR/<task>/{config,outputs,scores,times}.json

config holds what differs from run to run (date, versions); outputs and scores are the same twice; times never are.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from channels.wiring import Product
from evals.asking import Asker, asker
from evals.case import Case, worst_first
from evals.facts import RECORD, off_record, read_record
from evals.own_questions import OwnQuestion
from evals.own_questions_reading import read_questions, say, sheets_of
from evals.provenance import files_read, hash_of, made_with
from evals.sample import AnsweringRow, BadRow, Name, Row, files_of, load
from evals.scorers import LIMITS, Limit, confusion, limits_of, scores_of
from evals.tasks import TASKS, Task

CONFUSION: dict[str, Callable[[Case], bool]] = {
    "outcome": lambda _: True,
    "reviewing": lambda case: case.verdict is not None,
}
"""Tasks with a table of expected and given outcomes, and which of their cases have one."""
SEED = 6
AnyRow = TypeVar("AnyRow")
Progress = Callable[[str, int, int], None]
"""Called with the task, rows done and rows in all."""


@dataclass(frozen=True)
class Plan:
    """What to run."""

    tasks: tuple[str, ...]
    part: str
    """Name of the set, under which its limits stand."""
    folder: Path
    """Of jsonl files, of sheets of a hall's own questions, or of both; or one such sheet."""
    most: int | None = None
    """At most so many rows of each kind, a fixed sample; limits are then not held against them."""
    at: date = field(default_factory=date.today)
    record: Path = RECORD
    limits: Path = LIMITS
    named: str = ""
    """What the set is called where it was chosen, if not as its folder."""
    notes: Callable[[Sequence[str]], None] = lambda _: None
    """Called with sentences on what was not read of the sheets."""


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
    """Raises BadRow, and of it BadCells for wrong cells of sheets."""
    own = _own(product, plan) if any(TASKS[name].own for name in plan.tasks) else ()
    rows = {name: _rows(plan, name, own) for name in plan.tasks}
    made, record = made_with(product), read_record(plan.record)
    with asker(product, plan.at, record) as asking:
        return [_result(asking, plan, name, rows[name], made, progress) for name in plan.tasks]


def with_rows(folder: Path) -> tuple[str, ...]:
    """The tasks for which a set has every file, without those that only run by name."""
    return tuple(
        name
        for name, task in TASKS.items()
        if not task.named_only and (all(_there(kind, folder) for kind in task.rows) or (task.own and sheets_of(folder)))
    )


def _there(kind: Name, folder: Path) -> bool:
    return files_of(kind, folder)[0].is_file()


def _own(product: Product, plan: Plan) -> Sequence[OwnQuestion]:
    """The rows of the sheets, none where there is no sheet."""
    sheets = sheets_of(plan.folder)
    items = product.live.current().library.items
    found = read_questions(sheets, {identifier: item.name for identifier, item in items.items()})
    if sheets and not found.rows:
        raise BadRow(say("no_questions", file=plan.folder))
    plan.notes(found.notes)
    return found.rows


def _rows(plan: Plan, task: str, own: Sequence[OwnQuestion]) -> list[Row | OwnQuestion]:
    judged = own if TASKS[task].own else ()
    rows = list[Row | OwnQuestion](_few(judged, plan.most))
    for kind in TASKS[task].rows:
        if not judged or _there(kind, plan.folder):
            rows += _few(load(kind, plan.folder), plan.most)
    return rows


def _few(rows: Sequence[AnyRow], most: int | None) -> Sequence[AnyRow]:
    if most is None or most >= len(rows):
        return rows
    return Random(SEED).sample(rows, most)  # noqa: S311 - a sample, not a secret


def _result(
    asking: Asker, plan: Plan, name: str, rows: Sequence[Row | OwnQuestion], made: dict[str, Any], progress: Progress
) -> Result:
    begun, clock = datetime.now(UTC), time.perf_counter()
    cases: list[Case] = []
    for number, row in enumerate(rows, 1):
        cases += _judged(asking, TASKS[name], row)
        progress(name, number, len(rows))
    scores = scores_of(cases)
    if name in CONFUSION:
        scores["confusion"] = confusion(filter(CONFUSION[name], cases))
    if any(isinstance(row, AnsweringRow) for row in rows) and name == "answering":
        scores["off_record"] = off_record(asking.product.live.current().library.items, asking.record)
    scores |= TASKS[name].figures(cases)
    limits = limits_of(name, plan.part, scores, plan.limits) if plan.most is None else ()
    scores["limits"] = [limit.as_dict() for limit in limits]
    config = {
        "task": name,
        "part": plan.part,
        "questions": plan.named or plan.folder.name,
        "files": files_read(TASKS[name].rows, plan.folder, TASKS[name].own is not None),
        "facts": {"sha256": hash_of(plan.record)},
        "rows": len(rows),
        "most": plan.most,
        "at": plan.at.isoformat(),
        "began": begun.isoformat(timespec="seconds"),
        "seconds": round(time.perf_counter() - clock, 1),
        **made,
        **TASKS[name].made(asking),
    }
    return Result(name, worst_first(tuple(cases)), scores, limits, config)


def _judged(asking: Asker, task: Task, row: Row | OwnQuestion) -> Iterator[Case]:
    if isinstance(row, OwnQuestion):
        return task.own(asking, row) if task.own else iter(())
    return task.judge(asking, row)


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
