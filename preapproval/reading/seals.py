"""Red seals, and seals on grey copies: that one is there, never that it is genuine."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from preapproval.case import Mark, Quad
from preapproval.reading.ink import strokes
from preapproval.reading.onnx_session import session
from preapproval.reading.outlines import smaller
from preapproval.reading.reader import Image

Mask = NDArray[np.uint8]
Box = tuple[int, int, int, int]
"""Left, top, width, height."""
MODEL = "pp-ocrv4-seal"
MEAN, SPREAD = np.array((0.485, 0.456, 0.406), np.float32), np.array((0.229, 0.224, 0.225), np.float32)
LONGEST, CROP, GREY_PAGE = 1400, 320, 960
"""Longest sides, in pixels, of the copy in which red is sought, of a crop, and of a grey page for the detector."""
SURE, ARC = 0.3, 0.02
"""Probability from which a pixel is seal text, and the least part of the crop that such pixels cover."""
BROKEN_RING, WHOLE_RING, SOME_WORDS, MANY_WORDS = 0.45, 0.8, 0.3, 0.5
"""Parts of the directions around the centre in which the ring, and the words inside it, are inked."""
LEAST_SIDE, MOST_FILLED = 0.035, 0.6
"""A seal's side, as part of the page's short side; a disc fuller of red than this is an emblem or a picture."""


def find(image: Image) -> tuple[Mark, ...]:
    """Round and oval seals, the surest first: a ring with words along it. On a page without colour, dark rings count.

    Square name seals, and seals of which most of the ring is faint, are not seen.
    """
    small, scale = smaller(image, LONGEST)
    if min(small.shape[:2]) < 32:
        return ()
    if _coloured(small):
        ink = red_of(small)
        boxes = _blobs(ink)
    else:
        ink = strokes(small, 13)
        boxes = _circles(small)
    found: list[tuple[Box, float]] = []
    for box in boxes:
        score = _looks_like_seal(small, ink, box)
        if score > 0 and not any(_overlap(box, other) for other, _ in found):
            found.append((box, score))
    found.sort(key=lambda one: -one[1])
    return tuple(Mark(kind="seal", quad=_quad(box, scale), score=round(score, 3)) for box, score in found)


def without_red(image: Image, quad: Quad) -> Image:
    """The region around `quad` (its upright bounding box, cut at the border) in red light: red ink is paper there."""
    height, width = image.shape[:2]
    x = [point[0] for point in quad]
    y = [point[1] for point in quad]
    left, top = min(max(0, int(min(x))), width - 1), min(max(0, int(min(y))), height - 1)
    right, bottom = max(left + 1, min(width, int(np.ceil(max(x))))), max(top + 1, min(height, int(np.ceil(max(y)))))
    light = image[top:bottom, left:right, 2].astype(np.float32)
    low, high = np.percentile(light, (1, 90))
    clear = np.clip((light - low) * (255 / max(24.0, high - low)), 0, 255).astype(np.uint8)
    return np.ascontiguousarray(np.repeat(clear[:, :, None], 3, axis=2))


def red_of(image: Image) -> Mask:
    """1 where red by hue and by LAB, else 0."""
    hsv = cv2.cvtColor(image, cv2.COLOR_BGR2HSV)
    lab = cv2.cvtColor(image, cv2.COLOR_BGR2LAB)
    hue, full, light = hsv[:, :, 0], hsv[:, :, 1], hsv[:, :, 2]
    by_hue = ((hue <= 12) | (hue >= 160)) & (full >= 45) & (light >= 50)
    return (by_hue & (lab[:, :, 1] >= 146)).astype(np.uint8)


def _coloured(image: Image) -> bool:
    """Whether any colour is in the picture; a grey copy has none."""
    return float((np.ptp(image[::2, ::2], axis=2) > 40).mean()) > 0.0006


def _blobs(red: Mask) -> list[Box]:
    """Red places of a seal's size and shape, at most 12, largest first."""
    side = min(red.shape)
    reach = max(3, side // 60) | 1
    closed = cv2.morphologyEx(red, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach)))
    _, _, stats, _ = cv2.connectedComponentsWithStats(np.asarray(closed, np.uint8), connectivity=8)
    boxes = sorted((tuple(int(v) for v in row) for row in stats[1:]), key=lambda row: -row[4])
    return [
        (x, y, wide, high)
        for x, y, wide, high, _ in boxes
        if min(wide, high) >= max(20, LEAST_SIDE * side) and 0.6 < wide / high < 1.67
    ][:12]


def _circles(image: Image) -> list[Box]:
    """Round outlines on a grey page, at most 12."""
    small, scale = smaller(image, GREY_PAGE)
    grey = cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), (0, 0), 1.2)
    side = min(grey.shape)
    least, most = max(14, round(0.03 * side)), round(0.25 * side)
    seen = cv2.HoughCircles(
        grey, cv2.HOUGH_GRADIENT_ALT, 1.5, least, param1=120, param2=0.75, minRadius=least, maxRadius=most
    )
    circles = np.zeros((0, 3)) if seen is None else np.asarray(seen).reshape(-1, 3)
    found = []
    for x, y, radius in circles[:12] / scale:
        left, top = max(0, round(x - radius)), max(0, round(y - radius))
        found.append((left, top, round(2 * radius), round(2 * radius)))
    return found


def _looks_like_seal(image: Image, ink: Mask, box: Box) -> float:
    """From 0 to 1: a ring all around, words inside along it, not a filled disc. The detector confirms a broken ring."""
    x, y, wide, high = box
    part = ink[y : y + high, x : x + wide]
    if part.size == 0 or not 0.06 < part.mean() < MOST_FILLED:
        return 0.0
    ring, inner = _around(part, 0.88, 1.03), _around(part, 0.55, 0.84)
    if ring < BROKEN_RING or inner < SOME_WORDS:
        return 0.0
    rim = round(0.12 * max(wide, high))
    crop = image[max(0, y - rim) : y + high + rim, max(0, x - rim) : x + wide + rim]
    words = float((_seal_text(crop, CROP) > SURE).mean()) / ARC
    if words < 1 and (ring < WHOLE_RING or inner < MANY_WORDS):
        return 0.0
    return min(1.0, 0.4 * ring + 0.3 * inner + 0.3 * min(1.0, words / 3))


def _around(ink: Mask, inner: float, outer: float) -> float:
    """Part of 72 directions from the centre in which ink lies between two radii, as parts of the half sides."""
    high, wide = ink.shape
    y, x = np.nonzero(ink)
    across, along = (x + 0.5) / wide * 2 - 1, (y + 0.5) / high * 2 - 1
    away = np.hypot(across, along)
    turns = np.arctan2(along, across)[(away >= inner) & (away <= outer)]
    return len(np.unique(((turns + np.pi) / (2 * np.pi) * 72).astype(int) % 72)) / 72


def _overlap(one: Box, other: Box) -> bool:
    wide = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    high = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    return wide > 0 and high > 0 and wide * high > 0.4 * min(one[2] * one[3], other[2] * other[3])


def _seal_text(image: Image, longest: int) -> NDArray[np.float32]:
    """Probability, pixel by pixel of a scaled copy, that words of a seal stand there."""
    scale = longest / max(image.shape[:2])
    size = [max(32, round(side * scale / 32) * 32) for side in (image.shape[1], image.shape[0])]
    fed = cv2.resize(image, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    values = ((fed.astype(np.float32) / 255 - MEAN) / SPREAD).transpose(2, 0, 1)[None]
    return np.asarray(session(MODEL).run(None, {"x": values})[0], np.float32)[0, 0]


def _quad(box: Box, scale: float) -> Quad:
    left, top, wide, high = (side / scale for side in box)
    return ((left, top), (left + wide, top), (left + wide, top + high), (left, top + high))
