"""A number that does not prove itself is looked at twice; what applicants and officers are then told."""

from __future__ import annotations

import numpy as np

from preapproval.case import Line
from preapproval.reading.read_twice import enlarged, read_twice
from preapproval.reading.reader import Image
from preapproval.reading.scripted import ScriptedOcr, ScriptedPage, pixels_sha256

RIGHT, WRONG, OTHER = "320499199003077513", "320499199003077514", "320499199003077519"
QUAD = ((20.0, 40.0), (380.0, 40.0), (380.0, 70.0), (20.0, 70.0))


def picture() -> Image:
    return np.random.default_rng(7).integers(0, 255, (120, 400, 3), np.uint8)


def looked_at(first: Line, second: str) -> Line:
    """The line after a second look that reads `second`."""
    seen = enlarged(picture(), first)
    script = {pixels_sha256(seen): (ScriptedPage(lines=(first.model_copy(update={"text": second}),)),)}
    return read_twice(picture(), (first,), ScriptedOcr(script))[0]


def line(text: str, handwritten: bool = False) -> Line:
    return Line(text=text, quad=QUAD, confidence=0.99, handwritten=handwritten)


def test_a_wrong_number_that_reads_the_same_in_a_second_look_stands_so():
    assert looked_at(line(f"公民身份号码 {WRONG}"), WRONG).twice


def test_a_wrong_number_that_reads_otherwise_the_second_time_is_doubtful():
    assert not looked_at(line(WRONG), RIGHT).twice
    assert not looked_at(line(WRONG), OTHER).twice
    assert not looked_at(line(WRONG), "").twice


def test_no_second_look_is_taken_at_a_number_that_proves_itself_nor_at_handwriting():
    assert not looked_at(line(RIGHT), RIGHT).twice
    assert not looked_at(line(WRONG, handwritten=True), WRONG).twice


def test_a_wrong_credit_code_is_looked_at_too():
    assert looked_at(line("统一社会信用代码 92320499MA1ABCD234"), "92320499MA1ABCD234").twice


def test_what_the_first_look_read_stays_even_where_the_second_differs():
    assert looked_at(line(WRONG), RIGHT).text == WRONG


def test_a_line_at_the_edge_or_outside_of_the_picture_is_no_error():
    outside = Line(text=WRONG, quad=((900, 900), (990, 900), (990, 930), (900, 930)), confidence=0.99)
    assert read_twice(picture(), (outside,), ScriptedOcr({})) == (outside,)
