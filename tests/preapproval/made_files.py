"""Files as people hand them in: good, odd, damaged and hostile ones, made in memory."""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
import zlib
from functools import cache
from typing import Any

import numpy as np
from drawn_pages import card_front, lease
from fpdf import FPDF
from PIL import Image as Pictures

from preapproval.case import HandedIn


def handed(data: bytes, name: str = "样本.png") -> HandedIn:
    return HandedIn(name=name, sha256=hashlib.sha256(data).hexdigest(), size=len(data))


@cache
def card_picture() -> Pictures.Image:
    return Pictures.fromarray(np.ascontiguousarray(card_front()[:, :, ::-1]))


@cache
def lease_picture() -> Pictures.Image:
    return Pictures.fromarray(np.ascontiguousarray(lease()[:, :, ::-1]))


def saved(picture: Pictures.Image, kind: str, **options: Any) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, kind, **options)
    return stream.getvalue()


def halves(mode: str = "RGB") -> Pictures.Image:
    """200 × 100: the left half dark, the right half light."""
    picture = Pictures.new("L", (200, 100), 30)
    picture.paste(220, (100, 0, 200, 100))
    return picture.convert(mode)


def png_of_size(width: int, height: int) -> bytes:
    """A PNG whose header promises that size; its pixels are hardly there."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 64)) + chunk(b"IEND", b"")
    )


def archive() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        packed.writestr("run.js", "alert(1)")
    return stream.getvalue()


def sideways_pdf(rotate: int) -> bytes:
    """Words that climb up the page, and a page that says how it is to be turned."""
    document = FPDF(unit="pt", format="A4")
    document.add_page()
    document.set_font("helvetica", size=14)
    for row in range(4):
        with document.rotation(90, 100 + 40 * row, 700):
            document.text(100 + 40 * row, 700, f"1.{row + 1} {LETTERS}")
    return rotated(bytes(document.output()), rotate)


LETTERS = "Lease of a sample house between party A and party B, signed in the year 2026."


def text_pdf(pages: int = 1, password: str | None = None, rotate: int = 0) -> bytes:
    """A PDF with a text layer: four rows on each page."""
    document = FPDF(unit="pt", format="A4")
    document.set_font("helvetica", size=14)
    for number in range(pages):
        document.add_page()
        for row in range(4):
            document.text(72, 100 + 40 * row, f"{number + 1}.{row + 1} {LETTERS}")
    if password:
        document.set_encryption(owner_password="o", user_password=password)
    data = bytes(document.output())
    return rotated(data, rotate) if rotate else data


def scan_pdf(watermark: str = "") -> bytes:
    """A picture that fills the page, and perhaps an invisible layer of text over it."""
    document = FPDF(unit="pt", format="A4")
    document.add_page()
    document.image(lease_picture(), 0, 0, 595, 842)
    if watermark:
        document.set_font("helvetica", size=8)
        document.set_text_color(255, 255, 255)
        document.text(20, 20, watermark)
    return bytes(document.output())


def hidden_text_pdf() -> bytes:
    """White words on white paper."""
    document = FPDF(unit="pt", format="A4")
    document.add_page()
    document.set_font("helvetica", size=14)
    document.set_text_color(255, 255, 255)
    for row in range(4):
        document.text(72, 100 + 40 * row, LETTERS)
    return bytes(document.output())


def sized_pdf(width: float, height: float) -> bytes:
    document = FPDF(unit="pt", format=(width, height))
    document.add_page()
    return bytes(document.output())


def rotated(data: bytes, degrees: int) -> bytes:
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    for page in document:
        page.set_rotation(degrees)
    stream = io.BytesIO()
    document.save(stream)
    document.close()
    return stream.getvalue()
