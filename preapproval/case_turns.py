"""Whose turn it is to review a case: a lease that its process renews while it lives, and a pause after each failure.

A turn says nothing of the case, so it is no entry of the audit; taking the case up, failing and finishing are.
Clocks of the machines that share a database must agree to within a few seconds.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from preapproval.case_rows import CaseRow, Keeping, case_of, stored
from preapproval.case_tables import cases, turns

LEASE_S = 20.0
"""After so long without a sign of life a process is taken for dead, and its case for anybody's."""
BEAT_S = 5.0
"""How often a living process renews its lease: three beats may be late."""
PAUSES_S = (15.0, 60.0)
"""Before the second and the third try."""
TRIES = len(PAUSES_S) + 1
"""Then a person takes over."""
MOST = 200


class CaseTurns:
    """One process's view of the turns. Every other process has a `runner` of its own."""

    def __init__(self, keeping: Keeping) -> None:
        self.keeping, self.runner = keeping, str(uuid.uuid4())

    def waiting(self) -> tuple[CaseRow, ...]:
        """Cases that wait for their pre-review and whose pause is over, the earliest received first."""
        due = turns.c.due_at.is_(None) | (turns.c.due_at <= self._now())
        return self._cases(cases.c.state.in_(("submitted", "review_failed")) & due)

    def abandoned(self) -> tuple[CaseRow, ...]:
        """Cases under review by nobody who lives."""
        dead = turns.c.until.is_(None) | (turns.c.until <= self._now())
        return self._cases((cases.c.state == "reviewing") & dead)

    def take(self, case_id: str) -> bool:
        """Begin or renew a lease; False where another process holds one that runs."""
        now = self._now()
        lease = {"runner": self.runner, "until": now + timedelta(seconds=LEASE_S)}
        free = turns.c.until.is_(None) | (turns.c.until <= now) | (turns.c.runner == self.runner)
        with self.keeping.ledger.engine.begin() as connection:
            mine = turns.c.case_id == case_id
            if connection.execute(sa.update(turns).where(mine & free).values(**lease)).rowcount:
                return True
        try:
            with self.keeping.ledger.engine.begin() as connection:
                connection.execute(sa.insert(turns), {"case_id": case_id, "tries": 0, **lease})
        except IntegrityError:
            return False
        return True

    def renew(self, case_ids: Collection[str]) -> None:
        """A sign of life for the cases in hand; one that another has taken over meanwhile stays the other's."""
        until = self._now() + timedelta(seconds=LEASE_S)
        mine = turns.c.case_id.in_(case_ids) & (turns.c.runner == self.runner)
        with self.keeping.ledger.engine.begin() as connection:
            connection.execute(sa.update(turns).where(mine).values(until=until))

    def holds(self, case_id: str) -> bool:
        """Whether nobody has taken the case over meanwhile."""
        mine = sa.select(turns.c.runner).where(turns.c.case_id == case_id)
        with self.keeping.ledger.reading() as connection:
            return connection.execute(mine).scalar() == self.runner

    def tries(self, case_id: str) -> int:
        """Failures since the case was handed in."""
        with self.keeping.ledger.reading() as connection:
            return connection.execute(sa.select(turns.c.tries).where(turns.c.case_id == case_id)).scalar() or 0

    def fail(self, case_id: str) -> None:
        """Let go after a failure, until its pause is over."""
        tries = self.tries(case_id) + 1
        due = self._now() + timedelta(seconds=PAUSES_S[min(tries, len(PAUSES_S)) - 1])
        self._let_go(case_id, sa.update(turns).values(runner=None, until=None, tries=tries, due_at=due))

    def finish(self, case_id: str) -> None:
        """Nothing is left of the turn."""
        self._let_go(case_id, sa.delete(turns))

    def release(self, case_id: str) -> None:
        """Let go of a case that was not reviewed: whoever looks next takes it up."""
        self._let_go(case_id, sa.update(turns).values(runner=None, until=None))

    def _let_go(self, case_id: str, statement: sa.Update | sa.Delete) -> None:
        mine = (turns.c.case_id == case_id) & (turns.c.runner == self.runner)
        with self.keeping.ledger.engine.begin() as connection:
            connection.execute(statement.where(mine))

    def _cases(self, wanted: sa.ColumnElement[bool]) -> tuple[CaseRow, ...]:
        joined = sa.select(cases).outerjoin(turns, turns.c.case_id == cases.c.id)
        query = joined.where(wanted & cases.c.erased_at.is_(None))
        order = sa.func.coalesce(cases.c.received_at, cases.c.created_at)
        with self.keeping.ledger.reading() as connection:
            return tuple(case_of(row) for row in connection.execute(query.order_by(order, cases.c.id).limit(MOST)))

    def _now(self) -> datetime:
        return stored(self.keeping.ledger.now())
