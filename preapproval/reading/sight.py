"""What is on a page beside its lines: quality, seals, faces, signatures, handwriting; and what must be read twice."""

from __future__ import annotations

from dataclasses import dataclass

from preapproval.case import Line, Mark, QualityFinding
from preapproval.portraits import is_portrait
from preapproval.reading import faces, handwriting, quality, seals, signature
from preapproval.reading.read_twice import read_twice
from preapproval.reading.reader import Image, Recognizer
from preapproval.reading.under_seals import read_again

UPRIGHT = 1.05
"""Width to height of a portrait at most: a card with a face on which nothing can be read is no portrait."""


@dataclass(frozen=True)
class Sight:
    """What was seen on one picture."""

    lines: tuple[Line, ...]
    marks: tuple[Mark, ...] = ()
    quality: tuple[QualityFinding, ...] = ()


def recognised(picture: Image, recognizer: Recognizer) -> Sight:
    """A page that must be recognised, with what stands under its seals."""
    lines, sealed = read_again(picture, recognizer.read(picture), seals.find(picture), recognizer)
    lines = read_twice(picture, handwriting.flag(picture, lines), recognizer)
    seen = faces.find(picture)
    height, width = picture.shape[:2]
    text = "".join(line.text for line in lines)
    upright = width <= UPRIGHT * height
    judge = quality.judge_portrait if upright and is_portrait(text, seen, width, height) else quality.judge
    return Sight(lines, (*sealed, *seen, *signature.find(picture, lines)), judge(picture))


def marks(picture: Image, lines: tuple[Line, ...]) -> tuple[Mark, ...]:
    """Only the marks, for a page whose lines are certain."""
    return (*seals.find(picture), *faces.find(picture), *signature.find(picture, lines))
