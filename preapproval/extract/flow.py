"""The lines of a page as one text in reading order, each character of which leads back to its place on the page.

Lines of one row are parted by a space, or by a tab where the gap is wide; rows by a line break. The text is folded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median

from preapproval.case import Line, Page, Quad
from preapproval.folding import folded, plain

_NOISE = re.compile(
    r"\W*(?:样\s*本|样\s*张|示\s*例|仅供演示|SAMPLE|SPECIMEN|仅供.{0,12}使用|复印无效|\d{1,2}/\d{1,2})\W*", re.I
)
_FOREIGN = re.compile(
    r"(?<![A-Za-z])(?:Date\s*of\s*(?:First\s*Issue|Birth|Issue)|Valid\s*(?:Period|From|Until)|(?:Issue|Register)\s*Date|Use\s*Character"
    r"|(?:Plate|Engine|Certificate|ID|File)\s*No\.?|Vehicle\s*Type|Name|Sex|Nationality|Address|Class|Owner|Model|VIN)(?![A-Za-z])",
    re.I,
)
"""English labels beside the Chinese ones of a driving or vehicle licence: blanked."""
_WIDE = 1.3
"""Gaps from this many letter heights on part columns."""


@dataclass(frozen=True)
class Box:
    """A line with its upright box."""

    line: Line
    left: float
    top: float
    right: float
    bottom: float

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


def boxed(line: Line) -> Box:
    xs, ys = zip(*line.quad, strict=True)
    return Box(line, min(xs), min(ys), max(xs), max(ys))


@dataclass(frozen=True)
class Piece:
    """Some characters of one line."""

    line: Line
    start: int
    end: int

    @property
    def raw(self) -> str:
        return self.line.text[self.start : self.end]

    @property
    def quad(self) -> Quad:
        return cut(self.line, self.start, self.end)


@dataclass(frozen=True)
class Flow:
    """Text and, for each of its characters, which line and which character there; None for what parts lines."""

    text: str
    places: tuple[tuple[int, int] | None, ...]
    boxes: tuple[Box, ...]

    def pieces(self, start: int, end: int) -> tuple[Piece, ...]:
        """What stands from `start` to `end`, line by line."""
        spans: dict[int, tuple[int, int]] = {}
        for place in self.places[start:end]:
            if place is not None:
                line, at = place
                first, _ = spans.get(line, (at, at))
                spans[line] = (first, at + 1)
        return tuple(Piece(self.boxes[line].line, *span) for line, span in spans.items())

    @cached_property
    def starts(self) -> dict[int, int]:
        """Line -> where it begins in the text."""
        return {place[0]: at for at, place in reversed(list(enumerate(self.places))) if place is not None}

    def box_of(self, start: int, end: int) -> Box | None:
        """Around everything from `start` to `end`."""
        pieces = self.pieces(start, end)
        if not pieces:
            return None
        return boxed(pieces[0].line.model_copy(update={"quad": around(piece.quad for piece in pieces)}))


def flow_of(page: Page) -> Flow:
    lines = [boxed(line) for line in page.lines if line.text.strip() and not _NOISE.fullmatch(line.text)]
    text: list[str] = []
    places: list[tuple[int, int] | None] = []
    boxes: list[Box] = []
    for row in rows(lines):
        before: Box | None = None
        for box in row:
            if before is not None:
                wide = box.left - before.right > _WIDE * min(box.height, before.height)
                text.append("\t" if wide else " ")
                places.append(None)
            text.append(_FOREIGN.sub(lambda found: " " * len(found.group()), folded(box.line.text)))
            places += [(len(boxes), at) for at in range(len(box.line.text))]
            boxes.append(box)
            before = box
        text.append("\n")
        places.append(None)
    return Flow("".join(text), tuple(places), tuple(boxes))


def rows(boxes: Iterable[Box]) -> list[list[Box]]:
    """From top to bottom, each from left to right. A box belongs to the row of the box beside it, not below it."""
    found: list[list[Box]] = []
    for box in sorted(boxes, key=lambda one: one.middle):
        near = [row for row in found if any(_beside(box, other) for other in row) and not _above(box, row)]
        if near:
            min(near, key=lambda row: abs(median(one.middle for one in row) - box.middle)).append(box)
        else:
            found.append([box])
    found.sort(key=lambda row: min(one.middle for one in row))
    return [sorted(row, key=lambda one: one.left) for row in found]


def _beside(box: Box, other: Box) -> bool:
    return abs(box.middle - other.middle) < 0.45 * min(box.height, other.height)


def _above(box: Box, row: Sequence[Box]) -> bool:
    """Whether it stands over or under a box of the row, so that it is a row of its own."""
    return any(min(box.right, one.right) - max(box.left, one.left) > 0.3 * min(_width(box), _width(one)) for one in row)


def _width(box: Box) -> float:
    return box.right - box.left


def cut(line: Line, start: int, end: int) -> Quad:
    """The part of a line's quad in which these characters stand, by the width that each has."""
    widths = [1.0 if ord(char) > 0x2E7F else 0.55 if char.strip() else 0.4 for char in line.text]
    whole = sum(widths) or 1.0
    first, last = sum(widths[:start]) / whole, sum(widths[:end]) / whole
    (a, b, c, d) = line.quad
    return (_between(a, b, first), _between(a, b, last), _between(d, c, last), _between(d, c, first))


def _between(one: tuple[float, float], other: tuple[float, float], share: float) -> tuple[float, float]:
    return (one[0] + (other[0] - one[0]) * share, one[1] + (other[1] - one[1]) * share)


def around(quads: Iterable[Quad]) -> Quad:
    """One quad alone as it is; of several the upright box around them."""
    every = list(quads)
    if len(every) == 1:
        return every[0]
    xs = [x for quad in every for x, _ in quad]
    ys = [y for quad in every for _, y in quad]
    return ((min(xs), min(ys)), (max(xs), min(ys)), (max(xs), max(ys)), (min(xs), max(ys)))


def written(pieces: Iterable[Piece]) -> str:
    """Pieces of several lines as one value."""
    return plain("".join(piece.raw for piece in pieces))
