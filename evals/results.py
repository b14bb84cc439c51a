"""A results folder, read back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.sample import BadRow
from evals.tasks import TASKS


@dataclass(frozen=True)
class Stored:
    """One task of a results folder."""

    task: str
    config: dict[str, Any]
    outputs: list[dict[str, Any]]
    """Cases, the worst first."""
    scores: dict[str, Any]
    times: dict[str, float]


def read_results(folder: Path) -> dict[str, Stored]:
    """Task -> what is stored of it, in the order of the tasks. Raises BadRow where there is nothing."""
    found = [name for name in TASKS if (folder / name / "scores.json").is_file()]
    if not found:
        raise BadRow(f"{folder}: holds no results of an eval")
    return {name: _stored(folder / name) for name in found}


def _stored(folder: Path) -> Stored:
    return Stored(folder.name, *(_read(folder / f"{name}.json") for name in ("config", "outputs", "scores", "times")))


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadRow(f"{path}: cannot be read: {error}") from error
