"""Several cards on one sheet or in one photo: both sides of an identity card, or two persons' cards."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import cv2
import numpy as np
from numpy.typing import NDArray

from preapproval.reading import outlines
from preapproval.reading.ink import strokes
from preapproval.reading.reader import Image

ASPECT, TOLERANCE = 1.585, 0.12
"""ISO/IEC 7810 ID-1: 85.60 mm × 53.98 mm."""
LEAST = 0.035
"""Part of the picture that one card fills at least."""
ALIKE = 1.7
"""Areas of cards on one sheet differ at most by this factor."""
INK_ON_CARDS = 0.75
"""Part of all strokes that lies on the cards; else they are pictures or cells in a larger page."""
TINTED, DRAWN = 3.5, 0.02
"""A card stands out by colour (LAB), or it is a bare frame then they lie apart by this part of the side."""


def cards(
    image: Image, seen: Sequence[outlines.Outline] | None = None
) -> tuple[tuple[Image, NDArray[np.float64]], ...]:
    """Two or more cards, each flat, from top left to bottom right; nothing where the page is one thing.

    `seen`: the outlines of at least LEAST of the picture, where they are known.
    """
    found = [one for one in (outlines.find(image, LEAST) if seen is None else seen) if _is_card(one)]
    found = [one for one in found if not any(_inside(one, other) for other in found)]
    if not found:
        return ()
    largest = max(one.area for one in found)
    found = [one for one in found if one.area * ALIKE >= largest]
    if len(found) < 2 or not _apart(found, min(image.shape[:2])) or not _hold_the_ink(image, found):
        return ()
    high = max(one.sides[1] for one in found)
    found.sort(key=lambda one: (round(one.corners[:, 1].mean() / high), one.corners[:, 0].mean()))
    return tuple(outlines.rectified(image, one.corners) for one in found)


def _is_card(one: outlines.Outline) -> bool:
    wide, high = one.sides
    aspect = max(wide, high) / max(1.0, min(wide, high))
    return abs(aspect / ASPECT - 1) <= TOLERANCE


def _inside(one: outlines.Outline, other: outlines.Outline) -> bool:
    if one is other or one.area >= other.area:
        return False
    x, y = (float(value) for value in one.corners.mean(axis=0))
    return cv2.pointPolygonTest(other.corners, (x, y), False) >= 0


def _apart(found: list[outlines.Outline], side: int) -> bool:
    """Cells of a table touch; cards stand out by colour or lie apart."""
    bare = [one for one in found if one.stands_out < TINTED]
    if not bare:
        return True
    return all(_gap(one, other) >= DRAWN * side for one, other in combinations(found, 2))


def _gap(one: outlines.Outline, other: outlines.Outline) -> float:
    a, b = cv2.boundingRect(one.corners), cv2.boundingRect(other.corners)
    across = max(a[0], b[0]) - min(a[0] + a[2], b[0] + b[2])
    along = max(a[1], b[1]) - min(a[1] + a[3], b[1] + b[3])
    return float(max(across, along))


def _hold_the_ink(image: Image, found: list[outlines.Outline]) -> bool:
    small, scale = outlines.smaller(image, outlines.LONGEST)
    ink = strokes(small)
    body = np.zeros(ink.shape, np.uint8)
    for one in found:
        cv2.fillConvexPoly(body, (one.corners * scale).round().astype(np.int32), 1)
    body = cv2.dilate(body, np.ones((7, 7), np.uint8))
    return int(ink[body > 0].sum()) >= INK_ON_CARDS * max(1, int(ink.sum()))
