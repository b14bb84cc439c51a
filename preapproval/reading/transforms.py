"""Homographies from the pixels of a finished page back to those of the picture it came from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

import numpy as np
from numpy.typing import NDArray

from preapproval.case import Line, Quad, Transform

Homography = NDArray[np.float64]
"""3 × 3, from the pixels after a step to those before it."""


def scaled(across: float, down: float) -> Homography:
    return np.diag((across, down, 1.0))


def turned_back(turn: int, width: int, height: int) -> Homography:
    """Undoes a turn of `turn` degrees clockwise; `width` and `height` are those before it."""
    rows = {
        0: ((1, 0, 0), (0, 1, 0)),
        90: ((0, 1, 0), (-1, 0, height - 1)),
        180: ((-1, 0, width - 1), (0, -1, height - 1)),
        270: ((0, -1, width - 1), (1, 0, 0)),
    }[turn]
    return np.array((*rows, (0, 0, 1)), np.float64)


def as_transform(matrix: Homography) -> Transform:
    scale = matrix[2, 2] if abs(matrix[2, 2]) > 1e-12 else 1.0
    return cast(Transform, tuple(float(value) for value in (matrix / scale).ravel()))


def moved(quad: Quad, matrix: Homography) -> Quad:
    """The four corners where `matrix` takes them."""
    flat = np.column_stack((np.array(quad, np.float64), np.ones(4))) @ matrix.T
    a, b, c, d = ((float(x / w), float(y / w)) for x, y, w in flat)
    return (a, b, c, d)


def lines_moved(lines: Iterable[Line], matrix: Homography) -> tuple[Line, ...]:
    return tuple(line.model_copy(update={"quad": moved(line.quad, matrix)}) for line in lines)
