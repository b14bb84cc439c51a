"""Ages in full years (周岁).

民法典 article 1259 counts the limit itself among 以上 and not among 不满; article 202: a period of years ends on the
corresponding day, or on the last day of the month where there is none. Who was born on 29 February is a year older
on 28 February of a common year.
"""

from __future__ import annotations

from datetime import date

from preapproval.calculators.terms import add_months


def birthday(born: date, age: int) -> date:
    """The day on which `age` full years are complete."""
    return add_months(born, 12 * age)


def full_years(born: date, on: date) -> int:
    """Full years of age on a day; negative before birth."""
    years = on.year - born.year
    return years if on >= birthday(born, years) else years - 1
