"""What is judged. A task turns the rows of a set into cases; its marks are the metrics."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from evals.asking import Asker
from evals.case import Case
from evals.sample import Name
from evals.tasks import answering, consistency, dialogue, outcome, premise, retrieval, safety


@dataclass(frozen=True)
class Task:
    rows: tuple[Name, ...]
    """The kinds of rows that it reads."""
    judge: Callable[[Asker, Any], Iterator[Case]]
    """One row -> its cases."""


TASKS: dict[str, Task] = {
    "retrieval": Task(("answering",), retrieval.judge),
    "answering": Task(("answering",), answering.judge),
    "outcome": Task(("refuse", "answering"), outcome.judge),
    "premise": Task(("premise",), premise.judge),
    "consistency": Task(("consistency",), consistency.judge),
    "dialogue": Task(("dialogue",), dialogue.judge),
    "safety": Task(("refuse",), safety.judge),
}
"""Every task, in the order in which they run."""
