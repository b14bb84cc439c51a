"""A whole file in one process: turned, cut, straightened, read, and every point leads back to where it came from."""

from __future__ import annotations

import time

import cv2
import numpy as np
import pytest
from drawn_pages import Image, card_back, card_front, lease
from made_files import handed, saved, text_pdf
from PIL import Image as Pictures

from preapproval.case import Line, Page, Quad
from preapproval.reading.budget import PICTURE_SIDE
from preapproval.reading.file_reader import PageReader
from preapproval.reading.ocr import RapidOcr, bundled
from preapproval.reading.reader import Reading
from preapproval.reading.scripted import ScriptedOcr
from preapproval.reading.transforms import as_transform, moved, scaled, turned_back

pytestmark = pytest.mark.real_model
NUMBER = "000000199001020000"


@pytest.fixture(scope="module")
def reader() -> PageReader:
    return PageReader(RapidOcr(bundled("tiny")))


def png(image: Image) -> bytes:
    return saved(Pictures.fromarray(np.ascontiguousarray(image[:, :, ::-1])), "PNG")


def read(reader: PageReader, data: bytes) -> Reading:
    reading = reader.read(handed(data), data)
    assert reading.read.problem is None
    return reading


def the_line(page: Page, text: str) -> Line:
    return next(line for line in page.lines if text in line.text.replace(" ", ""))


def middle(quad: Quad) -> tuple[float, float]:
    return sum(x for x, _ in quad) / 4, sum(y for _, y in quad) / 4


def at_source(page: Page, line: Line) -> tuple[float, float]:
    return middle(moved(line.quad, np.array(page.to_source).reshape(3, 3)))


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_card_that_lies_on_its_side_is_read_and_its_lines_lead_back(reader: PageReader, turn: int):
    ways = {90: cv2.ROTATE_90_COUNTERCLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_CLOCKWISE}
    upright = card_front()
    image = np.asarray(cv2.rotate(upright, ways[turn]), np.uint8) if turn else upright
    (page,) = read(reader, png(image)).read.pages
    assert page.turned == turn
    height, width = image.shape[:2]
    there = turned_back(turn, width, height)
    expected = moved(((50, 450), (700, 450), (700, 500), (50, 500)), there)
    x, y = at_source(page, the_line(page, NUMBER))
    assert (x, y) == (pytest.approx(middle(expected)[0], abs=40), pytest.approx(middle(expected)[1], abs=40))


def test_the_picture_of_a_page_has_the_size_that_its_lines_are_told_in(reader: PageReader):
    large = np.asarray(cv2.resize(lease(), None, fx=2.2, fy=2.2), np.uint8)
    reading = read(reader, png(large))
    (page,) = reading.read.pages
    picture = cv2.imdecode(np.frombuffer(reading.pictures[page.ref], np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    assert picture.shape[:2] == (page.height, page.width)
    assert max(page.height, page.width) == PICTURE_SIDE
    title = the_line(page, "房屋租赁合同")
    x, y = at_source(page, title)
    assert (x, y) == (pytest.approx(1240 * 2.2 * 0.5, rel=0.15), pytest.approx(1753 * 2.2 * 0.065, rel=0.25))


def test_two_cards_on_one_sheet_are_two_pages(reader: PageReader):
    sheet = np.full((1754, 1240, 3), 255, np.uint8)
    sheet[200:740, 190:1046] = card_front()
    sheet[980:1520, 190:1046] = card_back()
    front, back = read(reader, png(sheet)).read.pages
    assert (front.ref.part, back.ref.part) == (1, 2)
    x, y = at_source(front, the_line(front, NUMBER))
    assert (x, y) == (pytest.approx(190 + 375, abs=60), pytest.approx(200 + 475, abs=30))
    assert the_line(back, "签发机关")


def test_a_card_photographed_from_aside_is_made_flat(reader: PageReader):
    corners = np.array([[300, 260], [1180, 330], [1150, 930], [250, 820]], np.float32)
    card = card_front()
    height, width = card.shape[:2]
    source = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(source, corners)
    table = np.full((1100, 1500, 3), (60, 70, 80), np.uint8)
    warped = cv2.warpPerspective(card, matrix, (1500, 1100), dst=table, borderMode=cv2.BORDER_TRANSPARENT)
    (page,) = read(reader, png(np.asarray(warped, np.uint8))).read.pages
    number = the_line(page, NUMBER)
    a, b, _, _ = number.quad
    assert abs(b[1] - a[1]) < 0.03 * (b[0] - a[0]), "the row is level"
    expected = cv2.perspectiveTransform(np.array([[[375.0, 475.0]]]), matrix.astype(np.float64))[0, 0]
    x, y = at_source(page, number)
    assert (x, y) == (pytest.approx(expected[0], abs=60), pytest.approx(expected[1], abs=30))


def test_a_document_with_words_is_not_recognised_but_shown(reader: PageReader):
    data = text_pdf(pages=2)
    reading = read(reader, data)
    first, second = reading.read.pages
    assert (first.source, second.source, first.quality) == ("text_layer", "text_layer", ())
    assert max(first.width, first.height) == PICTURE_SIDE
    assert list(reading.pictures) == [first.ref, second.ref]
    quad = second.lines[3].quad
    assert middle(quad)[1] == pytest.approx((220 - 5) / 842 * PICTURE_SIDE, abs=8)


def test_damage_in_the_middle_of_a_file_keeps_the_pages_before_it():
    page = Pictures.fromarray(np.full((400, 400), 255, np.uint8))
    data = saved(page, "TIFF", save_all=True, append_images=[page, page])
    reader = PageReader(ScriptedOcr({}))
    cut = data[: int(len(data) * 0.6)]
    found = reader.read(handed(cut), cut).read
    assert found.problem == "unreadable"
    assert len(found.pages) == 1


def test_an_engine_that_fails_is_a_problem_of_the_file_and_nothing_is_raised():
    class Failing:
        name = "failing 1"

        def read(self, image: Image) -> tuple[Line, ...]:
            raise RuntimeError("no memory on the device")

    data = png(card_front())
    found = PageReader(Failing()).read(handed(data), data).read
    assert (found.problem, found.detail, found.engine) == ("reader_failed", "RuntimeError", "failing 1")


class Waiting:
    name = "waiting 1"

    def read(self, image: Image) -> tuple[Line, ...]:
        time.sleep(0.6)
        return ()


class Working:
    name = "working 1"

    def read(self, image: Image) -> tuple[Line, ...]:
        until = time.process_time() + 0.6
        while time.process_time() < until:
            pass
        return ()


@pytest.mark.parametrize("reader", [PageReader(Waiting(), wall_seconds=0.5), PageReader(Working(), seconds=0.5)])
def test_a_file_that_takes_long_keeps_the_pages_that_were_read(reader: PageReader):
    page = Pictures.fromarray(np.full((400, 400), 255, np.uint8))
    data = saved(page, "TIFF", save_all=True, append_images=[page, page])
    found = reader.read(handed(data), data).read
    assert (found.problem, found.detail, len(found.pages)) == ("timed_out", "1", 1)


def test_a_transform_is_told_with_one_as_its_last_number():
    assert as_transform(scaled(2, 3) * 4) == (2, 0, 0, 0, 3, 0, 0, 0, 1)
