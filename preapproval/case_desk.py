"""What officers write at the desk: decisions, findings of their own, what they looked at, what really stands there."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC
from typing import Any

import sqlalchemy as sa

from preapproval.case_review import Desk, changes, desk_of
from preapproval.case_rows import CaseRow, Keeping, at_version, change, read_case
from preapproval.case_tables import additions, corrections, decisions, opened
from preapproval.decisions import Added, Decision, DecisionRefused, FieldCorrection, check_decision
from preapproval.ledger import Write
from preapproval.rounds import Difference
from preapproval.sign_off import NotAllowed
from preapproval.sign_off_guards import Actor, State

AT_WORK: frozenset[State] = frozenset(
    {"awaiting_clerk", "accepted_with_gap", "gap_passed", "accepted", "deemed_accepted", "examining"}
)
"""States in which findings are decided."""


class CaseDesk:
    """Every method raises StaleVersion, NoSuchCase, DecisionRefused, or NotAllowed outside of the first review."""

    def __init__(self, keeping: Keeping) -> None:
        self.keeping = keeping

    def look(self, case: CaseRow) -> Desk:
        """What the officer may see now."""
        with self.keeping.ledger.reading() as connection:
            return desk_of(self.keeping, connection, case)

    def changes(self, case: CaseRow) -> tuple[Difference, ...]:
        """What the present round fixed, left, and brought; nothing while the findings are hidden."""
        with self.keeping.ledger.reading() as connection:
            if case.findings_hidden:
                return ()
            return changes(self.keeping, connection, case, desk_of(self.keeping, connection, case))

    def decide(self, actor: Actor, case_id: str, version: int, decision: Decision) -> CaseRow:
        """One decision about one finding, by whoever is signed in, now."""
        with self.keeping.ledger.entry(actor, "decide", case_id) as write:
            case, desk = self._at_work(write, case_id, version)
            decision = decision.model_copy(update={"by": actor.id, "at": write.at.replace(tzinfo=UTC)})
            finding = check_decision(decision, tuple(desk.findings.values()), desk.opened)
            seq = self._next(write, decisions, case_id)
            sealed = self._sealed(decision.text, f"review_decision.words:{case_id}:{seq}")
            write.execute(
                sa.insert(decisions),
                {
                    "case_id": case_id, "seq": seq, "round": case.round, "finding": decision.finding,
                    "kind": decision.kind, "reason": decision.reason, "repeat_reason": decision.repeat_reason,
                    "words": sealed, "officer": actor.id, "at": write.at,
                },
            )  # fmt: skip
            write.note(
                finding=decision.finding, kind=decision.kind, reason=decision.reason, rule=finding.rule,
                repeat_reason=decision.repeat_reason, round=case.round,
            )  # fmt: skip
            return self._reviewed(write, case, actor)

    def open_finding(self, actor: Actor, case_id: str, finding: str) -> None:
        """That somebody looked; it changes nothing else, and so needs no version."""
        with self.keeping.ledger.entry(actor, "open_finding", case_id) as write:
            case = read_case(write.connection, case_id)
            desk = desk_of(self.keeping, write.connection, case)
            if finding not in desk.findings:
                raise DecisionRefused("blind_hidden" if case.findings_hidden else "no_such_finding")
            write.note(finding=finding)
            key = {"case_id": case_id, "round": case.round, "finding": finding, "officer": actor.id}
            seen = write.execute(sa.select(opened.c.at).where(*(opened.c[name] == one for name, one in key.items())))
            if seen.first() is None:
                write.execute(sa.insert(opened), {**key, "at": write.at})

    def add(self, actor: Actor, case_id: str, version: int, added: Added) -> CaseRow:
        """A finding of an officer's own."""
        with self.keeping.ledger.entry(actor, "add_finding", case_id) as write:
            case, _ = self._at_work(write, case_id, version, hidden=True)
            self._insert(write, case, added, blind=case.findings_hidden)
            return self._reviewed(write, case, actor)

    def enter_blind_list(self, actor: Actor, case_id: str, version: int, own: Sequence[Added]) -> CaseRow:
        """All that the officer found without the machine, perhaps nothing; its findings are shown from now on."""
        with self.keeping.ledger.entry(actor, "enter_blind_list", case_id, findings=len(own)) as write:
            case, _ = self._at_work(write, case_id, version, hidden=True)
            if not case.findings_hidden:
                raise DecisionRefused("not_blind")
            for one in own:
                self._insert(write, case, one, blind=True)
            return self._reviewed(write, case, actor, blind_listed=True)

    def match(self, actor: Actor, case_id: str, version: int, added: str, finding: str | None, rule: str) -> CaseRow:
        """Say which finding of the machine a blind one is the same as, or which rule should have found it."""
        with self.keeping.ledger.entry(actor, "match_finding", case_id, rule=rule) as write:
            case, desk = self._at_work(write, case_id, version)
            if finding is not None and finding not in desk.findings:
                raise DecisionRefused("no_such_finding")
            mine = (additions.c.id == added) & (additions.c.case_id == case_id) & (additions.c.round == case.round)
            named = desk.findings[finding].rule if finding else rule
            if not write.execute(sa.update(additions).where(mine).values(matched=finding, rule=named)).rowcount:
                raise DecisionRefused("no_such_finding")
            write.note(added=added)
            return self._reviewed(write, case, actor)

    def correct(self, actor: Actor, case_id: str, version: int, correction: FieldCorrection) -> CaseRow:
        """What really stands there; what the machine read stays in the reading."""
        with self.keeping.ledger.entry(actor, "correct_field", case_id, field=correction.field) as write:
            case, _ = self._at_work(write, case_id, version)
            kept = correction.model_copy(update={"by": actor.id, "at": write.at.replace(tzinfo=UTC)})
            seq = self._next(write, corrections, case_id)
            row = {"case_id": case_id, "seq": seq, "round": case.round, "field": kept.field, "officer": actor.id}
            sealed = self._sealed(kept.model_dump_json(), f"review_correction.words:{case_id}:{seq}")
            write.execute(sa.insert(corrections), {**row, "words": sealed, "at": write.at})
            return self._reviewed(write, case, actor)

    def _at_work(self, write: Write, case_id: str, version: int, *, hidden: bool = False) -> tuple[CaseRow, Desk]:
        """`hidden`: also before the findings may be seen."""
        case = at_version(write, case_id, version)
        if "clerk" not in write.actor.roles:
            raise NotAllowed("wrong_role", case.state, "decide")
        if case.state not in AT_WORK:
            raise NotAllowed("wrong_state", case.state, "decide")
        if case.findings_hidden and not hidden:
            raise DecisionRefused("blind_hidden")
        return case, desk_of(self.keeping, write.connection, case)

    def _insert(self, write: Write, case: CaseRow, added: Added, *, blind: bool) -> None:
        made = {"id": str(uuid.uuid4()), "by": write.actor.id, "at": write.at.replace(tzinfo=UTC), "blind": blind}
        one = added.model_copy(update={**made, "matched": None})
        row = {
            "id": one.id, "case_id": case.id, "round": case.round, "rule": one.rule, "slot": one.slot,
            "blind": blind, "officer": one.by, "at": write.at,
        }  # fmt: skip
        sealed = self._sealed(one.model_dump_json(), f"review_added.words:{one.id}")
        write.execute(sa.insert(additions), {**row, "words": sealed})
        write.note(added=one.id, rule=one.rule, slot=one.slot, round=case.round)

    def _reviewed(self, write: Write, case: CaseRow, actor: Actor, **columns: Any) -> CaseRow:
        """Who writes here has reviewed the case first."""
        return change(write, case, first_by=sorted(case.first_by | actor.persons), **columns)

    def _next(self, write: Write, table: sa.Table, case_id: str) -> int:
        newest = sa.select(sa.func.max(table.c.seq)).where(table.c.case_id == case_id)
        return 1 + (write.execute(newest).scalar() or 0)

    def _sealed(self, text: str, context: str) -> bytes | None:
        return self.keeping.seal(text, context) if text else None
