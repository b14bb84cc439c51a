"""What a file really is, by its bytes and never by its name, and whether it may be opened at all."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field

import numpy as np

from preapproval.case import FileProblem, Line
from preapproval.reading.budget import LONGEST_SIDE, MOST_BYTES, MOST_PIXELS, WIDEST
from preapproval.reading.reader import Image

PDF = "application/pdf"
HEADERS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (8, b"WEBP", "image/webp"),
    (0, b"BM", "image/bmp"),
    (0, b"%PDF-", PDF),
)
"""Where the signature stands, its bytes, and what the file then is."""
HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
FOREIGN = (b"<script", b"<html", b"<!doctype html", b"<svg", b"<?php", b"%pdf-")
"""What has no business in a picture: a browser or a PDF viewer would take it up."""
HEAD = 1024
"""Bytes in which lenient programs look for a header."""


class Refused(Exception):
    """Why a file, or the rest of it, is not read. `detail` holds figures only, no words."""

    def __init__(self, problem: FileProblem, detail: str = "") -> None:
        super().__init__(problem, detail)
        self.problem: FileProblem = problem
        self.detail = detail


@dataclass(frozen=True)
class Sheet:
    """One page as decoded, EXIF rotation applied: 8 bits, BGR, at most `WORKING_SIDE` pixels long."""

    image: Image
    width: int
    """Of the page in the file, after EXIF rotation; the image may be smaller."""
    height: int
    lines: tuple[Line, ...] = ()
    """Text layer, quads in pixels of `image`; empty where the page must be recognised."""
    notes: dict[str, str] = field(default_factory=dict)
    """Text chunks of a PNG."""


def media_type(data: bytes) -> str:
    """What `data` is. Raises Refused for what is empty, too large, of another kind, or two things at once."""
    if not data:
        raise Refused("empty")
    if len(data) > MOST_BYTES:
        raise Refused("too_large", f"{len(data) / 2**20:.1f} MiB")
    kind = _by_header(data)
    if kind is None:
        raise Refused("unsupported")
    if _second_format(data, kind):
        raise Refused("mixed_formats")
    return kind


def check_size(width: int, height: int) -> None:
    """Raises Refused for a page that would cost too much, before it is decoded."""
    if min(width, height) < 1:
        raise Refused("unreadable")
    shown = f"{width} × {height}"
    if max(width, height) > LONGEST_SIDE or width * height > MOST_PIXELS:
        raise Refused("too_large", shown)
    if max(width, height) > WIDEST * min(width, height):
        raise Refused("too_wide", shown)


def _by_header(data: bytes) -> str | None:
    if data[4:8] == b"ftyp" and data[8:12] in HEIC_BRANDS:
        return "image/heic"
    for at, signature, kind in HEADERS:
        if data[at : at + len(signature)] == signature and (kind != "image/webp" or data[:4] == b"RIFF"):
            return kind
    return None


def _second_format(data: bytes, kind: str) -> bool:
    """Whether the file is something else too: an archive at its end, or a page or a program inside."""
    if _is_archive(data):
        return True
    if kind == PDF:
        tail = data.rpartition(b"%%EOF")[2] if b"%%EOF" in data else b""
        lowered = (data[5:HEAD] + tail).lower()
    else:
        lowered = data.lower()
    return any(mark in lowered for mark in FOREIGN)


def _is_archive(data: bytes) -> bool:
    """Whether a program for archives would open it; a stray signature in compressed pixels is none."""
    if b"PK\x05\x06" not in data[-66_000:]:
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return bool(archive.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return False


def flattened(pixels: np.ndarray) -> Image:
    """Any array of pixels as 8-bit BGR: one channel is grey, the fourth is laid over white."""
    if pixels.ndim == 2:
        return np.repeat(pixels[:, :, None], 3, axis=2).astype(np.uint8, copy=False)
    if pixels.shape[2] == 4:
        cover = pixels[:, :, 3:].astype(np.float32) / 255
        pixels = (pixels[:, :, :3] * cover + 255 * (1 - cover)).astype(np.uint8)
    return np.ascontiguousarray(pixels[:, :, 2::-1])
