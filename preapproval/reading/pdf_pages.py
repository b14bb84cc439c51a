"""PDF files become sheets: with their text layer where they have an honest one, else as a picture to recognise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import pypdfium2 as pdfium
from pypdfium2 import raw

from preapproval.case import Line
from preapproval.reading.budget import MOST_PAGES, WORKING_SIDE
from preapproval.reading.intake import Refused, Sheet, check_size
from preapproval.reading.reader import Image

DOTS = 200 / 72
"""Pixels for each point: 200 dpi."""
FEWEST_CHARACTERS = 50
MOST_COVER = 0.5
"""Share of the page that pictures may cover before it counts as a scan, whatever its text layer says."""
MOST_CHARACTERS = 20_000
INK = 40
"""Grey levels between ink and paper; a line without it is invisible, and what is invisible is not read."""
GAP = 1.5
"""Heights of a character between two pieces of a row that are lines of their own."""


@dataclass(frozen=True)
class Glyph:
    """One character of the text layer, its box in pixels."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


def sheets(data: bytes) -> Iterator[Sheet]:
    """The pages of a PDF. Raises Refused for a password, for damage, and after the last page that may be read."""
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        locked = error.err_code == raw.FPDF_ERR_PASSWORD
        raise Refused("encrypted" if locked else "unreadable") from error
    try:
        pages = len(document)
        if not pages:
            raise Refused("unreadable")
        for number in range(min(pages, MOST_PAGES)):
            page = document[number]
            yield _sheet(page)
            page.close()
        if pages > MOST_PAGES:
            raise Refused("too_many_pages", str(pages))
    except pdfium.PdfiumError as error:
        raise Refused("unreadable") from error
    finally:
        document.close()


def _sheet(page: pdfium.PdfPage) -> Sheet:
    width, height = page.get_size()
    scale = min(DOTS, WORKING_SIDE / max(width, height, 1))
    check_size(round(width * scale), round(height * scale))
    bitmap = page.render(scale=scale)  # pyright: ignore[reportArgumentType] - its stub takes the default's type
    image = np.ascontiguousarray(bitmap.to_numpy()[:, :, :3])
    lines = _text_layer(page, bitmap, image)
    bitmap.close()
    return Sheet(image, image.shape[1], image.shape[0], lines)


def _text_layer(page: pdfium.PdfPage, bitmap: pdfium.PdfBitmap, image: Image) -> tuple[Line, ...]:
    text = page.get_textpage()
    try:
        count = text.count_chars()
        if not FEWEST_CHARACTERS < count <= MOST_CHARACTERS or _cover(page) >= MOST_COVER:
            return ()
        glyphs = _glyphs(text, bitmap.get_posconv(page), count)
    finally:
        text.close()
    if not _upright(glyphs):
        return ()
    lines = tuple(line for row in _rows(glyphs) if (line := _line(row)) and _visible(line, image))
    return lines if sum(len(line.text) for line in lines) > FEWEST_CHARACTERS else ()


def _cover(page: pdfium.PdfPage) -> float:
    """Share of the page under pictures; overlapping ones count twice, which only makes it a scan sooner."""
    width, height = page.get_size()
    if page.get_rotation() in (90, 270):
        width, height = height, width
    covered = 0.0
    for picture in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=5):
        left, bottom, right, top = picture.get_bounds()
        covered += max(0.0, min(right, width) - max(left, 0)) * max(0.0, min(top, height) - max(bottom, 0))
    return covered / max(1.0, width * height)


def _glyphs(text: pdfium.PdfTextPage, place: Any, count: int) -> list[Glyph | None]:
    """Characters in the order of the file; None where a line ends."""
    found: list[Glyph | None] = []
    for index in range(count):
        character = chr(raw.FPDFText_GetUnicode(text, index))
        if character in "\r\n\x00\ufffe":
            found.append(None)
            continue
        left, bottom, right, top = text.get_charbox(index)
        ends = place.to_bitmap(left, top), place.to_bitmap(right, bottom)
        (x1, x2), (y1, y2) = sorted(end[0] for end in ends), sorted(end[1] for end in ends)
        found.append(Glyph(character, x1, y1, x2, y2))
    return found


def _upright(glyphs: list[Glyph | None]) -> bool:
    """Whether most characters stand to the right of the one before: sideways or upside down a page is recognised."""
    pairs = [(before, glyph) for before, glyph in pairwise(glyphs) if before and glyph]
    return sum(glyph.left > before.left and _beside(before, glyph) for before, glyph in pairs) > len(pairs) / 2


def _beside(before: Glyph, glyph: Glyph) -> bool:
    high = max(before.bottom - before.top, glyph.bottom - glyph.top, 1.0)
    return min(before.bottom, glyph.bottom) - max(before.top, glyph.top) > -0.3 * high


def _rows(glyphs: list[Glyph | None]) -> list[list[Glyph]]:
    """Characters that stand beside each other in one row, wide gaps ending a line as a cell does."""
    rows: list[list[Glyph]] = [[]]
    for before, glyph in pairwise([None, *_inked(glyphs)]):
        if glyph is None:
            rows.append([])
            continue
        if before is not None:
            high = max(before.bottom - before.top, glyph.bottom - glyph.top, 1.0)
            apart = glyph.left - before.right
            if not _beside(before, glyph) or apart > GAP * high or apart < -2 * high:
                rows.append([])
        rows[-1].append(glyph)
    return [row for row in rows if row]


def _inked(glyphs: list[Glyph | None]) -> Iterator[Glyph | None]:
    """Without blanks; the character after one carries it."""
    blank = ""
    for glyph in glyphs:
        if glyph is not None and not glyph.text.strip():
            blank = " "
        else:
            yield glyph and replace(glyph, text=blank + glyph.text)
            blank = ""


def _line(row: list[Glyph]) -> Line | None:
    text = "".join(glyph.text for glyph in row).strip()
    left, right = min(one.left for one in row), max(one.right for one in row)
    top, bottom = min(one.top for one in row), max(one.bottom for one in row)
    if right - left < 1 or bottom - top < 1:
        return None
    quad = ((left, top), (right, top), (right, bottom), (left, bottom))
    return Line(text=text, quad=quad, confidence=1.0)


def _visible(line: Line, image: Image) -> bool:
    (left, top), _, (right, bottom), _ = line.quad
    part = image[max(0, int(top)) : int(bottom) + 1, max(0, int(left)) : int(right) + 1]
    return bool(part.size) and int(part.max()) - int(part.min()) >= INK
