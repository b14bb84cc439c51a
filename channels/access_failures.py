"""Attempts, failed ones above all, counted in SQL, so that several serving processes count together."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from channels.staff_tables import failures
from knowledge.store import INSERTS

WINDOW = timedelta(minutes=15)
"""After so long without another counted attempt, all is forgotten."""


def utc_now() -> datetime:
    """As the tables keep it."""
    return datetime.now(UTC).replace(tzinfo=None)


@dataclass(frozen=True)
class Attempts:
    """Attempts of one kind: so many within the window, then no more."""

    engine: sa.Engine
    kind: str
    most: int
    now: Callable[[], datetime] = utc_now
    since_first: bool = False
    """The window ends so long after its first attempt, whatever comes later: for what is no failure, and goes on."""

    def begin(self, who: str) -> bool:
        """Count an attempt before it is made, so that many at once are counted too. False: it may not be made.

        What is refused is not counted: nobody is locked out for longer by asking again.
        """
        now = self.now()
        fresh = failures.c.last_at < now - WINDOW
        later = failures.c.last_at if self.since_first else now
        row = INSERTS[self.engine.dialect.name](failures).values(key=self._key(who), count=1, last_at=now)
        counted = row.on_conflict_do_update(
            index_elements=[failures.c.key],
            set_={
                "count": sa.case((fresh, 1), else_=failures.c.count + 1),
                "last_at": sa.case((fresh, now), (failures.c.count < self.most, later), else_=failures.c.last_at),
            },
        ).returning(failures.c.count)
        with self.engine.begin() as connection:
            return connection.execute(counted).scalar_one() <= self.most

    def used_up(self, who: str) -> bool:
        """Whether no more may be tried; counts nothing."""
        mine = failures.c.key == self._key(who), failures.c.last_at >= self.now() - WINDOW
        with self.engine.connect() as connection:
            return (connection.execute(sa.select(failures.c.count).where(*mine)).scalar() or 0) >= self.most

    def take_back(self, who: str) -> None:
        """The attempt that was begun was not made."""
        mine = sa.update(failures).where(failures.c.key == self._key(who), failures.c.count > 0)
        with self.engine.begin() as connection:
            connection.execute(mine.values(count=failures.c.count - 1))

    def forgive(self, who: str) -> None:
        """It succeeded. Old failures of everybody go too."""
        gone = (failures.c.key == self._key(who)) | (failures.c.last_at < self.now() - WINDOW)
        with self.engine.begin() as connection:
            connection.execute(sa.delete(failures).where(gone))

    def _key(self, who: str) -> str:
        return f"{self.kind}:{hashlib.sha256(who.encode('utf-8', 'replace')).hexdigest()}"
