"""A handbook as rows of cells, and rows of cells as a handbook again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeVar

from pydantic import BaseModel

from knowledge.handbook import CATALOGUES, Handbook
from knowledge.sheets.cells import Value, WrongCell, clean, to_cell
from knowledge.sheets.columns import KEY, NUMBER, Dotted, Sheet, children, sheets
from knowledge.sheets.titles import empty_mark, sheet_title

Row = dict[Dotted, Value]
"""Column path -> cell; what is not there is blank."""

AnyPart = TypeVar("AnyPart", bound=BaseModel)


class Unwritable(Exception):
    """A handbook that sheets cannot hold; the message is a sentence."""


@dataclass(frozen=True)
class Content:
    """What a workbook carries: entries of each root by key."""

    roots: dict[str, dict[str, BaseModel]]

    @property
    def items(self) -> dict[str, Any]:
        return self.roots["items"]


def content_of(handbook: Handbook) -> Content:
    """Entries of a handbook with their texts as cells can hold them."""
    given = {"items": handbook.items, **{stem: getattr(handbook, stem) for stem in CATALOGUES}}
    return Content({root: {key: cleaned(entry) for key, entry in entries.items()} for root, entries in given.items()})


def stamp(content: Content) -> str:
    """A short mark of everything that a content says; another one means that something differs."""
    digest = hashlib.sha256()
    for root, entries in content.roots.items():
        for key in sorted(entries):
            digest.update(f"{root} {key} {entries[key].model_dump_json(exclude_defaults=True)}\n".encode())
    return digest.hexdigest()[:32]


def cleaned(entry: AnyPart) -> AnyPart:
    """An entry without what no cell can hold: control characters, blanks around a text."""
    data = entry.model_dump()
    plain = _cleaned(data)
    return entry if plain == data else type(entry).model_validate(plain)


def _cleaned(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _cleaned(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return tuple(_cleaned(one) for one in value)
    return clean(value) if isinstance(value, str) else value


def to_rows(content: Content) -> dict[str, list[Row]]:
    """Rows of every sheet by the sheet's name. Raises Unwritable."""
    rows: dict[str, list[Row]] = {sheet.name: [] for sheet in sheets()}
    for sheet in sheets():
        if sheet.parent:
            continue
        for key, entry in content.roots[sheet.root].items():
            try:
                _add(entry, sheet, {}, {sheet.name: key}, rows)
            except WrongCell as error:
                raise Unwritable(f"{sheet.root} {key}: {error}") from error
        _tell_names(sheet, content, rows)
    return rows


def _tell_names(root: Sheet, content: Content, rows: dict[str, list[Row]]) -> None:
    """Fill the columns for reading, on the sheets of one root."""
    for sheet in [one for one in sheets() if one.root == root.root]:
        for before, column in pairwise(sheet.all_columns):
            for row in rows[sheet.name] if column.names else ():
                entry = content.roots[column.names or ""].get(str(row.get(before.path)))
                if name := getattr(entry, "name", None):
                    row[column.path] = name


def _add(part: BaseModel, sheet: Sheet, heads: Row, keys: dict[str, str], rows: dict[str, list[Row]]) -> None:
    """The row of `part`, and the rows of the lists in it."""
    row: Row = dict(heads)
    for column in [one for one in sheet.columns if not one.for_reading]:
        value = _at(part, column.path)
        if value is not _ABSENT and (cell := to_cell(column, value)) is not None:
            row[column.path] = cell
    _mark_present(part, sheet, row)
    rows[sheet.name].append(row)
    for child in children(sheet):
        parts = _at(part, child.inner)
        if parts is _ABSENT or not parts:
            continue
        owner: Row = {(f"@{above.name}",): keys[above.name] for above in child.chain}
        taken: set[str] = set()
        for position, (own, one) in enumerate(_entries(parts, child), 1):
            if own in taken:
                raise Unwritable(f"{sheet.root} {keys[sheet.root]}: {own} stands in {sheet_title(child)} twice")
            taken |= {own} if own else set()
            place: Row = {(KEY,): own} if child.keyed else {(NUMBER,): position}
            _add(one, child, owner | place, keys | {child.name: own}, rows)


def _entries(parts: Any, sheet: Sheet) -> Iterable[tuple[str, BaseModel]]:
    if sheet.keyed:
        return parts.items()
    return [(getattr(part, sheet.key) if sheet.key else "", part) for part in parts]


_ABSENT = object()


def _at(part: Any, path: Dotted) -> Any:
    """The value at a dotted path, or _ABSENT below a part that is not there."""
    for name in path:
        if part is None:
            return _ABSENT
        part = getattr(part, name)
    return part


def _mark_present(part: BaseModel, sheet: Sheet, row: Row) -> None:
    """A part that is there and whose cells are all blank gets the mark in its first."""
    for path in sheet.optional:
        if _at(part, path) in (None, _ABSENT):
            continue
        columns = [column for column in sheet.columns if column.path[: len(path)] == path]
        inside = [column.path for column in sorted(columns, key=lambda one: one.shape == "text" and not one.options)]
        below = [child for child in children(sheet) if child.inner[: len(path)] == path]
        if inside and not any(one in row for one in inside) and not any(_at(part, one.inner) for one in below):
            row[inside[0]] = empty_mark()
