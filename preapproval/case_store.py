"""Cases in SQL: begun, found, filled in. Moving them is case_moves.py, their files case_files.py."""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from preapproval.case import Applicant
from preapproval.case_files import begin_round
from preapproval.case_rows import (
    AT_THE_COUNTER,
    CaseRow,
    Keeping,
    NoSuchCase,
    at_version,
    case_of,
    change,
    in_blind_sample,
    may_change,
    read_case,
)  # fmt: skip
from preapproval.case_tables import cases
from preapproval.sign_off import NotAllowed
from preapproval.sign_off_guards import Actor, State


@dataclass(frozen=True)
class Form:
    """What the applicant typed in."""

    applicant: Applicant = field(default_factory=Applicant)
    declared: Mapping[str, Any] = field(default_factory=dict)
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class NewCase:
    item: str
    organisation: str
    form: Form = field(default_factory=Form)
    region: str | None = None
    key_hash: str | None = None
    """SHA-256 of the applicant's private link."""


class CaseStore:
    def __init__(self, keeping: Keeping) -> None:
        self.keeping = keeping

    def begin(self, actor: Actor, new: NewCase) -> CaseRow:
        """A draft."""
        keeping, case_id = self.keeping, str(uuid.uuid4())
        with keeping.ledger.entry(actor, "begin", case_id, item=new.item) as write:
            row = {
                "id": case_id, "item": new.item, "organisation": new.organisation, "region": new.region,
                "state": "draft", "version": 1, "round": 1, "filing_round": 1, "key_hash": new.key_hash,
                "created_at": write.at, "changed_at": write.at, "first_by": [], "extended": False,
                "blind_listed": False, "legal_hold": False,
                "blind_sample": in_blind_sample(keeping.vault, case_id, keeping.blind_share),
                **self._filled(case_id, new.form),
            }  # fmt: skip
            write.execute(sa.insert(cases), row)
            return read_case(write.connection, case_id)

    def fill_in(self, actor: Actor, case_id: str, version: int, form: Form) -> CaseRow:
        """Raises StaleVersion, NoSuchCase, or NotAllowed once it is handed in."""
        with self.keeping.ledger.entry(actor, "fill_in", case_id) as write:
            case = at_version(write, case_id, version)
            if not may_change(case, actor):
                raise NotAllowed("files_locked", case.state, "fill_in")
            filled = self._filled(case_id, form)
            if case.state == AT_THE_COUNTER:
                begin_round(write, case, case.round + 1)
                filled["filing_round"] = case.round + 1
            return change(write, case, **filled)

    def get(self, case_id: str) -> CaseRow:
        """Raises NoSuchCase."""
        with self.keeping.ledger.reading() as connection:
            return read_case(connection, case_id)

    def by_key(self, key_hash: str) -> CaseRow:
        """The case of a private link. Raises NoSuchCase."""
        with self.keeping.ledger.reading() as connection:
            row = connection.execute(sa.select(cases).where(cases.c.key_hash == key_hash)).one_or_none()
        if row is None:
            raise NoSuchCase
        return case_of(row)

    def queue(
        self, states: Collection[State], organisation: str | None = None, item: str | None = None, limit: int = 200
    ) -> tuple[CaseRow, ...]:
        """What waits, the earliest received first. `organisation` None: of all."""
        wanted = cases.c.state.in_(sorted(states)) & cases.c.erased_at.is_(None)
        if organisation is not None:
            wanted &= cases.c.organisation == organisation
        if item is not None:
            wanted &= cases.c.item == item
        order = (sa.func.coalesce(cases.c.received_at, cases.c.created_at), cases.c.id)
        with self.keeping.ledger.reading() as connection:
            rows = connection.execute(sa.select(cases).where(wanted).order_by(*order).limit(limit))
            return tuple(case_of(row) for row in rows)

    def counts(self, organisation: str | None = None) -> dict[State, int]:
        """How many cases are in each state."""
        query = sa.select(cases.c.state, sa.func.count()).group_by(cases.c.state)
        if organisation is not None:
            query = query.where(cases.c.organisation == organisation)
        with self.keeping.ledger.reading() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def form(self, case: CaseRow) -> Form:
        """What the applicant typed in; empty once it is erased."""
        with self.keeping.ledger.reading() as connection:
            return read_form(self.keeping, connection, case)

    def _filled(self, case_id: str, form: Form) -> dict[str, Any]:
        """Columns of a form: sealed, and found by the identity number."""
        number = (form.applicant.number or "").strip().upper()
        sealed = json.dumps(
            {"applicant": form.applicant.model_dump(exclude_none=True), "declared": dict(form.declared)}, default=str
        )
        return {
            "applicant": self.keeping.seal(sealed, f"review_case.applicant:{case_id}"),
            "blind": self.keeping.vault.blind(number) if number else None,
            "choices": dict(form.choices),
        }


def read_form(keeping: Keeping, connection: sa.Connection, case: CaseRow) -> Form:
    sealed = connection.execute(sa.select(cases.c.applicant).where(cases.c.id == case.id)).scalar_one()
    if not sealed:
        return Form(choices=case.choices)
    data = json.loads(keeping.unseal(sealed, f"review_case.applicant:{case.id}"))
    return Form(Applicant.model_validate(data["applicant"]), data["declared"], case.choices)
