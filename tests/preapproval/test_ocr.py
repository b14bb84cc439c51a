"""The recogniser: tried on a known picture before use, bounded, and its lines in reading order."""

from __future__ import annotations

import dataclasses
import time
from pathlib import Path

import cv2
import numpy as np
import pytest
from drawn_pages import CARD_LINES, card_front

from knowledge.models import check
from preapproval.case import Line, Mark, Quad
from preapproval.models import MODELS
from preapproval.reading.ocr import RapidOcr, bundled, in_reading_order, known_picture
from preapproval.reading.reader import Image, ReaderUnavailable, Recognizer
from preapproval.reading.scripted import ScriptedOcr, ScriptedPage, load_script, pixels_sha256
from preapproval.reading.under_seals import read_again


def box(left: float, top: float, right: float, bottom: float) -> Quad:
    return ((left, top), (right, top), (right, bottom), (left, bottom))


def line(text: str, quad: Quad, confidence: float = 0.95) -> Line:
    return Line(text=text, quad=quad, confidence=confidence)


def scripted(image: Image, *lines: Line) -> Recognizer:
    return ScriptedOcr({pixels_sha256(image): (ScriptedPage(lines=lines),)})


@pytest.fixture(scope="module")
def tiny() -> RapidOcr:
    return RapidOcr(bundled("tiny"))


# the models ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", MODELS)
def test_the_installed_models_are_those_of_the_table(name: str):
    assert check(MODELS[name]) is None


@pytest.mark.real_model
@pytest.mark.parametrize("variant", ["small", "tiny"])
def test_a_card_is_read_exactly(variant: str):
    lines = RapidOcr(bundled(variant)).read(card_front())
    read = "".join(one.text for one in lines).replace(" ", "")
    for expected in (*CARD_LINES, "公民身份号码000000199001020000"):
        assert expected.replace(" ", "") in read


@pytest.mark.real_model
def test_a_wrong_dictionary_is_found_out_before_anything_is_read():
    models = bundled("tiny")
    assert models.characters is not None
    others = dataclasses.replace(models, characters=models.characters.parent / "ppocrv6_dict.txt")
    with pytest.raises(ReaderUnavailable, match="models and characters differ"):
        RapidOcr(others)


@pytest.mark.real_model
def test_a_damaged_model_is_a_reader_that_is_not_available(tmp_path: Path):
    broken = tmp_path / "rec.onnx"
    broken.write_bytes(bundled("tiny").read.read_bytes()[:1000])
    with pytest.raises(ReaderUnavailable, match="pp-ocrv6-tiny"):
        RapidOcr(dataclasses.replace(bundled("tiny"), read=broken))


def test_a_variant_that_is_not_there_is_named():
    with pytest.raises(ReaderUnavailable, match="'huge'"):
        bundled("huge")


@pytest.mark.real_model
def test_the_name_tells_the_models_by_their_hashes(tiny: RapidOcr):
    hashes = [file.sha256[:12] for file in MODELS["pp-ocrv6-tiny"].files]
    assert tiny.name == f"pp-ocrv6-tiny {'+'.join(hashes)}"


@pytest.mark.real_model
@pytest.mark.parametrize("shape", [(100, 3000), (3000, 100), (1, 1), (15, 400), (64, 64)])
def test_odd_shapes_cost_little_and_nothing_is_read_on_blank_paper(tiny: RapidOcr, shape: tuple[int, int]):
    begun = time.process_time()
    assert tiny.read(np.full((*shape, 3), 255, np.uint8)) == ()
    assert time.process_time() - begun < 3


@pytest.mark.real_model
def test_lines_stand_where_they_are_written(tiny: RapidOcr):
    image, written = known_picture()
    lines = tiny.read(image)
    assert len(lines) == 3
    for row, one in enumerate(lines):
        (left, top), (right, _), (_, bottom), _ = one.quad
        assert 10 + 58 * row < (top + bottom) / 2 < 58 + 58 * row
        assert 0 <= left < 40 < right
    assert "".join(one.text for one in lines).replace(" ", "") == written


# order ---------------------------------------------------------------------------------------------------------


def test_lines_come_row_by_row_and_from_left_to_right():
    rows = [
        line("日期", box(400, 104, 500, 134)),
        line("名称", box(20, 100, 120, 130)),
        line("标题", box(200, 20, 400, 60)),
        line("地址", box(20, 150, 120, 180)),
        line("某店", box(150, 97, 300, 131)),
    ]
    assert [one.text for one in in_reading_order(rows)] == ["标题", "名称", "某店", "日期", "地址"]


def test_a_page_that_leans_a_little_keeps_its_rows():
    places = [(row, column) for column in range(4) for row in range(5)]
    rows = [
        line(f"{row}{column}", box(column * 200, row * 40 + column * 4, column * 200 + 150, row * 40 + column * 4 + 30))
        for row, column in places
    ]
    assert [one.text for one in in_reading_order(rows)] == [f"{row}{column}" for row in range(5) for column in range(4)]


# under seals ---------------------------------------------------------------------------------------------------

SEAL = Mark(kind="seal", quad=box(200, 100, 400, 300), score=0.9)
NAME = box(150, 180, 450, 220)


def stamped() -> Image:
    """White, with black print across a red seal, and red words inside it."""
    page = np.full((400, 600, 3), 255, np.uint8)
    cv2.circle(page, (300, 200), 95, (40, 40, 210), 8)
    cv2.putText(page, "SEAL", (255, 280), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (40, 40, 210), 2)
    cv2.putText(page, "PRINTED NAME", (155, 212), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (20, 20, 20), 3)
    return page


def second(lines: tuple[Line, ...], *fresh: Line) -> tuple[tuple[Line, ...], tuple[Mark, ...]]:
    """What remains of `lines` where the second reading gives `fresh`, in pixels of the page."""

    class Second:
        name = "second"

        def read(self, image: Image) -> tuple[Line, ...]:
            left, top = 150 - 6, 100 - 6
            return tuple(
                one.model_copy(update={"quad": tuple((x - left, y - top) for x, y in one.quad)}) for one in fresh
            )

    return read_again(stamped(), lines, [SEAL], Second())


def test_the_fuller_reading_of_what_stands_under_a_seal_is_kept():
    lines, _ = second((line("登★关", NAME, 0.8),), line("登记机关", NAME))
    assert [(one.text, one.under_seal, one.quad) for one in lines] == [("登记机关", True, NAME)]


def test_a_poorer_second_reading_changes_nothing():
    old = line("登记机关", NAME)
    assert second((old,), line("登", NAME, 0.9))[0] == (old,)
    assert second((old,))[0] == (old,)


def test_words_of_the_seal_itself_are_told_with_the_seal_and_are_no_line():
    words = line("专用章", box(250, 255, 330, 285))
    lines, (seal,) = second((words, line("登记机关", NAME)))
    assert [one.text for one in lines] == ["登记机关"]
    assert seal.text == "专用章"


def test_lines_beside_a_seal_are_not_touched():
    far = line("电话", box(20, 350, 100, 380))
    assert second((far,), line("电话号码", box(20, 350, 100, 380)))[0] == (far,)


# scripted ------------------------------------------------------------------------------------------------------


def test_the_scripted_engine_reads_the_image_that_it_knows_and_no_other():
    image = np.zeros((20, 20, 3), np.uint8)
    known = line("样本", box(1, 2, 3, 4))
    engine = scripted(image, known)
    assert engine.read(image) == (known,)
    assert engine.read(image + 1) == ()


def test_a_script_comes_from_a_file_and_a_damaged_one_says_so(tmp_path: Path):
    script = tmp_path / "script.yaml"
    script.write_text(
        "aa:\n  - lines:\n      - {text: 样本, quad: [[0, 0], [9, 0], [9, 9], [0, 9]], confidence: 1}\n", "utf-8"
    )
    assert load_script(script)["aa"][0].lines[0].text == "样本"
    script.write_text("aa:\n  - lignes: []\n", "utf-8")
    with pytest.raises(ReaderUnavailable, match=r"script\.yaml"):
        load_script(script)
