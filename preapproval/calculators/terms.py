"""Terms in months and years by the calendar (民法典 articles 200 to 202)."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

LAST = date(9999, 12, 31)
"""长期."""


def add_months(day: date, months: int) -> date:
    """The corresponding day `months` later (earlier, if negative), or the last day of that month where there is none.

    After the year 9999 there is only 长期; before the year 1 only 0001-01-01.
    """
    at = day.year * 12 + day.month - 1 + months
    year, month = divmod(at, 12)
    if year > LAST.year:
        return LAST
    if year < 1:
        return date.min
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def last_day(start: date, months: int) -> date:
    """Last day of a term that begins with `start` and runs `months`: 2025-01-01 and 12 months end on 2025-12-31.

    Where the last month has no corresponding day, its last day: 2025-08-31 and 6 months end on 2026-02-28.
    """
    corresponding = add_months(start, months)
    if corresponding.day != start.day or corresponding == LAST:
        return corresponding
    return corresponding - timedelta(days=1) if months else corresponding


def full_months(start: date, end: date) -> int:
    """Full months of a term from `start` to `end`, both days counted; 0 where it ends before a month is over."""
    if end < start:
        return 0
    months = (end.year - start.year) * 12 + end.month - start.month + 1
    while months > 0 and last_day(start, months) > end:
        months -= 1
    return months


def days_of(start: date, end: date) -> int:
    """Days of a term, both counted; 0 where it ends before it begins."""
    return max((end - start).days + 1, 0)
