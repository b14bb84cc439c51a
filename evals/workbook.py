"""All cases as a spreadsheet, one sheet for each task, for people who sort and filter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from evals.report import label, words
from evals.results import Stored

COLUMNS: tuple[tuple[str, int], ...] = (
    ("id", 14), ("category", 14), ("kind", 12), ("question", 48), ("expected", 34), ("got", 34), ("right", 8),
    ("missed", 40),
)  # fmt: skip
"""Field of a case and width of its column; the marks and the answer follow."""
HEAD = PatternFill("solid", fgColor="0B4778")
MISSED = PatternFill("solid", fgColor="F8D7D3")


def write_workbook(path: Path, results: Mapping[str, Stored]) -> None:
    book = Workbook()
    book.remove(book.worksheets[0])
    for stored in results.values():
        _fill(book.create_sheet(words()["tasks"].get(stored.task, {}).get("title", stored.task)), stored)
    book.save(path)


def _fill(sheet: Worksheet, stored: Stored) -> None:
    marks = list(stored.scores["metrics"])
    heads = words()["columns"]
    names = [
        *(heads[name] for name, _ in COLUMNS),
        *(label(stored.task, mark) for mark in marks),
        heads["answer"],
        *([heads["where"]] if any(case.get("where") for case in stored.outputs) else []),
    ]
    sheet.append(names)
    for case in stored.outputs:
        sheet.append(list(_cells(case, marks)))
    for cell in sheet[1]:
        cell.font, cell.fill = Font(bold=True, color="FFFFFF"), HEAD
    first_mark = len(COLUMNS) + 1
    for row in sheet.iter_rows(min_row=2, min_col=first_mark, max_col=first_mark + len(marks) - 1):
        for cell in row:
            if cell.value == 0:
                cell.fill = MISSED
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = Alignment(vertical="top", wrap_text=isinstance(cell.value, str) and len(cell.value) > 12)
    widths = [*(width for _, width in COLUMNS), *(14 for _ in marks), 80, 26]
    for number, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = "E2"
    sheet.auto_filter.ref = sheet.dimensions


def _cells(case: dict[str, Any], marks: list[str]) -> Iterator[Any]:
    for name, _ in COLUMNS:
        value = case[name]
        yield int(value) if name == "right" else _text("\n".join(value) if isinstance(value, list) else value)
    yield from (int(case["marks"][mark]) if mark in case["marks"] else None for mark in marks)
    yield _text(case["answer"])
    if case.get("where"):
        yield case["where"]


def _text(value: str | None) -> str | None:
    """As text that a spreadsheet shows and never computes: a question may begin with =."""
    if value is None:
        return None
    clean = ILLEGAL_CHARACTERS_RE.sub("", value)
    return f"'{clean}" if clean.startswith(("=", "+", "-", "@")) else clean
