"""Lines of PDF pages: running heads told from text, lines joined to paragraphs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from knowledge.reading.characters import plain_characters
from knowledge.reading.document import Paragraph
from knowledge.reading.labels import field_of, parted
from knowledge.reading.numbering import number_of

PAGE_NUMBER = re.compile(
    r"[-—–·•\s]*(?:第\s*)?\d{1,4}\s*(?:页)?(?:\s*[/／,，]?\s*共?\s*\d{1,4}\s*页?)?[-—–·•\s]*|[-—–\s]*[ivxⅰ-ⅻ]{1,5}[-—–\s]*",
    re.I,
)
FULL = 0.65
"""A line that ends left of this share of its page is not full."""

EDGE = 0.12
"""Running heads and feet stand in this share of the page at its top and bottom."""
ENDS = "。！？；：!?;:"
BOLD = re.compile(r"bold|heavy|black|simhei|黑|hei\b", re.I)


@dataclass(frozen=True)
class Line:
    """One printed line; lengths in points from the upper left of its page."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    bold: bool
    page: int
    width: float
    """Of its page."""


def lines_of(page: Any, boxes: Sequence[tuple[float, float, float, float]], number: int) -> list[Line]:
    """The upright lines of a page outside its tables."""
    seen = page.filter(lambda thing: thing["object_type"] != "char" or _outside(thing, boxes)).dedupe_chars()
    return [
        _line(found, number, float(page.width))
        for found in seen.extract_text_lines(x_tolerance_ratio=0.6)
        if found["text"].strip()
    ]


def _outside(char: dict[str, Any], boxes: Sequence[tuple[float, float, float, float]]) -> bool:
    x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
    return bool(char.get("upright", True)) and not any(
        left <= x <= right and top <= y <= bottom for left, top, right, bottom in boxes
    )


def _line(found: dict[str, Any], number: int, width: float) -> Line:
    chars = found["chars"]
    size = Counter(round(char["size"], 1) for char in chars).most_common(1)[0][0]
    bold = all(BOLD.search(char["fontname"]) for char in chars)
    text = plain_characters(found["text"].strip())
    return Line(text, found["x0"], found["x1"], found["top"], found["bottom"], size, bold, number, width)


def without_running_lines(pages: Sequence[Sequence[Line]], heights: Sequence[float]) -> list[list[Line]]:
    """Pages without page numbers, and without lines at the edge that most pages repeat."""
    edge = [
        [line for line in page if line.bottom < EDGE * height or line.top > (1 - EDGE) * height]
        for page, height in zip(pages, heights, strict=True)
    ]
    repeated = Counter(mask for page in edge for mask in {_mask(line) for line in page})
    running = {mask for mask, count in repeated.items() if len(pages) > 2 and 2 * count > len(pages)}
    dropped = {id(line) for page in edge for line in page if _mask(line) in running or PAGE_NUMBER.fullmatch(line.text)}
    return [[line for line in page if id(line) not in dropped] for page in pages]


def _mask(line: Line) -> str:
    return re.sub(r"\d+", "#", re.sub(r"\s+", "", line.text))


def paragraphs(lines: Sequence[Line], everything: Sequence[Line]) -> list[Paragraph]:
    """Lines joined where one is full and the next goes on; margins are those of `everything`."""
    if not lines:
        return []
    right, left, body = _margins(everything)
    joined: list[list[Line]] = []
    for line in lines:
        if joined and _goes_on(joined[-1][-1], line, left, right, body):
            joined[-1].append(line)
        else:
            joined.append([line])
    return [
        Paragraph(_text(group), bold=all(line.bold or line.size > 1.1 * body for line in group)) for group in joined
    ]


def _margins(lines: Sequence[Line]) -> tuple[float, float, float]:
    """Right and left edge of the text, and the size that most of it is set in."""
    body = Counter[float]()
    for line in lines:
        body[line.size] += len(line.text)
    size = body.most_common(1)[0][0]
    of_body = [line for line in lines if line.size == size] or list(lines)
    lefts = Counter(round(line.x0) for line in of_body)
    common = [x for x, count in lefts.items() if count >= max(1, len(of_body) // 20)]
    return max(line.x1 for line in of_body), float(min(common or lefts)), size


def _goes_on(line: Line, after: Line, left: float, right: float, body: float) -> bool:
    if abs(line.size - after.size) > 0.6 or number_of(after.text) or field_of(parted(after.text)[0]):
        return False
    if line.size > 1.15 * body:
        return line.page == after.page and after.top - line.bottom < line.size and line.text[-1] not in ENDS
    full = line.x1 > max(right - 2 * line.size, FULL * line.width)
    apart = line.page == after.page and after.top - line.bottom > 1.6 * line.size
    return full and not apart and after.x0 < left + 1.2 * after.size


def _text(group: Sequence[Line]) -> str:
    text = group[0].text
    for line in group[1:]:
        text += (" " if text[-1].isascii() and text[-1].isalnum() and line.text[0].isascii() else "") + line.text
    return text
