"""A paper on pages of A4: where every line and every rule stands. Drawing them is notice_pdf.py."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from preapproval.notice import Notice
from preapproval.notice_blocks import Block, Heading, NewPage, Sign, Table, Text, Title
from preapproval.notice_lines import break_lines

WIDTH, HEIGHT = 210.0, 297.0
LEFT, RIGHT, TOP, BOTTOM = 24.0, 186.0, 28.0, 271.0
"""Millimetres; between them stands what is written."""
MARK_Y, FOOT_Y = 18.0, 283.0
TITLE, NUMBER, BODY, CELL, SMALL = 22.0, 14.0, 14.0, 10.5, 10.5
"""Sizes in points: 二号 四号 四号 五号 五号."""
POINT = 0.3528
"""Millimetres."""
LEAD, CELL_LEAD = 1.65, 1.4
PAD_X, PAD_Y = 1.6, 1.2
SIGN_WIDTH = 75.0
RISE = 0.86
"""Baseline below the top of a line's letters, in sizes."""

Width = Callable[[str, float], float]
"""Text and size in points -> millimetres."""


@dataclass(frozen=True)
class Put:
    """Text with the left end of its baseline."""

    x: float
    y: float
    text: str
    size: float


@dataclass(frozen=True)
class Box:
    """The border of a cell."""

    x: float
    y: float
    width: float
    height: float


@dataclass
class Sheet:
    """Pages as they fill up; `y` is where the next thing begins."""

    width: Width
    pages: list[list[Put | Box]] = field(default_factory=lambda: [[]])
    y: float = TOP

    def new_page(self) -> None:
        self.pages.append([])
        self.y = TOP

    def keep(self, height: float) -> None:
        """Begin a page where `height` no longer fits."""
        if self.y + height > BOTTOM and self.y > TOP:
            self.new_page()

    def line(self, text: str, size: float, lead: float = LEAD, x: float = LEFT) -> None:
        height = size * POINT * lead
        self.keep(height)
        self.put(x, self.y + (height - size * POINT) / 2, text, size)
        self.y += height

    def put(self, x: float, top: float, text: str, size: float) -> None:
        if text:
            self.pages[-1].append(Put(round(x, 3), round(top + size * POINT * RISE, 3), text, size))

    def centred(self, text: str, size: float, left: float = LEFT, right: float = RIGHT) -> None:
        for one in break_lines(text, right - left, lambda part: self.width(part, size)):
            self.line(one, size, 1.4, left + (right - left - self.width(one, size)) / 2)


def lay_out(notice: Notice, width: Width) -> tuple[tuple[Put | Box, ...], ...]:
    """What stands on each page."""
    sheet = Sheet(width)
    sheet.centred(notice.authority, 16)
    sheet.centred(notice.title, TITLE)
    sheet.centred(notice.number, NUMBER)
    sheet.y += 4
    for block in notice.blocks:
        _lay(sheet, block)
    return tuple(tuple(page) for page in sheet.pages)


def _lay(sheet: Sheet, block: Block) -> None:
    if isinstance(block, NewPage):
        sheet.new_page()
    elif isinstance(block, Title):
        sheet.centred(block.text, TITLE)
        sheet.y += 4
    elif isinstance(block, Heading):
        sheet.keep(BODY * POINT * LEAD * 3)
        sheet.y += 1.5
        sheet.line(block.text, BODY)
    elif isinstance(block, Text):
        _text(sheet, block)
    elif isinstance(block, Table):
        _table(sheet, block)
    else:
        _sign(sheet, block)


def _text(sheet: Sheet, block: Text) -> None:
    size = SMALL if block.style == "small" else BODY
    indent = 0.0 if block.style == "plain" else 2 * size * POINT
    lines = break_lines(block.text, RIGHT - LEFT, lambda part: sheet.width(part, size), indent)
    for place, line in enumerate(lines):
        sheet.line(line, size, x=LEFT + (0 if place else indent))


def _sign(sheet: Sheet, block: Sign) -> None:
    height = BODY * POINT * 2.1
    sheet.y += 4
    sheet.keep(height * len(block.lines) + 4)
    for text in block.lines:
        sheet.line(text, BODY, 2.1, RIGHT - SIGN_WIDTH + (SIGN_WIDTH - sheet.width(text, BODY)) / 2)
    sheet.y += 4


def _table(sheet: Sheet, block: Table) -> None:
    total = sum(block.widths)
    widths = [(RIGHT - LEFT) * share / total for share in block.widths]
    header = _cells(sheet, block.header, widths) if block.header else None
    first = _height(header) + (_height(_cells(sheet, block.rows[0], widths)) if block.rows else 0)
    sheet.keep(min(first, BOTTOM - TOP))
    if header:
        _row(sheet, header, widths)
    for row in block.rows:
        cells = _cells(sheet, row, widths)
        if sheet.y + _height(cells) > BOTTOM and sheet.y > TOP + _height(header):
            _next(sheet, header, widths)
        for part in _parts(cells, BOTTOM - sheet.y, BOTTOM - TOP - _height(header)):
            if sheet.y + _height(part) > BOTTOM:
                _next(sheet, header, widths)
            _row(sheet, part, widths)
    sheet.y += 2


def _next(sheet: Sheet, header: Sequence[tuple[str, ...]] | None, widths: Sequence[float]) -> None:
    sheet.new_page()
    if header:
        _row(sheet, header, widths)


def _cells(sheet: Sheet, row: Sequence[str], widths: Sequence[float]) -> list[tuple[str, ...]]:
    """The lines of each cell."""
    return [
        break_lines(text, width - 2 * PAD_X, lambda part: sheet.width(part, CELL))
        for text, width in zip(row, widths, strict=True)
    ]


def _height(cells: Sequence[tuple[str, ...]] | None) -> float:
    return max(map(len, cells)) * CELL * POINT * CELL_LEAD + 2 * PAD_Y if cells else 0.0


def _parts(cells: list[tuple[str, ...]], room: float, page: float) -> list[list[tuple[str, ...]]]:
    """The row itself; only one that no page can hold goes on on the next."""
    if _height(cells) <= page:
        return [cells]
    line = CELL * POINT * CELL_LEAD
    fits, later = int((room - 2 * PAD_Y) / line), int((page - 2 * PAD_Y) / line)
    parts: list[list[tuple[str, ...]]] = []
    begin, take = 0, fits if fits > 2 else later
    while begin < max(map(len, cells)):
        parts.append([lines[begin : begin + take] for lines in cells])
        begin, take = begin + take, later
    return parts


def _row(sheet: Sheet, cells: Sequence[tuple[str, ...]], widths: Sequence[float]) -> None:
    height, x, line = _height(cells), LEFT, CELL * POINT * CELL_LEAD
    for lines, width in zip(cells, widths, strict=True):
        sheet.pages[-1].append(Box(round(x, 3), round(sheet.y, 3), round(width, 3), round(height, 3)))
        for place, text in enumerate(lines):
            top = sheet.y + PAD_Y + place * line + (line - CELL * POINT) / 2
            sheet.put(x + PAD_X, top, text, CELL)
        x += width
    sheet.y += height
