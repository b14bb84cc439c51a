"""Specimens as PDF: with a text layer, as a word processor writes it, or as scans."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO

from fpdf import FPDF
from PIL import Image

from evals.specimens.ink import Face, font_path
from evals.specimens.specimen import Specimen

DOTS = 150
"""Pixels an inch of the layouts of A4 pages."""
MADE = datetime(2026, 1, 1, tzinfo=UTC)


def text_pdf(pages: Sequence[Specimen]) -> bytes:
    """Text as text, rules as rules; only seals and signatures are pictures. For specimens as rendered, not spoiled."""
    pdf = _empty()
    faces: set[Face] = {how.face for page in pages for what, (_, how, *_) in _texts(page) if what == "text"}
    for face in faces:
        pdf.add_font(face, fname=str(font_path(face)))
    scale = 72 / DOTS
    for page in pages:
        pdf.add_page(format=(page.image.width * scale, page.image.height * scale))
        for what, drawn in page.strokes:
            if what == "rule":
                x0, y0, x1, y1, colour, width = drawn
                pdf.set_draw_color(*_rgb(colour))
                pdf.set_line_width(width * scale)
                pdf.line(x0 * scale, y0 * scale, x1 * scale, y1 * scale)
            elif what == "picture":
                _paste(pdf, page.image, drawn, scale)
            elif drawn[0]:
                line, how, x, y = drawn
                pdf.set_font(how.face, size=how.size * scale)
                pdf.set_text_color(*_rgb(how.colour))
                pdf.set_char_spacing(how.gap * scale)
                pdf.text(x * scale, y * scale, line)
    return bytes(pdf.output())


def scan_pdf(pages: Sequence[Specimen]) -> bytes:
    """One JPEG a page and no text."""
    pdf = _empty()
    for page in pages:
        size = (page.image.width * 72 / DOTS, page.image.height * 72 / DOTS)
        pdf.add_page(format=size)
        packed = BytesIO()
        page.image.convert("RGB").save(packed, "JPEG", quality=80)
        pdf.image(packed, 0, 0, *size)
    return bytes(pdf.output())


def _texts(page: Specimen) -> list[tuple[str, tuple]]:
    return [(what, drawn) for what, drawn in page.strokes if what == "text"]


def _empty() -> FPDF:
    pdf = FPDF(unit="pt")
    pdf.set_auto_page_break(False)
    pdf.set_creation_date(MADE)
    return pdf


def _paste(pdf: FPDF, image: Image.Image, box: tuple[float, float, float, float], scale: float) -> None:
    left, top, right, bottom = (round(edge) for edge in box)
    x, y, width, height = left * scale, top * scale, (right - left) * scale, (bottom - top) * scale
    pdf.image(image.crop((left, top, right, bottom)), x, y, width, height)


def _rgb(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return red, green, blue
