"""A case as officers see it: all of the applicant's view, and what they decide by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from pydantic import BaseModel

from channels.case_parts import CaseParts
from channels.case_view import CaseView, DeadlineView, FindingView, case_view, deadlines_view, finding_view
from channels.staff import Accounts, StaffMember
from preapproval.case import Checked, FieldValue, Material, PageRef, Quad, RulesetRef, Verdict
from preapproval.case_moves import Happened
from preapproval.case_review import Desk
from preapproval.case_rows import CaseRow
from preapproval.case_tallies import Tally, tallies
from preapproval.decisions import Added, Decision, FieldCorrection, Opened
from preapproval.kinds import KindField, load_kinds
from preapproval.masking import mask_field
from preapproval.reasons import words
from preapproval.sign_off import open_to, rows_from
from preapproval.sign_off_guards import Act, Actor, CaseSnapshot, State

NEEDS = {
    "reason_given": "reason",
    "commitment_signed": "commitment",
    "credit_checked": "credit_checked",
    "gap_within_promise": "gap_until",
    "procedure_named": "procedure",
}
"""Guard -> what an officer must give with the event."""
Names = Mapping[str, str]
URGENT = {"passed": 0, "alarm": 1, "running": 2, "stopped": 3}


class FieldView(BaseModel):
    """One field that was read. Personal values are masked; `unmask` shows one, with a reason."""

    id: str
    material: str
    kind: str
    kind_name: str
    name: str
    label: str
    value: str
    masked: bool
    file: str
    page: int
    part: int
    quad: Quad
    method: str
    validated: bool
    handwritten: bool
    corrected: bool


class DecisionView(BaseModel):
    kind: str
    reason: str | None
    text: str
    by_name: str
    at: datetime
    repeat_reason: str | None


class DeskFinding(FindingView):
    detail: str
    version: str
    decision: DecisionView | None
    opened: bool
    """By whoever asks."""
    must_open: bool
    repeat: bool
    """New, although it could have been told before: needs a reason, and a senior."""


class AddedView(BaseModel):
    id: str
    title: str
    citizen_text: str
    action: str
    slot: str | None
    by_name: str
    blind: bool
    matched: str | None


class EventView(BaseModel):
    at: datetime
    event: str
    label: str
    actor: str
    """A name, never an id."""
    text: str


class MayView(BaseModel):
    """A button: `why_not` says what is in the way, `needs` what must be given with it."""

    event: str
    label: str
    allowed: bool
    why_not: str | None
    needs: list[str]
    notice: str | None
    """The paper that falls due with it."""


class Claimant(BaseModel):
    id: str
    name: str


class MaterialView(BaseModel):
    id: str
    kind: str
    kind_name: str
    slot: str | None
    sides: list[str]
    pages: list[PageRef]
    margin: float
    likely: list[str]


class DeskCase(CaseView):
    fields: list[FieldView]
    materials: list[MaterialView]
    findings: list[DeskFinding]
    added: list[AddedView]
    checks_passed: list[Checked]
    checks_not_applicable: list[Checked]
    ruleset: RulesetRef | None
    engine: dict[str, str]
    events: list[EventView]
    blind: bool
    """The findings are hidden until the officer's own list is entered."""
    may: list[MayView]
    promised_until: date | None
    """When the decision is promised, were it accepted today."""
    claimed_by: Claimant | None
    mine: bool
    claim_until: datetime | None
    legal_hold: bool


class CountsView(BaseModel):
    """Findings of the present round. One that could not be judged counts as undetermined alone."""

    must: int
    should: int
    undetermined: int
    decided: int
    """Of all of these, those that an officer has decided."""


class QueueRow(BaseModel):
    id: str
    number: str | None
    item_name: str
    state: str
    state_label: str
    received_at: datetime | None
    deadline: DeadlineView | None
    verdict: str | None
    findings: CountsView | None
    """None before the pre-review, and while the officer of a blind sample must not see it."""
    round: int
    version: int
    claimed_by: Claimant | None
    mine: bool


class QueueView(BaseModel):
    cases: list[QueueRow]
    counts: dict[str, int]


@cache
def desk_words() -> dict[str, Any]:
    return yaml.safe_load((files("channels") / "desk_words.yaml").read_text("utf-8"))


def queue_view(
    parts: CaseParts, rows: Sequence[CaseRow], member: StaffMember, counts: Mapping[State, int]
) -> QueueView:
    """What is nearest to its deadline comes first; what has passed it before all."""
    found, names = tallies(parts.keeping, rows), names_of(parts)
    shown = [_queue_row(parts, row, member, found.get(row.id), names) for row in rows]
    shown.sort(key=_urgency)
    return QueueView(cases=shown, counts={str(state): number for state, number in counts.items()})


def _queue_row(parts: CaseParts, row: CaseRow, member: StaffMember, tally: Tally | None, names: Names) -> QueueRow:
    item = parts.item(row.item)
    running = deadlines_view(parts.moves.deadlines(row.id))
    first = min(running, key=lambda one: (URGENT.get(one.standing, 9), one.date), default=None)
    claimed = _claimant(parts, row, names)
    seen = None if row.findings_hidden else tally
    return QueueRow(
        id=row.id,
        number=row.number,
        item_name=item.name if item else row.item,
        state=row.state,
        state_label=words("states", row.state),
        received_at=row.received_at,
        deadline=first,
        verdict=seen.kind if seen else None,
        findings=CountsView.model_validate(seen, from_attributes=True) if seen else None,
        round=row.round,
        version=row.version,
        claimed_by=claimed,
        mine=bool(claimed and claimed.id == member.id),
    )


def _urgency(row: QueueRow) -> tuple[int, date, str]:
    if row.deadline is None:
        return 9, date.max, row.id
    return URGENT.get(row.deadline.standing, 8), row.deadline.date, row.id


def names_of(parts: CaseParts) -> Names:
    """Staff by id; whoever is none of them is called by the role."""
    return {one.id: one.name for one in Accounts(parts.product.knowledge.engine).everybody()} | desk_words()["actors"]


def _claimant(parts: CaseParts, row: CaseRow, names: Names) -> Claimant | None:
    """Whoever holds the lease now; one that ran out counts for nothing."""
    running = row.claim_until is not None and row.claim_until > parts.keeping.ledger.now()
    if not running or row.claimed_by is None:
        return None
    return Claimant(id=row.claimed_by, name=names.get(row.claimed_by, desk_words()["gone"]))


def desk_case(parts: CaseParts, row: CaseRow, member: StaffMember, actor: Actor) -> DeskCase:
    """All of it as it stands now, for this officer."""
    view, desk = case_view(parts, row), parts.desk.look(row)
    whole = parts.runs.verdict(row)
    hidden = row.findings_hidden
    snapshot = parts.moves.snapshot(row.id)
    names = names_of(parts)
    claimed = _claimant(parts, row, names)
    shown: dict[str, Any] = {name: getattr(view, name) for name in CaseView.model_fields}
    shown |= {"can": [], "verdict": None if hidden else view.verdict}
    return DeskCase(
        **shown,
        fields=[*_fields(whole, desk.corrections)],
        materials=[_material(one) for one in (whole.materials if whole else ())],
        findings=_findings(parts, row, desk, member.id, names),
        added=[_added(one, names) for one in desk.added],
        checks_passed=list(whole.checks_passed) if whole and not hidden else [],
        checks_not_applicable=list(whole.checks_not_applicable) if whole and not hidden else [],
        ruleset=whole.ruleset if whole else None,
        engine=whole.engine if whole else {},
        events=[_event(one, names) for one in parts.moves.history(row.id)],
        blind=hidden,
        may=_may(snapshot, actor),
        promised_until=snapshot.promised_until,
        claimed_by=claimed,
        mine=bool(claimed and claimed.id == member.id),
        claim_until=row.claim_until,
        legal_hold=row.legal_hold,
    )


def _event(one: Happened, names: Names) -> EventView:
    actor = names.get(one.actor, desk_words()["gone"])
    return EventView(at=one.at, event=one.event, label=words("events", one.event), actor=actor, text=one.reason)


def _findings(parts: CaseParts, row: CaseRow, desk: Desk, officer: str, names: Names) -> list[DeskFinding]:
    reads = [found[0] for one in parts.files.of(row, row.round) if (found := parts.reviews.kept(row.id, one.file))]
    said = {one.finding: one for one in desk.decisions}
    repeated = {one.finding.key for one in parts.desk.changes(row) if one.seen_before}
    shown = []
    for key, finding in desk.findings.items():
        base = finding_view(key, finding, reads)
        shown.append(
            DeskFinding(
                **base.model_dump(),
                detail=finding.detail,
                version=finding.version,
                decision=_decision(said.get(key), names),
                opened=_opened(desk.opened, key, officer),
                must_open=finding.status == "undetermined",
                repeat=finding.key in repeated,
            )
        )
    return shown


def _opened(opened: Iterable[Opened], key: str, officer: str) -> bool:
    return any(one.finding == key and one.by == officer for one in opened)


def _decision(said: Decision | None, names: Names) -> DecisionView | None:
    if said is None:
        return None
    name = names.get(said.by, desk_words()["gone"])
    return DecisionView(
        kind=said.kind, reason=said.reason, text=said.text, by_name=name, at=said.at, repeat_reason=said.repeat_reason
    )


def _added(one: Added, names: Names) -> AddedView:
    return AddedView(
        id=one.id, title=one.title, citizen_text=one.citizen_text, action=one.action, slot=one.slot,
        by_name=names.get(one.by, desk_words()["gone"]), blind=one.blind, matched=one.matched,
    )  # fmt: skip


def _material(one: Material) -> MaterialView:
    kind = load_kinds().get(one.kind)
    return MaterialView(
        id=one.id,
        kind=one.kind,
        kind_name=kind.name if kind else desk_words()["unknown_kind"],
        slot=one.slot,
        sides=list(one.sides),
        pages=list(one.pages),
        margin=one.margin,
        likely=list(one.likely),
    )


def fields_by_id(verdict: Verdict | None) -> dict[str, tuple[Material, FieldValue, KindField | None]]:
    """Every field that was read, under an id that holds nothing personal.

    `m1.number.1.0.0`: material, field, page, part, and which of several in the same place.
    """
    found: dict[str, tuple[Material, FieldValue, KindField | None]] = {}
    kinds = load_kinds()
    for material in verdict.materials if verdict else ():
        kind = kinds.get(material.kind)
        for field in material.fields:
            told = next((one for one in kind.fields if one.name == field.name), None) if kind else None
            key = f"{material.id}.{field.name}.{field.page.number}.{field.page.part}"
            place = sum(known.startswith(f"{key}.") for known in found)
            found[f"{key}.{place}"] = (material, field, told)
    return found


def _fields(verdict: Verdict | None, corrections: Sequence[FieldCorrection]) -> Iterable[FieldView]:
    corrected = {(one.page, one.field) for one in corrections}
    for key, (material, field, told) in fields_by_id(verdict).items():
        personal = told.masked if told else True
        kind = load_kinds().get(material.kind)
        yield FieldView(
            id=key,
            material=material.id,
            kind=material.kind,
            kind_name=kind.name if kind else desk_words()["unknown_kind"],
            name=field.name,
            label=told.label if told else desk_words()["unknown_field"],
            value=mask_field(field.value, told.type if told else "text", personal),
            masked=personal,
            file=field.page.file,
            page=field.page.number,
            part=field.page.part,
            quad=field.quad,
            method=field.method,
            validated=field.validated,
            handwritten=field.handwritten,
            corrected=(field.page, field.name) in corrected,
        )


def _may(snapshot: CaseSnapshot, actor: Actor) -> list[MayView]:
    """The buttons, as if all that can be given with them were given."""
    given = Act(
        actor, reason="-", commitment=True, credit_checked=True, gap_until=snapshot.promised_until, procedure="hearing"
    )
    rows = {row.event: row for row in reversed(list(rows_from(snapshot.state)))}
    return [
        MayView(
            event=event,
            label=words("events", event),
            allowed=code is None,
            why_not=words("refusals", code) if code else None,
            needs=[need for guard, need in NEEDS.items() if guard in rows[event].guards],
            notice=next((one for one in rows[event].effects if one != "new_round"), None),
        )
        for event, code in open_to(snapshot, given).items()
    ]
