"""Which lines are written by hand, told from size and place of the characters and from the ink.

Seen: coloured ink with uneven characters, and dark ink whose characters jump clearly in height and along the baseline.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from preapproval.case import Line
from preapproval.reading.ink import is_blue, strokes
from preapproval.reading.reader import Image

LEAST_HIGH, FEWEST = 10, 2
"""Pixels of a line, and characters on it, from which on it can be judged."""
UNEVEN, VERY_UNEVEN = 0.085, 0.17
"""Spread of the characters' tops and bottoms around straight lines, as part of their height: coloured, and dark ink."""
MOST_LINES = 400


def flag(image: Image, lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The same lines, `handwritten` set where the signs are clear."""
    judged = [
        line.model_copy(update={"handwritten": True}) if _by_hand(image, line) else line for line in lines[:MOST_LINES]
    ]
    return (*judged, *lines[MOST_LINES:])


def _by_hand(image: Image, line: Line) -> bool:
    part = _along(image, line)
    if part is None or len(line.text) < FEWEST:
        return False
    ink = strokes(part, max(7, part.shape[0] // 2))
    uneven = unevenness(ink)
    if uneven is None:
        return False
    return uneven > (UNEVEN if is_blue(part, ink) else VERY_UNEVEN)


def _along(image: Image, line: Line) -> Image | None:
    """The line cut out along its own direction, at most 64 pixels high."""
    corners = np.array(line.quad, np.float32)
    wide = float(np.linalg.norm(corners[1] - corners[0]))
    high = float(np.linalg.norm(corners[3] - corners[0]))
    if high < LEAST_HIGH or wide < high:
        return None
    scale = min(1.0, 64 / high)
    size = (max(8, min(4000, round(wide * scale))), max(8, round(high * scale)))
    home = np.array([(0, 0), (size[0], 0), size, (0, size[1])], np.float32)
    warp = cv2.getPerspectiveTransform(corners, home)
    return np.asarray(
        cv2.warpPerspective(image, warp, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.uint8
    )


def unevenness(ink: NDArray[np.uint8]) -> float | None:
    """Spread of tops and bottoms of full-height characters; None where there are fewer than three."""
    filled = np.flatnonzero(ink.any(axis=0))
    if len(filled) == 0:
        return None
    runs = np.split(filled, np.flatnonzero(np.diff(filled) > 1) + 1)
    spans = np.array([_span(ink[:, run[0] : run[-1] + 1]) for run in runs], np.float32)
    heights = spans[:, 1] - spans[:, 0]
    usual = float(np.percentile(heights, 75))
    full = spans[heights > 0.6 * usual]
    if len(full) < 3 or usual < 6:
        return None
    tops, bottoms = (float(np.percentile(side, 80) - np.percentile(side, 20)) / 1.68 for side in full.T)
    return (tops + bottoms) / 2 / usual


def _span(ink: NDArray[np.uint8]) -> tuple[int, int]:
    rows = np.flatnonzero(ink.any(axis=1))
    return int(rows[0]), int(rows[-1]) + 1
