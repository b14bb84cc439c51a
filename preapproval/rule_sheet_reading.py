"""An edited rule workbook, read back. Every problem names the cell that holds it: 居住证.xlsx 规则!D7."""

from __future__ import annotations

import re
import unicodedata
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from pydantic import ValidationError

from knowledge.reading.document import Damaged
from knowledge.reading.office_package import check_package
from knowledge.sheets.cells import clean, is_blank
from knowledge.source_lines import Loc
from preapproval.bind_rules import RuleProblem, told
from preapproval.rule_sheet import (
    DECLARED_COLUMNS,
    OF_EVERY,
    RULE_COLUMNS,
    SLOT_COLUMNS,
    options_of,
    read_examples,
    read_list,
    read_pairs,
)
from preapproval.rule_words import near_words, say, words
from preapproval.ruleset import EveryRules, Ruleset
from preapproval.ruleset_files import EVERY

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS, MOST_COLUMNS = 2_000, 60
DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
DAYS = ("effective_from", "effective_to")
FORMULA = object()
"""Stands for what an office program computes."""

Row = dict[str, Any]


@dataclass
class RuleSheet:
    """What a workbook holds; `content` is None where it is no rule set."""

    file: str
    content: Ruleset | EveryRules | None = None
    problems: list[RuleProblem] = field(default_factory=list)
    cells: dict[Loc, str] = field(default_factory=dict)

    def shown(self, problem: RuleProblem) -> str:
        """`居住证.xlsx 规则!D7：…`."""
        cell = self.cell(problem)
        place = f"{self.file} {cell}" if cell else self.file
        return say("rules", "where", place=place, message=problem.message)

    def cell(self, problem: RuleProblem) -> str | None:
        """`规则!D7`, or None for what concerns the whole file."""
        loc = tuple(part for part in problem.loc if part != EVERY)
        while loc and loc not in self.cells:
            loc = loc[:-1]
        return self.cells.get(loc)


class _WrongCell(Exception):
    """A cell that cannot mean anything."""


def read_rule_workbook(path: Path) -> RuleSheet:
    """Every problem at once; nothing is raised for what is in the file."""
    sheet = RuleSheet(path.name)
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Damaged(f"{path.stat().st_size:,} bytes")
        check_package(path, "xl/workbook.xml")
        with warnings.catch_warnings(), path.open("rb") as file:
            warnings.simplefilter("ignore", UserWarning)
            pages = {page.title.strip(): page for page in openpyxl.load_workbook(file, read_only=True).worksheets}
            _fill(sheet, pages)
    except Damaged as error:
        sheet.problems.append(RuleProblem((), say_sheet("damaged", message=error)))
    except (
        InvalidFileException, KeyError, ValueError, TypeError, AttributeError, IndexError, SyntaxError,
        zipfile.BadZipFile,
    ) as error:  # fmt: skip
        sheet.problems.append(RuleProblem((), say_sheet("damaged", message=error)))
    return sheet


def say_sheet(key: str, **values: Any) -> str:
    return words()["sheet"]["errors"][key].format(**values)


def _fill(sheet: RuleSheet, pages: Mapping[str, Any]) -> None:
    said = words()["sheet"]["names"]
    missing = [said[name] for name in ("about", "rules") if said[name] not in pages]
    if missing:
        sheet.problems += [RuleProblem((), say_sheet("no_sheet", sheet=name)) for name in missing]
        return
    data = _about(sheet, pages[said["about"]], said["about"])
    is_every = data.get("item") == EVERY
    columns = tuple(one for one in RULE_COLUMNS if one not in OF_EVERY or is_every)
    data["rules"] = list(_rules(sheet, pages[said["rules"]], columns))
    if is_every:
        data.pop("item")
    else:
        data["slots"] = _slots(sheet, pages.get(said["slots"]))
        data["declared"], data["declared_labels"] = _declared(sheet, pages.get(said["declared"]))
    try:
        content = (EveryRules if is_every else Ruleset).model_validate(data)
    except ValidationError as error:
        known = {problem.loc for problem in sheet.problems}
        sheet.problems += [one for one in told(error, ()) if one.loc not in known]
        return
    if not sheet.problems:
        sheet.content = content


def _about(sheet: RuleSheet, page: Any, title: str) -> Row:
    """Item and date, by their labels in the first column."""
    labels = {words()["sheet"]["about"][name]: name for name in ("item", "effective_from")}
    data: Row = {}
    for y, line in _lines(page):
        name = labels.get(str(line[0]).strip()) if line and line[0] is not None else None
        if name is None or len(line) < 2:
            continue
        sheet.cells[(name,)] = f"{title}!B{y}"
        _set(sheet, data, name, (name,), lambda line=line, name=name: _day(line[1]) if name in DAYS else _text(line[1]))
    return data


def _rules(sheet: RuleSheet, page: Any, columns: tuple[str, ...]) -> Iterator[Row]:
    titles = words()["sheet"]["rules"]
    for index, (y, row, letters) in enumerate(_table(sheet, page, columns, titles, required=RULE_COLUMNS[:1])):
        at: Loc = ("rules", index)
        sheet.cells[at] = f"{page.title.strip()}!A{y}"
        for column, letter in letters.items():
            sheet.cells[(*at, *_loc_of(column))] = f"{page.title.strip()}!{letter}{y}"
        sheet.cells[(*at, "basis")] = sheet.cells.get((*at, "basis", "law"), sheet.cells[at])
        sheet.cells[(*at, "examples")] = sheet.cells.get((*at, "examples", "passes"), sheet.cells[at])
        yield _rule(sheet, row, at)


def _loc_of(column: str) -> tuple[str, ...]:
    if column in ("law", "article", "quote"):
        return ("basis", column)
    return ("examples", column) if column in ("passes", "fails") else (column,)


def _rule(sheet: RuleSheet, row: Row, at: Loc) -> Row:
    data: Row = {}
    options = options_of(RULE_COLUMNS)
    for column, value in row.items():
        if is_blank(value):
            continue
        loc = (*at, *_loc_of(column))
        target = data
        for part in _loc_of(column)[:-1]:
            target = target.setdefault(part, {})
        _set(sheet, target, column, loc, lambda value=value, column=column: _cell(column, value, options))
    return data


def _cell(column: str, value: Any, options: Mapping[str, Mapping[str, str]]) -> Any:
    if column in DAYS:
        return _day(value)
    text = _text(value)
    if column == "not_for":
        return read_list(text)
    if column in options:
        return _option(text, options[column])
    try:
        if column == "with":
            return read_pairs(text)
        return read_examples(text) if column in ("passes", "fails") else text
    except ValueError as error:
        raise _WrongCell(say_sheet("pair", line=error)) from error


def _option(text: str, options: Mapping[str, str]) -> str:
    folded = unicodedata.normalize("NFKC", text)
    for label, value in options.items():
        if folded in (unicodedata.normalize("NFKC", label), value):
            return value
    raise _WrongCell(say_sheet("option", value=text, options="、".join(options)))


def _slots(sheet: RuleSheet, page: Any) -> Row:
    found: Row = {}
    if page is None:
        return found
    titles, said = words()["sheet"]["slots"], words()["sheet"]
    for y, row, letters in _table(sheet, page, SLOT_COLUMNS, titles, required=SLOT_COLUMNS[:1]):
        key = str(row.get("slot") or "").strip()
        terms: Row = found.setdefault(key, {})
        sheet.cells[("slots", key)] = f"{page.title.strip()}!A{y}"
        for column in SLOT_COLUMNS[2:]:
            if is_blank(row.get(column)):
                continue
            loc: Loc = ("slots", key, column)
            sheet.cells[loc] = f"{page.title.strip()}!{letters[column]}{y}"
            value = row[column]
            _set(sheet, terms, column, loc, lambda v=value, c=column: _term(c, v, said))
    return found


def _term(column: str, value: Any, said: Mapping[str, Any]) -> Any:
    if column == "same_as":
        return read_list(_text(value))
    return _text(value) if column == "sample" else _yes_no(value, said)


def _declared(sheet: RuleSheet, page: Any) -> tuple[Row, Row]:
    """Types, and what the form calls them."""
    found, called = Row(), Row()
    if page is None:
        return found, called
    labels = {label: kind for kind, label in words()["types"].items() if kind in ("text", "date", "number", "boolean")}
    titles = words()["sheet"]["declared"]
    for y, row, letters in _table(sheet, page, DECLARED_COLUMNS, titles, required=DECLARED_COLUMNS[:2]):
        key = str(row.get("name") or "").strip()
        loc: Loc = ("declared", key)
        sheet.cells[loc] = f"{page.title.strip()}!{letters.get('type', 'A')}{y}"
        _set(sheet, found, key, loc, lambda row=row: _option(_text(row.get("type")), labels))
        if not is_blank(row.get("label")):
            _set(sheet, called, key, loc, lambda row=row: _text(row["label"]))
    return found, called


# cells ---------------------------------------------------------------------------------------------------------


def _set(sheet: RuleSheet, data: Row, name: str, loc: Loc, read: Any) -> None:
    try:
        data[name] = read()
    except _WrongCell as problem:
        sheet.problems.append(RuleProblem(loc, str(problem)))


def _table(
    sheet: RuleSheet, page: Any, columns: tuple[str, ...], titles: Mapping[str, str], required: tuple[str, ...]
) -> Iterator[tuple[int, Row, dict[str, str]]]:
    """Row number, cells by column, letter of each column; the head stands in the first row."""
    lines = _lines(page)
    _, head = next(lines, (1, []))
    by_title = {titles[column]: column for column in columns}
    places: dict[int, str] = {}
    for x, cell in enumerate(head):
        title = "" if cell is None or cell is FORMULA else str(cell).strip()
        if title in by_title or title in columns:
            places[x] = by_title.get(title, title)
        elif title:
            where = f"{page.title.strip()}!{get_column_letter(x + 1)}1"
            sheet.cells[("head", page.title, x)] = where
            near = near_words(title, by_title)
            sheet.problems.append(
                RuleProblem(("head", page.title, x), say_sheet("unknown_column", column=title, near=near))
            )
    for column in required:
        if column not in places.values():
            sheet.problems.append(RuleProblem((), say_sheet("no_column", column=titles[column])))
    letters = {column: get_column_letter(x + 1) for x, column in places.items()}
    for count, (y, line) in enumerate(lines):
        if count >= MOST_ROWS:
            sheet.problems.append(RuleProblem((), say_sheet("too_many_rows", most=MOST_ROWS)))
            return
        yield y, {column: line[x] for x, column in places.items() if x < len(line)}, letters


def _lines(page: Any) -> Iterator[tuple[int, list[Any]]]:
    """Row number and values of the rows that hold anything."""
    page.reset_dimensions()
    empty = 0
    for y, row in enumerate(page.iter_rows(max_col=MOST_COLUMNS), 1):
        values = [FORMULA if getattr(cell, "data_type", "n") in ("f", "e") else cell.value for cell in row]
        empty = 0 if any(not is_blank(value) for value in values) else empty + 1
        if empty > MOST_ROWS:
            return
        if not empty or y == 1:
            yield y, values


def _text(value: Any) -> str:
    """What office programs turn into numbers and days, as the text that it was."""
    if value is FORMULA:
        raise _WrongCell(say_sheet("formula"))
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return clean("" if value is None else str(value))


def _day(value: Any) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = _text(value)
    match = DAY.fullmatch(unicodedata.normalize("NFKC", text))
    try:
        if match:
            return date(*(int(part) for part in match.groups()))
    except ValueError:
        pass
    raise _WrongCell(say_sheet("date", value=text))


def _yes_no(value: Any, said: Mapping[str, Any]) -> bool:
    text = _text(value)
    if text in (said["yes"], "true", "√", "1"):
        return True
    if text in (said["no"], "false", "×", "0"):
        return False
    raise _WrongCell(say_sheet("yes_no", value=text))
