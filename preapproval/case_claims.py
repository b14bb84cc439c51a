"""Who works on a case: a lease that warns others off. It guards nothing; the version does."""

from __future__ import annotations

from datetime import UTC, timedelta

import sqlalchemy as sa

from preapproval.case_rows import CaseRow, Keeping, read_case
from preapproval.case_tables import cases
from preapproval.ledger import Write
from preapproval.sign_off_guards import Actor

LEASE = timedelta(minutes=15)


class ClaimedByAnother(Exception):
    code = "claimed_by_another"

    def __init__(self, present: CaseRow) -> None:
        super().__init__("somebody else works on the case")
        self.present = present


class CaseClaims:
    def __init__(self, keeping: Keeping) -> None:
        self.keeping = keeping

    def claim(self, actor: Actor, case_id: str, *, take_over: bool = False) -> CaseRow:
        """Take a case for fifteen minutes, or for fifteen more. An expired lease is anybody's.

        Raises ClaimedByAnother unless told to take over, which is entered, and NoSuchCase.
        """
        with self.keeping.ledger.entry(actor, "claim", case_id) as write:
            case = read_case(write.connection, case_id)
            running = case.claim_until is not None and case.claim_until > write.at.replace(tzinfo=UTC)
            another = running and case.claimed_by != actor.id
            if another and not take_over:
                raise ClaimedByAnother(case)
            write.note(taken_from=case.claimed_by if another else None)
            return self._set(write, case_id, actor.id)

    def release(self, actor: Actor, case_id: str) -> CaseRow:
        """Let go of a case; nothing happens where it is somebody else's."""
        with self.keeping.ledger.entry(actor, "release", case_id) as write:
            case = read_case(write.connection, case_id)
            return self._set(write, case_id, None) if case.claimed_by == actor.id else case

    def _set(self, write: Write, case_id: str, officer: str | None) -> CaseRow:
        until = write.at + LEASE if officer else None
        write.execute(sa.update(cases).where(cases.c.id == case_id).values(claimed_by=officer, claim_until=until))
        return read_case(write.connection, case_id)
