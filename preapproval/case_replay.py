"""Stored cases judged again by other rules: what was read then is unsealed in memory, and only outcomes come out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from knowledge.item import ServiceItem
from preapproval.case import ReadFile
from preapproval.case_files import CaseFiles, StoredFile
from preapproval.case_rows import NoSuchCase
from preapproval.case_runs import CaseRuns
from preapproval.case_tables import cases, readings
from preapproval.publish import StoredCase
from preapproval.review import lay_out
from preapproval.ruleset import Ruleset

MOST_CASES = 200
"""How many stored cases a draft is tried on unless said otherwise: the newest."""


@dataclass(frozen=True)
class CaseReplay:
    """Reads stored cases as rules ask of them."""

    runs: CaseRuns
    files: CaseFiles

    def newest(self, item: str | None, most: int = MOST_CASES) -> tuple[tuple[str, str], ...]:
        """Id and item of cases that were handed in and are not erased; of one item or of all."""
        wanted = cases.c.received_at.is_not(None) & cases.c.erased_at.is_(None)
        if item is not None:
            wanted &= cases.c.item == item
        query = sa.select(cases.c.id, cases.c.item).where(wanted).order_by(cases.c.received_at.desc(), cases.c.id)
        with self.runs.keeping.ledger.reading() as connection:
            return tuple((row.id, row.item) for row in connection.execute(query.limit(most)))

    def stored(self, case_id: str, item: ServiceItem, rules: Ruleset) -> StoredCase | None:
        """A case of `item`, laid out as `rules` want it; None where something of it was not read, or is gone."""
        try:
            given = self.runs.input(case_id)
        except NoSuchCase:
            return None
        if given.row.erased_at is not None:
            return None
        reads = list(self._read(case_id, given.files))
        if len(reads) < len(given.files):
            return None
        laid_out = lay_out(item, given.case, reads, given.corrections, rules)
        return StoredCase(case_id, laid_out.facts, laid_out.slots)

    def _read(self, case_id: str, files: tuple[StoredFile, ...]) -> Iterator[ReadFile]:
        """What was read last on each file, whatever read it."""
        for one in files:
            engine = self._engine(case_id, one.file.sha256)
            found = self.files.reading(case_id, one.file.sha256, engine) if engine else None
            if found is not None:
                yield found[0].model_copy(update={"file": one.file})

    def _engine(self, case_id: str, sha256: str) -> str | None:
        mine = (readings.c.case_id == case_id) & (readings.c.sha256 == sha256)
        query = sa.select(readings.c.engine).where(mine).order_by(readings.c.at.desc(), readings.c.engine).limit(1)
        with self.runs.keeping.ledger.reading() as connection:
            return connection.execute(query).scalar()
