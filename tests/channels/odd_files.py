"""Odd and hostile files as the front door gets them, made in memory."""

import io
import struct
import zipfile
import zlib
from typing import Any

from fpdf import FPDF
from PIL import Image


def saved(picture: Image.Image, kind: str, **options: Any) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, kind, **options)
    return stream.getvalue()


def archive() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        packed.writestr("run.js", "alert(1)")
    return stream.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A PNG whose header promises that size; its pixels are hardly there."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = chunk(b"IDAT", zlib.compress(b"\0" * 64))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + pixels + chunk(b"IEND", b"")


def pdf(pages: int = 1, password: str | None = None) -> bytes:
    document = FPDF()
    if password:
        document.set_encryption(owner_password=password, user_password=password)
    document.set_font("helvetica", size=14)
    for number in range(pages):
        document.add_page()
        document.text(20, 20, f"Sample page {number + 1}")
    return bytes(document.output())
