"""Excel workbooks, read as a stream: each visible sheet is a heading and a table."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.exceptions import InvalidFileException

from knowledge.reading.document import (
    MAX_COLUMNS,
    MAX_ROWS,
    STYLED_RANK,
    TITLE_RANK,
    Block,
    Cell,
    Damaged,
    Document,
    Heading,
    Table,
)
from knowledge.reading.labels import words
from knowledge.reading.office_package import check_package

PLAIN_NAME = re.compile(r"(sheet|工作表|表)\s*\d*", re.I)
MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]{0,200}ref=[\"']([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})[\"']")
MAX_MERGED = 20_000
MAX_EMPTY = 2_000
"""So many empty rows in a row end a sheet."""

Merged = dict[tuple[int, int], tuple[int, int]]
"""Place of a covered cell (from 1) -> upper left corner of its merged cell."""


def read_xlsx(path: Path) -> Document:
    check_package(path, "xl/workbook.xml")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            with path.open("rb") as file:
                return _document(openpyxl.load_workbook(file, read_only=True, data_only=True), path)
    except (InvalidFileException, KeyError, ValueError, TypeError, AttributeError, IndexError, SyntaxError) as error:
        raise Damaged(f"it is damaged or no Excel workbook ({error})") from error
    except zipfile.BadZipFile as error:
        raise Damaged(f"it is damaged or no Excel workbook ({error})") from error


def _document(book: Any, path: Path) -> Document:
    blocks: list[Block] = [Heading(TITLE_RANK, path.stem)]
    notes: list[str] = []
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    notes += [f"Sheet {sheet.title} is hidden and was left out." for sheet in book.worksheets if sheet not in shown]
    left = MAX_ROWS
    for sheet in shown:
        rows = list(_rows(sheet, left))
        left -= len(rows)
        if not rows:
            continue
        if len(shown) > 1 or not PLAIN_NAME.fullmatch(sheet.title.strip()):
            blocks.append(Heading(STYLED_RANK, sheet.title.strip()))
        blocks.append(_table(rows, _merged(path, sheet)))
        if left <= 0:
            notes.append(f"Only the first {MAX_ROWS:,} rows were read.")
            break
    return Document(tuple(blocks), notes=tuple(notes))


def _rows(sheet: Any, most: int) -> Iterator[tuple[int, list[str]]]:
    """Row number (from 1) and cell texts of the rows that hold anything."""
    sheet.reset_dimensions()
    empty = found = 0
    for number, cells in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS), 1):
        texts = [_text(cell) for cell in cells]
        if any(texts):
            yield number, texts
            empty, found = 0, found + 1
        else:
            empty += 1
        if found >= most or empty >= MAX_EMPTY:
            return


def _text(cell: Any) -> str:
    value, form = cell.value, getattr(cell, "number_format", None) or ""
    if value is None:
        return ""
    if isinstance(value, bool):
        return words()["yes" if value else "no"][0]
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat("minutes")
    if isinstance(value, int | float):
        if form.endswith("%"):
            return f"{value * 100:.10g}%"
        return (
            str(int(value)).zfill(len(form) if re.fullmatch("0+", form) else 0)
            if value == int(value)
            else f"{value:.12g}"
        )
    return str(value).replace("\r\n", "\n").replace("_x000D_", "").strip(" \t　\n")


def _merged(path: Path, sheet: Any) -> Merged:
    """Merged cells, which a streamed sheet does not tell; a range that covers more than a page is left alone."""
    with zipfile.ZipFile(path) as package, package.open(sheet._worksheet_path.lstrip("/")) as file:
        tail, covered = b"", {}
        while chunk := file.read(1 << 20):
            data = tail + chunk
            for found in MERGED.finditer(data):
                _cover(covered, found[1].decode())
                if len(covered) > MAX_MERGED:
                    return covered
            tail = data[-200:]
    return covered


def _cover(covered: Merged, reference: str) -> None:
    left, top, right, bottom = (edge or 0 for edge in range_boundaries(reference))
    if (right - left + 1) * (bottom - top + 1) > MAX_MERGED or right > MAX_COLUMNS:
        return
    for y in range(top, bottom + 1):
        for x in range(left, right + 1):
            covered[y, x] = (top, left)


def _table(rows: list[tuple[int, list[str]]], merged: Merged) -> Table:
    texts = {(y, x): text for y, row in rows for x, text in enumerate(row, 1) if text}
    used = sorted({x for _, x in texts} | {x for (y, x) in merged if merged[y, x] in texts})
    table: list[tuple[Cell, ...]] = []
    for y, _ in rows:
        origins = [merged.get((y, x), (y, x)) for x in used]
        table.append(tuple(Cell(texts.get(origin, ""), origin) for origin in origins))
    return Table(tuple(table))
