"""Days among the facts: only those that can stand on a paper."""

from __future__ import annotations

from datetime import date, datetime

from preapproval.facts import Facts, Known
from preapproval.rules.result import CheckResult, undetermined
from preapproval.rules.sought import gather, proof
from preapproval.rules.wording import FOREVER, name_path, say

FIRST, LAST = date(1900, 1, 1), date(2200, 12, 31)
"""A day before or after them was misread, 长期 apart."""

Day = tuple[date, Known]


def gather_days(facts: Facts, *paths: str) -> tuple[Day, ...] | CheckResult:
    """The day at every path; one that cannot be right is undetermined."""
    found = gather(facts, *paths)
    if isinstance(found, CheckResult):
        return found
    days: list[Day] = []
    for one in found:
        day = typed_day(one.value)
        if day is None:
            return undetermined(say("not_a_date", field=name_path(facts, one.path)), proof(one))
        if not (FIRST <= day <= LAST or day == FOREVER):
            return undetermined(say("odd_date", field=name_path(facts, one.path)), proof(one))
        days.append((day, one))
    return tuple(days)


def typed_day(value: object) -> date | None:
    """A date; what is declared may be its ISO text."""
    if isinstance(value, str):
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            return None
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None
