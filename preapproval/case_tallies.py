"""What a list of cases shows of each pre-review: its kind, and how many findings there are and were decided."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from preapproval.case_rows import CaseRow, Keeping
from preapproval.case_tables import decisions, outcomes, verdicts

GRADED = ("fail", "undetermined")
"""Outcomes that an officer decides; hints may be left alone."""


@dataclass(frozen=True)
class Tally:
    """The newest result of the present round of a case. An undetermined finding is counted as that alone."""

    kind: str
    must: int = 0
    should: int = 0
    undetermined: int = 0
    decided: int = 0

    @property
    def findings(self) -> int:
        return self.must + self.should + self.undetermined


def tallies(keeping: Keeping, rows: Collection[CaseRow]) -> dict[str, Tally]:
    """Case -> tally, of those that were reviewed; three questions to the database, however many rows."""
    with keeping.ledger.reading() as connection:
        newest = _newest(connection, rows)
        found = _found(connection, [one.id for one in newest.values()])
        decided = _decided(connection, rows)
    return {
        case_id: _tally(one.kind, found.get(one.id, {}), decided.get(case_id, frozenset()))
        for case_id, one in newest.items()
    }


def _tally(kind: str, found: Mapping[str, tuple[str, str | None]], decided: frozenset[str]) -> Tally:
    """A result of before severities were kept counts as `must`."""
    fails = [severity or "must" for outcome, severity in found.values() if outcome == "fail"]
    unsure = sum(outcome == "undetermined" for outcome, _ in found.values())
    return Tally(kind, fails.count("must"), fails.count("should"), unsure, len(decided & found.keys()))


def _newest(connection: sa.Connection, rows: Collection[CaseRow]) -> dict[str, sa.Row]:
    query = sa.select(verdicts.c.id, verdicts.c.case_id, verdicts.c.round, verdicts.c.kind).where(
        verdicts.c.case_id.in_([row.id for row in rows]), verdicts.c.late.is_(False)
    )
    rounds = {row.id: row.round for row in rows}
    ordered = connection.execute(query.order_by(verdicts.c.at, verdicts.c.id.desc()))
    return {one.case_id: one for one in ordered if one.round == rounds[one.case_id]}


def _found(connection: sa.Connection, verdict_ids: Collection[str]) -> dict[str, dict[str, tuple[str, str | None]]]:
    query = sa.select(outcomes).where(outcomes.c.verdict_id.in_(verdict_ids), outcomes.c.outcome.in_(GRADED))
    found: dict[str, dict[str, tuple[str, str | None]]] = {}
    for row in connection.execute(query):
        found.setdefault(row.verdict_id, {})[row.finding] = (row.outcome, row.severity)
    return found


def _decided(connection: sa.Connection, rows: Collection[CaseRow]) -> dict[str, frozenset[str]]:
    query = sa.select(decisions.c.case_id, decisions.c.round, decisions.c.finding).distinct()
    rounds = {row.id: row.round for row in rows}
    found: dict[str, set[str]] = {}
    for row in connection.execute(query.where(decisions.c.case_id.in_(rounds))):
        if row.round == rounds[row.case_id]:
            found.setdefault(row.case_id, set()).add(row.finding[:260])
    return {case_id: frozenset(keys) for case_id, keys in found.items()}
