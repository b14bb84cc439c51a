"""Ruled tables of PDF pages, with merged cells found from the ruling."""

from __future__ import annotations

from typing import Any

from knowledge.reading.characters import plain_characters
from knowledge.reading.document import MAX_COLUMNS, Cell, Table
from knowledge.reading.numbering import number_of

Box = tuple[float, float, float, float]
MAX_CELLS = 5_000
SAME = 3.0
"""Rulings nearer than this, in points, are one."""


def ruled_tables(page: Any) -> tuple[list[Table], list[Box]]:
    """Tables of more than one cell, and where they stand."""
    if len(page.rects) + len(page.lines) + len(page.curves) > 20_000:
        return [], []
    found = [table for table in page.find_tables() if 1 < len(table.cells) <= MAX_CELLS]
    made = [(_table(page, table), table.bbox) for table in found]
    kept = [(table, box) for table, box in made if any(cell.text for row in table.rows for cell in row)]
    return [table for table, _ in kept], [box for _, box in kept]


def _table(page: Any, table: Any) -> Table:
    columns, rows = _edges([box[0] for box in table.cells]), _edges([box[1] for box in table.cells])
    columns = columns[:MAX_COLUMNS]
    ends_x, ends_y = [*columns[1:], table.bbox[2]], [*rows[1:], table.bbox[3]]
    texts: dict[Box, str] = {}
    places: dict[Box, tuple[int, int]] = {}
    grid: list[tuple[Cell, ...]] = []
    for y, (top, bottom) in enumerate(zip(rows, ends_y, strict=True)):
        row: list[Cell] = []
        for x, (left, right) in enumerate(zip(columns, ends_x, strict=True)):
            box = _around((left + right) / 2, (top + bottom) / 2, table.cells)
            if box is None:
                row.append(Cell("", (y, x)))
                continue
            places.setdefault(box, (y, x))
            if box not in texts:
                texts[box] = cell_text(page, box)
            row.append(Cell(texts[box], places[box]))
        grid.append(tuple(row))
    return Table(tuple(grid))


def _edges(values: list[float]) -> list[float]:
    edges: list[float] = []
    for value in sorted(values):
        if not edges or value - edges[-1] > SAME:
            edges.append(value)
    return edges


def _around(x: float, y: float, boxes: list[Box]) -> Box | None:
    return next((box for box in boxes if box[0] <= x <= box[2] and box[1] <= y <= box[3]), None)


def cell_text(page: Any, box: Box) -> str:
    """Text of a cell; a line that fills the cell goes on in the next."""
    lines = page.crop(box, strict=False).extract_text_lines(x_tolerance_ratio=0.6, return_chars=True)
    text, full = "", False
    for line in lines:
        words = plain_characters(line["text"].strip())
        joined = full and not number_of(words)
        text += ("" if joined or not text else "\n") + words
        full = line["x1"] > box[2] - 1.8 * line["chars"][0]["size"]
    return text


def continued(table: Table, rest: Table) -> Table | None:
    """`table` with the rows that the next page goes on with, if the two have the same columns."""
    if len(table.rows[0]) != len(rest.rows[0]):
        return None
    offset = len(table.rows)
    rows = [list(row) for row in table.rows]
    first = [cell.text for cell in rest.rows[0]]
    for y, row in enumerate(rest.rows):
        if y == 0 and first == [cell.text for cell in table.rows[0]]:
            continue
        moved = [Cell(cell.text, (cell.at[0] + offset, cell.at[1]), cell.tables) for cell in row]
        if y == 0 and not row[0].text and any(first) and len(row) > 1:
            rows[-1] = [_grown(above, below) for above, below in zip(rows[-1], moved, strict=True)]
        else:
            rows.append(moved)
    return Table(tuple(tuple(row) for row in rows))


def _grown(above: Cell, below: Cell) -> Cell:
    text = "\n".join(filter(None, [above.text, below.text]))
    return Cell(text, above.at, above.tables)
