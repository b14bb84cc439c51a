"""A case moves: the table of sign_off.py applied to what is stored, with the event, in one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from preapproval.case_files import begin_round, open_round
from preapproval.case_review import finding_work, standing_now
from preapproval.case_rows import CaseRow, Keeping, at_version, change, read_case
from preapproval.case_tables import case_files, cases, events, verdicts
from preapproval.case_told import seal_told
from preapproval.deadlines import CaseEvent, Deadline
from preapproval.ledger import Write
from preapproval.numbers_given import next_number
from preapproval.sign_off import Event, NotAllowed, Row, move, open_to
from preapproval.sign_off_guards import SYSTEM, Act, Actor, CaseSnapshot, State

AT_REST: frozenset[State] = frozenset({"archived", "withdrawn", "delivered", "closed"})
"""States from which the time of keeping is counted."""
SIGNED = frozenset({"grant", "refuse", "sign_refusal"})
PROPOSED = frozenset({"propose_grant", "propose_refusal", "draft_refusal"})
UNDONE = frozenset({"return_to_examination", "return_to_clerk"})


@dataclass(frozen=True)
class Moved:
    """The case after an event, and the papers that fall due."""

    case: CaseRow
    row: Row | None
    """None where it had happened before."""


@dataclass(frozen=True)
class Happened:
    """One event with who made it happen."""

    at: datetime
    event: str
    actor: str
    reason: str


class CaseMoves:
    def __init__(self, keeping: Keeping) -> None:
        self.keeping = keeping

    def act(self, case_id: str, version: int, event: Event, act: Act) -> Moved:
        """Raises NotAllowed, StaleVersion, NoSuchCase. That four eyes were missing is entered too."""
        try:
            with self.keeping.ledger.entry(act.actor, event, case_id) as write:
                return self.apply(write, at_version(write, case_id, version), event, act)
        except NotAllowed as refused:
            if refused.code in ("four_eyes", "reviewed_by_another"):
                self.keeping.ledger.record(act.actor, "refused", case_id, event=event, code=refused.code)
            raise

    def submit(self, case_id: str, version: int, actor: Actor, token: str) -> Moved:
        """Hand in. A second call with the same token, however late, changes nothing; raises as `act`."""
        hashed = hashlib.sha256(token.encode()).hexdigest()
        with self.keeping.ledger.reading() as connection:
            present = read_case(connection, case_id)
        if present.submit_token == hashed:
            return Moved(present, None)
        event: Event = "add_missing" if present.state in ("accepted_with_gap", "gap_passed") else "submit"
        with self.keeping.ledger.entry(actor, event, case_id) as write:
            case = read_case(write.connection, case_id)
            if case.submit_token == hashed:
                write.note(repeated=True)
                return Moved(case, None)
            moved = self.apply(write, at_version(write, case_id, version), event, Act(actor))
            write.execute(sa.update(cases).where(cases.c.id == case_id).values(submit_token=hashed))
            return Moved(read_case(write.connection, case_id), moved.row)

    def apply(self, write: Write, case: CaseRow, event: Event, act: Act) -> Moved:
        """Within an entry that is open already. Raises NotAllowed."""
        before = self._snapshot(write.connection, case, _instant(write))
        after = move(before, event, act)
        written: dict[str, Any] = {
            "state": after.case.state, "round": after.case.round, "first_by": sorted(after.case.first_by),
            "proposed": after.case.proposed, "correction_approved_by": after.case.correction_approved_by,
            "extended": after.case.extended, **_columns(case, event, act, after.row, write),
        }  # fmt: skip
        if "new_round" in after.row.effects:
            begin_round(write, case, after.case.round)
            written["filing_round"] = after.case.round
        if event == "submit" and case.number is None:
            written["number"] = next_number(write, self.keeping.clock.day(_instant(write)))
        self._enter(write, case, event, act, after.row)
        return Moved(change(write, case, **written), after.row)

    def snapshot(self, case_id: str) -> CaseSnapshot:
        """What the guards see now."""
        with self.keeping.ledger.reading() as connection:
            return self._snapshot(connection, read_case(connection, case_id), self.keeping.ledger.now())

    def open_to(self, case_id: str, actor: Actor) -> Mapping[Event, str | None]:
        """Event -> None, or the code of what is in the way: for the buttons of the desk."""
        return open_to(self.snapshot(case_id), Act(actor))

    def events(self, case_id: str) -> tuple[CaseEvent, ...]:
        with self.keeping.ledger.reading() as connection:
            return events_of(connection, case_id)

    def history(self, case_id: str) -> tuple[Happened, ...]:
        """What happened, by whom, and the reason that was given; the oldest first."""
        mine = sa.select(events).where(events.c.case_id == case_id).order_by(events.c.seq)
        with self.keeping.ledger.reading() as connection:
            return tuple(
                Happened(
                    row.at.replace(tzinfo=UTC), row.event, row.actor,
                    self.keeping.unseal(row.reason, f"review_event.reason:{case_id}:{row.seq}"),
                )
                for row in connection.execute(mine)
            )  # fmt: skip

    def deadlines(self, case_id: str) -> tuple[Deadline, ...]:
        with self.keeping.ledger.reading() as connection:
            case, happened = read_case(connection, case_id), events_of(connection, case_id)
        return self.keeping.clock.deadlines(happened, self.keeping.terms(case.item), self.keeping.ledger.now())

    def let_time_pass(self, among: Collection[CaseRow]) -> tuple[CaseRow, ...]:
        """Timers: what counts as accepted since nobody was told, and gaps that were not filled. Returns what moved."""
        moved: list[CaseRow] = []
        for case in among:
            due: tuple[Event, ...] = ("deem_accepted", "pass_gap_time")
            for event in due:
                if open_to(self.snapshot(case.id), Act(SYSTEM)).get(event, "no") is None:
                    moved += self._timed(case.id, event)
        return tuple(moved)

    def _timed(self, case_id: str, event: Event) -> tuple[CaseRow, ...]:
        """Nothing where an officer was faster."""
        try:
            with self.keeping.ledger.entry(SYSTEM, event, case_id) as write:
                return (self.apply(write, read_case(write.connection, case_id), event, Act(SYSTEM)).case,)
        except NotAllowed:
            return ()

    def _snapshot(self, connection: sa.Connection, case: CaseRow, now: datetime) -> CaseSnapshot:
        keeping, terms = self.keeping, self.keeping.terms(case.item)
        deadlines = keeping.clock.deadlines(events_of(connection, case.id), terms, now)
        passed = {one.kind for one in deadlines if one.standing == "passed"}
        mine = (verdicts.c.case_id == case.id) & verdicts.c.late.is_(False)
        return CaseSnapshot(
            state=case.state, round=case.round, files=_count_files(connection, case),
            changed=case.filing_round > case.round,
            verdict_round=connection.execute(sa.select(sa.func.max(verdicts.c.round)).where(mine)).scalar(),
            findings=finding_work(keeping, connection, case), blind_pending=case.findings_hidden,
            first_by=case.first_by, barred=keeping.barred(case), proposed=case.proposed,
            correction_approved_by=case.correction_approved_by,
            promised_until=keeping.clock.promised(keeping.clock.day(now), terms),
            tell_time_passed="tell" in passed, gap_time_passed="gap" in passed,
            correction_time_passed="correct" in passed, extended=case.extended,
        )  # fmt: skip

    def _enter(self, write: Write, case: CaseRow, event: Event, act: Act, row: Row) -> None:
        newest = sa.select(sa.func.max(events.c.seq)).where(events.c.case_id == case.id)
        seq = 1 + (write.execute(newest).scalar() or 0)
        told = (
            standing_now(self.keeping, write.connection, case)
            if event in ("request_correction", "accept_with_gap")
            else ()
        )
        place = f"{case.id}:{seq}"
        write.execute(
            sa.insert(events),
            {
                "case_id": case.id, "seq": seq, "at": write.at, "event": event, "from_state": case.state,
                "to_state": row.to, "round": case.round, "actor": act.actor.id, "acting_for": act.actor.acting_for,
                "until": act.gap_until, "procedure": act.procedure,
                "reason": self.keeping.seal(act.reason, f"review_event.reason:{place}") if act.reason else None,
                "told": seal_told(self.keeping, told, place) if told else None,
            },
        )  # fmt: skip
        write.note(from_state=case.state, to_state=row.to, round=case.round)


def _columns(case: CaseRow, event: Event, act: Act, row: Row, write: Write) -> dict[str, Any]:
    """Columns that only some events change."""
    found: dict[str, Any] = {}
    if event == "submit" and case.received_at is None:
        found["received_at"] = write.at
    if event in PROPOSED:
        found |= {"proposed_by": act.actor.id, "signed_by": None}
    if event in UNDONE:
        found |= {"proposed": None, "proposed_by": None}
    if event in SIGNED:
        found["signed_by"] = act.actor.id
    if event == "accept_with_gap":
        found["gap_until"] = act.gap_until
    if row.to in AT_REST and case.at_rest_since is None:
        found["at_rest_since"] = write.at
    if row.to != case.state:
        found |= {"claimed_by": None, "claim_until": None}
    return found


def events_of(connection: sa.Connection, case_id: str) -> tuple[CaseEvent, ...]:
    rows = connection.execute(sa.select(events).where(events.c.case_id == case_id).order_by(events.c.seq))
    return tuple(CaseEvent(row.at.replace(tzinfo=UTC), row.event, row.until, row.procedure) for row in rows)


def _count_files(connection: sa.Connection, case: CaseRow) -> int:
    mine = (case_files.c.case_id == case.id) & (case_files.c.round == open_round(case))
    return connection.execute(sa.select(sa.func.count()).select_from(case_files).where(mine)).scalar_one()


def _instant(write: Write) -> datetime:
    return write.at.replace(tzinfo=UTC)
