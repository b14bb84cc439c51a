"""What a line of a hall's own expectations says, and whether an answer says it: by value and name, never by wording.

`工本费20元` is 20 元; `户口簿2份` is 2 份 and the name 户口簿; `房产证|租房合同` is either of them. Words that only
introduce or bound a value (own_questions.yaml: introducing) are not looked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from evals.facts import Fact, is_said, wordings
from evals.own_questions import MARKS, plain, words
from knowledge.numbers import Amount, amounts
from knowledge.sheets.cells import clean

EITHER = re.compile(r"[|｜]")
LONG_PHONE = 7
"""Digits from which a number is looked for as digits, however it is parted."""


@dataclass(frozen=True)
class Sought:
    """One fact of a line, and how the line writes it."""

    fact: Fact
    written: str


Way = tuple[Sought, ...]
"""Facts that have to be said together."""


class NoFact(Exception):
    """A line that names nothing an answer could be held against; the message tells why."""


@cache
def ways(line: str) -> tuple[Way, ...]:
    """The ways in which a line can be said, one is enough. Raises NoFact."""
    return tuple(_way(part) for part in EITHER.split(line))


def lacking(line: str, answer: str, language: str = "zh") -> tuple[str, ...]:
    """What an answer lacks of a line, in the way that lacks the least: nothing, parts of it, or the whole line."""
    least: tuple[str, ...] = (line,)
    for way in ways(line):
        missing = tuple(one.written for one in way if not _is_said(one.fact, answer, language))
        if not missing:
            return ()
        if len(missing) < len(way):
            least = missing
    return least


def _way(part: str) -> Way:
    text = clean(part)
    for kind in ("free", "on_the_spot"):
        if plain(text) in (*wordings()[kind]["zh"], *words()["said_as"][kind]):
            return (Sought(Fact("overview", kind), text),)
    found = amounts(text)
    names = tuple(_names(text, found))
    if not names and not found:
        raise NoFact(words()["errors"]["no_fact"].format(line=part.strip()))
    if not names and all(not amount.unit for amount in found):
        raise NoFact(words()["errors"]["no_unit"].format(line=part.strip()))
    return tuple(dict.fromkeys((*(_value(amount) for amount in found), *names)))


def _value(amount: Amount) -> Sought:
    digits = re.sub(r"\D", "", amount.raw)
    if amount.unit == "phone" and len(digits) >= LONG_PHONE:
        return Sought(Fact("overview", "phone", digits), amount.raw)
    value, unit = amount.key
    return Sought(Fact("overview", "value", f"{value.normalize():f} {unit}"), amount.raw)


def _names(text: str, found: tuple[Amount, ...]) -> Iterator[Sought]:
    """The words between the values, without those that only introduce them."""
    for amount in found:
        begin, end = amount.span
        text = text[:begin] + "\0" * (end - begin) + text[end:]
    for piece in re.split(r"\0+", text):
        name = MARKS.sub("", piece)
        told = len(name) > 1 if found else bool(name)
        if told and not (found and _introducing().fullmatch(name)):
            yield Sought(Fact("overview", "name", name), piece.strip("：:，,、；;。/ "))


@cache
def _introducing() -> re.Pattern[str]:
    return re.compile("(?:" + "|".join(words()["introducing"]) + ")+")


def _is_said(fact: Fact, answer: str, language: str) -> bool:
    if fact.kind == "name":
        return plain(fact.value) in plain(answer)
    return is_said(fact, answer, language)
