"""A case as its applicant sees it: what to hand in, how far it is, what to correct, until when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel

from channels.case_parts import CaseParts
from channels.verdict_words import headline
from knowledge.checklist import build_checklist
from knowledge.item import ServiceItem
from knowledge.situations import holds, settle
from preapproval.case import Applicant, Finding, ReadFile, VerdictKind
from preapproval.case_files import StoredFile
from preapproval.case_rows import CaseRow, may_change
from preapproval.case_store import Form
from preapproval.deadlines import Deadline
from preapproval.decisions import keyed
from preapproval.masking import mask_address, mask_name, mask_number, mask_phone
from preapproval.notice_words import title_of
from preapproval.own_checks import words as own_words
from preapproval.reasons import words
from preapproval.rounds import Difference
from preapproval.ruleset import Ruleset, SlotTerms
from preapproval.sign_off import open_to
from preapproval.sign_off_guards import Act, Actor
from preapproval.slots import Slot, slots_of

APPLICANT = Actor("applicant", frozenset({"applicant"}))
WAITING = frozenset({"submitted", "reviewing"})


class OptionView(BaseModel):
    value: str
    label: str


class QuestionView(BaseModel):
    situation: str
    ask: str
    options: list[OptionView]


class DeclaredView(BaseModel):
    name: str
    label: str
    type: str


class SlotView(BaseModel):
    key: str
    name: str
    need: str
    group: str | None
    note: str | None
    basis: str
    may_follow: bool
    promise_instead: bool
    sample: str | None
    filled: bool


class PageView(BaseModel):
    page: int
    part: int
    width: int
    height: int


class FileView(BaseModel):
    id: str
    """SHA-256 of its bytes."""
    name: str
    size: int
    media_type: str | None
    slot: str | None
    problem: str | None
    problem_text: str | None
    pages: list[PageView]


class EvidenceView(BaseModel):
    file: str
    page: int
    part: int
    quad: Any | None
    quote: str | None
    width: int | None
    height: int | None


class FindingView(BaseModel):
    key: str
    rule: str
    status: Literal["fail", "undetermined", "hint"]
    severity: Literal["must", "should", "hint"]
    title: str
    citizen_text: str
    action: str
    basis: str
    slot: str | None
    evidence: list[EvidenceView]


class PassedView(BaseModel):
    title: str
    slot: str | None


class VerdictView(BaseModel):
    verdict: VerdictKind
    headline: str
    reviewed_on: date
    findings: list[FindingView]
    passed: list[PassedView]


class DeadlineView(BaseModel):
    kind: str
    label: str
    date: date
    days_left: int
    standing: str


class NoticeView(BaseModel):
    id: str
    kind: str
    title: str
    number: str
    date: datetime


class ProgressView(BaseModel):
    done: int
    total: int


class ChangesView(BaseModel):
    """Titles of findings against the round before."""

    fixed: list[str]
    remaining: list[str]
    new: list[str]


class ItemView(BaseModel):
    id: str
    name: str


class CaseView(BaseModel):
    """Personal values are masked; what was typed in is not sent back whole."""

    id: str
    number: str | None
    item: ItemView
    state: str
    state_label: str
    version: int
    round: int
    received_at: datetime | None
    choices: dict[str, str]
    applicant: Applicant
    declared: dict[str, Any]
    questions: list[QuestionView]
    declared_fields: list[DeclaredView]
    slots: list[SlotView]
    files: list[FileView]
    progress: ProgressView | None
    verdict: VerdictView | None
    changes: ChangesView | None
    deadlines: list[DeadlineView]
    notices: list[NoticeView]
    can: list[str]


def case_view(parts: CaseParts, row: CaseRow) -> CaseView:
    """All of it as it stands now."""
    item = parts.item(row.item)
    form, files = parts.store.form(row), parts.files.of(row)
    read = {one.file.sha256: _kept(parts, row, one) for one in files}
    slots = slots_of(build_checklist(item, form.choices)) if item else ()
    ruleset = parts.reviewer.rulesets(item, parts.reviewer.today()).source if item else None
    return CaseView(
        id=row.id,
        number=row.number,
        item=ItemView(id=row.item, name=item.name if item else row.item),
        state=row.state,
        state_label=words("states", row.state),
        version=row.version,
        round=row.round,
        received_at=row.received_at,
        choices=dict(form.choices),
        applicant=masked_applicant(form.applicant),
        declared=dict(form.declared),
        questions=questions(item, form) if item else [],
        declared_fields=declared_fields(ruleset),
        slots=[_slot(slot, ruleset, files) for slot in slots],
        files=[file_view(one, read[one.file.sha256]) for one in files],
        progress=_progress(parts, row),
        verdict=_verdict(parts, row, read),
        changes=_changes(parts.desk.changes(row)) if row.round > 1 and row.state not in WAITING else None,
        deadlines=deadlines_view(parts.moves.deadlines(row.id)),
        notices=[
            NoticeView(id=one.id, kind=one.kind, title=title_of(one.kind), number=one.number, date=one.at)
            for one in parts.notices.of(row.id)
        ],
        can=_can(parts, row),
    )


def masked_applicant(applicant: Applicant) -> Applicant:
    masks = {"name": mask_name, "number": mask_number, "phone": mask_phone, "address": mask_address}
    given = applicant.model_dump(exclude_none=True)
    return Applicant.model_validate({name: masks.get(name, str)(value) for name, value in given.items()})


def questions(item: ServiceItem, form: Form) -> list[QuestionView]:
    """Every situation that arises, answered or not."""
    settled = settle(item, form.choices)
    return [
        QuestionView(
            situation=one.id, ask=one.ask, options=[OptionView(value=o.value, label=o.label) for o in one.options]
        )
        for one in item.situations
        if holds(one.when, settled) is not False
    ]


def declared_fields(ruleset: Ruleset | None) -> list[DeclaredView]:
    if ruleset is None:
        return []
    labels = ruleset.declared_labels
    return [DeclaredView(name=name, label=labels.get(name, name), type=kind) for name, kind in ruleset.declared.items()]


def _slot(slot: Slot, ruleset: Ruleset | None, files: Sequence[StoredFile]) -> SlotView:
    terms = ruleset.slots.get(slot.key, SlotTerms()) if ruleset else SlotTerms()
    return SlotView(
        key=slot.key,
        name=slot.name,
        need=slot.need,
        group=slot.group,
        note=slot.note,
        basis=slot.basis,
        may_follow=terms.may_follow,
        promise_instead=terms.promise_instead,
        sample=terms.sample,
        filled=any(one.file.slot == slot.key for one in files),
    )


def file_view(stored: StoredFile, read: ReadFile | None) -> FileView:
    problem = read.problem if read else None
    said = own_words()["readable"]["problems"].get(problem, (None, None))[1] if problem else None
    pages = [
        PageView(page=one.ref.number, part=one.ref.part, width=one.width, height=one.height)
        for one in (read.pages if read else ())
    ]
    file = stored.file
    return FileView(
        id=file.sha256,
        name=file.name,
        size=file.size,
        media_type=stored.media_type,
        slot=file.slot,
        problem=problem,
        problem_text=said.format(file=file.name) if said else None,
        pages=pages,
    )


def _kept(parts: CaseParts, row: CaseRow, stored: StoredFile) -> ReadFile | None:
    found = parts.reviews.kept(row.id, stored.file)
    return found[0] if found else None


def _progress(parts: CaseParts, row: CaseRow) -> ProgressView | None:
    found = parts.reviews.progress(row.id) if row.state in WAITING else None
    return ProgressView(done=found[0], total=found[1]) if found else None


def _verdict(parts: CaseParts, row: CaseRow, read: dict[str, ReadFile | None]) -> VerdictView | None:
    """The machine's advice to the applicant; what an officer told stands in notices."""
    if row.state in WAITING or row.state == "draft":
        return None
    found = parts.runs.verdict(row)
    if found is None:
        return None
    return VerdictView(
        verdict=found.verdict,
        headline=headline(found.verdict),
        reviewed_on=found.reviewed_on,
        findings=[finding_view(key, one, read.values()) for key, one in keyed(found.findings).items()],
        passed=[PassedView(title=one.title, slot=one.slot) for one in found.checks_passed],
    )


def finding_view(key: str, finding: Finding, reads: Iterable[ReadFile | None]) -> FindingView:
    pages = (page for read in reads if read for page in read.pages)
    sizes = {(page.ref.file, page.ref.number, page.ref.part): (page.width, page.height) for page in pages}
    evidence = []
    for one in finding.evidence:
        width, height = sizes.get((one.file, one.page, one.part), (None, None))
        evidence.append(
            EvidenceView(
                file=one.file, page=one.page, part=one.part, quad=one.quad, quote=one.quote, width=width, height=height
            )
        )
    return FindingView(
        key=key,
        rule=finding.rule,
        status=finding.status,
        severity=finding.severity,
        title=finding.title,
        citizen_text=finding.citizen_text,
        action=finding.action,
        basis=finding.basis,
        slot=finding.slot,
        evidence=evidence,
    )


def _changes(found: Sequence[Difference]) -> ChangesView:
    by_standing: dict[str, list[str]] = {"fixed": [], "remaining": [], "new": []}
    for one in (each for each in found if each.finding.status != "hint"):
        by_standing[one.standing].append(one.finding.title)
    return ChangesView(**by_standing)


def deadlines_view(found: Iterable[Deadline]) -> list[DeadlineView]:
    return [
        DeadlineView(
            kind=one.kind,
            label=words("deadlines", one.kind),
            date=one.due,
            days_left=one.days_left,
            standing=one.standing,
        )
        for one in found
        if one.standing != "met"
    ]


def _can(parts: CaseParts, row: CaseRow) -> list[str]:
    """What the applicant may do now; the page offers nothing else."""
    can = ["edit", "add_file", "remove_file"] if may_change(row, APPLICANT) else []
    may = open_to(parts.moves.snapshot(row.id), Act(APPLICANT))
    return can + [event for event in ("submit", "add_missing", "withdraw") if may.get(event, "no") is None]
