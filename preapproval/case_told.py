"""What the applicant was told in earlier rounds, and so what may still be asked for."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from pydantic import TypeAdapter

from preapproval.case import Finding
from preapproval.case_rows import CaseRow, Keeping
from preapproval.case_tables import case_files, events
from preapproval.rounds import Round

FINDINGS = TypeAdapter(tuple[Finding, ...])


def seal_told(keeping: Keeping, told: Sequence[Finding], place: str) -> bytes:
    return keeping.vault.seal(FINDINGS.dump_json(tuple(told)), f"review_event.told:{place}")


def told_by_round(keeping: Keeping, connection: sa.Connection, case_id: str) -> dict[int, tuple[Finding, ...]]:
    """Round -> what its notice asked for."""
    mine = (events.c.case_id == case_id) & events.c.told.is_not(None)
    found: dict[int, tuple[Finding, ...]] = {}
    for row in connection.execute(sa.select(events).where(mine).order_by(events.c.seq)):
        text = keeping.unseal(row.told, f"review_event.told:{case_id}:{row.seq}")
        found[row.round] = FINDINGS.validate_json(text)
    return found


def earlier_rounds(keeping: Keeping, connection: sa.Connection, case: CaseRow) -> tuple[Round, ...]:
    """The rounds before the present one, the first first."""
    told = told_by_round(keeping, connection, case.id)
    return tuple(
        Round(number, files_by_slot(connection, case.id, number), told.get(number, ()))
        for number in range(1, case.round)
    )


def files_by_slot(connection: sa.Connection, case_id: str, round_: int) -> dict[str, str | None]:
    """SHA-256 -> requirement."""
    mine = (case_files.c.case_id == case_id) & (case_files.c.round == round_)
    found = connection.execute(sa.select(case_files.c.sha256, case_files.c.slot).where(mine))
    return {row.sha256: row.slot for row in found}
