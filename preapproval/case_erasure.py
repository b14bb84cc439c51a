"""Keeping no longer than needed (个人信息保护法 §19, §47): what is personal goes, audit and statistics stay.

And §45: a person gets a copy of what is kept.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from preapproval.case_files import files_of
from preapproval.case_review import present_verdict
from preapproval.case_rows import CaseRow, Keeping, case_of, change, read_case, stored
from preapproval.case_store import read_form
from preapproval.case_tables import (
    additions,
    case_files,
    cases,
    corrections,
    decisions,
    events,
    notices,
    readings,
    verdicts,
)  # fmt: skip
from preapproval.case_told import told_by_round
from preapproval.file_vault import FileVault
from preapproval.ledger import Write
from preapproval.sign_off_guards import SYSTEM, Actor

TAKEN_BACK_DAYS = 30
"""Days that pictures of a file which the applicant took back or replaced are kept after they were made."""


class KeptByOrder(Exception):
    """The case must be kept: `legal_hold`, or `too_early` while it goes on or its time is not over."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class CaseErasure:
    def __init__(self, keeping: Keeping, files: FileVault, draft_days: int = 30) -> None:
        """`draft_days`: drafts that nobody touched for so long are erased."""
        self.keeping, self.files, self.draft_days = keeping, files, draft_days

    def hold(self, actor: Actor, case_id: str, on: bool) -> CaseRow:
        """Keep a case whatever its time says, or no longer."""
        with self.keeping.ledger.entry(actor, "legal_hold", case_id, on=on) as write:
            return change(write, read_case(write.connection, case_id), legal_hold=on)

    def due(self) -> tuple[str, ...]:
        """Cases that have lain long enough, and are not held."""
        now = self.keeping.ledger.now()
        waiting = cases.c.erased_at.is_(None) & cases.c.legal_hold.is_(False)
        resting = cases.c.at_rest_since.is_not(None) | (cases.c.state == "draft")
        with self.keeping.ledger.reading() as connection:
            rows = [case_of(row) for row in connection.execute(sa.select(cases).where(waiting & resting))]
        return tuple(case.id for case in rows if (until := self._until(case)) is not None and until <= now)

    def erase_due(self) -> tuple[str, ...]:
        """Erase what has lain long enough; returns the cases. To be called daily."""
        return tuple(case_id for case_id in self.due() if self._try(SYSTEM, case_id) == "erased")

    def erase(self, actor: Actor, case_id: str) -> None:
        """Raises KeptByOrder, NoSuchCase. The database first: bytes that a crash leaves are orphans of the vault."""
        with self.keeping.ledger.entry(actor, "erase", case_id) as write:
            case = read_case(write.connection, case_id)
            if case.erased_at is None:
                until = self._until(case)
                if case.legal_hold:
                    raise KeptByOrder("legal_hold")
                if until is None or until > self.keeping.ledger.now():
                    raise KeptByOrder("too_early")
                self._wipe(write, case)
        self.files.delete_case(case_id)

    def forget_taken_back(self) -> int:
        """Delete what was read on files that are no longer among those of their case, and the pictures of their pages;
        returns how many files. The file itself stays, sealed, with the round that was judged by it.
        """
        limit = stored(self.keeping.ledger.now() - timedelta(days=TAKEN_BACK_DAYS))
        return sum(self._forget(*one) for one in self._taken_back(limit))

    def _taken_back(self, limit: datetime) -> list[tuple[str, str]]:
        """Case and hash of each file."""
        same = (case_files.c.case_id == readings.c.case_id) & (case_files.c.sha256 == readings.c.sha256)
        listed = sa.exists().where(same, case_files.c.round >= cases.c.round)
        query = sa.select(readings.c.case_id, readings.c.sha256).join(cases, cases.c.id == readings.c.case_id)
        query = query.where(readings.c.at <= limit, cases.c.legal_hold.is_(False), ~listed).distinct()
        with self.keeping.ledger.reading() as connection:
            return [(row.case_id, row.sha256) for row in connection.execute(query)]

    def _forget(self, case_id: str, sha256: str) -> bool:
        mine = (readings.c.case_id == case_id) & (readings.c.sha256 == sha256)
        with self.keeping.ledger.entry(SYSTEM, "forget_pictures", case_id, file=sha256) as write:
            rows = write.execute(sa.select(readings.c.pictures).where(mine))
            refs = [ref for row in rows for ref in row.pictures.values()]
            write.execute(sa.delete(readings).where(mine))
            write.note(pictures=len(refs))
        for ref in refs:
            self.files.delete(case_id, ref)
        return True

    def export_person(self, actor: Actor, number: str) -> list[dict[str, Any]]:
        """All that is kept of one person, by identity number, as plain data."""
        blind = self.keeping.vault.blind(number.strip().upper())
        self.keeping.ledger.record(actor, "export_person", person=blind)
        with self.keeping.ledger.reading() as connection:
            rows = connection.execute(sa.select(cases).where(cases.c.blind == blind)).all()
            return [self._all(connection, case_of(row)) for row in rows]

    def erase_person(self, actor: Actor, number: str) -> dict[str, str]:
        """Case -> `erased`, or why it must be kept."""
        blind = self.keeping.vault.blind(number.strip().upper())
        self.keeping.ledger.record(actor, "erase_person", person=blind)
        with self.keeping.ledger.reading() as connection:
            found = connection.execute(sa.select(cases.c.id).where(cases.c.blind == blind)).scalars().all()
        return {case_id: self._try(actor, case_id) for case_id in found}

    def _try(self, actor: Actor, case_id: str) -> str:
        try:
            self.erase(actor, case_id)
        except KeptByOrder as kept:
            return kept.code
        return "erased"

    def _until(self, case: CaseRow) -> datetime | None:
        """When a case may go; None while it goes on."""
        if case.state == "draft":
            return case.changed_at + timedelta(days=self.draft_days)
        if case.at_rest_since is None:
            return None
        return case.at_rest_since + timedelta(days=self.keeping.terms(case.item).keep_days)

    def _wipe(self, write: Write, case: CaseRow) -> None:
        for table in (case_files, readings):
            write.execute(sa.delete(table).where(table.c.case_id == case.id))
        for table, columns in (
            (events, ("reason", "told")), (verdicts, ("verdict",)), (decisions, ("words",)), (additions, ("words",)),
            (corrections, ("words",)),
        ):  # fmt: skip
            write.execute(sa.update(table).where(table.c.case_id == case.id).values(dict.fromkeys(columns)))
        write.execute(sa.update(notices).where(notices.c.case_id == case.id).values(refs={}))
        change(write, case, applicant=None, blind=None, key_hash=None, choices={}, erased_at=write.at)

    def _all(self, connection: sa.Connection, case: CaseRow) -> dict[str, Any]:
        form, verdict = read_form(self.keeping, connection, case), present_verdict(self.keeping, connection, case)
        told = told_by_round(self.keeping, connection, case.id)
        return {
            "number": case.number, "item": case.item, "state": case.state,
            "applicant": form.applicant.model_dump(exclude_none=True), "declared": dict(form.declared),
            "choices": dict(form.choices),
            "files": [
                {"round": round_, "name": one.file.name, "sha256": one.file.sha256}
                for round_ in range(1, case.filing_round + 1)
                for one in files_of(self.keeping, connection, case.id, round_)
            ],
            "fields": [{"name": one.name, "value": one.value} for one in verdict.fields] if verdict else [],
            "told": [one.citizen_text for round_ in sorted(told) for one in told[round_]],
        }  # fmt: skip
