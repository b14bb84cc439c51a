"""Vectors as arrays: float32, one row a text, rows of length one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]
"""Shape (dimension,)."""
Matrix = NDArray[np.float32]
"""Shape (rows, dimension)."""


def unit_rows(rows: NDArray[np.floating]) -> Matrix:
    """`rows` scaled to length one; a row of zeros stays."""
    matrix = np.asarray(rows, np.float32)
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    return (matrix / np.where(lengths == 0, 1, lengths)).astype(np.float32)
