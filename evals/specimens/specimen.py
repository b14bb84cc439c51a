"""A specimen: the picture of a document, and for every value on it what it is and exactly where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from evals.specimens.ink import Box, joined

Point = tuple[float, float]
Quad = tuple[Point, Point, Point, Point]
"""Clockwise from the top left of what is written, in pixels of the picture."""


@dataclass(frozen=True)
class Label:
    """One value on a specimen. Of a value on several lines, `pieces` holds a quad a line and `quad` is around all."""

    value: str
    quad: Quad
    pieces: tuple[Quad, ...] = ()
    hand: bool = False


@dataclass(frozen=True)
class Seen:
    """Something on a specimen that is not text: seal, face, signature."""

    kind: str
    quad: Quad


@dataclass(frozen=True)
class Specimen:
    image: Image.Image
    fields: Mapping[str, Label]
    """Field of the kind -> label; of a field that stands several times `name`, `name.2`, …"""
    kind: str
    side: str | None = None
    marks: tuple[Seen, ...] = ()
    degraded: tuple[str, ...] = ()
    strokes: tuple[tuple[str, Any], ...] = field(default=(), repr=False)
    """What it was drawn with, for a PDF with a text layer."""

    def moved(self, image: Image.Image, matrix: NDArray[np.float64], name: str) -> Specimen:
        """The same under a homography of its pixels."""
        return replace(
            self,
            image=image,
            fields={key: _moved_label(label, matrix) for key, label in self.fields.items()},
            marks=tuple(Seen(mark.kind, through(mark.quad, matrix)) for mark in self.marks),
            degraded=(*self.degraded, name),
            strokes=(),
        )

    def shifted(self, x: float, y: float) -> Specimen:
        """The labels of the same, pasted with its corner at `x`, `y` of something larger."""
        return self.moved(self.image, np.array([[1, 0, x], [0, 1, y], [0, 0, 1]], float), "pasted")

    def repainted(self, image: Image.Image, name: str) -> Specimen:
        """The same with other pixels in the same places."""
        return replace(self, image=image, degraded=(*self.degraded, name), strokes=())


def quad_of(box: Box) -> Quad:
    left, top, right, bottom = box
    return ((left, top), (right, top), (right, bottom), (left, bottom))


def label_of(value: str, boxes: Iterable[Box], *, hand: bool) -> Label:
    around: Box | None = None
    pieces = []
    for box in boxes:
        around = joined(around, box)
        pieces.append(quad_of(box))
    assert around is not None
    return Label(value, quad_of(around), tuple(pieces), hand)


def through(quad: Quad, matrix: NDArray[np.float64]) -> Quad:
    points = np.c_[np.array(quad), np.ones(4)] @ matrix.T
    flat = points[:, :2] / points[:, 2:]
    a, b, c, d = ((float(x), float(y)) for x, y in flat)
    return (a, b, c, d)


def _moved_label(label: Label, matrix: NDArray[np.float64]) -> Label:
    return replace(
        label, quad=through(label.quad, matrix), pieces=tuple(through(piece, matrix) for piece in label.pieces)
    )
