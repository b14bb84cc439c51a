"""Sheets of a hall's own questions, read back: .xlsx and .csv, every wrong cell named at once."""

from __future__ import annotations

import csv
import unicodedata
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from io import StringIO
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from rapidfuzz import fuzz, process

from evals.own_questions import COLUMNS, OwnQuestion, offered_names, title, words
from evals.own_questions_facts import NoFact, ways
from evals.sample import BadRow
from knowledge.reading.csv import delimiter
from knowledge.reading.decode import decode
from knowledge.reading.document import Damaged
from knowledge.reading.office_package import check_package
from knowledge.sheets.cells import clean

KINDS = (".xlsx", ".csv")
MOST_ROWS, MOST_COLUMNS, HEAD_WITHIN = 20_000, 60, 10
NEAR = 50.0
"""Similarity (0 to 100) from which a name is offered instead of one that is not there."""
FORMULA = object()
"""Stands for what an office program computes."""

Line = list[Any]


class BadCells(BadRow):
    """Cells that cannot be used. `problems` holds one sentence for each, with file, sheet, cell and what is allowed."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)


@dataclass
class OwnSet:
    """What sheets hold: the rows, with ids for items, and sentences on what was not read."""

    rows: list[OwnQuestion] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass
class _Reading:
    """Goes through the sheets and collects."""

    items: Mapping[str, str]
    found: OwnSet = field(default_factory=OwnSet)
    problems: list[str] = field(default_factory=list)
    asked: dict[str, str] = field(default_factory=dict)
    """Question without blanks and marks -> where it stands."""

    def wrong(self, where: str, error: str, **values: Any) -> None:
        self.problems.append(f"{where}：{say(error, **values)}")


def say(error: str, **values: Any) -> str:
    return words()["errors"][error].format(**values)


def sheets_of(path: Path) -> tuple[Path, ...]:
    """The sheets of a question set: the file itself, or those in a folder."""
    if path.is_file():
        return (path,) if path.suffix.lower() in KINDS else ()
    shown = (one for one in path.glob("*") if one.suffix.lower() in KINDS and not one.name.startswith((".", "~$")))
    return tuple(sorted(shown))


def read_questions(paths: Iterable[Path], items: Mapping[str, str]) -> OwnSet:
    """The rows of some sheets; `items` are the handbook's, id -> name. Raises BadCells."""
    reading = _Reading(items)
    for path in paths:
        pages = list(_pages(path, reading))
        with_head = [(where, lines, head) for where, lines in pages if (head := _head(lines)) is not None]
        if pages and not with_head:
            reading.wrong(path.name, "no_head", titles="、".join(title(column) for column in COLUMNS))
        for where, lines, head in with_head:
            _read_page(reading, where, lines, head)
    if reading.problems:
        raise BadCells(reading.problems)
    return reading.found


# files -----------------------------------------------------------------------------------------------------------


def _pages(path: Path, reading: _Reading) -> Iterator[tuple[str, list[Line]]]:
    """What its cells are called, as `my.xlsx 题目!`, and the lines, the first of them line 1."""
    try:
        if path.suffix.lower() == ".csv":
            yield f"{path.name} ", _csv_lines(path)
            return
        check_package(path, "xl/workbook.xml")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            book = openpyxl.load_workbook(path)
        for page in book.worksheets:
            if page.sheet_state == "visible":
                yield f"{path.name} {page.title.strip()}!", _xlsx_lines(page)
    except OSError as error:
        reading.wrong(path.name, "unreadable", reason=error.strerror or error)
    except (
        Damaged, InvalidFileException, KeyError, ValueError, TypeError, AttributeError, IndexError, SyntaxError,
        zipfile.BadZipFile, csv.Error,
    ) as error:  # fmt: skip
        reading.wrong(path.name, "damaged", reason=error)


def _csv_lines(path: Path) -> list[Line]:
    text = decode(path.read_bytes())
    return [line[:MOST_COLUMNS] for line in csv.reader(StringIO(text), delimiter=delimiter(text))]


def _xlsx_lines(page: Any) -> list[Line]:
    """Every cell of a merged area says what its first one says."""
    rows, columns = min(page.max_row, MOST_ROWS), min(page.max_column, MOST_COLUMNS)
    lines = [[_text(cell) for cell in row] for row in page.iter_rows(max_row=rows, max_col=columns)]
    for area in page.merged_cells.ranges:
        for y in range(area.min_row - 1, min(area.max_row, rows)):
            for x in range(area.min_col - 1, min(area.max_col, columns)):
                lines[y][x] = lines[area.min_row - 1][area.min_col - 1]
    return lines


def _text(cell: Any) -> Any:
    value = cell.value
    if cell.data_type in ("f", "e") and value is not None:
        return FORMULA
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(" ", "minutes")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value * 100:.10g}%" if str(cell.number_format).endswith("%") else f"{value:.12g}"
    return str(value)


# pages -----------------------------------------------------------------------------------------------------------


def _head(lines: list[Line]) -> int | None:
    """The line of the headings: the first that holds text, or one with two headings below a title."""
    written = [(y, [_heading(cell) for cell in line]) for y, line in enumerate(lines[:HEAD_WITHIN]) if any(line)]
    known = {title(column) for column in COLUMNS}
    for number, (y, cells) in enumerate(written):
        if title("question") in cells and (number == 0 or len(known & set(cells)) > 1):
            return y
    return None


def _heading(cell: Any) -> str:
    return "" if cell is FORMULA else unicodedata.normalize("NFKC", clean(cell)).strip(" *").removesuffix("(必填)")


def _read_page(reading: _Reading, where: str, lines: list[Line], head: int) -> None:
    columns = _columns(reading, where, lines[head], head + 1)
    if len(lines) >= MOST_ROWS and any(lines[MOST_ROWS - 1 :][0]):
        reading.wrong(where.rstrip("! "), "too_many", most=MOST_ROWS)
    for y, line in enumerate(lines[head + 1 :], head + 2):
        cells = {column: line[x] if x < len(line) else "" for column, x in columns.items()}
        if any(cell is FORMULA or clean(cell) for cell in cells.values()):
            places = {column: f"{where}{get_column_letter(x + 1)}{y}" for column, x in columns.items()}
            _read_row(reading, cells, places)


def _columns(reading: _Reading, where: str, line: Line, y: int) -> dict[str, int]:
    """Field -> place of its column. A heading that is nearly one of ours is a slip, not a column of the hall's own."""
    known, columns = {title(column): column for column in COLUMNS}, dict[str, int]()
    for x, heading in enumerate(map(_heading, line)):
        cell = f"{where}{get_column_letter(x + 1)}{y}"
        if heading in known and known[heading] in columns:
            reading.wrong(cell, "heading_twice", heading=heading)
        elif heading in known:
            columns[known[heading]] = x
        elif heading:
            near = process.extractOne(heading, list(known), scorer=fuzz.ratio, score_cutoff=NEAR)
            if near and known[near[0]] not in columns and near[0] not in map(_heading, line):
                reading.wrong(cell, "near_heading", heading=heading, near=near[0])
            else:
                reading.found.notes.append(f"{cell}：{say('own_column', heading=heading)}")
    return columns


# rows ------------------------------------------------------------------------------------------------------------


def _read_row(reading: _Reading, cells: dict[str, Any], places: dict[str, str]) -> None:
    before = len(reading.problems)
    for column, cell in cells.items():
        if cell is FORMULA:
            reading.wrong(places[column], "formula")
    texts = {column: "" if cell is FORMULA else clean(cell) for column, cell in cells.items()}
    row = OwnQuestion(
        question=" ".join(texts["question"].split()),
        expect=_expect(reading, texts.get("expect", ""), places.get("expect", "")),
        items=_items(reading, texts, places),
        contains=_facts(reading, texts, places, "contains"),
        never=_facts(reading, texts, places, "never"),
        category=texts.get("category", ""),
        note=texts.get("note", ""),
        where=places["question"],
    )
    if len(reading.problems) == before:
        _check_row(reading, row, places)
    if len(reading.problems) == before:
        reading.asked[row.key] = row.where
        reading.found.rows.append(row)


def _check_row(reading: _Reading, row: OwnQuestion, places: dict[str, str]) -> None:
    first = reading.asked.get(row.key)
    if not row.question:
        reading.wrong(row.where, "no_question")
    elif first:
        reading.wrong(row.where, "asked_twice", first=first)
    elif not (row.expect or row.items or row.contains or row.never):
        reading.wrong(row.where, "nothing_to_judge")
    elif row.expect == "no_answer" and row.items:
        reading.wrong(places["items"], "item_of_no_answer")
    elif both := sorted(set(row.contains) & set(row.never)):
        reading.wrong(places["never"], "both", line=both[0])


def _expect(reading: _Reading, text: str, place: str) -> Any:
    meant = {said: expect for expect, said in words()["expect"].items()}
    if text and text not in meant:
        reading.wrong(place, "expect", found=_short(text), allowed="、".join(meant))
    return meant.get(text)


def _items(reading: _Reading, texts: dict[str, str], places: dict[str, str]) -> tuple[str, ...]:
    """The ids of the items that the lines of a cell name; of a name that several share, all of them."""
    found: list[str] = []
    for line in _lines(texts.get("items", "")):
        named = [line] if line in reading.items else [one for one, name in reading.items.items() if _same(name, line)]
        if not named and not reading.items:
            reading.wrong(places["items"], "no_items")
        elif not named:
            near = process.extract(line, _known_names(reading.items), scorer=fuzz.ratio, limit=3, score_cutoff=NEAR)
            offered = say("near_items", names="、".join(name for name, *_ in near)) if near else say("see_items")
            reading.wrong(places["items"], "no_item", found=_short(line), offered=offered)
        found += named
    return tuple(dict.fromkeys(found))


def _known_names(items: Mapping[str, str]) -> list[str]:
    return list(dict.fromkeys((*items.values(), *offered_names(items).values())))


def _facts(reading: _Reading, texts: dict[str, str], places: dict[str, str], column: str) -> tuple[str, ...]:
    lines = tuple(dict.fromkeys(_lines(texts.get(column, ""))))
    for line in lines:
        try:
            ways(line)
        except NoFact as problem:
            reading.problems.append(f"{places[column]}：{problem}")
    return lines


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def _same(one: str, other: str) -> bool:
    return unicodedata.normalize("NFKC", one) == unicodedata.normalize("NFKC", other)


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return f"{flat[:30]}…" if len(flat) > 30 else flat
