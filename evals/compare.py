"""Two results folders side by side: what changed, and whether chance alone would change so much."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from evals.intervals import sign_test
from evals.results import Stored

SURE = 0.05
"""Below this p a change is no chance."""


@dataclass(frozen=True)
class Change:
    """One case that is in both, and is judged otherwise."""

    before: dict[str, Any]
    after: dict[str, Any]

    @property
    def better(self) -> bool:
        return _earned(self.after) > _earned(self.before)


@dataclass(frozen=True)
class MetricChange:
    name: str
    before: float
    """Share of the cases that are in both."""
    after: float
    better: int
    """Cases that earn it only now."""
    worse: int

    @property
    def chance(self) -> float:
        return sign_test(self.better, self.worse)

    @property
    def verdict(self) -> str:
        """`better` and `worse` are surely so; `even` may be chance."""
        if self.chance >= SURE:
            return "same" if self.better == self.worse == 0 and self.before == self.after else "even"
        return "better" if self.better > self.worse else "worse"


@dataclass(frozen=True)
class Comparison:
    task: str
    metrics: tuple[MetricChange, ...]
    changes: tuple[Change, ...]
    only_before: int
    only_after: int
    differs: tuple[str, ...]
    """What the two were made with differently: rows, handbook, code, settings."""


def compare(before: Mapping[str, Stored], after: Mapping[str, Stored]) -> tuple[Comparison, ...]:
    """For every task that is in both."""
    return tuple(_compared(before[task], after[task]) for task in before if task in after)


def lines(comparison: Comparison, most: int = 10) -> Iterator[str]:
    """For a terminal."""
    yield f"{comparison.task}" + (f"   (differs in {', '.join(comparison.differs)})" if comparison.differs else "")
    for metric in comparison.metrics:
        move = f"{metric.before:7.1%} -> {metric.after:7.1%}   +{metric.better} -{metric.worse}"
        yield f"  {metric.name:<18} {move}   p={metric.chance:.3f} {metric.verdict}"
    if comparison.only_before or comparison.only_after:
        yield f"  {comparison.only_before} cases only in the first, {comparison.only_after} only in the second"
    for change in comparison.changes[:most]:
        before, after = change.before, change.after
        sign, question = ("+" if change.better else "-"), after["question"][-40:]
        yield f"  {sign} {after['id']} {question}: {before['got']} -> {after['got']}"
    if len(comparison.changes) > most:
        yield f"  … {len(comparison.changes) - most} more changed cases"


def _compared(before: Stored, after: Stored) -> Comparison:
    old = {case["id"]: case for case in before.outputs}
    new = {case["id"]: case for case in after.outputs}
    both = [Change(old[one], new[one]) for one in new if one in old]
    changes = [change for change in both if change.before["marks"] != change.after["marks"]]
    names = dict.fromkeys((*before.scores["metrics"], *after.scores["metrics"]))
    return Comparison(
        task=after.task,
        metrics=tuple(_metric(name, both) for name in names),
        changes=tuple(sorted(changes, key=lambda change: (change.better, change.after["id"]))),
        only_before=len(old) - len(both),
        only_after=len(new) - len(both),
        differs=tuple(_differs(before.config, after.config)),
    )


def _metric(name: str, both: list[Change]) -> MetricChange:
    """Over the cases that are in both, so that other rows make no difference."""
    pairs = [(change.before["marks"].get(name), change.after["marks"].get(name)) for change in both]
    return MetricChange(
        name,
        *(_share(side) for side in ([old for old, _ in pairs], [new for _, new in pairs])),
        better=sum(bool(new) and not old for old, new in pairs),
        worse=sum(bool(old) and not new for old, new in pairs),
    )


def _share(marks: list[bool | None]) -> float:
    judged = [mark for mark in marks if mark is not None]
    return sum(judged) / len(judged) if judged else 0.0


def _earned(case: dict[str, Any]) -> float:
    marks = case["marks"]
    return (1.0 if case["right"] else 0.0) + sum(marks.values()) / max(len(marks), 1)


def _differs(before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    for label, key in (("rows", "files"), ("handbook", "handbook"), ("facts", "facts"), ("code", "code_sha256"),
                       ("settings", "settings"), ("versions", "versions"), ("day", "at")):  # fmt: skip
        if before.get(key) != after.get(key):
            yield label
