"""One value <-> one cell. What a cell cannot mean raises WrongCell with what is expected there."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from knowledge.sheets.columns import Column
from knowledge.sheets.titles import empty_mark, option_title, words

CELL_LIMIT = 32_767
"""Characters that an Excel cell can hold."""

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
ESCAPED = re.compile(r"\\([\\n|])")
DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]0?0:00(?::00(?:\.0+)?)?)?")
EMPTY: dict[str, Any] = {"text": "", "texts": (), "map": {}, "map_of_texts": {}}
YES, NO = {"yes", "true", "1", "y", "√"}, {"no", "false", "0", "n", "×"}

Value = str | int | float | bool | date | None


class WrongCell(Exception):
    """A cell that cannot be taken; the message tells what is expected."""


class Formula:
    """What a cell holds that is computed by the office program."""


def clean(text: str) -> str:
    """A text as every cell can hold it: line breaks as one character, no control characters, no blanks around it."""
    return CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not clean(value.replace("\u3000", " ")))


def to_cell(column: Column, value: Any) -> Value:
    """Blank for the default, the mark for what is empty and not the default. Raises WrongCell for a text too long."""
    if value == column.default:
        return None
    if value is None or (not value and isinstance(value, str | tuple | dict)):
        return empty_mark()
    if column.options:
        value = tuple(map(option_title, value)) if column.shape == "texts" else option_title(value)
    written = WRITE[column.shape](value)
    if isinstance(written, str) and len(written) > CELL_LIMIT:
        raise WrongCell(f"its text has {len(written)} characters, more than the {CELL_LIMIT} that a cell can hold")
    return written


def from_cell(column: Column, value: Any) -> Any:
    """What a cell that is not blank means, ready for the model."""
    if isinstance(value, Formula):
        raise WrongCell("expected a value, found a formula; replace it by its result")
    if isinstance(value, str) and clean(value) == empty_mark():
        return EMPTY.get(column.shape) if not column.options or column.shape == "texts" else None
    found = READ[column.shape](value)
    if not column.options:
        return found
    return tuple(_option(column, one) for one in found) if column.shape == "texts" else _option(column, found)


# writing -------------------------------------------------------------------------------------------------------


def _yes_no(value: Any) -> Value:
    return words()["yes"] if value else words()["no"]


def _date(value: date) -> Value:
    return value


def _number(value: Any) -> Value:
    return int(value) if value == int(value) else value


def _texts(value: Any) -> Value:
    return "\n".join(_escape(one) for one in value)


def _map(value: Any) -> Value:
    return "\n".join(f"{key}: {_escape(one)}" for key, one in value.items())


def _map_of_texts(value: Any) -> Value:
    lines = [(key, "|".join(_escape(one).replace("|", "\\|") for one in many)) for key, many in value.items()]
    return "\n".join(f"{key}: {line}" for key, line in lines)


WRITE: dict[str, Callable[[Any], Value]] = {
    "text": clean, "yes_no": _yes_no, "date": _date, "whole": _number, "number": _number, "texts": _texts, "map": _map,
    "map_of_texts": _map_of_texts,
}  # fmt: skip


def _escape(text: str) -> str:
    """A text that keeps its line breaks although each line of the cell is one text."""
    return clean(text).replace("\\", "\\\\").replace("\n", "\\n")


# reading -------------------------------------------------------------------------------------------------------


def _text(value: Any) -> str:
    """What office programs turn into numbers and dates, as the text that it was."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(" ")
    return clean(str(value))


def _option(column: Column, text: str) -> str:
    bare = unicodedata.normalize("NFKC", text).casefold()
    for option in column.options:
        if bare in (option.casefold(), unicodedata.normalize("NFKC", option_title(option)).casefold()):
            return option
    known = ", ".join(option_title(option) for option in column.options)
    raise WrongCell(f"expected one of {known}, found {_shown(text)}")


def _read_number(value: Any) -> Any:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _number(value)
    try:
        return _number(float(unicodedata.normalize("NFKC", _text(value)).replace(",", "").strip()))
    except (ValueError, OverflowError):
        raise WrongCell(f"expected a number, found {_shown(value)}") from None


def _read_whole(value: Any) -> Any:
    try:
        found = _read_number(value)
    except WrongCell:
        found = None
    if not isinstance(found, int):
        raise WrongCell(f"expected a whole number, found {_shown(value)}")
    return found


def _read_yes_no(value: Any) -> Any:
    text = unicodedata.normalize("NFKC", _text(value)).casefold()
    if text in (*YES, words()["yes"]):
        return True
    if text in (*NO, words()["no"]):
        return False
    raise WrongCell(f"expected {words()['yes']} or {words()['no']}, found {_shown(value)}")


def _read_date(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    match = DATE.fullmatch(unicodedata.normalize("NFKC", _text(value)))
    try:
        return date(*(int(part) for part in match.groups())) if match else _no_date(value)
    except ValueError:
        return _no_date(value)


def _no_date(value: Any) -> date:
    raise WrongCell(f"expected a date such as 2026-01-31, found {_shown(value)}")


def _lines(value: Any) -> list[str]:
    return [line.strip() for line in _text(value).split("\n") if line.strip()]


def _read_texts(value: Any) -> Any:
    return tuple(_unescape(line) for line in _lines(value))


def _pairs(value: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in _lines(value):
        key, sign, rest = line.replace("：", ":", 1).partition(":") if ":" not in line else line.partition(":")
        if not sign or not key.strip() or not rest.strip():
            raise WrongCell(f"expected lines of the form name: value, found {_shown(line)}")
        if key.strip() in found:
            raise WrongCell(f"expected each name once, found {_shown(key)} twice")
        found[key.strip()] = rest.strip()
    return found


def _read_map(value: Any) -> Any:
    return {key: _unescape(text) for key, text in _pairs(value).items()}


def _read_map_of_texts(value: Any) -> Any:
    parts = {key: re.split(r"(?<!\\)[|｜]", text) for key, text in _pairs(value).items()}
    return {key: tuple(_unescape(one.strip()) for one in many if one.strip()) for key, many in parts.items()}


READ: dict[str, Callable[[Any], Any]] = {
    "text": _text, "whole": _read_whole, "number": _read_number, "yes_no": _read_yes_no, "date": _read_date,
    "texts": _read_texts, "map": _read_map, "map_of_texts": _read_map_of_texts,
}  # fmt: skip


def _unescape(text: str) -> str:
    return ESCAPED.sub(lambda found: "\n" if found[1] == "n" else found[1], text)


def _shown(value: Any) -> str:
    text = " ".join(_text(value).split())
    return f"“{text[:40]}…”" if len(text) > 40 else f"“{text}”"
