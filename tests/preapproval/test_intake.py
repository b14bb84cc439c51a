"""What a file is and whether it is opened: by its bytes, bounded before decoding, and never an exception."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from made_files import (
    archive,
    card_picture,
    halves,
    handed,
    hidden_text_pdf,
    png_of_size,
    saved,
    scan_pdf,
    sideways_pdf,
    sized_pdf,
    text_pdf,
)
from PIL import Image as Pictures

from preapproval.case import ReadFile
from preapproval.reading.budget import MOST_BYTES, MOST_PAGES, WORKING_SIDE
from preapproval.reading.intake import Sheet, media_type
from preapproval.reading.reader import FileReader
from preapproval.reading.scripted import ScriptedReader
from preapproval.reading.sheets import sheets


@pytest.fixture
def reader() -> FileReader:
    return ScriptedReader()


def read(reader: FileReader, data: bytes) -> ReadFile:
    return reader.read(handed(data), data).read


def only_sheet(data: bytes) -> Sheet:
    (sheet,) = sheets(data, media_type(data))
    return sheet


GOOD = {
    "image/jpeg": saved(halves(), "JPEG"),
    "image/png": saved(halves(), "PNG"),
    "image/webp": saved(halves(), "WEBP"),
    "image/tiff": saved(halves(), "TIFF"),
    "image/bmp": saved(halves(), "BMP"),
    "image/gif": saved(halves("P"), "GIF"),
    "image/heic": (Path(__file__).parent / "halves.heic").read_bytes(),
    "application/pdf": text_pdf(),
}
PNG = GOOD["image/png"]


@pytest.mark.parametrize("kind", GOOD)
def test_each_kind_of_file_is_known_by_its_bytes(reader: FileReader, kind: str):
    found = read(reader, GOOD[kind])
    assert (found.media_type, found.problem, len(found.pages)) == (kind, None, 1)


def test_a_wrong_extension_does_not_matter(reader: FileReader):
    assert reader.read(handed(PNG, "合同.pdf"), PNG).read.media_type == "image/png"


DAMAGED: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "empty"),
    "words": ("身份证".encode() * 50, "unsupported"),
    "a page with a script": (b"<html><script>alert(1)</script></html>", "unsupported"),
    "a drawing with a script": (
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        "unsupported",
    ),
    "an archive or a new office file": (archive(), "unsupported"),
    "an old office file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "unsupported"),
    "half a photo": (saved(card_picture(), "JPEG")[:9000], "unreadable"),
    "half a scan": (saved(card_picture(), "PNG")[:5000], "unreadable"),
    "half a fax": (saved(halves(), "TIFF")[:900], "unreadable"),
    "only the first bytes of a photo": (b"\xff\xd8\xff\xe0\0\x10JFIF", "unreadable"),
    "half a document": (text_pdf()[:400], "unreadable"),
    "a document in name only": (b"%PDF-1.7\n" + b"\x07" * 3000, "unreadable"),
    "a document with a password": (text_pdf(password="secret"), "encrypted"),
    "more bytes than allowed": (PNG + b"\0" * MOST_BYTES, "too_large"),
    "a strip": (saved(Pictures.new("RGB", (100, 3000), "white"), "PNG"), "too_wide"),
    "a bomb of 40,000 pixels a side": (png_of_size(40_000, 40_000), "too_large"),
    "a bomb of 7,000 pixels a side": (png_of_size(7_000, 7_000), "too_large"),
    "a long document page": (sized_pdf(200, 2000), "too_wide"),
    "a picture that is an archive too": (PNG + archive(), "mixed_formats"),
    "a document that is an archive too": (text_pdf() + archive(), "mixed_formats"),
    "a picture with a page behind it": (PNG + b"<HTML><body>", "mixed_formats"),
    "a photo with a document behind it": (GOOD["image/jpeg"] + text_pdf(), "mixed_formats"),
    "a document with a page behind it": (text_pdf() + b"\n<script>alert(1)</script>", "mixed_formats"),
}


@pytest.mark.parametrize("what", DAMAGED)
def test_what_cannot_be_read_has_a_problem_and_never_an_exception(reader: FileReader, what: str):
    data, problem = DAMAGED[what]
    found = read(reader, data)
    assert (found.problem, found.pages) == (problem, ())


def test_what_moves_is_read_as_its_first_picture(reader: FileReader):
    data = saved(halves("P"), "GIF", save_all=True, append_images=[halves("P").rotate(90), halves("P")])
    found = read(reader, data)
    assert (found.problem, len(found.pages)) == ("animated", 1)


def test_every_page_of_a_tiff_is_read(reader: FileReader):
    data = saved(halves(), "TIFF", save_all=True, append_images=[halves(), halves()])
    found = read(reader, data)
    assert (found.problem, [page.ref.number for page in found.pages]) == (None, [1, 2, 3])


@pytest.mark.parametrize("kind", ["TIFF", "PDF"])
def test_too_many_pages_are_read_up_to_the_limit_and_reported(reader: FileReader, kind: str):
    page = Pictures.new("RGB", (60, 60), "white")
    data = saved(page, "TIFF", save_all=True, append_images=[page] * 45) if kind == "TIFF" else text_pdf(pages=200)
    found = read(reader, data)
    assert (found.problem, len(found.pages)) == ("too_many_pages", MOST_PAGES)


@pytest.mark.parametrize("mode", ["L", "P", "1", "CMYK", "RGBA", "LA", "I;16", "I", "F"])
def test_pictures_of_every_mode_become_dark_on_the_left_and_light_on_the_right(mode: str):
    if mode == "I;16":
        picture = Pictures.fromarray(np.asarray(halves("L")).astype(np.uint16) * 257)
    else:
        picture = halves("L").convert(mode, dither=Pictures.Dither.NONE)
    image = only_sheet(saved(picture, "TIFF")).image
    assert image.shape == (100, 200, 3)
    assert image[50, 20].max() < 80
    assert image[50, 180].min() > 180


def test_what_is_clear_lies_on_white():
    image = only_sheet(saved(Pictures.new("RGBA", (50, 50), (0, 0, 0, 0)), "PNG")).image
    assert image.min() == 255


def test_a_phone_photo_stands_as_its_exif_says():
    exif = Pictures.Exif()
    exif[0x0112] = 6
    sheet = only_sheet(saved(halves(), "JPEG", exif=exif))
    assert (sheet.width, sheet.height) == (100, 200)
    assert sheet.image[20, 50].max() < 80, "the left half has become the upper one"


def test_a_large_photo_is_worked_on_smaller_and_remembers_its_size():
    sheet = only_sheet(saved(Pictures.new("RGB", (6000, 4000), "white"), "JPEG"))
    assert (sheet.width, sheet.height) == (6000, 4000)
    assert max(sheet.image.shape) == WORKING_SIDE


def test_a_document_with_words_needs_no_recognition(reader: FileReader):
    (page,) = read(reader, text_pdf()).pages
    assert page.source == "text_layer"
    assert len(page.lines) == 4
    assert page.lines[1].text.startswith("1.2 Lease of a sample house between party A")
    (left, top), _, (_, bottom), _ = page.lines[1].quad
    assert left == pytest.approx(72 * 200 / 72, abs=4)
    assert top < 140 * 200 / 72 < bottom + 4


def test_a_page_that_is_turned_back_has_its_words_where_they_are_seen():
    sheet = only_sheet(sideways_pdf(rotate=90))
    assert sheet.width > sheet.height
    assert [line.text[:9] for line in sheet.lines] == ["1.1 Lease", "1.2 Lease", "1.3 Lease", "1.4 Lease"]
    for line in sheet.lines:
        (left, top), _, (right, bottom), _ = line.quad
        assert right - left > 10 * (bottom - top)
        assert sheet.image[int(top) : int(bottom) + 1, int(left) : int(right) + 1].min() < 100


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_page_that_lies_on_its_side_or_head_is_recognised_like_a_scan(degrees: int):
    assert only_sheet(text_pdf(rotate=degrees)).lines == ()


def test_a_scan_is_a_picture_whatever_a_scanning_program_wrote_over_it():
    sheet = only_sheet(scan_pdf("Scanned with a sample scanning program, version 1.2.3, for evaluation only"))
    assert sheet.lines == ()


def test_words_that_nobody_can_see_are_not_read():
    assert only_sheet(hidden_text_pdf()).lines == ()


def test_a_huge_document_page_is_drawn_no_larger_than_it_is_worked_on():
    assert max(only_sheet(sized_pdf(14_400, 14_400)).image.shape) == WORKING_SIDE
