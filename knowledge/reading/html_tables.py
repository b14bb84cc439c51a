"""Tables of web pages: spans laid out in a grid, definition lists as pairs, layout tables told from real ones."""

from __future__ import annotations

import re
from itertools import islice

from bs4 import Tag
from bs4.element import NavigableString

from knowledge.reading.document import MAX_COLUMNS, MAX_DEPTH, MAX_ROWS, Cell, Table

LINES = {"p", "div", "li", "br", "tr", "dt", "dd", "h3", "h4", "h5", "h6"}
MAX_TABLE_ROWS = MAX_ROWS // 10
MAX_SPANNED = 1_000_000
"""Places in the grid; a table that claims more is left out."""


def is_layout(table: Tag) -> bool:
    """Whether a table only arranges the page: headings inside it, or one cell in every row."""
    if table.find(["h1", "h2", "h3", "main", "article"]):
        return True
    return all(len(row.find_all(["td", "th"], recursive=False)) < 2 for row in _rows(table))


def _rows(table: Tag) -> list[Tag]:
    """Rows of this table, not of those inside it."""
    rows: list[Tag] = []
    for child in table.find_all(["tr", "thead", "tbody", "tfoot"], recursive=False):
        rows += [child] if child.name == "tr" else child.find_all("tr", recursive=False)
    return list(islice(rows, MAX_TABLE_ROWS))


def table_of(table: Tag, depth: int = 0) -> Table | None:
    grid: dict[tuple[int, int], Cell] = {}
    rows = _rows(table)
    spanned = 0
    for y, row in enumerate(rows):
        x = 0
        for tag in row.find_all(["td", "th"], recursive=False):
            while (y, x) in grid:
                x += 1
            if x >= MAX_COLUMNS:
                break
            cell = _cell(tag, (y, x), depth)
            tall, wide = _span(tag, "rowspan", len(rows) - y), _span(tag, "colspan", MAX_COLUMNS - x)
            spanned += tall * wide
            if spanned > MAX_SPANNED:
                return None
            for down in range(tall):
                for right in range(wide):
                    grid.setdefault((y + down, x + right), cell)
    if not grid:
        return None
    width = max(x for _, x in grid) + 1
    return Table(tuple(tuple(grid.get((y, x)) or Cell("", (y, x)) for x in range(width)) for y in range(len(rows))))


def _span(tag: Tag, name: str, most: int) -> int:
    value = str(tag.get(name) or "1").strip()
    return max(1, min(int(value) if value.isdecimal() and len(value) < 6 else 1, most))


def _cell(tag: Tag, at: tuple[int, int], depth: int) -> Cell:
    inner = [found for found in tag.find_all("table") if found.find_parent("table") is tag.find_parent("table")]
    tables = [made for found in inner if depth < MAX_DEPTH and (made := table_of(found, depth + 1))]
    return Cell(cell_text(tag), at, tuple(tables))


def cell_text(tag: Tag) -> str:
    """Words of a cell, with its paragraphs and breaks as lines; tables inside it apart."""
    pieces: list[str] = []
    for part in tag.descendants:
        if isinstance(part, Tag):
            pieces.append("\n" if part.name in LINES else "")
        elif isinstance(part, NavigableString) and _outermost(part, tag):
            pieces.append(re.sub(r"[\s\xa0]+", " ", str(part)))
            pieces.append("\n" if part.parent is not tag and _ends_line(part) else "")
    lines = (re.sub(r"\s+", " ", line).strip(" 　") for line in "".join(pieces).split("\n"))
    return "\n".join(line for line in lines if line)


def _outermost(part: NavigableString, cell: Tag) -> bool:
    return part.find_parent(["td", "th", "dd", "dt", "table"]) is cell


def _ends_line(part: NavigableString) -> bool:
    return part.parent is not None and part.parent.name in LINES and part.next_sibling is None


def definition_table(tag: Tag) -> Table | None:
    """A dl as a table of pairs, with a header where its terms are questions."""
    rows: list[list[str]] = []
    for part in tag.find_all(["dt", "dd"]):
        text = cell_text(part)
        if part.name == "dt":
            rows.append([text, ""])
        elif rows:
            rows[-1][1] = "\n".join(filter(None, [rows[-1][1], text]))
    if rows and all(term.endswith(("?", "？")) for term, _ in rows):
        rows.insert(0, ["question", "answer"])
    return Table.of(rows) if rows else None
