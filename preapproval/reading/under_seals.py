"""The second pass: what stands under a red seal is read again with the seal's colour taken away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from preapproval.case import Line, Mark, Quad
from preapproval.reading.ocr import in_reading_order
from preapproval.reading.reader import Image, Recognizer
from preapproval.reading.seals import without_red

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""
ROOM = 6
"""Pixels around what is read again."""
SAME_PLACE = 0.4
"""Share of the smaller box that two readings of one line have in common."""
FEWEST, MUCH_LESS, MORE_SURE = 0.7, 0.05, 0.02
"""A second reading may lose that share of characters if it is surer; or be that much less sure and have more."""
BLACK, AS_DARK = 110.0, 0.5
"""The lightest that print is in red light, and how near to it a line's ink must come, by the way from paper."""
LEAST_WORD = 3


def read_again(
    picture: Image, lines: tuple[Line, ...], seals: Iterable[Mark], recognizer: Recognizer
) -> tuple[tuple[Line, ...], tuple[Mark, ...]]:
    """The lines with the better reading of each that touches a seal, and the seals with their own words."""
    worded = []
    for seal in seals:
        own = box_of(seal.quad)
        touched = [line for line in lines if _common(box_of(line.quad), own) > 0]
        area = _around([own, *(box_of(line.quad) for line in touched)])
        fresh = [one for one in _read_area(picture, area, recognizer) if _common(box_of(one.quad), own) > 0]
        words = [line for line in touched if not _printed(line, picture)]
        old = [line for line in touched if line not in words]
        new = [line for line in fresh if _printed(line, picture)]
        rest = [line for line in lines if line not in touched]
        lines = in_reading_order([*rest, *(line for group in _groups(old, new) for line in _better(*group))])
        worded.append(seal.model_copy(update={"text": _words(words)}))
    return lines, tuple(worded)


def box_of(quad: Quad) -> Box:
    across, down = [point[0] for point in quad], [point[1] for point in quad]
    return min(across), min(down), max(across), max(down)


def _around(boxes: Sequence[Box]) -> Box:
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, bottom = max(box[2] for box in boxes), max(box[3] for box in boxes)
    return max(0.0, left - ROOM), max(0.0, top - ROOM), right + ROOM, bottom + ROOM


def _read_area(picture: Image, area: Box, recognizer: Recognizer) -> list[Line]:
    left, top, right, bottom = (float(int(side)) for side in area)
    quad = ((left, top), (right, top), (right, bottom), (left, bottom))
    read = recognizer.read(without_red(picture, quad))
    return [
        line.model_copy(update={"quad": tuple((x + left, y + top) for x, y in line.quad), "under_seal": True})
        for line in read
    ]


def _common(one: Box, other: Box) -> float:
    """Share of the smaller box that lies in both."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    if wide <= 0 or high <= 0:
        return 0.0
    return wide * high / max(1.0, min(_area(one), _area(other)))


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _groups(old: Iterable[Line], new: Iterable[Line]) -> list[tuple[list[Line], list[Line]]]:
    """Old and new readings of the same place together."""
    groups: list[tuple[list[Line], list[Line]]] = []
    for line in [*old, *new]:
        joined = [group for group in groups if any(_same(line, other) for side in group for other in side)]
        merged = ([one for group in joined for one in group[0]], [one for group in joined for one in group[1]])
        merged[line.under_seal].append(line)
        groups = [group for group in groups if group not in joined] + [merged]
    return groups


def _same(line: Line, other: Line) -> bool:
    return _common(box_of(line.quad), box_of(other.quad)) >= SAME_PLACE


def _better(old: list[Line], new: list[Line]) -> list[Line]:
    if not new or not old:
        return new or old
    had, has = _characters(old), _characters(new)
    surer = _sureness(new) - _sureness(old)
    if has > had:
        return new if surer >= -MUCH_LESS else old
    return new if has >= FEWEST * had and surer > MORE_SURE else old


def _characters(lines: list[Line]) -> int:
    return sum(letter.isalnum() for line in lines for letter in line.text)


def _sureness(lines: list[Line]) -> float:
    """Mean confidence, by length."""
    return float(np.average([line.confidence for line in lines], weights=[max(1, len(line.text)) for line in lines]))


def _printed(line: Line, picture: Image) -> bool:
    """Whether its ink is as dark in red light as print is; red ink is nearly paper there."""
    left, top, right, bottom = (int(side) for side in box_of(line.quad))
    light = picture[max(0, top) : bottom + 1, max(0, left) : right + 1, 2]
    if not light.size:
        return False
    ink, paper = np.percentile(light, (2, 90))
    black = min(BLACK, float(np.percentile(picture[:, :, 2], 1)))
    return bool(paper - ink >= AS_DARK * (paper - black))


def _words(lines: Iterable[Line]) -> str | None:
    """Words of a seal that stand in a row; those on its arc are read as single characters and left out."""
    return " ".join(line.text for line in lines if _characters([line]) >= LEAST_WORD) or None
