"""What a paper of one case says, gathered from the case, its item and the hall."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from channels.case_parts import CaseParts
from knowledge.checklist import build_checklist
from knowledge.item import ServiceItem
from preapproval.case import Finding
from preapproval.case_due import DECIDED
from preapproval.case_notices import Issued
from preapproval.case_rows import CaseRow
from preapproval.case_store import Form
from preapproval.decisions import by_officer
from preapproval.masking import mask_number, mask_phone, mask_text
from preapproval.notice import HandedInLine, NoticeValues, Paper, Told
from preapproval.notice_words import Decision, notice_words, title_of
from preapproval.ruleset import SlotTerms
from preapproval.slots import slots_of

PERMIT = "行政许可"


@dataclass(frozen=True)
class About:
    """The event that a paper is about, or, of a draft, will be."""

    kind: str
    officer: str
    reason: str = ""
    decision: Decision | None = None


def paper_values(parts: CaseParts, row: CaseRow, about: About) -> NoticeValues:
    """As the case stands now. Personal numbers are masked; the applicant's name is not, the paper is theirs."""
    item, hall = parts.item(row.item), parts.product.live.current().library.hall
    form, words = parts.store.form(row), notice_words()
    today = parts.keeping.clock.day(parts.keeping.ledger.now())
    names, terms = slot_names(item, form), _terms(parts, item, today)
    findings = _findings(parts, row, about.kind)
    told = [(one, told_of(one, names, terms)) for one in findings]
    must = [one for finding, one in told if finding.severity != "hint"] or [one for _, one in told]
    permit = bool(item and item.kind == PERMIT)
    concerned = {one.slot for one in findings if one.slot}
    return NoticeValues(
        authority=row.organisation or hall.name,
        item=item.name if item else row.item,
        permit=permit,
        by_law=words["by_law"]["permit" if permit else "other"],
        application=row.number or "",
        received=parts.keeping.clock.day(row.received_at) if row.received_at else None,
        round=row.round,
        handed_in=_handed_in(parts, row, names) if about.kind == "receipt" else (),
        findings=tuple(must),
        hints=tuple(one for _, one in told if one not in must),
        may_follow=tuple(names[key] for key in names if key in concerned and terms.get(key, SlotTerms()).may_follow),
        promise_instead=tuple(
            names[key] for key in names if key in concerned and terms.get(key, SlotTerms()).promise_instead
        ),
        gap_until=row.gap_until,
        reason=about.reason.strip(),
        papers=_papers(parts, row, permit) if about.kind == "delivery_receipt" else (),
        officer=about.officer or words["system_officer"],
        hotline=hall.hotline,
        decision=about.decision,
        **_applicant(form),
        **_days(parts, row, today),
        **_of_item(item),
    )


def slot_names(item: ServiceItem | None, form: Form) -> dict[str, str]:
    """Requirement -> its name, in the order of the checklist."""
    return {one.key: one.name for one in slots_of(build_checklist(item, form.choices))} if item else {}


def told_of(finding: Finding, names: Mapping[str, str], terms: Mapping[str, SlotTerms]) -> Told:
    """A finding in the words of a paper; what is personal in it is masked.

    The title of a rule says what would be right, so only an officer's own title tells what is wrong.
    """
    words, slot = notice_words(), finding.slot or ""
    text = mask_text(finding.citizen_text)
    wrong = (
        text
        if not by_officer(finding) or finding.title in text
        else words["wrong"].format(title=finding.title, text=text)
    )
    return Told(
        material=names.get(slot, words["no_slot"]),
        wrong=wrong,
        standard=terms.get(slot, SlotTerms()).sample or "",
        remedy=mask_text(finding.action),
        basis=finding.basis,
    )


def _terms(parts: CaseParts, item: ServiceItem | None, today: date) -> Mapping[str, SlotTerms]:
    return parts.reviewer.rulesets(item, today).slots if item else {}


def _findings(parts: CaseParts, row: CaseRow, kind: str) -> Sequence[Finding]:
    """What was told where it was told already; else what stands on the desk now."""
    if kind in ("correction_notice", "gap_notice"):
        return parts.notices.told(row) or parts.desk.look(row).standing
    return parts.desk.look(row).standing if kind == "decision_notice" else ()


def _handed_in(parts: CaseParts, row: CaseRow, names: Mapping[str, str]) -> tuple[HandedInLine, ...]:
    """Files by requirement, in the order of the checklist; one for none is called as it was handed in."""
    files = parts.files.of(row, row.round)
    counts = Counter(one.file.slot for one in files if one.file.slot in names)
    known = [HandedInLine(name=names[key], count=counts[key]) for key in names if counts[key]]
    other = [HandedInLine(name=one.file.name, count=1) for one in files if one.file.slot not in names]
    return (*known, *other)


def _papers(parts: CaseParts, row: CaseRow, permit: bool) -> tuple[Paper, ...]:
    happened = [one.event for one in parts.moves.events(row.id)]
    decision: Decision | None = next((DECIDED[event] for event in reversed(happened) if event in DECIDED), None)
    issued = [one for one in parts.notices.of(row.id) if one.kind != "delivery_receipt"]
    return tuple(_paper(parts, one, decision, permit) for one in issued)


def _paper(parts: CaseParts, one: Issued, decision: Decision | None, permit: bool) -> Paper:
    clock, words = parts.keeping.clock, notice_words()
    read = one.read_at.astimezone(clock.zone).strftime(words["read_at"]) if one.read_at else ""
    title = title_of(one.kind, decision, permit=permit)
    return Paper(title=title, number=one.number, issued=clock.day(one.at), read=read)


def _applicant(form: Form) -> dict[str, Any]:
    given = form.applicant
    return {
        "applicant": given.name or given.company or "",
        "company": given.company or "",
        "applicant_number": mask_number(given.number) if given.number else "",
        "phone": mask_phone(given.phone) if given.phone else "",
    }


def _days(parts: CaseParts, row: CaseRow, today: date) -> dict[str, date | None]:
    """What the law and the item give; of a draft, counted from today."""
    clock, terms = parts.keeping.clock, parts.keeping.terms(row.item)
    due = {one.kind: one.due for one in parts.moves.deadlines(row.id) if one.standing != "met"}
    return {
        "tell_by": due.get("tell"),
        "correct_by": due.get("correct") or clock.calendar.add(today, terms.correct_days).day,
        "decide_by": due.get("decide") or clock.promised(today, terms),
    }


def _of_item(item: ServiceItem | None) -> dict[str, Any]:
    if item is None:
        return {}
    words = notice_words()
    place = next(iter(item.places), None)
    details = words["separator"].join(filter(None, (place.address, place.hours))) if place else ""
    office = (place.name or "") if place else ""
    if office and details:
        office = words["office"].format(name=office, details=details)
    phone = (place.phone if place else None) or next((one.number for one in item.phones), "")
    online = item.online
    return {
        "item_code": item.code or "",
        "result": item.result.name if item.result else "",
        "validity": (item.result.validity or "") if item.result else "",
        "office": office or details,
        "office_phone": phone or "",
        "online": (online.name or "") if online and online.available else "",
    }
