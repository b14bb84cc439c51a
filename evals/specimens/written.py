"""How a value is written on a document: {birth:cn} in a layout is the birth date as 1985年3月12日."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date

PLACEHOLDER = re.compile(r"\{([a-z_]+(?:\.\d)?)(?::(\w+))?\}")
FOREVER = "9999-12-31"
"""How a validity without an end stands in the values."""
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_UNITS = ("", "拾", "佰", "仟")


def runs(template: str, values: Mapping[str, str]) -> Iterator[tuple[str, str | None]]:
    """Pieces of text, each with the field that it is a value of."""
    at = 0
    for found in PLACEHOLDER.finditer(template):
        if found.start() > at:
            yield template[at : found.start()], None
        value = values.get(found[1], "")
        if value:
            yield WRITTEN[found[2] or "plain"](value), None if found[2] in UNREAD else found[1]
        at = found.end()
    if at < len(template):
        yield template[at:], None


def placeholders(template: str) -> list[str]:
    return [found[1] for found in PLACEHOLDER.finditer(template)]


def capital_amount(value: str) -> str:
    """Whole yuan below a hundred million in the capitals of bookkeeping: 2600 -> 贰仟陆佰元整."""
    above, below = divmod(round(float(value)), 10_000)
    text = (_capitals(above) + "万" if above else "") + ("零" if above and 0 < below < 1000 else "") + _capitals(below)
    return f"{text}元整"


def _capitals(number: int) -> str:
    """Of a number below ten thousand; empty for 0."""
    digits = str(number)
    text = "".join(
        _DIGITS[int(digit)] + (_UNITS[len(digits) - 1 - at] if digit != "0" else "") for at, digit in enumerate(digits)
    )
    return re.sub("零+", "零", text).rstrip("零")


def _day(value: str) -> date | None:
    return None if value == FOREVER else date.fromisoformat(value)


def _dated(shape: str) -> Callable[[str], str]:
    def write(value: str) -> str:
        day = _day(value)
        if day is None:
            return "长期"
        return shape.format(y=day.year, m=day.month, d=day.day)

    return write


WRITTEN: dict[str, Callable[[str], str]] = {
    "plain": lambda value: value,
    "year": lambda value: value[:4],
    "month": lambda value: str(int(value[5:7])),
    "day": lambda value: str(int(value[8:10])),
    "cn": _dated("{y}年{m}月{d}日"),
    "cn_padded": _dated("{y}年{m:02}月{d:02}日"),
    "dots": _dated("{y}.{m:02}.{d:02}"),
    "dash": _dated("{y}-{m:02}-{d:02}"),
    "fours": lambda value: " ".join(value[at : at + 4] for at in range(0, len(value), 4)),
    "spread": "  ".join,
    "money": lambda value: f"{float(value):.2f}",
    "capital": capital_amount,
}
"""Name in a layout -> the way of writing."""
UNREAD = {"capital"}
"""Said a second time in another way, and no value to be read."""
