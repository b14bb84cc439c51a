"""The sheets of a handbook as an Excel workbook, and back."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, NamedStyle, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.datavalidation import DataValidation

from knowledge.reading.document import Damaged
from knowledge.reading.office_package import check_package
from knowledge.sheets.cells import Formula
from knowledge.sheets.columns import ROOTS, Column, Dotted, Sheet, sheets
from knowledge.sheets.entries import Given
from knowledge.sheets.rows import Row
from knowledge.sheets.titles import column_title, header_note, option_title, sheet_title, words
from knowledge.source_lines import UnreadableFile

WIDTHS = {"yes_no": 9, "whole": 9, "number": 9, "date": 13, "map": 40, "map_of_texts": 40, "texts": 32}
WIDE = {"text", "quote", "answer", "summary", "because", "note", "questions", "asks", "notice"}
WIDE_WIDTH, TEXT_WIDTH, OPTION_WIDTH, HEAD_WIDTH = 48, 20, 12, 8
FORMATS = {"date": "yyyy-mm-dd", "whole": "General", "number": "General"}
LAST_ROW = 20_000
"""How far down a closed list is offered; rows may be added below the last one."""

MAX_LIST = 255
"""Characters that Excel takes for a list typed into a cell rule."""

MAX_COLUMNS = 500
MAX_EMPTY = 2_000
"""So many empty rows in a row end a sheet."""


@dataclass(frozen=True)
class Workbook:
    """What an edited workbook holds."""

    tables: dict[str, Given]
    """Sheet name -> rows."""
    notes: list[str]
    """Sentences on what of it is no part of a handbook."""
    stamp: str | None = None
    """The mark of the handbook that it was exported from."""


def to_xlsx(rows: dict[str, list[Row]], stamp: str = "") -> bytes:
    book = openpyxl.Workbook()
    book.properties.identifier = stamp
    book.remove(book.worksheets[0])
    for column_shape in ("text", "date", "number"):
        style = NamedStyle(column_shape, alignment=Alignment(wrap_text=True, vertical="top"))
        style.number_format = {"date": "yyyy-mm-dd", "number": "General"}.get(column_shape, "@")
        book.add_named_style(style)
    for sheet in sheets():
        _write(book, sheet, rows[sheet.name])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _style(column: Column) -> str:
    return {"date": "date", "whole": "number", "number": "number"}.get(column.shape, "text")


def _write(book: Any, sheet: Sheet, rows: list[Row]) -> None:
    page = book.create_sheet(sheet_title(sheet))
    for x, column in enumerate(sheet.all_columns, 1):
        _write_head(page, x, sheet, column)
    places = {column.path: (x, _style(column)) for x, column in enumerate(sheet.all_columns, 1)}
    for y, row in enumerate(rows, 2):
        for path, value in row.items():
            if value is None:
                continue
            x, style = places[path]
            cell = page.cell(y, x, value)
            cell.style = style
            if isinstance(value, str):
                cell.data_type = "s"  # text stays text, also where it starts with = or looks like an error
    page.freeze_panes = page.cell(2, len(sheet.heads) + 1 if sheet.parent else 3)
    page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.all_columns))}{len(rows) + 1}"


def _write_head(page: Any, x: int, sheet: Sheet, column: Column) -> None:
    letter = get_column_letter(x)
    cell = page.cell(1, x, column_title(sheet, column))
    cell.fill = PatternFill("solid", fgColor="DDEBF7")
    cell.alignment = Alignment(wrap_text=True, vertical="center")
    cell.font = Font(bold=not column.for_reading, italic=column.for_reading)
    if note := header_note(column):
        cell.comment = Comment(note, "xiaoxin", width=240, height=60)
    page.column_dimensions[letter].width = _width(column)
    page.column_dimensions[letter].number_format = FORMATS.get(column.shape, "@")
    if column.refers:
        page.add_data_validation(_rule(letter, _keys_of(column.refers), "warning"))
    options = [words()["yes"], words()["no"]] if column.shape == "yes_no" else []
    if column.options and column.shape == "text":
        options = [option_title(option) for option in column.options]
    listed = ",".join(options)
    if options and len(listed) <= MAX_LIST:
        page.add_data_validation(_rule(letter, f'"{listed}"', "stop"))


def _rule(letter: str, formula: str, style: str) -> DataValidation:
    """A closed list for a column below its head; `warning` lets other values pass after a question."""
    rule = DataValidation(type="list", formula1=formula, allow_blank=True, showErrorMessage=True, errorStyle=style)  # type: ignore[arg-type]
    rule.add(f"{letter}2:{letter}{LAST_ROW}")
    return rule


def _keys_of(root: str) -> str:
    """The cells that hold the keys of a root."""
    sheet = next(one for one in sheets() if one.name == root)
    letter = get_column_letter([column.path for column in sheet.all_columns].index((ROOTS[root][1],)) + 1)
    return f"'{sheet_title(sheet)}'!${letter}$2:${letter}${LAST_ROW}"


def _width(column: Column) -> int:
    last = column.path[-1]
    if last.startswith("@"):
        return HEAD_WIDTH if column.shape == "number" else TEXT_WIDTH
    if column.options and column.shape == "text":
        return OPTION_WIDTH
    return WIDE_WIDTH if last in WIDE else WIDTHS.get(column.shape, TEXT_WIDTH)


# reading -------------------------------------------------------------------------------------------------------


def from_xlsx(path: Path) -> Workbook:
    """Read the sheets of a workbook. Raises UnreadableFile."""
    try:
        check_package(path, "xl/workbook.xml")
        with warnings.catch_warnings(), path.open("rb") as file:
            warnings.simplefilter("ignore", UserWarning)
            return _sheets(openpyxl.load_workbook(file, read_only=True))
    except Damaged as error:
        raise UnreadableFile(f"{path.name}: {error}") from error
    except (
        InvalidFileException, KeyError, ValueError, TypeError, AttributeError, IndexError, SyntaxError,
        zipfile.BadZipFile,
    ) as error:  # fmt: skip
        raise UnreadableFile(f"{path.name}: it is damaged or no Excel workbook ({error})") from error


def _sheets(book: Any) -> Workbook:
    pages = {page.title.strip(): page for page in book.worksheets}
    titles = {sheet_title(sheet): sheet for sheet in sheets()}
    missing = [title for title in titles if title not in pages]
    if missing:
        raise UnreadableFile(
            f"the workbook has no sheet {', '.join(missing)}; without it all of its rows would be lost"
        )
    notes = [f"sheet {title} is no part of a handbook and was not read" for title in pages if title not in titles]
    found: dict[str, Given] = {}
    for title, sheet in titles.items():
        found[sheet.name] = _given(pages[title], sheet, notes)
    return Workbook(found, notes, book.properties.identifier)


def _given(page: Any, sheet: Sheet, notes: list[str]) -> Given:
    page.reset_dimensions()
    lines = _lines(page)
    _, head = next(lines, (1, []))
    titles = [str(value).strip() if value is not None else "" for value in head]
    columns: dict[int, Dotted] = {}
    for column in sheet.all_columns:
        title = column_title(sheet, column)
        places = [x for x, one in enumerate(titles) if one in (title, ".".join(column.path))]
        if len(places) > 1:
            raise UnreadableFile(f"sheet {page.title}: expected column {title} once, found it {len(places)} times")
        if not places and not column.for_reading:
            raise UnreadableFile(f"sheet {page.title}: there is no column {title} in its first row")
        columns |= {places[0]: column.path} if places else {}
    for x, title in enumerate(titles):
        if title and x not in columns:
            notes.append(f"sheet {page.title}: column {title} is no part of a handbook and was not read")
    rows = [(y, {columns[x]: value for x, value in enumerate(line) if x in columns}) for y, line in lines]
    letters = {path: get_column_letter(x + 1) for x, path in columns.items()}
    return Given(sheet, letters, rows)


def _lines(page: Any) -> Iterator[tuple[int, list[Any]]]:
    empty = 0
    for y, row in enumerate(page.iter_rows(), 1):
        values = [_value(cell) for cell in row[:MAX_COLUMNS]]
        empty = 0 if any(value is not None for value in values) else empty + 1
        if empty > MAX_EMPTY:
            return
        if not empty or y == 1:
            yield y, values


def _value(cell: Any) -> Any:
    if getattr(cell, "data_type", "n") in ("f", "e") and cell.value is not None:
        return Formula()
    return cell.value
