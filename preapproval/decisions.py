"""What officers say to what the machine found: one finding at a time, never all at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from preapproval.case import Evidence, Finding, PageRef, Severity, Value
from preapproval.sign_off_guards import RepeatReason

DismissReason = Literal[
    "ocr_misread", "wrong_kind", "wrong_rule", "outdated_rule", "material_is_right", "special_case",
    "verified_elsewhere", "other",
]  # fmt: skip
"""OCR错读 分类错 规则错 规则过期 材料实际合格 特殊情形 系统数据已核验 其他."""
LEAST_LETTERS = 10
"""Of a reason in words, where none of the list fits."""
RULE_IS_RIGHT: frozenset[DismissReason] = frozenset({"special_case", "verified_elsewhere"})
"""Dismissals that say nothing against the rule."""
IN_LETTERS = str.maketrans("0123456789", "ghijklmnop")
"""A hash without digits: a key is written into the audit, which takes no long numbers."""


class DecisionRefused(Exception):
    """`code` has its sentence in reasons.yaml."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Decision(Value):
    """What an officer said to one finding. Later ones replace earlier ones of the same finding and round."""

    finding: str
    """Key of the finding."""
    kind: Literal["accept", "dismiss", "amend"]
    by: str
    at: datetime
    reason: DismissReason | None = None
    text: str = ""
    """Of `amend`: what the applicant reads instead. Of `dismiss`: the reason or its basis in words."""
    repeat_reason: RepeatReason | None = None
    """Why it may be asked for although it could be seen before."""


class Added(Value):
    """What the machine missed, and an officer found."""

    id: str
    title: str = Field(min_length=1)
    citizen_text: str = Field(min_length=1)
    action: str = Field(min_length=1)
    by: str
    at: datetime
    rule: str = "added"
    """The rule that should have found it, where there is one."""
    slot: str | None = None
    basis: str = ""
    severity: Severity = "must"
    evidence: tuple[Evidence, ...] = ()
    blind: bool = False
    """Written down before the officer saw what the machine found."""
    repeat_reason: RepeatReason | None = None
    matched: str | None = None
    """Of a blind one: the machine's finding that is the same, so that it is not told twice."""

    @property
    def key(self) -> str:
        return f"{self.id}:{self.slot or ''}"


class FieldCorrection(Value):
    """What really stands there, beside what the machine read; the reading stays."""

    page: PageRef
    field: str
    read: str
    value: str
    by: str
    at: datetime


class Opened(Value):
    """That somebody looked at a finding."""

    finding: str
    by: str
    at: datetime


def keyed(findings: Sequence[Finding]) -> dict[str, Finding]:
    """Each finding under a key of its own: where several share theirs (two files nobody can read), by file or place."""
    shared = Counter(one.key for one in findings)
    found: dict[str, Finding] = {}
    for place, one in enumerate(findings):
        key = one.key
        if shared[key] > 1:
            key = f"{key}/{one.evidence[0].file[:12].translate(IN_LETTERS)}" if one.evidence else f"{key}/{place}"
        found[f"{key}/{place}" if key in found else key] = one
    return found


def check_decision(decision: Decision, findings: Sequence[Finding], opened: Sequence[Opened]) -> Finding:
    """The finding that is decided. Raises DecisionRefused."""
    finding = keyed(findings).get(decision.finding)
    if finding is None:
        raise DecisionRefused("no_such_finding")
    seen = {one.by for one in opened if one.finding == decision.finding}
    if finding.status == "undetermined" and decision.by not in seen:
        raise DecisionRefused("not_opened")
    if code := _lacks(decision):
        raise DecisionRefused(code)
    return finding


def _lacks(decision: Decision) -> str | None:
    text = decision.text.strip()
    if decision.kind == "amend" and not text:
        return "text_missing"
    if decision.kind != "dismiss":
        return "reason_not_wanted" if decision.reason else None
    if decision.reason is None:
        return "reason_missing"
    if decision.reason == "special_case" and not text:
        return "basis_missing"
    if decision.reason == "other" and len(text) < LEAST_LETTERS:
        return "reason_too_short"
    return None


def latest(decisions: Sequence[Decision]) -> dict[str, Decision]:
    """Key of the finding -> the decision that counts. `decisions` are in the order in which they were made."""
    return {one.finding: one for one in decisions}


def standing(findings: Sequence[Finding], decisions: Sequence[Decision], added: Sequence[Added]) -> tuple[Finding, ...]:
    """What goes into a notice: what was accepted, amended or added, in that order, with the officer's words."""
    counts = latest(decisions)
    kept = {key: one for key, one in keyed(findings).items() if key in counts and counts[key].kind != "dismiss"}
    amended = [_amended(one, counts[key]) for key, one in kept.items()]
    version = findings[0].version if findings else ""
    return (*amended, *(added_finding(one, version) for one in added if one.matched is None))


def _amended(finding: Finding, decision: Decision) -> Finding:
    return finding.model_copy(update={"citizen_text": decision.text}) if decision.kind == "amend" else finding


def by_officer(finding: Finding) -> bool:
    """Whether an officer found it: it then goes by the id of what was added, and not by a rule."""
    try:
        return bool(UUID(finding.rule))
    except ValueError:
        return False


def added_finding(added: Added, version: str) -> Finding:
    """`rule` becomes the id of what was added, so that its key is its own."""
    return Finding(
        rule=added.id, version=version, status="fail", severity=added.severity, title=added.title,
        detail="", citizen_text=added.citizen_text, basis=added.basis, evidence=added.evidence,
        action=added.action, slot=added.slot,
    )  # fmt: skip
