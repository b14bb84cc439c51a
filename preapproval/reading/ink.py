"""Where something is written: dark or coloured strokes on a lighter ground."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from preapproval.reading.reader import Image

LEAST_DEPTH = 22
"""By how many grey levels a stroke is darker than the paper around it."""
BLUE = 14
"""By how much ink is bluer than the paper around it, in LAB."""


def strokes(image: Image, thickest: int = 15) -> NDArray[np.uint8]:
    """1 where a stroke no thicker than `thickest` pixels is darker than its surroundings, else 0."""
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (2 * (thickest // 2) + 1, 2 * (thickest // 2) + 1))
    deep = np.asarray(cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, kernel), np.uint8)
    otsu, _ = cv2.threshold(deep, 0, 255, cv2.THRESH_OTSU)
    return (deep > max(LEAST_DEPTH, otsu * 0.8)).astype(np.uint8)


def is_blue(image: Image, ink: NDArray[np.uint8]) -> bool:
    """Whether the ink is clearly bluer than the paper around it."""
    if not ink.any() or ink.all():
        return False
    lab = cv2.cvtColor(image, cv2.COLOR_BGR2LAB)[:, :, 2].astype(np.float32)
    return float(np.median(lab[ink == 0]) - np.median(lab[ink > 0])) >= BLUE


def letters(ink: NDArray[np.uint8], least: int = 5, most: int = 120) -> NDArray[np.int32]:
    """Left, top, width, height and area of connected strokes that are as large as letters or their parts."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    boxes = stats[1:]
    wide, high, area = boxes[:, 2], boxes[:, 3], boxes[:, 4]
    fits = (high >= least) & (high <= most) & (wide <= 3 * most) & (wide >= 2) & (area >= 6)
    thin = (wide > 8 * high) | (high > 12 * wide)
    return np.asarray(boxes[fits & ~thin], np.int32)
