"""Working days of the authorities: 行政许可法 §82 counts periods in them. holidays.yaml holds the days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from pydantic import Field

from preapproval.case import Value

ONE = timedelta(days=1)


class DaysOff(Value):
    name: str
    from_: date = Field(alias="from")
    to: date


class Year(Value):
    """What the notice for one year says."""

    notice: str
    free: tuple[DaysOff, ...]
    worked: tuple[date, ...] = ()
    """Days of a weekend on which people work."""


class Statutory(Value):
    """Days off by law, for years without a notice."""

    every_year: tuple[str, ...] = ()
    """Month and day: `05-01`."""
    dates: tuple[date, ...] = ()


class Holidays(Value):
    years: dict[int, Year] = Field(default_factory=dict)
    statutory: Statutory = Statutory()


@dataclass(frozen=True)
class WorkingDay:
    """A day that was counted to."""

    day: date
    calendar_known: bool
    """False where a year was counted through whose notice is not out: the day may still move."""


class WorkingDays:
    """The calendar of one hall."""

    def __init__(self, holidays: Holidays) -> None:
        self.years = frozenset(holidays.years)
        every = [one for year in holidays.years.values() for one in year.free]
        self.off = frozenset(day for one in every for day in _days(one.from_, one.to))
        self.worked = frozenset(day for year in holidays.years.values() for day in year.worked)
        self.every_year = frozenset(holidays.statutory.every_year)
        self.statutory = frozenset(holidays.statutory.dates)

    def is_working(self, day: date) -> bool:
        if day in self.worked:
            return True
        if day.weekday() >= 5 or day in self.off:
            return False
        by_law = day in self.statutory or day.strftime("%m-%d") in self.every_year
        return day.year in self.years or not by_law

    def add(self, day: date, number: int) -> WorkingDay:
        """The last day of a period of `number` working days; the day of its beginning is not counted (民法典 §201)."""
        known, left = day.year in self.years, number
        while left > 0:
            day += ONE
            known = known and day.year in self.years
            left -= self.is_working(day)
        return WorkingDay(day, known)

    def between(self, first: date, last: date) -> int:
        """Working days after `first`, up to and with `last`; 0 where `last` is not later."""
        return sum(self.is_working(day) for day in _days(first + ONE, last))


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


@cache
def load_working_days(own: Path | None = None) -> WorkingDays:
    """The bundled calendar, with the years of a hall's own file put in their place and its other days added.

    Raises OSError, yaml.YAMLError or pydantic.ValidationError for a file that cannot be used.
    """
    bundled = yaml.safe_load((files("preapproval") / "holidays.yaml").read_text("utf-8"))
    if own is None:
        return WorkingDays(Holidays.model_validate(bundled))
    added: dict[str, Any] = yaml.safe_load(own.read_text("utf-8")) or {}
    mine, theirs = Holidays.model_validate(bundled), Holidays.model_validate(added)
    statutory = Statutory(
        every_year=(*mine.statutory.every_year, *theirs.statutory.every_year),
        dates=(*mine.statutory.dates, *theirs.statutory.dates),
    )
    return WorkingDays(Holidays(years={**mine.years, **theirs.years}, statutory=statutory))
