"""Whether something is written where one signs: ink right of, or below, words such as 签字. An officer confirms it.

A printed name in that place scores low, a stamped one not at all; who wrote it is not judged.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from preapproval.case import Line, Mark, Quad
from preapproval.reading.ink import is_blue, strokes
from preapproval.reading.reader import Image
from preapproval.reading.seals import red_of
from preapproval.reading.under_seals import box_of

ANCHOR = re.compile(r"签\s*[名字章][^：:，。；）)]{0,6}?(?:[）)]\s*[：:]?|[：:]|$)")
"""Not 自双方签字之日起: what follows is a bracket, a colon or the end of the line."""
DATE = re.compile(r"\d|年|月|日")
SCORES = {"pen": 0.9, "unread": 0.7, "read": 0.45}
"""Coloured ink; dark ink that no line of text was read in; dark ink that was read as a few letters."""
WIDEST = 1.6
"""Letters are as high as wide: a line that took the signature in is higher than its words by more than this."""
RIGHT, BELOW = 9.0, 3.2
"""How far the box to the right and the box below reach, in heights of the line."""
LEAST_INK, LEAST_WIDE, LEAST_HIGH = 0.25, 0.9, 0.55
"""Ink in squared line heights, and its extent in line heights, from which on it is no speck."""


@dataclass(frozen=True)
class Place:
    """A box in which a signature is looked for, in pixels."""

    left: int
    top: int
    right: int
    bottom: int
    height: float
    """Of the anchoring line."""


def find(image: Image, lines: tuple[Line, ...]) -> tuple[Mark, ...]:
    """One mark for each place to sign that has ink in it."""
    marks = []
    for line in lines[:400]:
        for match in list(ANCHOR.finditer(line.text))[:4]:
            mark = _signed(image, lines, line, _share(line.text, match.end()))
            if mark and not any(mark.quad == other.quad for other in marks):
                marks.append(mark)
    return tuple(marks)


def _share(text: str, end: int) -> float:
    """How far the words for signing reach in their line; a name read behind them is written about twice as large."""
    behind = text[end:].strip()
    name = 0 < len(behind) <= 4 and not DATE.search(behind)
    return end / max(1, end + (2 if name else 1) * (len(text) - end))


def _signed(image: Image, lines: tuple[Line, ...], anchor: Line, end: float) -> Mark | None:
    """`end`: which part of the anchoring line its words for signing reach to."""
    for place in _places(image, lines, anchor, end):
        mark = _ink_in(image, lines, anchor, place)
        if mark is not None:
            return mark
    return None


def _places(image: Image, lines: tuple[Line, ...], anchor: Line, end: float) -> list[Place]:
    """Right of the anchor up to the next printed words of its row, then below it."""
    left, top, right, bottom = box_of(anchor.quad)
    high = max(6.0, min(bottom - top, WIDEST * (right - left) / max(1, len(anchor.text))))
    start = left + (right - left) * end + 0.3 * high
    stop = start + RIGHT * high
    for other in lines:
        o_left, o_top, _, o_bottom = box_of(other.quad)
        in_row = min(o_bottom, bottom) - max(o_top, top) > 0.4 * high
        if in_row and o_left > start and (ANCHOR.search(other.text) or "：" in other.text or ":" in other.text):
            stop = min(stop, o_left - 0.2 * high)
    beside = _place(image, (start, top - 0.6 * high, stop, bottom + 0.5 * high), high)
    under = _place(image, (left, bottom + 0.15 * high, max(right, left + 6 * high), bottom + BELOW * high), high)
    return [place for place in (beside, under) if place is not None]


def _place(image: Image, box: tuple[float, float, float, float], high: float) -> Place | None:
    height, width = image.shape[:2]
    left, top = max(0, round(box[0])), max(0, round(box[1]))
    right, bottom = min(width, round(box[2])), min(height, round(box[3]))
    return Place(left, top, right, bottom, high) if right - left >= high and bottom - top >= 0.6 * high else None


def _ink_in(image: Image, lines: tuple[Line, ...], anchor: Line, place: Place) -> Mark | None:
    part = image[place.top : place.bottom, place.left : place.right]
    ink = _without_rules(strokes(part, max(9, round(place.height))), place.height)
    ink[cv2.dilate(red_of(part), np.ones((3, 3), np.uint8)) > 0] = 0
    read_as = _blank_print(ink, lines, anchor, place)
    y, x = np.nonzero(ink)
    if len(x) < max(30.0, LEAST_INK * place.height**2):
        return None
    left, right = np.percentile(x, (1, 99))
    top, bottom = np.percentile(y, (1, 99))
    if right - left < LEAST_WIDE * place.height or bottom - top < LEAST_HIGH * place.height:
        return None
    kind = "pen" if is_blue(part, ink) else ("read" if read_as else "unread")
    box = (place.left + left, place.top + top, place.left + right, place.top + bottom)
    return Mark(kind="signature", quad=_quad(box), score=SCORES[kind])


def _without_rules(ink: NDArray[np.uint8], height: float) -> NDArray[np.uint8]:
    """Lines to sign on, and borders of cells, taken away."""
    long = max(12, round(1.6 * height))
    across = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, long), np.uint8))
    along = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((long, 1), np.uint8))
    rules = cv2.dilate(np.bitwise_or(across, along), np.ones((3, 3), np.uint8))
    return np.where(rules > 0, 0, ink).astype(np.uint8)


def _blank_print(ink: NDArray[np.uint8], lines: tuple[Line, ...], anchor: Line, place: Place) -> str:
    """Takes printed lines out of the ink: labels, dates, sentences. What is read as a few letters stays; returned."""
    read_as = ""
    for line in lines:
        left, top, right, bottom = box_of(line.quad)
        outside = right <= place.left or left >= place.right or bottom <= place.top or top >= place.bottom
        if outside:
            continue
        if line is anchor:
            read_as += line.text[-4:] if top < place.bottom - place.height and right > place.left + place.height else ""
            continue
        if len(line.text) <= 4 and not DATE.search(line.text) and "：" not in line.text:
            read_as += line.text
            continue
        y0, y1 = max(0, round(top) - place.top - 2), max(0, round(bottom) - place.top + 2)
        x0, x1 = max(0, round(left) - place.left - 2), max(0, round(right) - place.left + 2)
        ink[y0:y1, x0:x1] = 0
    return read_as


def _quad(box: tuple[float, float, float, float]) -> Quad:
    left, top, right, bottom = (float(side) for side in box)
    return ((left, top), (right, top), (right, bottom), (left, bottom))
