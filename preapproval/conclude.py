"""From results to a verdict: all findings at once, the gravest first. A verdict is never an approval."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any

from preapproval.case import Checked, Evidence, Finding, Severity, VerdictKind
from preapproval.facts import Facts
from preapproval.kinds import Kind
from preapproval.masking import mask_text, masked
from preapproval.own_checks import words
from preapproval.ruleset import Rule
from preapproval.run_rules import RuleResult
from preapproval.slots import Slot

GRAVITY: Mapping[tuple[str, str], int] = {
    ("fail", "must"): 0,
    ("undetermined", "must"): 1,
    ("fail", "should"): 2,
    ("undetermined", "should"): 3,
}
"""Status and severity -> place in the list; all others are hints and come last."""


@dataclass(frozen=True)
class Concluded:
    verdict: VerdictKind
    findings: tuple[Finding, ...]
    passed: tuple[Checked, ...]
    not_applicable: tuple[Checked, ...]


def conclude(
    own: Iterable[Finding | Checked],
    results: Iterable[RuleResult],
    facts: Facts,
    slots: Mapping[str, Slot],
    kinds: Mapping[str, Kind],
    version: str,
    demoted: frozenset[str] = frozenset(),
) -> Concluded:
    """`demoted` rules were overruled too often: what they find is shown as a hint."""
    own = list(own)
    findings = [one for one in own if isinstance(one, Finding)]
    passed = [one for one in own if isinstance(one, Checked)]
    other: list[Checked] = []
    for one in results:
        if one.result.outcome == "pass":
            passed.append(_checked(one, slots))
        elif one.result.outcome == "not_applicable":
            other.append(_checked(one, slots))
        else:
            findings.append(_finding(one, facts, slots, kinds, version, demoted))
    findings.sort(key=lambda one: (GRAVITY.get((one.status, one.severity), 9), one.slot or "", one.rule))
    return Concluded(roll_up(findings), tuple(findings), tuple(passed), tuple(other))


def roll_up(findings: Iterable[Finding]) -> VerdictKind:
    """What must be corrected comes before what only a person can judge; hints decide nothing."""
    graded = [one for one in findings if one.status != "hint" and one.severity != "hint"]
    if any(one.status == "fail" and one.severity == "must" for one in graded):
        return "correct_first"
    return "ask_a_person" if graded else "ready"


def _finding(
    one: RuleResult, facts: Facts, slots: Mapping[str, Slot], kinds: Mapping[str, Kind], version: str,
    demoted: frozenset[str],
) -> Finding:  # fmt: skip
    rule, slot = one.rule, slots.get(one.slot or "")
    hint = rule.id in demoted or rule.severity == "hint"
    severity: Severity = "hint" if hint else rule.severity
    values = {"name": slot.name if slot else "", **one.result.values}
    failed = one.result.outcome == "fail"
    citizen_text, action = _said(rule, failed, values, one.result.ask)
    return Finding(
        rule=rule.id,
        version=version,
        status="hint" if hint else "fail" if failed else "undetermined",
        severity=severity,
        title=filled_in(rule.title, values),
        detail=one.result.detail,
        citizen_text=citizen_text,
        basis=_basis(rule, slot),
        evidence=tuple(_shown(evidence, facts, kinds) for evidence in one.result.evidence),
        action=action,
        slot=one.slot,
    )


def _said(rule: Rule, failed: bool, values: Mapping[str, Any], ask: str) -> tuple[str, str]:
    """Citizen's sentence and action. A rule's own speak of a failure; what could not be judged is left to a person,
    though the applicant may look at it too.
    """
    if failed:
        return filled_in(rule.citizen_text, values), filled_in(rule.action, values)
    said, title = words()["undetermined"], filled_in(rule.title, values)
    return ask or said["citizen_text"].format(title=title), said["action"].format(title=title)


def filled_in(text: str, values: Mapping[str, Any]) -> str:
    """Braces are filled with what the check gave; a name that it did not give leaves nothing behind."""
    parts = Formatter().parse(text)
    return "".join(before + (str(values.get(name, "")) if name else "") for before, name, _, _ in parts)


def _basis(rule: Rule, slot: Slot | None) -> str:
    return rule.basis.cite() if rule.basis else slot.basis if slot else ""


def _checked(one: RuleResult, slots: Mapping[str, Slot]) -> Checked:
    slot = slots.get(one.slot or "")
    title = filled_in(one.rule.title, {"name": slot.name if slot else ""})
    return Checked(rule=one.rule.id, title=title, slot=one.slot, detail=one.result.detail)


def _shown(evidence: Evidence, facts: Facts, kinds: Mapping[str, Kind]) -> Evidence:
    """With its quote masked: as the field is, or where that is not personal, the personal numbers in it."""
    if not evidence.quote or not evidence.field:
        return evidence
    for material in (*(one for many in facts.materials.values() for one in many), *facts.spare):
        if any(ref.file == evidence.file for ref in material.pages) and material.kind in kinds:
            field = next((one for one in kinds[material.kind].fields if one.name == evidence.field), None)
            if field and field.masked:
                return evidence.model_copy(update={"quote": masked(evidence.quote, field.type)})
    return evidence.model_copy(update={"quote": mask_text(evidence.quote)})
