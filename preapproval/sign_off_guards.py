"""What must hold before a case moves: named, pure, one sentence each. reasons.yaml says them in Chinese."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from preapproval.case import Severity

State = Literal[
    "draft", "submitted", "reviewing", "review_failed", "awaiting_clerk", "correction_requested", "acceptance_drafted",
    "refusal_drafted", "not_accepted", "accepted", "accepted_with_gap", "gap_passed", "deemed_accepted", "examining",
    "special_procedure", "awaiting_final", "granted", "not_granted", "closed", "delivered", "archived", "withdrawn",
    "ended",
]  # fmt: skip
Role = Literal["applicant", "system", "clerk", "senior"]
Decided = Literal["accept", "dismiss", "amend", "added"]
"""采纳 驳回 修改 新增."""
RepeatReason = Literal["new_material", "applicant_changed"]
"""Why something may be asked for a second time: 新材料引发, 申请人变更."""
Procedure = Literal[
    "hearing", "tender", "auction", "inspection", "testing", "quarantine", "appraisal", "expert_review", "site_visit",
]  # fmt: skip
"""听证 招标 拍卖 检验 检测 检疫 鉴定 专家评审 (行政许可法 §45); 勘验 stops the clock only where the item says so."""


@dataclass(frozen=True)
class Actor:
    """Who acts. The machine has the role `system` and no other."""

    id: str
    roles: frozenset[str]
    acting_for: str | None = None
    """Whose place a delegate takes; both count as having acted."""

    def __post_init__(self) -> None:
        if "system" in self.roles and len(self.roles) > 1:
            raise ValueError("the machine takes no person's role")

    @property
    def persons(self) -> frozenset[str]:
        return frozenset({self.id, self.acting_for} - {None})  # type: ignore[arg-type]


SYSTEM = Actor("system", frozenset({"system"}))


@dataclass(frozen=True)
class Act:
    """What comes with an event."""

    actor: Actor
    reason: str = ""
    """In the officer's words."""
    commitment: bool = False
    """Whether the applicant signed the commitment to hand in what is missing."""
    credit_checked: bool = False
    """Whether the officer looked for a bad credit record and found none."""
    gap_until: date | None = None
    procedure: Procedure | None = None


@dataclass(frozen=True)
class FindingWork:
    """One finding of the present round, and what an officer did with it."""

    key: str
    status: Literal["fail", "undetermined", "hint"]
    severity: Severity
    decided: Decided | None = None
    decided_by: str | None = None
    opened_by: frozenset[str] = frozenset()
    may_follow: bool = False
    """Concerns a material that may be handed in after acceptance (容缺)."""
    seen_before: bool = False
    """Not told before although it could be seen then (行政许可法 §32: once, and all of it)."""
    repeat_reason: RepeatReason | None = None

    @property
    def stands(self) -> bool:
        """Whether it goes into a notice."""
        return self.decided in ("accept", "amend", "added")


@dataclass(frozen=True)
class CaseSnapshot:
    """What the guards look at."""

    state: State
    round: int = 1
    files: int = 0
    """In the round that is being handed in."""
    verdict_round: int | None = None
    """Round of the newest pre-review."""
    findings: tuple[FindingWork, ...] = ()
    blind_pending: bool = False
    """In the blind sample, and the officer's own list is not there yet."""
    first_by: frozenset[str] = frozenset()
    """Everybody who reviewed it first, in any round."""
    barred: frozenset[str] = frozenset()
    """Others who may not decide it: by the item's terms the authors of the rules that decided."""
    proposed: str | None = None
    correction_approved_by: str | None = None
    promised_until: date | None = None
    """When the decision is promised, were it accepted today."""
    tell_time_passed: bool = False
    changed: bool = False
    """Whether files came or went for a next round."""
    gap_time_passed: bool = False
    correction_time_passed: bool = False
    extended: bool = False


def has_files(case: CaseSnapshot, _act: Act) -> bool:
    return case.files > 0


def not_taken_up(case: CaseSnapshot, _act: Act) -> bool:
    """Until an officer has said something, applicants mend what the pre-review showed them by themselves."""
    return not case.first_by


def something_changed(case: CaseSnapshot, _act: Act) -> bool:
    return case.changed


def result_of_this_round(case: CaseSnapshot, _act: Act) -> bool:
    return case.verdict_round == case.round


def all_decided(case: CaseSnapshot, _act: Act) -> bool:
    """Hints need no decision."""
    return all(one.decided for one in case.findings if one.status != "hint")


def undetermined_opened(case: CaseSnapshot, _act: Act) -> bool:
    """By the very officer who decided it."""
    return all(one.decided_by in one.opened_by for one in case.findings if one.status == "undetermined" and one.decided)


def blind_list_entered(case: CaseSnapshot, _act: Act) -> bool:
    return not case.blind_pending


def something_to_correct(case: CaseSnapshot, _act: Act) -> bool:
    return any(one.stands for one in case.findings)


def nothing_stands(case: CaseSnapshot, _act: Act) -> bool:
    return not any(one.stands for one in case.findings)


def told_once(case: CaseSnapshot, act: Act) -> bool:
    """What could be seen before may be asked for only with a reason, and signed by a senior who is somebody else."""
    late = [one for one in case.findings if one.stands and one.seen_before]
    approver = case.correction_approved_by
    return not late or (all(one.repeat_reason for one in late) and bool(approver) and approver not in act.actor.persons)


def only_what_may_follow(case: CaseSnapshot, _act: Act) -> bool:
    standing = [one for one in case.findings if one.stands]
    return bool(standing) and all(one.may_follow for one in standing)


def gap_within_promise(case: CaseSnapshot, act: Act) -> bool:
    """What follows must be there before the decision is promised."""
    return bool(act.gap_until and case.promised_until and act.gap_until <= case.promised_until)


def four_eyes(case: CaseSnapshot, act: Act) -> bool:
    """终审 is not 初审, whatever roles somebody has, and whoever lent a name."""
    return bool(case.first_by) and not act.actor.persons & (case.first_by | case.barred)


def reviewed_by_another(case: CaseSnapshot, act: Act) -> bool:
    return bool(case.first_by) and not act.actor.persons & case.first_by


GUARDS: dict[str, Callable[[CaseSnapshot, Act], bool]] = {
    "has_files": has_files,
    "not_taken_up": not_taken_up,
    "something_changed": something_changed,
    "result_of_this_round": result_of_this_round,
    "all_decided": all_decided,
    "undetermined_opened": undetermined_opened,
    "blind_list_entered": blind_list_entered,
    "something_to_correct": something_to_correct,
    "nothing_stands": nothing_stands,
    "told_once": told_once,
    "only_what_may_follow": only_what_may_follow,
    "commitment_signed": lambda _case, act: act.commitment,
    "credit_checked": lambda _case, act: act.credit_checked,
    "gap_within_promise": gap_within_promise,
    "four_eyes": four_eyes,
    "reviewed_by_another": reviewed_by_another,
    "reason_given": lambda _case, act: bool(act.reason.strip()),
    "grant_is_proposed": lambda case, _act: case.proposed == "grant",
    "refusal_is_proposed": lambda case, _act: case.proposed == "refuse",
    "procedure_named": lambda _case, act: act.procedure is not None,
    "not_extended_yet": lambda case, _act: not case.extended,
    "tell_time_passed": lambda case, _act: case.tell_time_passed,
    "gap_time_passed": lambda case, _act: case.gap_time_passed,
    "correction_time_passed": lambda case, _act: case.correction_time_passed,
}
