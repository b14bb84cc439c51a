"""How far a share may lie from what was counted."""

from __future__ import annotations

from math import comb

from assistant import answer_figures


def wilson(right: int, of: int) -> tuple[float, float]:
    """The Wilson score interval of a share, 95 %; (0, 1) where nothing was counted."""
    if of == 0:
        return 0.0, 1.0
    found = answer_figures.wilson(right / of, of)
    return found.low, found.high


def sign_test(better: int, worse: int) -> float:
    """Two-sided exact p of so uneven a change by chance alone (McNemar's test on the cases that changed)."""
    changed = better + worse
    if changed == 0:
        return 1.0
    tail = sum(comb(changed, count) for count in range(min(better, worse) + 1))
    return min(1.0, 2 * tail / 2**changed)
