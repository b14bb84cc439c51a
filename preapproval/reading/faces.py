"""Whether a face is on a page. Presence only: nobody is recognised and nothing about the face is kept."""

from __future__ import annotations

from functools import cache
from typing import Any

import cv2
import dlib
import numpy as np

from preapproval.case import Mark
from preapproval.reading.outlines import smaller
from preapproval.reading.reader import Image

LONGEST, SHORTEST = 1000, 400
"""The detector sees faces from 80 pixels on; a small picture is drawn larger."""
LEAST_SCORE, SURE_AT = 0.2, 1.5
"""Detector scores that count as a face, and as certain; patterns without a face reach 0.1."""


@cache
def _detector() -> Any:
    return dlib.get_frontal_face_detector()  # pyright: ignore[reportAttributeAccessIssue]


def find(image: Image) -> tuple[Mark, ...]:
    """Upright frontal faces, the surest first."""
    small, scale = smaller(image, LONGEST)
    if min(small.shape[:2]) < 40:
        return ()
    grow = max(1.0, SHORTEST / min(small.shape[:2])) if max(small.shape[:2]) < LONGEST else 1.0
    grow = min(grow, LONGEST / max(small.shape[:2]))
    grey = cv2.resize(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), None, fx=grow, fy=grow, interpolation=cv2.INTER_LINEAR)
    boxes, scores, _ = _detector().run(np.ascontiguousarray(grey), 0, LEAST_SCORE)
    scale *= grow
    marks = []
    for box, score in zip(boxes, scores, strict=True):
        left, top, right, bottom = (side / scale for side in (box.left(), box.top(), box.right(), box.bottom()))
        quad = ((left, top), (right, top), (right, bottom), (left, bottom))
        marks.append(Mark(kind="face", quad=quad, score=round(min(1.0, 0.5 + 0.5 * float(score) / SURE_AT), 3)))
    return tuple(marks)
