"""What a check is given, and walking the parts of an item with their places in its file."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from pydantic import BaseModel

from knowledge.handbook import Handbook, Problem
from knowledge.item import Basis, ServiceItem, When
from knowledge.source_lines import Loc

Finding = tuple[Loc, str]
"""Where in the item's file, and what is wrong."""


@dataclass(frozen=True)
class Subject:
    """One item under check, with the handbook around it and the day of the check."""

    item: ServiceItem
    handbook: Handbook
    today: date

    @cached_property
    def whole(self) -> ServiceItem:
        """The item as a visitor sees it, a bundle with the questions and materials of its members."""
        return self.handbook.resolved(self.item)

    @property
    def in_force(self) -> bool:
        return (self.item.effective_to or self.today) >= self.today


ItemCheck = Callable[[Subject], Iterator[Finding]]
HandbookCheck = Callable[[Handbook, date], Iterator[Problem]]


def parts(value: Any, loc: Loc = ()) -> Iterator[tuple[Loc, BaseModel]]:
    """Every part in `value` with its place, outermost first."""
    if isinstance(value, BaseModel):
        yield loc, value
        for name in type(value).model_fields:
            yield from parts(getattr(value, name), (*loc, name))
    elif isinstance(value, tuple):
        for position, one in enumerate(value):
            yield from parts(one, (*loc, position))


def texts(value: Any) -> Iterator[str]:
    """Every piece of text in `value`, at any depth."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from texts(getattr(value, name))
    elif isinstance(value, dict):
        for one in value.values():
            yield from texts(one)
    elif isinstance(value, tuple | list):
        for one in value:
            yield from texts(one)


def bases(item: ServiceItem) -> Iterator[tuple[Loc, Basis]]:
    for loc, part in parts(item):
        if isinstance(part, Basis):
            yield loc, part


def whens(item: ServiceItem) -> Iterator[tuple[Loc, When]]:
    """Every condition on situations, whatever its field is called."""
    for loc, part in parts(item):
        for name in ("when", "required_when"):
            when = getattr(part, name, None)
            if when:
                yield (*loc, name), when
    for name, case in item.bundle.cases.items() if item.bundle else ():
        if case.when:
            yield ("bundle", "cases", name, "when"), case.when


def bare(wording: str) -> str:
    """`wording` without what a visitor does not say: punctuation, spaces, width and case."""
    folded = unicodedata.normalize("NFKC", wording).casefold()
    return "".join(char for char in folded if char.isalnum())
