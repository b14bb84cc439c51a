"""A plain portrait is known as one, and not blamed for dark hair and soft edges."""

import cv2
import numpy as np
import pytest

from evals.specimens.render import render
from preapproval.case import Mark
from preapproval.portraits import is_portrait
from preapproval.reading.reader import Image
from preapproval.reading.scripted import ScriptedOcr
from preapproval.reading.sight import recognised


def portrait(seed: str) -> Image:
    picture = render("photo", seed=seed, side="photo").image.convert("RGB")
    return cv2.cvtColor(np.asarray(picture, np.uint8), cv2.COLOR_RGB2BGR).astype(np.uint8)


def face(side: float) -> Mark:
    return Mark(kind="face", quad=((0, 0), (side, 0), (side, side), (0, side)), score=0.9)


@pytest.mark.parametrize("seed", ["a", "b", "c", "d"])
def test_a_plain_portrait_raises_no_hint(seed: str):
    assert recognised(portrait(seed), ScriptedOcr({})).quality == ()


def test_a_portrait_taken_in_the_dark_is_told():
    dark = (portrait("a") * 0.2).astype(np.uint8)
    seen = recognised(dark, ScriptedOcr({}))
    assert {one.problem for one in seen.quality} <= {"dark", "shadow"}
    assert "dark" in {one.problem for one in seen.quality}


@pytest.mark.parametrize(
    ("text", "side", "expected"),
    [("", 100, True), ("样本照片", 100, True), ("姓名王小样性别女民族汉住址样本路", 100, False), ("", 60, False)],
)
def test_a_face_fills_a_portrait_and_little_is_written_on_it(text: str, side: float, expected: bool):
    assert is_portrait(text, [face(side)], 400, 600) is expected
