"""What is wrong with a picture itself: warnings, and `retake` only where text is likely to be lost.

Thresholds come from drawn documents with known faults. Sharpness is judged against the height of the letters;
a blur along a ruled line, glare on pure white paper and faults of a small part of the page are not seen.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from preapproval.case import Quad, QualityFinding
from preapproval.reading import faces
from preapproval.reading.ink import letters, strokes
from preapproval.reading.outlines import smaller
from preapproval.reading.reader import Image

LONGEST, GROUND = 1600, 240
"""Longest sides of the copies on which strokes and the background are judged."""
SMALLEST_SIDE = 64
FEW_LETTERS = 8
SMALL_LETTERS, LOST_LETTERS = 9.0, 6.5
"""Height of the printed letters in pixels of the file below which small text suffers, and is lost."""
SOFT, LOST = 0.04, 0.065
"""Gradient to Laplacian of the strongest edges, as part of the letters' height: to warn, and to retake."""
LEAST_WIDTH, NO_EDGE = 0.6, 0.27
"""The same in pixels, below which nothing is blurred; and gradient to contrast of a picture too blurred for letters."""
MOVED, BADLY_MOVED = 0.42, 0.3
"""Strength of edges across the worst direction, as part of that across the best."""
SHADOW, DARK, TOO_DARK = 0.5, 95.0, 50.0
"""5th to 95th percentile of the background's light; its 95th percentile in grey levels."""
SATURATED, LEAST_GLARE, MOST_GLARE = 250, 0.012, 0.4
TINTED = 2.5
"""Colour of the ground, in LAB, from which on a white spot can be told from white paper."""


def judge(image: Image) -> tuple[QualityFinding, ...]:
    """Findings, the gravest first. Too small a picture is only that."""
    short = min(image.shape[:2])
    if short < SMALLEST_SIDE:
        return (QualityFinding(problem="low_resolution", retake=True, measure=float(short)),)
    small, scale = smaller(image, LONGEST)
    ink = strokes(small)
    boxes = letters(ink)
    light = _ground(small)
    found = _dark(light)
    if len(boxes) < FEW_LETTERS:
        found += _few_letters(small, ink)
    else:
        found += [*_shadow(light), *_glare(small, scale), *_size(boxes, scale)]
        found += [*_blur(small, _near(boxes, ink.shape), _letter_height(boxes)), *_cut(ink, boxes, scale)]
    return tuple(sorted(found, key=lambda one: not one.retake))


def judge_portrait(image: Image) -> tuple[QualityFinding, ...]:
    """A portrait has dark hair and soft edges, and goes to the border: only too little light and size count."""
    short = min(image.shape[:2])
    if short < SMALLEST_SIDE:
        return (QualityFinding(problem="low_resolution", retake=True, measure=float(short)),)
    return tuple(_dark(_ground(image)))


def _ground(image: Image) -> NDArray[np.uint8]:
    """The light of the paper: strokes closed over, on a small copy."""
    small, _ = smaller(image, GROUND)
    grey = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
    return np.asarray(cv2.blur(cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8)), (9, 9)), np.uint8)


def _dark(light: NDArray[np.uint8]) -> list[QualityFinding]:
    high = float(np.percentile(light, 95))
    return [QualityFinding(problem="dark", retake=high < TOO_DARK, measure=round(high, 1))] if high < DARK else []


def _shadow(light: NDArray[np.uint8]) -> list[QualityFinding]:
    low, high = (float(level) for level in np.percentile(light, (5, 95)))
    if high >= DARK and low / high < SHADOW:
        return [QualityFinding(problem="shadow", retake=False, measure=round(low / high, 3))]
    return []


def _glare(image: Image, scale: float) -> list[QualityFinding]:
    """A white spot with a soft edge on tinted ground, away from the border. A photo's white ground has a hard edge."""
    white = (cv2.min(cv2.min(image[:, :, 0], image[:, :, 1]), image[:, :, 2]) >= SATURATED).astype(np.uint8)
    if not LEAST_GLARE <= white.mean() <= MOST_GLARE:
        return []
    opened = np.asarray(cv2.morphologyEx(white, cv2.MORPH_OPEN, np.ones((9, 9), np.uint8)), np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(opened, connectivity=8)
    spots = [
        number for number in np.argsort(-stats[1:, 4])[:4] + 1 if _within(np.asarray(stats[number], np.int32), white)
    ]
    if not spots:
        return []
    lab = cv2.cvtColor(image, cv2.COLOR_BGR2LAB).astype(np.float32)
    rest = lab[white == 0]
    if len(rest) < 100 or np.linalg.norm(np.median(rest, axis=0)[1:] - 128) < TINTED:
        return []
    grey = cv2.GaussianBlur(lab[:, :, 0], (0, 0), 1.0)
    slope = np.hypot(cv2.Sobel(grey, cv2.CV_32F, 1, 0) / 8, cv2.Sobel(grey, cv2.CV_32F, 0, 1) / 8)
    found = []
    for number in spots:
        x, y, wide, high, area = (int(side) for side in stats[number])
        spot = (labels == number).astype(np.uint8)
        edge = cv2.dilate(spot, np.ones((7, 7), np.uint8)) - spot
        if float(np.median(slope[edge > 0])) < 3.0:
            quad = _box(x / scale, y / scale, wide / scale, high / scale)
            found.append(QualityFinding(problem="glare", retake=True, measure=round(area / white.size, 4), quad=quad))
    return found


def _within(spot: NDArray[np.int32], white: NDArray[np.uint8]) -> bool:
    """Whether a spot (left, top, width, height, area) is large enough and away from the border."""
    x, y, wide, high, area = (int(side) for side in spot)
    at_border = x <= 1 or y <= 1 or x + wide >= white.shape[1] - 1 or y + high >= white.shape[0] - 1
    return not at_border and area >= LEAST_GLARE * white.size


def _few_letters(image: Image, ink: NDArray[np.uint8]) -> list[QualityFinding]:
    """No letters: an empty page, a portrait (which is fine), all blurred, or something that is no document."""
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY).astype(np.float32)
    part, spread = float(ink.mean()), float(grey.std())
    steep = float(np.percentile(np.hypot(cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)) / 8, 99))
    if part < 0.0008 and (spread < 14 or steep < 1):
        return [QualityFinding(problem="blank", retake=False, measure=round(part, 5))]
    if faces.find(image):
        return []
    if steep < NO_EDGE * spread:
        return [QualityFinding(problem="defocus", retake=True, measure=round(steep / spread, 3))]
    blur = _blur(image, cv2.dilate(ink, np.ones((5, 5), np.uint8)) > 0, 20.0) if part > 0.01 else []
    return blur or [QualityFinding(problem="not_a_document", retake=False, measure=round(part, 5))]


def _size(boxes: NDArray[np.int32], scale: float) -> list[QualityFinding]:
    high = _letter_height(boxes) / scale
    if high >= SMALL_LETTERS:
        return []
    return [QualityFinding(problem="low_resolution", retake=high < LOST_LETTERS, measure=round(high, 1))]


def _letter_height(boxes: NDArray[np.int32]) -> float:
    """Chinese characters fall apart into strokes; the upper quarter of the parts is as high as the whole."""
    return float(np.percentile(boxes[:, 3], 75))


def _near(boxes: NDArray[np.int32], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Where letters are, and a little around them; at most 3000 of them, the largest."""
    where = np.zeros(shape[:2], bool)
    for x, y, wide, high, _ in boxes[np.argsort(-boxes[:, 4])[:3000]]:
        where[max(0, y - 3) : y + high + 3, max(0, x - 3) : x + wide + 3] = True
    return where


def _blur(image: Image, where: NDArray[np.bool_], letter: float) -> list[QualityFinding]:
    """Edges by direction for movement, their width for focus."""
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY).astype(np.float32)
    x, y = cv2.Sobel(grey, cv2.CV_32F, 1, 0)[where] / 8, cv2.Sobel(grey, cv2.CV_32F, 0, 1)[where] / 8
    turned = [np.abs(x * np.cos(turn) + y * np.sin(turn)) for turn in np.radians((0, 45, 90, 135))]
    strong = [float(np.percentile(one, 97)) for one in turned]
    evenness = min(strong) / max(1e-6, max(strong))
    steepest = float(np.percentile(np.hypot(x, y), 98))
    bend = float(np.percentile(np.abs(cv2.Laplacian(grey, cv2.CV_32F)[where]), 98))
    width = 0.61 * steepest / max(1e-6, bend)
    if evenness < MOVED:
        return [QualityFinding(problem="motion_blur", retake=evenness < BADLY_MOVED, measure=round(evenness, 3))]
    if width > LEAST_WIDTH and width / letter > SOFT:
        return [QualityFinding(problem="defocus", retake=width / letter > LOST, measure=round(width / letter, 3))]
    return []


def _cut(ink: NDArray[np.uint8], boxes: NDArray[np.int32], scale: float) -> list[QualityFinding]:
    """Letters that the border of the picture cuts: three along a side are a cut line, not a speck."""
    height, width = ink.shape
    x, y, wide, high = boxes[:, 0], boxes[:, 1], boxes[:, 2], boxes[:, 3]
    usual = _letter_height(boxes)
    like = (high > 0.3 * usual) & (high < 2.5 * usual) & (wide < 3 * usual)
    sides = {"left": x <= 1, "top": y <= 1, "right": x + wide >= width - 1, "bottom": y + high >= height - 1}
    most, touching = max(((int((at & like).sum()), at & like) for at in sides.values()), key=lambda one: one[0])
    if most < 3:
        return []
    left, top = int(x[touching].min()), int(y[touching].min())
    right, bottom = int((x + wide)[touching].max()), int((y + high)[touching].max())
    quad = _box(left / scale, top / scale, (right - left) / scale, (bottom - top) / scale)
    return [QualityFinding(problem="cut_edge", retake=True, measure=float(most), quad=quad)]


def _box(left: float, top: float, wide: float, high: float) -> Quad:
    return ((left, top), (left + wide, top), (left + wide, top + high), (left, top + high))
