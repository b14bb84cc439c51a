"""A number whose check character does not hold is read once more, enlarged: was it misread, or does it stand so?"""

from __future__ import annotations

import cv2
import numpy as np

from preapproval.case import Line
from preapproval.extract.numbers import find_credit_codes, find_id_numbers
from preapproval.folding import folded
from preapproval.reading.reader import Image, Recognizer
from preapproval.reading.under_seals import box_of

LARGER = 1.6
"""How much larger the second look is: what one scale blurs into another character, the other seldom does."""
MARGIN = 0.6
"""Letter heights of paper around the line."""


def read_twice(picture: Image, lines: tuple[Line, ...], recognizer: Recognizer) -> tuple[Line, ...]:
    """The same lines, `twice` set where a number that proves nothing was read the same a second time."""
    return tuple(
        line.model_copy(update={"twice": True}) if _stands_so(picture, line, recognizer) else line for line in lines
    )


def enlarged(picture: Image, line: Line) -> Image:
    """What the second look sees of a line; empty for a line outside of the picture."""
    left, top, right, bottom = box_of(line.quad)
    room = MARGIN * (bottom - top)
    height, width = picture.shape[:2]
    rows = slice(max(0, int(top - room)), min(height, int(bottom + room) + 1))
    columns = slice(max(0, int(left - room)), min(width, int(right + room) + 1))
    part = picture[rows, columns]
    if not part.size:
        return part
    return np.asarray(cv2.resize(part, None, fx=LARGER, fy=LARGER, interpolation=cv2.INTER_CUBIC), np.uint8)


def _stands_so(picture: Image, line: Line, recognizer: Recognizer) -> bool:
    wrong = set() if line.handwritten else _unproved(line.text)
    if not wrong:
        return False
    again = enlarged(picture, line)
    read = _unproved("\n".join(one.text for one in recognizer.read(again))) if again.size else set()
    return wrong <= read


def _unproved(text: str) -> set[str]:
    """Identity numbers and credit codes whose check character does not hold, as they were read."""
    plain = folded(text)
    found = (*find_id_numbers(plain), *find_credit_codes(plain))
    return {one.value for one in found if not one.proved and len(one.value) == 18}
