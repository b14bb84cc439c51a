"""Rows of cells become entries again. Every fault is told with its sheet and cell."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ValidationError

from knowledge.sheets.cells import WrongCell, from_cell, is_blank
from knowledge.sheets.columns import KEY, NUMBER, ROOTS, Column, Dotted, Sheet, children, sheets
from knowledge.sheets.rows import Content
from knowledge.sheets.titles import sheet_title

MESSAGES = {
    "missing": "this cell must not be blank",
    "string_too_short": "this cell must not be blank",
    "string_pattern_mismatch": "expected lower-case letters, digits and hyphens, as in residence-permit",
    "extra_forbidden": "expected no such name",
}
"""Sentences for what pydantic says of a value."""


@dataclass(frozen=True)
class Given:
    """The rows of one sheet as they were read: row number -> column path -> cell."""

    sheet: Sheet
    letters: dict[Dotted, str]
    rows: list[tuple[int, dict[Dotted, Any]]]

    def cell(self, path: Dotted, row: int) -> str:
        return f"{sheet_title(self.sheet)}!{self.letters.get(path, 'A')}{row}"


@dataclass
class _Node:
    """One row with the rows that belong to it."""

    given: Given
    row: int
    data: dict[str, Any]
    number: float = 0
    below: dict[Dotted, list[_Node] | dict[str, _Node]] = field(default_factory=dict)


@dataclass
class _Reading:
    problems: dict[tuple[int, int, str], str] = field(default_factory=dict)
    """Place of a cell (sheet, row, cell) -> sentence; the first fault of a cell is told."""
    nodes: dict[str, dict[tuple[str, ...], _Node]] = field(default_factory=dict)
    """Sheet name -> keys from the root down -> row; rows without a key of their own are not in it."""

    def tell(self, given: Given, path: Dotted, row: int, message: str) -> None:
        cell = given.cell(path, row)
        self.problems.setdefault((sheets().index(given.sheet), row, cell), f"{cell}: {message}")


def to_content(tables: dict[str, Given]) -> tuple[Content, list[str]]:
    """The entries of all sheets, and one sentence for each fault."""
    reading = _Reading()
    for sheet in sheets():
        _read(tables[sheet.name], reading)
    roots: dict[str, dict[str, BaseModel]] = {}
    for root in ROOTS:
        roots[root] = {}
        for (key,), node in reading.nodes[root].items():
            entry = _validated(node, root, reading)
            if entry is not None:
                roots[root][key] = entry
    return Content(roots), [reading.problems[place] for place in sorted(reading.problems)]


def _read(given: Given, reading: _Reading) -> None:
    sheet = given.sheet
    known = reading.nodes.setdefault(sheet.name, {})
    told = {column.path for column in sheet.all_columns if not column.for_reading}
    last: dict[tuple[str, ...], float] = {}
    for number, cells in given.rows:
        values = {path: cell for path, cell in cells.items() if path in told and not is_blank(cell)}
        if not values:
            continue
        node = _Node(given, number, {})
        heads = _heads(given, number, values, reading)
        _fill(node, values, reading)
        owner = _owner(given, number, heads, reading) if sheet.parent else None
        if sheet.parent and owner is None:
            continue
        above = tuple(str(heads[(f"@{one.name}",)]) for one in sheet.chain)
        node.number = last[above] = float(heads.get((NUMBER,), last.get(above, 0)))
        key_path = (KEY,) if sheet.keyed else (sheet.key,) if sheet.key else None
        own = str(heads.get((KEY,)) if sheet.keyed else node.data.get(sheet.key or "", ""))
        if key_path and _is_taken(known, (*above, own), given, key_path, number, reading):
            continue
        if sheet.key:
            known[(*above, own)] = node
        if owner is not None:
            _hang(owner, node, own)


def _heads(given: Given, row: int, values: dict[Dotted, Any], reading: _Reading) -> dict[Dotted, Any]:
    """Owner, key and number of a row; what is missing is told."""
    found: dict[Dotted, Any] = {}
    for column in given.sheet.heads:
        if column.for_reading:
            continue
        if column.path not in values:
            if column.path != (NUMBER,):
                reading.tell(given, column.path, row, MESSAGES["missing"])
            continue
        value = _cell(given, row, column, values, reading)
        if value is not _WRONG:
            found[column.path] = value
    return found


_WRONG = object()


def _cell(given: Given, row: int, column: Column, values: dict[Dotted, Any], reading: _Reading) -> Any:
    try:
        return from_cell(column, values[column.path])
    except WrongCell as error:
        reading.tell(given, column.path, row, str(error))
        return _WRONG


def _fill(node: _Node, values: dict[Dotted, Any], reading: _Reading) -> None:
    """The model's own columns; a wrong cell is told and left out."""
    sheet = node.given.sheet
    for column in [one for one in sheet.columns if not one.for_reading]:
        if column.path not in values:
            if column.inherited:
                _put(node.data, column.path, column.default)
            continue
        value = _cell(node.given, node.row, column, values, reading)
        if value is not _WRONG:
            _put(node.data, column.path, value)


def _put(data: dict[str, Any], path: Dotted, value: Any) -> None:
    for name in path[:-1]:
        data = data.setdefault(name, {})
    data[path[-1]] = value


def _owner(given: Given, row: int, heads: dict[Dotted, Any], reading: _Reading) -> _Node | None:
    parent = given.sheet.parent
    assert parent
    keys: tuple[str, ...] = ()
    for above in given.sheet.chain:
        path = (f"@{above.name}",)
        if path not in heads:
            return None
        keys = (*keys, str(heads[path]))
        if keys not in reading.nodes[above.name]:
            reading.tell(
                given, path, row, f"expected one that stands in sheet {sheet_title(above)}, found “{keys[-1]}”"
            )
            return None
    return reading.nodes[parent.name][keys]


def _is_taken(
    known: dict[tuple[str, ...], _Node], keys: tuple[str, ...], given: Given, path: Dotted, row: int, reading: _Reading
) -> bool:
    if not keys[-1]:
        reading.tell(given, path, row, MESSAGES["missing"])
        return True
    if keys in known:
        first = given.cell(path, known[keys].row)
        reading.tell(given, path, row, f"expected a name of its own, found “{keys[-1]}”, which is in {first}")
        return True
    return False


def _hang(owner: _Node, node: _Node, own: str) -> None:
    sheet = node.given.sheet
    if sheet.keyed:
        entries = owner.below.setdefault(sheet.inner, {})
        assert isinstance(entries, dict)
        entries[own] = node
    else:
        parts = owner.below.setdefault(sheet.inner, [])
        assert isinstance(parts, list)
        parts.append(node)


def _collected(node: _Node) -> dict[str, Any]:
    """The data of a row and of all rows below it, lists in the order of their numbers."""
    for path, below in node.below.items():
        if isinstance(below, list):
            below.sort(key=lambda one: one.number)
            _put(node.data, path, [_collected(one) for one in below])
        else:
            _put(node.data, path, {key: _collected(one) for key, one in below.items()})
    return node.data


def _validated(node: _Node, root: str, reading: _Reading) -> BaseModel | None:
    try:
        return ROOTS[root][0].model_validate(_collected(node))
    except ValidationError as error:
        for one in error.errors():
            _tell_invalid(node, one["loc"], one["type"], one["msg"], reading)
        return None


def _tell_invalid(node: _Node, loc: tuple[int | str, ...], kind: str, message: str, reading: _Reading) -> None:
    """A fault that the model found, at the cell that it came from."""
    for path, below in node.below.items():
        if loc[: len(path)] == path and len(loc) > len(path):
            inner: Any = below[loc[len(path)]]  # type: ignore[index]
            _tell_invalid(inner, loc[len(path) + 1 :], kind, message, reading)
            return
    sheet = node.given.sheet
    for child in children(sheet):
        if child.inner == loc:
            message = f"expected rows for it in sheet {sheet_title(child)} ({message.lower()})"
            reading.tell(node.given, (sheet.key or "",), node.row, message)
            return
    named = tuple(str(part) for part in loc)
    paths = [column.path for column in sheet.columns]
    path = next((one for one in paths if named[: len(one)] == one), None)
    path = path or next((one for one in paths if one[: len(named)] == named), (KEY,) if sheet.keyed else paths[0])
    reading.tell(node.given, path, node.row, MESSAGES.get(kind, message.replace("Input should be ", "expected ")))
