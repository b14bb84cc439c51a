"""PDF files with a text layer: paragraphs put together from lines, ruled tables, running heads left out."""

from __future__ import annotations

import logging
import re
import struct
import zlib
from pathlib import Path
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.pdfexceptions import PDFException
from pdfminer.psexceptions import PSException
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from knowledge.reading.document import MAX_CHARACTERS, MAX_PAGES, Block, Damaged, Document, Table
from knowledge.reading.outline import outlined
from knowledge.reading.pdf_lines import Line, lines_of, paragraphs, without_running_lines
from knowledge.reading.pdf_tables import continued, ruled_tables

DAMAGE = (
    PdfminerException, MalformedPDFException, PDFException, PSException, AssertionError, AttributeError, IndexError,
    KeyError, OverflowError, TypeError, ValueError, struct.error, zlib.error,
)  # fmt: skip
"""What pdfminer raises on files that are not what they say."""

MAX_STREAM = 100 * 1024 * 1024
MAX_STREAM_COUNT = 100_000
MAX_STREAMS = 1024 * 1024 * 1024
STREAM = re.compile(rb"stream\r?\n(?=\x78[\x01\x5e\x9c\xda])")
UNMAPPED = re.compile(r"\(cid:\d+\)|\ufffd")
MIN_CHARACTERS = 5
"""A page with fewer is a picture."""

Placed = Line | tuple[float, int, Table]
"""A line, or a table with its top and page."""


def read_pdf(path: Path) -> Document:
    _check_streams(path.read_bytes())
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    try:
        with path.open("rb") as file, pdfplumber.open(file, pages=list(range(1, MAX_PAGES + 1))) as pdf:
            return _document(pdf)
    except DAMAGE as error:
        if any(isinstance(cause, PDFPasswordIncorrect) for cause in (error, *error.args)):
            raise Damaged("it is encrypted; save it without a password") from error
        raise Damaged("it is damaged or no PDF") from error


def _check_streams(data: bytes) -> None:
    """Refuse a file whose packed streams unpack to more than any handbook needs."""
    if b"%PDF" not in data[:1024]:
        raise Damaged("it is damaged or no PDF")
    total = 0
    for count, found in enumerate(STREAM.finditer(data)):
        if count >= MAX_STREAM_COUNT:
            raise Damaged(f"it holds more than {MAX_STREAM_COUNT:,} streams")
        unpacker, size, feed = zlib.decompressobj(), 0, data[found.end() : found.end() + 65536]
        at = found.end() + 65536
        try:
            while feed and not unpacker.eof:
                size += len(unpacker.decompress(feed, 1 << 20))
                feed = unpacker.unconsumed_tail
                if not feed and not unpacker.eof:
                    feed, at = data[at : at + 65536], at + 65536
                if size > MAX_STREAM or total + size > MAX_STREAMS:
                    raise Damaged("it unpacks to more than a handbook can hold, as a zip bomb does")
        except zlib.error:
            continue
        finally:
            total += size


def _document(pdf: Any) -> Document:
    lines: list[list[Line]] = []
    tables: list[tuple[float, int, Table]] = []
    bare: list[int] = []
    heights: list[float] = []
    characters = 0
    for number, page in enumerate(pdf.pages):
        found, boxes = ruled_tables(page)
        placed = lines_of(page, boxes, number)
        tables += [(box[1], number, table) for box, table in zip(boxes, found, strict=True)]
        lines.append(placed)
        heights.append(float(page.height))
        count = sum(len(line.text) for line in placed) + sum(len(c.text) for t in found for r in t.rows for c in r)
        characters += count
        if count < MIN_CHARACTERS and page.images:
            bare.append(number + 1)
        if characters > MAX_CHARACTERS:
            raise Damaged(f"it holds more than {MAX_CHARACTERS:,} characters")
        page.close()
    _check_text(lines, characters)
    return Document(outlined(_blocks(without_running_lines(lines, heights), tables)), notes=_notes(pdf, bare))


def _check_text(pages: list[list[Line]], characters: int) -> None:
    if characters < MIN_CHARACTERS * max(1, len(pages) // 4):
        raise Damaged("it is scanned (pictures without a text layer) and needs OCR first")
    text = "".join(line.text for page in pages for line in page)
    if 5 * sum(len(found) for found in UNMAPPED.findall(text)) > len(text) > 0:
        raise Damaged("its fonts do not tell which characters they show; it needs OCR first")


def _blocks(pages: list[list[Line]], tables: list[tuple[float, int, Table]]) -> list[Block]:
    """Lines and tables in the order of the pages; a table that a page break cuts is one table."""
    placed: list[Placed] = [line for page in pages for line in page]
    placed = sorted([*placed, *tables], key=_position)
    blocks: list[Block] = []
    run: list[Line] = []
    everything = [line for page in pages for line in page]
    for one in placed:
        if isinstance(one, Line):
            run.append(one)
            continue
        blocks += paragraphs(run, everything)
        last = blocks[-1] if blocks and not run else None
        run = []
        joined = continued(last, one[2]) if isinstance(last, Table) else None
        blocks[len(blocks) - bool(joined) :] = [joined or one[2]]
    return [*blocks, *paragraphs(run, everything)]


def _position(one: Placed) -> tuple[int, float]:
    return (one.page, one.top) if isinstance(one, Line) else (one[1], one[0])


def _notes(pdf: Any, bare: list[int]) -> tuple[str, ...]:
    notes = []
    if bare:
        shown = ", ".join(map(str, bare[:20])) + (" …" if len(bare) > 20 else "")
        notes.append(f"Pages without text (pictures; they need OCR) were left out: {shown}.")
    if len(pdf.pages) >= MAX_PAGES:
        notes.append(f"Only the first {MAX_PAGES:,} pages were read.")
    return tuple(notes)
