"""What is judged. A task turns the rows of a set into cases; its marks are the metrics."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from evals.asking import Asker
from evals.case import Case
from evals.own_questions import OwnQuestion
from evals.sample import Name
from evals.tasks import (
    answering,
    checklist,
    consistency,
    dialogue,
    hearing,
    outcome,
    own_question,
    premise,
    retrieval,
    reviewing,
    safety,
    speaking,
    turn_taking,
)


@dataclass(frozen=True)
class Task:
    rows: tuple[Name, ...]
    """The kinds of rows that it reads."""
    judge: Callable[[Asker, Any], Iterator[Case]]
    """One row -> its cases."""
    own: Callable[[Asker, OwnQuestion], Iterator[Case]] | None = None
    """One row of a sheet of a hall's own questions -> its cases; None where such rows are no matter of the task."""
    named_only: bool = False
    """Takes minutes, and so runs only where it is asked for by name."""
    figures: Callable[[Sequence[Case]], dict[str, Any]] = lambda _: {}
    """What its scores hold beside shares: error rates, delays."""
    made: Callable[[Asker], dict[str, Any]] = lambda _: {}
    """What its results are made with beside all others: engines and models."""


def booth(asker: Asker) -> dict[str, Any]:
    """The engines and models that heard and spoke."""
    return asker.booth.made_with()


TASKS: dict[str, Task] = {
    "retrieval": Task(("answering",), retrieval.judge),
    "answering": Task(("answering",), answering.judge, own=own_question.judge),
    "outcome": Task(("refuse", "answering"), outcome.judge),
    "premise": Task(("premise",), premise.judge),
    "consistency": Task(("consistency",), consistency.judge),
    "dialogue": Task(("dialogue",), dialogue.judge),
    "checklist": Task(("checklist",), checklist.judge),
    "safety": Task(("refuse",), safety.judge),
    "reviewing": Task(("reviewing",), reviewing.judge, named_only=True),
    "hearing": Task(("hearing",), hearing.judge, named_only=True, figures=hearing.figures, made=booth),
    "speaking": Task(("speaking",), speaking.judge, named_only=True, figures=speaking.figures, made=booth),
    "turn_taking": Task(("turn_taking",), turn_taking.judge, named_only=True, figures=turn_taking.figures, made=booth),
}
"""Every task, in the order in which they run."""
