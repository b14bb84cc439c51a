"""Cells of ruled tables, from their long strokes. A table without lines has no cells here."""

from __future__ import annotations

import cv2
import numpy as np

from preapproval.case import Quad
from preapproval.reading.outlines import smaller
from preapproval.reading.reader import Image

LONGEST = 1600
LEAST_WIDE, LEAST_HIGH = 14, 10
"""Pixels of the copy; a smaller hole between lines is no cell."""
MOST = 0.9
"""A hole that fills more of the page than this is the page."""
MANY = 600
"""More holes than this are a pattern, not a table."""


def cells(image: Image) -> tuple[Quad, ...]:
    """Cells from top to bottom, then left to right. The picture is straight to about one degree."""
    small, scale = smaller(image, LONGEST)
    height, width = small.shape[:2]
    if min(height, width) < 40:
        return ()
    grey = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
    dark = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, 10)
    across = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((1, max(28, width // 36)), np.uint8))
    along = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((max(24, height // 60), 1), np.uint8))
    across = cv2.dilate(across, np.ones((3, 9), np.uint8))
    along = cv2.dilate(along, np.ones((9, 3), np.uint8))
    contours, tree = cv2.findContours(cv2.bitwise_or(across, along), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    holes = [contours[k] for k in range(len(contours)) if tree[0][k][3] >= 0]
    boxes = [box for box in (_cell(hole) for hole in holes) if box and box[2] * box[3] < MOST * height * width]
    if len(boxes) < 2 or len(boxes) > MANY:
        return ()
    usual = float(np.median([box[3] for box in boxes]))
    boxes.sort(key=lambda box: (round(box[1] / max(6.0, usual * 0.5)), box[0]))
    return tuple(_quad(box, scale) for box in boxes)


def _cell(hole: object) -> tuple[int, int, int, int] | None:
    """Left, top, width, height of a hole that is nearly a rectangle, grown to the middle of its lines."""
    outline = np.asarray(hole)
    x, y, wide, high = cv2.boundingRect(outline)
    if wide < LEAST_WIDE or high < LEAST_HIGH or cv2.contourArea(outline) < 0.8 * wide * high:
        return None
    return x - 1, y - 1, wide + 2, high + 2


def _quad(box: tuple[int, int, int, int], scale: float) -> Quad:
    left, top, wide, high = (side / scale for side in box)
    return ((left, top), (left + wide, top), (left + wide, top + high), (left, top + high))
