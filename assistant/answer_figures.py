"""How right answers are, estimated from the sample.

Rows are taken with unequal chances and not all of them are judged, so plain shares would mislead. The estimate:

- A row stands for `w` turns, the inverse of the chance with which it was taken.
- Rows fall into cells by kind of terminal and by whether their status is taken more often. All rows of a cell, judged,
  waiting or deleted, stand for `W` turns (the sum of their `w`), the judged ones for `J`. A judged row then counts
  `a = w * W / J`: within a cell, those that nobody judged are supposed to be like those that somebody did.
- The share of a label is the sum of `a` over rows with this label, divided by the sum of `a` over all judged rows
  (Hájek's ratio estimator).
- Its interval is Wilson's, for `n = (sum a)² / (sum a²)` rows, as many as would tell equally much if all counted alike
  (Kish). Where all count alike, that is the plain Wilson interval.
- A cell in which nothing was judged cannot be told of: `covered` is the share of turns in cells of which something was.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

from assistant.answer_labels import LABELS, Counted, Label
from assistant.answer_sample import MORE_OFTEN

Z95 = 1.959963984540054


@dataclass(frozen=True)
class Share:
    """From 0 to 1, with its interval of 95 %."""

    share: float
    low: float
    high: float


@dataclass(frozen=True)
class Estimate:
    sampled: int
    """Rows that were taken, deleted ones among them."""
    judged: int
    gone: int
    """Rows that were deleted before anybody judged them."""
    turns: float
    """All turns for which the rows stand."""
    covered: float
    """The share of these turns about which the judged rows tell something, 0 to 1."""
    shares: dict[Label, Share] | None
    """By label; None where nothing was judged."""


@dataclass(frozen=True)
class Agreement:
    """Of two people who judged the same rows, neither knowing what the other said."""

    pairs: int
    same: float | None
    """The share on which both said the same."""
    kappa: float | None
    """As `kappa` has it: 1 full agreement, 0 as by chance."""


def estimate(rows: Iterable[Counted]) -> Estimate:
    """Of whatever belongs together: all rows, those of an item, a week, a kind of terminal."""
    rows = tuple(rows)
    whole, judged = defaultdict[object, float](float), defaultdict[object, float](float)
    for row in rows:
        whole[_cell(row)] += row.weight
        if row.label:
            judged[_cell(row)] += row.weight
    counts: list[tuple[Label, float]] = [
        (row.label, row.weight * whole[_cell(row)] / judged[_cell(row)]) for row in rows if row.label
    ]
    turns = sum(whole.values())
    return Estimate(
        sampled=sum(row.rows for row in rows),
        judged=len(counts),
        gone=sum(row.rows for row in rows if row.gone),
        turns=turns,
        covered=sum(whole[cell] for cell in judged) / turns if turns else 0.0,
        shares=_shares(counts) if counts else None,
    )


def agreement(rows: Iterable[Counted]) -> Agreement:
    pairs: list[tuple[Label, Label]] = [(row.label, row.second) for row in rows if row.label and row.second]
    return Agreement(len(pairs), _same(pairs) if pairs else None, kappa(pairs))


def kappa(pairs: Sequence[tuple[Label, Label]]) -> float | None:
    """Cohen's kappa of two who judged the same. None without pairs, or where both always said one thing."""
    if not pairs:
        return None
    one, other = Counter(label for label, _ in pairs), Counter(label for _, label in pairs)
    by_chance = sum(one[label] * other[label] for label in LABELS) / len(pairs) ** 2
    return (_same(pairs) - by_chance) / (1 - by_chance) if by_chance < 1 else None


def _same(pairs: Sequence[tuple[Label, Label]]) -> float:
    return sum(one == other for one, other in pairs) / len(pairs)


def wilson(share: float, of: float) -> Share:
    """The Wilson score interval of a share that was seen in `of` rows, which need not be a whole number."""
    square = Z95 * Z95
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = Z95 * sqrt(share * (1 - share) / of + square / (4 * of * of)) / (1 + square / of)
    return Share(
        share, 0.0 if share <= 0 else max(0.0, middle - half), 1.0 if share >= 1 else min(1.0, middle + half)
    )  # fmt: skip


def _cell(row: Counted) -> tuple[str, bool]:
    return row.terminal, row.status in MORE_OFTEN


def _shares(counts: list[tuple[Label, float]]) -> dict[Label, Share]:
    total, squares = sum(count for _, count in counts), sum(count * count for _, count in counts)
    enough = total * total / squares
    shares: dict[Label, Share] = {}
    for label in LABELS:
        said = [count for one, count in counts if one == label]
        share = 1.0 if len(said) == len(counts) else sum(said) / total
        shares[label] = wilson(share, enough)
    return shares
