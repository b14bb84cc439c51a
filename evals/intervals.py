"""How far a share may lie from what was counted."""

from __future__ import annotations

from math import comb, sqrt

Z95 = 1.959963984540054


def wilson(right: int, of: int, z: float = Z95) -> tuple[float, float]:
    """The Wilson score interval of a share, 95 % by default; (0, 1) where nothing was counted."""
    if of == 0:
        return 0.0, 1.0
    share, square = right / of, z * z
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = z * sqrt(share * (1 - share) / of + square / (4 * of * of)) / (1 + square / of)
    return (0.0 if right == 0 else max(0.0, middle - half)), (1.0 if right == of else min(1.0, middle + half))


def sign_test(better: int, worse: int) -> float:
    """Two-sided exact p of so uneven a change by chance alone (McNemar's test on the cases that changed)."""
    changed = better + worse
    if changed == 0:
        return 1.0
    tail = sum(comb(changed, count) for count in range(min(better, worse) + 1))
    return min(1.0, 2 * tail / 2**changed)
