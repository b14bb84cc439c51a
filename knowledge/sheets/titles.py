"""titles.yaml: the words of sheets, columns and options as a clerk reads them."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from knowledge.sheets.columns import Column, Sheet


@cache
def words() -> dict[str, Any]:
    """titles.yaml as it stands."""
    return yaml.load(files("knowledge.sheets").joinpath("titles.yaml").read_bytes(), Loader=yaml.CSafeLoader)


def sheet_title(sheet: Sheet) -> str:
    return words()["sheets"].get(sheet.name, sheet.name)


def column_title(sheet: Sheet, column: Column) -> str:
    """The title of the whole path, or those of its fields joined; a field without one keeps its name."""
    dotted = ".".join(column.path)
    titles = words()["paths"].get(sheet.name, {})
    if dotted in titles:
        return titles[dotted]
    return "·".join(words()["fields"].get(part, part) for part in column.path)


def option_title(option: str) -> str:
    return words()["options"].get(option, option)


def header_note(column: Column) -> str | None:
    """What to write in the cells of a column whose title does not say it."""
    notes = words()["notes"]
    return notes["names"] if column.for_reading else notes.get(column.path[0]) or notes.get(column.shape)


def empty_mark() -> str:
    """What stands for an empty value where a blank cell would mean the default."""
    return words()["empty"]
