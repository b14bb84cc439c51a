"""Which papers the events of the present round call for, so that one whose drawing failed can be drawn later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from preapproval.case_rows import CaseRow, Keeping
from preapproval.case_tables import events
from preapproval.notice_words import Decision
from preapproval.sign_off import TRANSITIONS, Effect
from preapproval.sign_off_guards import State

DECIDED: Mapping[str, Decision] = {"grant": "granted", "refuse": "not_granted", "end": "ended"}


@dataclass(frozen=True)
class PaperDue:
    kind: str
    event: str
    actor: str
    """Whose event it was."""
    reason: str
    """In the officer's words; empty where none is given."""


def effects_of(event: str, state: State) -> tuple[Effect, ...]:
    """What an event in a state brings about."""
    return next((row.effects for row in TRANSITIONS if row.event == event and state in row.states), ())


def papers_due(keeping: Keeping, case: CaseRow) -> tuple[PaperDue, ...]:
    """Issued or not, in the order in which they fell due; of one kind the last."""
    due: dict[str, PaperDue] = {}
    query = sa.select(events).where(events.c.case_id == case.id).order_by(events.c.seq)
    with keeping.ledger.reading() as connection:
        for row in connection.execute(query):
            effects = effects_of(row.event, row.from_state)
            if "new_round" in effects:
                due = {}
            reason = keeping.unseal(row.reason, f"review_event.reason:{case.id}:{row.seq}")
            papers = (kind for kind in effects if kind != "new_round")
            due |= {kind: PaperDue(kind, row.event, row.actor, reason) for kind in papers}
    return tuple(due.values())
