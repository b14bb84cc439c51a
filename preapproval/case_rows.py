"""One case as its row tells, and the ways to lay hands on it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

from preapproval.case_tables import cases
from preapproval.deadlines import Clock, ItemTerms
from preapproval.ledger import Ledger, Write
from preapproval.sign_off_guards import Actor, State
from preapproval.vault import Vault


@dataclass(frozen=True)
class CaseRow:
    """What of a case is not personal. Instants are UTC, with zone."""

    id: str
    number: str | None
    item: str
    organisation: str
    region: str | None
    state: State
    version: int
    round: int
    filing_round: int
    """The round for which files were handed in last: the next one, once its first file came or went."""
    choices: Mapping[str, str]
    blind: str | None
    submit_token: str | None
    ruleset_version: str | None
    ruleset_sha256: str | None
    created_at: datetime
    received_at: datetime | None
    changed_at: datetime
    claimed_by: str | None
    claim_until: datetime | None
    first_by: frozenset[str]
    proposed: str | None
    proposed_by: str | None
    signed_by: str | None
    correction_approved_by: str | None
    gap_until: date | None
    extended: bool
    blind_sample: bool
    blind_listed: bool
    legal_hold: bool
    at_rest_since: datetime | None
    erased_at: datetime | None

    @property
    def findings_hidden(self) -> bool:
        """In the blind sample, and the officer's own list is not written down yet."""
        return self.blind_sample and not self.blind_listed


FILLED_IN: frozenset[State] = frozenset({"draft", "correction_requested", "accepted_with_gap", "gap_passed"})
"""States in which the applicant fills in, and hands in files."""
AT_THE_COUNTER: State = "awaiting_clerk"


def may_change(case: CaseRow, actor: Actor) -> bool:
    """Whether what was handed in may change: by the applicant where it is the applicant's turn, or while no officer has
    said anything; at the counter by an officer.
    """
    return case.state in FILLED_IN or (case.state == AT_THE_COUNTER and ("clerk" in actor.roles or not case.first_by))


class NoSuchCase(LookupError):
    code = "no_such_case"


class NoSuchFile(LookupError):
    code = "no_such_file"


class StaleVersion(Exception):
    """Somebody else was faster; `present` is how the case stands now."""

    code = "stale_version"

    def __init__(self, present: CaseRow) -> None:
        super().__init__(f"the case is at version {present.version}")
        self.present = present


@dataclass(frozen=True)
class Keeping:
    """What every part that keeps cases works with."""

    ledger: Ledger
    vault: Vault
    clock: Clock
    terms: Callable[[str], ItemTerms] = lambda _item: ItemTerms()
    """Item -> its terms."""
    barred: Callable[[CaseRow], frozenset[str]] = lambda _case: frozenset()
    """Who besides the first reviewers may not decide a case: by an item's terms the authors of its rules."""
    blind_share: float = 0.04
    """How many of all cases an officer reviews before seeing what the machine found."""
    most_files: int = 60

    def seal(self, text: str, context: str) -> bytes:
        return self.vault.seal(text.encode(), context)

    def unseal(self, blob: bytes | None, context: str) -> str:
        """Empty for what is not there, or was erased."""
        return self.vault.open(blob, context).decode() if blob else ""


def case_of(row: sa.Row[Any]) -> CaseRow:
    found = {one.name: getattr(row, one.name) for one in fields(CaseRow)}
    for name, value in found.items():
        if isinstance(value, datetime):
            found[name] = value.replace(tzinfo=UTC)
    return CaseRow(**{**found, "first_by": frozenset(row.first_by)})


def read_case(connection: sa.Connection, case_id: str) -> CaseRow:
    """Raises NoSuchCase."""
    row = connection.execute(sa.select(cases).where(cases.c.id == case_id)).one_or_none()
    if row is None:
        raise NoSuchCase(case_id)
    return case_of(row)


def at_version(write: Write, case_id: str, version: int) -> CaseRow:
    """The case, where it is still as whoever writes has seen it. Raises NoSuchCase or StaleVersion."""
    found = read_case(write.connection, case_id)
    if found.erased_at:
        raise NoSuchCase(case_id)
    if found.version != version:
        raise StaleVersion(found)
    return found


def change(write: Write, case: CaseRow, **columns: Any) -> CaseRow:
    """The case after a change, one version on."""
    mine = (cases.c.id == case.id) & (cases.c.version == case.version)
    columns = {"version": case.version + 1, "changed_at": write.at, **columns}
    if write.execute(sa.update(cases).where(mine).values(**columns)).rowcount != 1:
        raise StaleVersion(read_case(write.connection, case.id))
    return read_case(write.connection, case.id)


def stored(at: datetime) -> datetime:
    """As tables keep an instant: UTC, without saying so."""
    return at.astimezone(UTC).replace(tzinfo=None)


def in_blind_sample(vault: Vault, case_id: str, share: float) -> bool:
    """Always the same for one case, and nobody without the key can foresee it."""
    keyed = hashlib.sha256(vault.blind(f"blind-sample:{case_id}").encode()).digest()
    return int.from_bytes(keyed[:8], "big") < share * 2**64
