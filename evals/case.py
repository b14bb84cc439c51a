"""One judged question: what was expected, what came, and which of its marks it earned."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Case:
    id: str
    category: str
    question: str
    expected: str
    got: str
    marks: dict[str, bool]
    """Metric -> whether it is met; a metric that has nothing to judge here is left out."""
    kind: str | None = None
    item: str | None = None
    """The item expected."""
    answer: str = ""
    missed: tuple[str, ...] = ()
    """Facts that should have been said, and values that should not."""
    counts: dict[str, int] = field(default_factory=dict)
    """Facts that are said, lacking, or strange: values on no record."""
    verdict: str | None = None
    """In one word how it ended, where a task tells more than right and wrong."""
    took_ms: float | None = field(default=None, compare=False)
    where: str | None = None
    """The cell of the sheet that a hall's own question was read from."""
    speaker: str = ""
    """The voice that spoke, where one did."""

    @property
    def right(self) -> bool:
        return all(self.marks.values())

    @property
    def badness(self) -> float:
        """Share of marks missed; worst cases come first by it."""
        return sum(not met for met in self.marks.values()) / max(len(self.marks), 1)

    def as_dict(self) -> dict[str, Any]:
        """Without the time, which is never the same twice."""
        values = asdict(self)
        del values["took_ms"]
        return {**values, "right": self.right}


GRAVITY = ("wrong", "not_kept_out", "forbidden", "invented", "wrong_item", "not_answered", "asks_back", "partly")
"""Verdicts, the gravest first: a wrong fee harms more than a question back."""


def worst_first(cases: tuple[Case, ...]) -> tuple[Case, ...]:
    return tuple(sorted(cases, key=_order))


def _order(case: Case) -> tuple[bool, int, float, int, str]:
    gravity = GRAVITY.index(case.verdict) if case.verdict in GRAVITY else len(GRAVITY)
    return case.right, gravity, -case.badness, -len(case.missed), case.id
