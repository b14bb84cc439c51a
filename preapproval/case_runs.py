"""Runs of the pre-review: what goes in, and what came out, kept once for the same input."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from preapproval.case import Case, Checked, Finding, Verdict
from preapproval.case_files import StoredFile, files_of
from preapproval.case_moves import CaseMoves
from preapproval.case_review import corrections_of, present_verdict
from preapproval.case_rows import CaseRow, Keeping, change, read_case
from preapproval.case_store import read_form
from preapproval.case_tables import outcomes, verdicts
from preapproval.decisions import FieldCorrection, keyed
from preapproval.ledger import Write, canonical
from preapproval.sign_off_guards import SYSTEM, Act, State

RUNS_COUNT: frozenset[State] = frozenset(
    {"submitted", "reviewing", "review_failed", "awaiting_clerk", "accepted_with_gap", "accepted", "deemed_accepted",
     "examining"}
)  # fmt: skip
"""States in which a result of the present round is what officers work with."""


@dataclass(frozen=True)
class RunInput:
    """What one run of the pre-review looks at."""

    row: CaseRow
    case: Case
    files: tuple[StoredFile, ...]
    corrections: tuple[FieldCorrection, ...]
    key: str
    """The same for the same input; keyed, so that it tells nothing."""


@dataclass(frozen=True)
class SavedVerdict:
    id: str
    case: CaseRow
    late: bool
    """For a round, or values, that are no longer the present ones: kept, and without effect."""


class CaseRuns:
    def __init__(self, keeping: Keeping) -> None:
        self.keeping, self.moves = keeping, CaseMoves(keeping)

    def input(self, case_id: str) -> RunInput:
        """Raises NoSuchCase."""
        with self.keeping.ledger.reading() as connection:
            return self._input(connection, read_case(connection, case_id))

    def save(self, given: RunInput, verdict: Verdict) -> SavedVerdict:
        """Keep a result; one that is of the present round and values ends `reviewing`."""
        with self.keeping.ledger.entry(SYSTEM, "save_verdict", given.row.id) as write:
            present = self._input(write.connection, read_case(write.connection, given.row.id))
            late = present.key != given.key or present.row.state not in RUNS_COUNT
            found = self._known(write, given, verdict)
            verdict_id = found or self._insert(write, given, verdict, late=late)
            if found and not late:  # values went back to what they were: this result is the newest again
                again = sa.update(verdicts).where(verdicts.c.id == found)
                write.execute(again.values(at=write.at, late=False))
            write.note(
                verdict=verdict_id, ruleset=verdict.ruleset.sha256, round=given.row.round, late=late, known=bool(found)
            )
            case = present.row
            if not late:
                ruleset = verdict.ruleset
                case = change(write, case, ruleset_version=ruleset.version, ruleset_sha256=ruleset.sha256)
                if case.state == "reviewing":
                    case = self.moves.apply(write, case, "finish_review", Act(SYSTEM)).case
            return SavedVerdict(verdict_id, case, late)

    def verdict(self, case: CaseRow, round_: int | None = None) -> Verdict | None:
        """The newest result of a round, by default the present; None where there is none, or it was erased."""
        with self.keeping.ledger.reading() as connection:
            return present_verdict(self.keeping, connection, case, round_)

    def _input(self, connection: sa.Connection, row: CaseRow) -> RunInput:
        form = read_form(self.keeping, connection, row)
        files = files_of(self.keeping, connection, row.id, row.round)
        corrections = corrections_of(self.keeping, connection, row)
        case = Case(
            item=row.item, choices=dict(form.choices), applicant=form.applicant, declared=dict(form.declared),
            received_at=row.received_at or row.created_at, round=row.round,
        )  # fmt: skip
        whole = [
            case.model_dump(mode="json"), [one.file.model_dump(mode="json") for one in files],
            [one.model_dump(mode="json") for one in corrections],
        ]  # fmt: skip
        return RunInput(row, case, files, corrections, self.keeping.vault.blind(canonical(whole)))

    def _known(self, write: Write, given: RunInput, verdict: Verdict) -> str | None:
        mine = {**_key(given, verdict), "case_id": given.row.id}
        return write.execute(
            sa.select(verdicts.c.id).where(*(verdicts.c[name] == value for name, value in mine.items()))
        ).scalar()

    def _insert(self, write: Write, given: RunInput, verdict: Verdict, *, late: bool) -> str:
        verdict_id = str(uuid.uuid4())
        sealed = self.keeping.seal(verdict.model_dump_json(), f"review_verdict.verdict:{verdict_id}")
        row = {"id": verdict_id, "case_id": given.row.id, "ruleset_version": verdict.ruleset.version, "late": late}
        said = {"verdict": sealed, "kind": verdict.verdict, "at": write.at}
        write.execute(sa.insert(verdicts), {**row, **_key(given, verdict), **said})
        grave = {key[:260]: one.severity for key, one in keyed(verdict.findings).items()}
        rows = [
            {"verdict_id": verdict_id, "finding": key, "rule": rule, "outcome": outcome, "severity": grave.get(key)}
            for key, rule, outcome in results(verdict)
        ]
        if rows:
            write.execute(sa.insert(outcomes), rows)
        return verdict_id


def _key(given: RunInput, verdict: Verdict) -> dict[str, str | int]:
    engine = hashlib.sha256(canonical(verdict.engine).encode()).hexdigest()
    return {
        "round": given.row.round, "ruleset_sha256": verdict.ruleset.sha256, "engine_sha256": engine,
        "inputs_key": given.key,
    }  # fmt: skip


def results(verdict: Verdict) -> Iterator[tuple[str, str, str]]:
    """Key, rule and outcome of every check, each key once."""
    seen: set[str] = set()
    found: list[tuple[str, Finding | Checked, str]] = [
        (key, one, one.status) for key, one in keyed(verdict.findings).items()
    ]
    for outcome, checks in (("pass", verdict.checks_passed), ("not_applicable", verdict.checks_not_applicable)):
        found += [(f"{one.rule}:{one.slot or ''}", one, outcome) for one in checks]
    for place, (key, one, outcome) in enumerate(found):
        unique = f"{key}/{place}" if key in seen else key
        seen.add(unique)
        yield unique[:260], one.rule, outcome
