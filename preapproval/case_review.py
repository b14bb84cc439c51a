"""What the machine found in a case and what officers said to it, read from SQL. Writing it is case_desk.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC

import sqlalchemy as sa

from preapproval.case import Finding, Verdict
from preapproval.case_rows import CaseRow, Keeping
from preapproval.case_tables import additions, corrections, decisions, opened, verdicts
from preapproval.case_told import earlier_rounds, files_by_slot
from preapproval.decisions import Added, Decision, FieldCorrection, Opened, keyed, latest, standing
from preapproval.rounds import Difference, differences
from preapproval.sign_off_guards import FindingWork


@dataclass(frozen=True)
class Desk:
    """Everything on an officer's desk about the present round of one case."""

    verdict: Verdict | None
    """None before the pre-review, where it failed, and while the officer of a blind sample must not see it."""
    decisions: tuple[Decision, ...]
    added: tuple[Added, ...]
    opened: tuple[Opened, ...]
    corrections: tuple[FieldCorrection, ...]

    @property
    def findings(self) -> Mapping[str, Finding]:
        """Under the keys by which they are decided."""
        return keyed(self.verdict.findings if self.verdict else ())

    @property
    def standing(self) -> tuple[Finding, ...]:
        """What goes into a notice."""
        return standing(tuple(self.findings.values()), self.decisions, self.added)


def desk_of(keeping: Keeping, connection: sa.Connection, case: CaseRow, *, whole: bool = False) -> Desk:
    """`whole`: for the program itself, blind sample or not."""
    hidden = case.findings_hidden and not whole
    verdict = None if hidden else present_verdict(keeping, connection, case)
    return Desk(
        verdict, decisions_of(keeping, connection, case), added_to(keeping, connection, case),
        opened_in(connection, case), corrections_of(keeping, connection, case),
    )  # fmt: skip


def present_verdict(
    keeping: Keeping, connection: sa.Connection, case: CaseRow, round_: int | None = None
) -> Verdict | None:
    """The newest one of a round, by default the present; late ones do not count."""
    mine = (verdicts.c.case_id == case.id) & (verdicts.c.round == (round_ or case.round)) & verdicts.c.late.is_(False)
    newest = sa.select(verdicts.c.id, verdicts.c.verdict).where(mine).order_by(verdicts.c.at.desc(), verdicts.c.id)
    row = connection.execute(newest.limit(1)).one_or_none()
    if row is None or row.verdict is None:
        return None
    return Verdict.model_validate_json(keeping.unseal(row.verdict, f"review_verdict.verdict:{row.id}"))


def standing_now(keeping: Keeping, connection: sa.Connection, case: CaseRow) -> tuple[Finding, ...]:
    return desk_of(keeping, connection, case, whole=True).standing


def finding_work(keeping: Keeping, connection: sa.Connection, case: CaseRow) -> tuple[FindingWork, ...]:
    """The findings of the present round as the guards look at them."""
    desk, terms = desk_of(keeping, connection, case, whole=True), keeping.terms(case.item)
    late = {one.finding.key for one in changes(keeping, connection, case, desk) if one.seen_before}
    said = latest(desk.decisions)
    work = [_found(key, one, said.get(key), desk.opened, late, terms.may_follow) for key, one in desk.findings.items()]
    own = (
        FindingWork(
            one.key, "fail", one.severity, "added", one.by, may_follow=one.slot in terms.may_follow,
            seen_before=one.key in late, repeat_reason=one.repeat_reason,
        )
        for one in desk.added if one.matched is None
    )  # fmt: skip
    return (*work, *own)


def _found(
    key: str, finding: Finding, said: Decision | None, looked: Sequence[Opened], late: set[str],
    may_follow: frozenset[str],
) -> FindingWork:  # fmt: skip
    return FindingWork(
        key, finding.status, finding.severity, said.kind if said else None, said.by if said else None,
        frozenset(one.by for one in looked if one.finding == key), finding.slot in may_follow,
        finding.key in late, said.repeat_reason if said else None,
    )  # fmt: skip


def changes(keeping: Keeping, connection: sa.Connection, case: CaseRow, desk: Desk) -> tuple[Difference, ...]:
    """What the present round changed against the earlier ones; all the machine found, and all that was added."""
    version = desk.verdict.ruleset.version if desk.verdict else ""
    mine = (one for one in desk.added if one.matched is None)
    found = (*desk.findings.values(), *standing((), (), tuple(mine)))
    found = tuple(one.model_copy(update={"version": one.version or version}) for one in found)
    return differences(
        earlier_rounds(keeping, connection, case), files_by_slot(connection, case.id, case.round), found
    )  # fmt: skip


def decisions_of(keeping: Keeping, connection: sa.Connection, case: CaseRow) -> tuple[Decision, ...]:
    """Of the present round, in the order in which they were made."""
    mine = (decisions.c.case_id == case.id) & (decisions.c.round == case.round)
    return tuple(
        Decision(
            finding=row.finding, kind=row.kind, by=row.officer, at=row.at.replace(tzinfo=UTC), reason=row.reason,
            text=keeping.unseal(row.words, f"review_decision.words:{case.id}:{row.seq}"),
            repeat_reason=row.repeat_reason,
        )
        for row in connection.execute(sa.select(decisions).where(mine).order_by(decisions.c.seq))
    )  # fmt: skip


def added_to(keeping: Keeping, connection: sa.Connection, case: CaseRow) -> tuple[Added, ...]:
    mine = (additions.c.case_id == case.id) & (additions.c.round == case.round) & additions.c.words.is_not(None)
    found = []
    for row in connection.execute(sa.select(additions).where(mine).order_by(additions.c.at, additions.c.id)):
        one = Added.model_validate_json(keeping.unseal(row.words, f"review_added.words:{row.id}"))
        found.append(one.model_copy(update={"rule": row.rule, "matched": row.matched}))
    return tuple(found)


def opened_in(connection: sa.Connection, case: CaseRow) -> tuple[Opened, ...]:
    mine = (opened.c.case_id == case.id) & (opened.c.round == case.round)
    rows = connection.execute(sa.select(opened).where(mine).order_by(opened.c.at))
    return tuple(Opened(finding=row.finding, by=row.officer, at=row.at.replace(tzinfo=UTC)) for row in rows)


def corrections_of(keeping: Keeping, connection: sa.Connection, case: CaseRow) -> tuple[FieldCorrection, ...]:
    mine = (corrections.c.case_id == case.id) & (corrections.c.round == case.round) & corrections.c.words.is_not(None)
    rows = connection.execute(sa.select(corrections).where(mine).order_by(corrections.c.seq))
    return tuple(
        FieldCorrection.model_validate_json(keeping.unseal(row.words, f"review_correction.words:{case.id}:{row.seq}"))
        for row in rows
    )
