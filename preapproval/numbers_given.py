"""Running numbers of applications and papers: given once, without gaps, and only within an entry of the ledger."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from preapproval.case_tables import series
from preapproval.ledger import Write


def next_in(write: Write, name: str) -> int:
    """The next number of a series, from 1. A transaction that fails gives it back."""
    last = write.execute(sa.select(series.c.last).where(series.c.name == name)).scalar()
    if last is None:
        write.execute(sa.insert(series), {"name": name, "last": 1})
        return 1
    write.execute(sa.update(series).where(series.c.name == name).values(last=last + 1))
    return last + 1


def next_number(write: Write, day: date) -> str:
    """申请编号: the day, and a number of that day over all items, so that nobody reads the item off it."""
    return f"{day:%Y%m%d}-{next_in(write, f'application:{day:%Y%m%d}'):05d}"


def paper_number_ahead(connection: sa.Connection, authority: str, day: date) -> tuple[int, int]:
    """The year and running number that the next paper will get, unless another is faster. Nothing is taken."""
    last = connection.execute(sa.select(series.c.last).where(series.c.name == _paper(authority, day))).scalar()
    return day.year, (last or 0) + 1


def next_paper_number(write: Write, authority: str, day: date) -> tuple[int, int]:
    """Year and running number of a paper (机关代字〔年〕号): the words around them are the template's."""
    return day.year, next_in(write, _paper(authority, day))


def _paper(authority: str, day: date) -> str:
    return f"paper:{authority}:{day.year}"[:64]
