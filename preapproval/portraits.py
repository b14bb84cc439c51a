"""What a plain portrait is: a face that fills a good part of the picture, and hardly any text."""

from __future__ import annotations

import re
from collections.abc import Iterable

from preapproval.case import Mark

MOST_LETTERS, LEAST_FACE = 12, 0.04
"""Letters and digits that may stand on it, and the part of the picture that the face fills."""
LETTERS = re.compile(r"[^\W_]")


def is_picture(text: str) -> bool:
    """Whether hardly anything is written on it."""
    return len(LETTERS.findall(text)) <= MOST_LETTERS


def is_portrait(text: str, marks: Iterable[Mark], width: int, height: int) -> bool:
    faces = [mark for mark in marks if mark.kind == "face"]
    if not faces or not is_picture(text):
        return False
    xs, ys = zip(*max(faces, key=lambda mark: mark.score).quad, strict=True)
    return (max(xs) - min(xs)) * (max(ys) - min(ys)) >= LEAST_FACE * width * height
