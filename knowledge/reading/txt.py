"""Plain text: every line a paragraph, headings found by their numbering."""

from __future__ import annotations

from pathlib import Path

from knowledge.reading.decode import decode
from knowledge.reading.document import Document, Paragraph
from knowledge.reading.numbering import number_of
from knowledge.reading.outline import outlined

ENDS = "。；;：:！!？?…”）)"


def read_txt(path: Path) -> Document:
    return Document(outlined([Paragraph(line) for line in unwrapped(decode(path.read_bytes()).split("\n"))]))


def unwrapped(lines: list[str]) -> list[str]:
    """Paragraphs of text whose lines may have been broken at a fixed width."""
    stripped = [line.rstrip(" \t　\xa0") for line in lines]
    width = _width(stripped)
    paragraphs: list[str] = []
    full = False
    for line in stripped:
        text = line.strip(" \t　\xa0﻿")
        if not text:
            full = False
            continue
        if full and not number_of(text) and line[0] not in " 　\t":
            space = " " if paragraphs[-1][-1].isascii() and text[0].isascii() else ""
            paragraphs[-1] += space + text
        else:
            paragraphs.append(text)
        full = bool(width) and len(line) >= width and line[-1] not in ENDS
    return paragraphs


def _width(lines: list[str]) -> int:
    """The width at which a text was broken, or 0 where its lines are whole paragraphs."""
    lengths = [len(line) for line in lines if line.strip()]
    longest = max(lengths, default=0)
    if not 20 <= longest <= 100:
        return 0
    open_ends = [line for line in lines if line.strip() and line.strip()[-1] not in ENDS]
    near = [line for line in open_ends if len(line) >= longest - 3]
    return longest - 3 if len(near) >= 3 and 2 * len(near) >= len([x for x in open_ends if len(x) > 20]) else 0
