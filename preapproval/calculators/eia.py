"""环评: which category of environmental assessment a project needs, by the 建设项目环境影响评价分类管理名录.

A row's steps are asked in order, the strictest first; the first whose conditions hold decides. A condition whose
quantity is not known decides nothing: the category is then unknown, never a milder one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Literal, Self

from pydantic import Field, model_validator

from knowledge.item import Local
from preapproval.calculators.dated import Dated, read_rows
from preapproval.calculators.reckoned import figure
from preapproval.case import Value

Category = Literal["report", "form", "registration", "none"]
"""报告书, 报告表, 登记表, and 不纳入环评管理."""
Given = Mapping[str, Decimal | bool]


class Test(Value):
    """One condition on a quantity or on a yes or no."""

    of: str
    at_least: Decimal | None = None
    below: Decimal | None = None
    above: Decimal | None = None
    is_: bool | None = Field(None, alias="is")

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(one is not None for one in (self.at_least, self.below, self.above, self.is_)) != 1:
            raise ValueError("one of at_least, below, above, is")
        return self

    def holds(self, given: Given) -> bool | None:
        value = given.get(self.of)
        if value is None or isinstance(value, bool) != (self.is_ is not None):
            return None
        if self.is_ is not None:
            return value == self.is_
        if self.at_least is not None:
            return value >= self.at_least
        return value < self.below if self.below is not None else value > self.above  # type: ignore[operator]


class Step(Value):
    """`any` of several lists of conditions, all of one list; none at all holds always (其他)."""

    category: Category
    words: str
    """As the directory says it."""
    any: tuple[tuple[Test, ...], ...] = ()

    def holds(self, given: Given) -> bool | None:
        answers = [_all([test.holds(given) for test in tests]) for tests in self.any]
        if not answers or True in answers:
            return True
        return None if None in answers else False


class Row(Value):
    """One project category of the directory."""

    number: int
    """Its number in the directory."""
    name: str
    asks: dict[str, str]
    """Quantity or yes-no that it depends on -> how it is called, with its unit."""
    steps: tuple[Step, ...] = Field(min_length=1)
    local: Local | None = None

    @model_validator(mode="after")
    def _asked(self) -> Self:
        named = {test.of for step in self.steps for tests in step.any for test in tests}
        if named != set(self.asks):
            raise ValueError(f"{self.name}: {sorted(named ^ set(self.asks))}")
        if self.steps[-1].any:
            raise ValueError(f"{self.name}: the last step must hold always")
        return self


class Directory(Dated):
    """The directory of one period."""

    categories: dict[Category, str]
    """How they are called."""
    yes: str
    no: str
    rows: dict[str, Row]

    def shown(self, value: Decimal | bool) -> str:
        return (self.yes if value else self.no) if isinstance(value, bool) else figure(value)


@dataclass(frozen=True)
class Screened:
    """What the directory says. `missing` are the quantities that decide and are not known; `category` is then None."""

    category: Category | None
    formula: str
    basis: str
    missing: tuple[str, ...] = ()
    confirmed: bool = True


@cache
def load_directories() -> tuple[Directory, ...]:
    return tuple(Directory.model_validate(row) for row in read_rows("eia.yaml"))


def directory_on(directories: Sequence[Directory], day: date) -> Directory | None:
    return next((one for one in directories if one.holds_on(day)), None)


def screen(directory: Directory, project: str, given: Given) -> Screened:
    """Raises KeyError for a project that is not among the rows."""
    row = directory.rows[project]
    confirmed = directory.confirmed and row.local != "to_be_confirmed"
    values = "，".join(f"{name} {directory.shown(given[key])}" for key, name in row.asks.items() if key in given)
    for step in row.steps:
        holds = step.holds(given)
        if holds is None:
            asked = {test.of for tests in step.any for test in tests if test.holds(given) is None}
            missing = tuple(name for key, name in row.asks.items() if key in asked)
            return Screened(None, values, directory.basis, missing, confirmed)
        if holds:
            formula = (
                f"{row.number} {row.name}：{values or '—'} → {directory.categories[step.category]}（{step.words}）"
            )
            return Screened(step.category, formula, directory.basis, (), confirmed)
    raise AssertionError("the last step holds always")


def _all(answers: Sequence[bool | None]) -> bool | None:
    if False in answers:
        return False
    return None if None in answers else True
