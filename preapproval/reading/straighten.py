"""A page or card seen from aside is made flat; a tilted scan is turned straight."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from preapproval.reading import outlines
from preapproval.reading.ink import strokes
from preapproval.reading.reader import Image

Homography = NDArray[np.float64]
LEAST_PAGE, MOST_PAGE = 0.12, 0.985
"""Part of the picture that a page lying on a background fills."""
STANDS_OUT = 14.0
"""Least distance in LAB between page and background; a frame drawn on a page has none."""
OUTSIDE_INK = 0.04
"""At most this part of all strokes may be lost outside the page."""
MOST_TILT, LEAST_TILT = 15.0, 0.4
"""Degrees. A smaller tilt than the least is left as it is."""
SURE = 1.12
"""How much sharper the rows must stand at the found angle than as they are."""
PROFILE = 560


def straighten(image: Image, seen: Sequence[outlines.Outline] | None = None) -> tuple[Image, Homography]:
    """The flat, straight picture and the homography from its pixels to `image`'s; the same picture where unsure.

    `seen`: outlines in the picture, the largest first, where they are known; empty for a card that is flat already.
    """
    page = _page_on_background(image, outlines.find(image, LEAST_PAGE) if seen is None else seen)
    if page is not None:
        return outlines.rectified(image, page)
    angle = text_angle(image)
    if abs(angle) < LEAST_TILT:
        return image, np.eye(3)
    return _turned(image, angle)


def _page_on_background(image: Image, seen: Sequence[outlines.Outline]) -> outlines.Corners | None:
    every = image.shape[0] * image.shape[1]
    for one in seen:
        if (
            LEAST_PAGE * every <= one.area <= MOST_PAGE * every
            and one.stands_out >= STANDS_OUT
            and _holds_the_ink(image, one.corners)
        ):
            return one.corners
    return None


def _holds_the_ink(image: Image, corners: outlines.Corners) -> bool:
    """Whether nearly nothing written lies outside; the outline itself is not counted."""
    small, scale = outlines.smaller(image, outlines.LONGEST)
    ink = strokes(small)
    body = cv2.fillConvexPoly(np.zeros(ink.shape, np.uint8), (corners * scale).round().astype(np.int32), 1)
    edge = max(3, round(min(ink.shape) * 0.015))
    around = cv2.dilate(body, np.ones((2 * edge + 1, 2 * edge + 1), np.uint8))
    inside, outside = int(ink[body > 0].sum()), int(ink[around == 0].sum())
    return outside <= OUTSIDE_INK * max(1, inside)


def text_angle(image: Image) -> float:
    """Degrees by which the rows of text fall to the right (clockwise), from -15 to 15; 0 where no rows are seen."""
    small, _ = outlines.smaller(image, 2 * PROFILE)
    ink = strokes(small, 13).astype(np.float32)
    half = (max(1, ink.shape[1] // 2), max(1, ink.shape[0] // 2))
    flat = np.asarray(cv2.resize(ink, half, interpolation=cv2.INTER_AREA), np.float32)
    if flat.sum() < 60 or min(flat.shape) < 40:
        return 0.0
    coarse = max(np.arange(-MOST_TILT, MOST_TILT + 0.5, 1.0), key=lambda angle: _sharpness(flat, angle))
    fine = max(np.arange(coarse - 0.9, coarse + 0.95, 0.15), key=lambda angle: _sharpness(flat, angle))
    best, level = _sharpness(flat, fine), _sharpness(flat, 0.0)
    if abs(fine) > MOST_TILT or best < SURE * level:
        return 0.0
    return float(fine)


def _sharpness(flat: NDArray[np.float32], angle: float) -> float:
    """How strongly row sums change from row to row when the picture is turned back by `angle`."""
    height, width = flat.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
    rows = cv2.warpAffine(flat, turn, (width, height), flags=cv2.INTER_LINEAR).sum(axis=1)
    return float(np.square(np.diff(rows)).sum())


def _turned(image: Image, angle: float) -> tuple[Image, Homography]:
    """Turned counter-clockwise by `angle` on a canvas that holds the whole picture, ground in the border's colour."""
    height, width = image.shape[:2]
    turn = np.vstack([cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1), (0, 0, 1)])
    corners = np.array([(0, 0, 1), (width, 0, 1), (width, height, 1), (0, height, 1)]) @ turn.T
    left, top = corners[:, :2].min(axis=0)
    wide, high = np.ceil(corners[:, :2].max(axis=0) - (left, top)).astype(int)
    there = np.array([(1, 0, -left), (0, 1, -top), (0, 0, 1)]) @ turn
    border = np.concatenate([image[0], image[-1], image[:, 0], image[:, -1]])
    ground = [float(level) for level in np.median(border, axis=0)]
    flat = cv2.warpAffine(image, there[:2], (int(wide), int(high)), flags=cv2.INTER_CUBIC, borderValue=ground)
    return np.asarray(flat, np.uint8), np.linalg.inv(there)
