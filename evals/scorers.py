"""From cases to scores: shares with their intervals, over all, by category, by kind and by item; and limits."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from evals.case import Case
from evals.intervals import wilson

LIMITS = Path(str(files("evals"))) / "limits.yaml"


@dataclass(frozen=True)
class Limit:
    """The least that a metric of a task may be."""

    task: str
    metric: str
    least: float
    share: float

    @property
    def met(self) -> bool:
        return self.share >= self.least

    def as_dict(self) -> dict[str, Any]:
        return {"metric": self.metric, "least": self.least, "share": self.share, "met": self.met}


def scores_of(cases: Sequence[Case]) -> dict[str, Any]:
    """What scores.json holds of one task; the same cases give the same scores."""
    scores: dict[str, Any] = {
        "cases": len(cases),
        "right": share_of(sum(case.right for case in cases), len(cases)),
        "metrics": metrics(cases),
        "by_category": _grouped(cases, lambda case: case.category),
        "by_kind": _grouped(cases, lambda case: case.kind),
        "items_missed": _items_missed(cases),
    }
    verdicts = Counter(case.verdict for case in cases if case.verdict)
    if verdicts:
        scores["verdicts"] = dict(verdicts.most_common())
    if any(case.counts for case in cases):
        scores["facts"] = _facts(cases)
    return scores


def metrics(cases: Iterable[Case]) -> dict[str, Any]:
    met: Counter[str] = Counter()
    judged: Counter[str] = Counter()
    for case in cases:
        judged.update(case.marks.keys())
        met.update(name for name, earned in case.marks.items() if earned)
    return {name: share_of(met[name], judged[name]) for name in judged}


def confusion(cases: Iterable[Case]) -> dict[str, dict[str, int]]:
    """Expected -> what came -> how often."""
    table: dict[str, Counter[str]] = defaultdict(Counter)
    for case in cases:
        table[case.expected][case.got] += 1
    return {expected: dict(sorted(row.items())) for expected, row in sorted(table.items())}


def limits_of(task: str, part: str, scores: Mapping[str, Any], path: Path = LIMITS) -> tuple[Limit, ...]:
    """The limits of a task that can be held against these scores."""
    table = yaml.safe_load(path.read_text("utf-8"))
    wanted: dict[str, float] = (table.get(part) or {}).get(task) or {}
    found = scores["metrics"]
    return tuple(Limit(task, name, least, found[name]["share"]) for name, least in wanted.items() if name in found)


def share_of(right: int, of: int) -> dict[str, Any]:
    """A share with its interval, as results and reports have it."""
    low, high = wilson(right, of)
    share = right / of if of else 0.0
    return {"right": right, "of": of, "share": round(share, 6), "low": round(low, 6), "high": round(high, 6)}


def _grouped(cases: Iterable[Case], key: Callable[[Case], str | None]) -> dict[str, Any]:
    """Group -> its scores, the weakest first."""
    groups: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        name = key(case)
        if name is not None:
            groups[name].append(case)
    scored = {
        name: {"right": share_of(sum(case.right for case in group), len(group)), "metrics": metrics(group)}
        for name, group in groups.items()
    }
    return dict(sorted(scored.items(), key=lambda pair: (pair[1]["right"]["share"], pair[0])))


def _items_missed(cases: Iterable[Case]) -> dict[str, Any]:
    """Items with a case that is not right: how many of their cases are, the most missed first."""
    of: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for case in cases:
        if case.item:
            of[case.item] += 1
            right[case.item] += case.right
    missed = sorted((item for item in of if right[item] < of[item]), key=lambda item: (right[item] - of[item], item))
    return {item: {"right": right[item], "of": of[item]} for item in missed}


def _facts(cases: Iterable[Case]) -> dict[str, Any]:
    """Every expected fact and every strange value counted by itself."""
    total: Counter[str] = Counter()
    for case in cases:
        total.update(case.counts)
    said, lacking, strange = total["said"], total["lacking"], total["strange"]
    return {
        "true_positive": said,
        "false_negative": lacking,
        "false_positive": strange,
        "recall": share_of(said, said + lacking),
        "precision": share_of(said, said + strange),
    }
