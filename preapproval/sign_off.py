"""The way of a case: who may do what in which state, and what must hold. TRANSITIONS is all of it; nothing here writes.

Law: 行政许可法 §32 (acceptance; one notice within five days), §38 (decision), §42 (periods), §44 (delivery), §45.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, get_args

from preapproval.sign_off_guards import GUARDS, Act, CaseSnapshot, Role, State

Event = Literal[
    "submit", "start_review", "finish_review", "fail_review", "requeue", "hand_to_clerk", "request_correction",
    "approve_second_correction", "correct_on_the_spot", "draft_acceptance", "draft_refusal", "return_to_clerk",
    "sign_acceptance", "sign_refusal", "accept_with_gap", "add_missing", "confirm_gap_filled", "pass_gap_time", "end",
    "deem_accepted", "start_examination", "stop_for_procedure", "resume", "extend", "propose_grant", "propose_refusal",
    "return_to_examination", "grant", "refuse", "close", "deliver", "archive", "withdraw",
]  # fmt: skip
Effect = Literal[
    "new_round", "receipt", "correction_notice", "acceptance_notice", "gap_notice", "refusal_notice",
    "deemed_notice", "extension_notice", "decision_notice", "delivery_receipt",
]  # fmt: skip
"""`new_round` raises the round; the others are papers that fall due."""

PERSON_ONLY: frozenset[State] = frozenset({"not_accepted", "granted", "not_granted", "ended"})
"""States into which no machine takes a case."""
REVIEWED_TWICE: frozenset[State] = frozenset({"not_accepted", "granted", "not_granted"})
"""States that need two different persons."""
BEFORE_ACCEPTANCE: tuple[State, ...] = (
    "submitted", "reviewing", "review_failed", "awaiting_clerk", "acceptance_drafted", "refusal_drafted",
)  # fmt: skip
"""Handed in, and the applicant not told anything yet: here the five days run."""
BEFORE_DECISION: tuple[State, ...] = (
    *BEFORE_ACCEPTANCE, "draft", "correction_requested", "accepted", "accepted_with_gap", "gap_passed",
    "deemed_accepted", "examining", "special_procedure", "awaiting_final",
)  # fmt: skip


class NotAllowed(Exception):
    """`code` is `wrong_state`, `wrong_role` or the guard that does not hold; reasons.yaml has its sentence."""

    def __init__(self, code: str, state: State, event: str) -> None:
        super().__init__(f"{event} in {state}: {code}")
        self.code, self.state, self.event = code, state, event


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    states: tuple[State, ...]
    event: Event
    roles: tuple[Role, ...]
    to: State
    guards: tuple[str, ...] = ()
    effects: tuple[Effect, ...] = ()
    first: bool = False
    """Whether who does this has reviewed the case first (初审), and so may not decide it."""

    def __post_init__(self) -> None:
        if self.to in PERSON_ONLY and {"system", "applicant"} & set(self.roles):
            raise ValueError(f"only an officer may take a case to {self.to}")
        if unknown := set(self.guards) - set(GUARDS):
            raise ValueError(f"no such guards: {unknown}")


@dataclass(frozen=True)
class Moved:
    """What an act led to."""

    case: CaseSnapshot
    row: Row


REVIEWED = ("all_decided", "undetermined_opened", "blind_list_entered")

TRANSITIONS: tuple[Row, ...] = (
    # hand in, pre-review
    Row(("draft",), "submit", ("applicant", "clerk"), "submitted", ("has_files",), ("receipt",)),
    Row(("submitted", "review_failed"), "start_review", ("system",), "reviewing"),
    Row(("reviewing",), "finish_review", ("system",), "awaiting_clerk", ("result_of_this_round",)),
    Row(("submitted", "reviewing"), "fail_review", ("system",), "review_failed"),
    Row(("reviewing",), "requeue", ("system",), "submitted"),
    Row(("review_failed",), "hand_to_clerk", ("system", "clerk"), "awaiting_clerk"),
    # first review
    Row(
        ("awaiting_clerk",), "request_correction", ("clerk",), "correction_requested",
        (*REVIEWED, "something_to_correct", "told_once"), ("correction_notice",), first=True,
    ),
    Row(
        ("awaiting_clerk",), "approve_second_correction", ("senior",), "awaiting_clerk",
        ("reviewed_by_another", "reason_given"),
    ),
    Row(
        ("correction_requested",), "submit", ("applicant", "clerk"), "submitted", ("has_files",),
        ("new_round", "receipt"),
    ),
    Row(
        ("awaiting_clerk",), "submit", ("applicant",), "submitted", ("has_files", "not_taken_up", "something_changed"),
        ("new_round", "receipt"),
    ),
    Row(
        ("awaiting_clerk",), "correct_on_the_spot", ("clerk",), "submitted", ("has_files",), ("new_round",), first=True,
    ),
    Row(
        ("awaiting_clerk",), "draft_acceptance", ("clerk",), "acceptance_drafted", (*REVIEWED, "nothing_stands"),
        first=True,
    ),
    Row(("awaiting_clerk",), "draft_refusal", ("clerk",), "refusal_drafted", ("reason_given",), first=True),
    Row(("acceptance_drafted", "refusal_drafted"), "return_to_clerk", ("clerk", "senior"), "awaiting_clerk"),
    # acceptance
    Row(("acceptance_drafted",), "sign_acceptance", ("clerk", "senior"), "accepted", REVIEWED, ("acceptance_notice",)),
    Row(
        ("refusal_drafted",), "sign_refusal", ("senior",), "not_accepted", ("four_eyes", "reason_given"),
        ("refusal_notice",),
    ),
    Row(
        ("awaiting_clerk",), "accept_with_gap", ("clerk",), "accepted_with_gap",
        (*REVIEWED, "only_what_may_follow", "commitment_signed", "credit_checked", "gap_within_promise"),
        ("gap_notice",), first=True,
    ),
    Row(
        ("accepted_with_gap", "gap_passed"), "add_missing", ("applicant", "clerk"), "accepted_with_gap", ("has_files",),
        ("new_round", "receipt"),
    ),
    Row(
        ("accepted_with_gap", "gap_passed"), "confirm_gap_filled", ("clerk",), "accepted",
        ("all_decided", "undetermined_opened", "nothing_stands"), ("acceptance_notice",), first=True,
    ),
    Row(("accepted_with_gap",), "pass_gap_time", ("system",), "gap_passed", ("gap_time_passed",)),
    Row(("gap_passed",), "end", ("senior",), "ended", ("reason_given",), ("decision_notice",)),
    Row(
        ("correction_requested",), "end", ("senior",), "ended", ("correction_time_passed", "reason_given"),
        ("decision_notice",),
    ),
    Row(BEFORE_ACCEPTANCE, "deem_accepted", ("system",), "deemed_accepted", ("tell_time_passed",), ("deemed_notice",)),
    # examination and decision
    Row(("accepted", "deemed_accepted"), "start_examination", ("clerk",), "examining"),
    Row(("examining",), "stop_for_procedure", ("clerk",), "special_procedure", ("procedure_named",)),
    Row(("special_procedure",), "resume", ("clerk",), "examining"),
    Row(
        ("examining",), "extend", ("senior",), "examining", ("not_extended_yet", "reason_given"), ("extension_notice",),
    ),
    Row(
        ("examining",), "propose_grant", ("clerk",), "awaiting_final", (*REVIEWED, "nothing_stands"), first=True,
    ),
    Row(("examining",), "propose_refusal", ("clerk",), "awaiting_final", (*REVIEWED, "reason_given"), first=True),
    Row(("awaiting_final",), "return_to_examination", ("senior",), "examining", ("reason_given",)),
    Row(
        ("awaiting_final",), "grant", ("senior",), "granted",
        (*REVIEWED, "nothing_stands", "four_eyes", "grant_is_proposed"), ("decision_notice",),
    ),
    Row(
        ("awaiting_final",), "refuse", ("senior",), "not_granted",
        ("four_eyes", "refusal_is_proposed", "reason_given"), ("decision_notice",),
    ),
    # what follows
    Row(("granted", "not_granted"), "close", ("clerk", "senior"), "closed"),
    Row(("closed", "not_accepted", "ended"), "deliver", ("clerk",), "delivered", (), ("delivery_receipt",)),
    Row(("delivered", "withdrawn"), "archive", ("clerk", "system"), "archived"),
    Row(BEFORE_DECISION, "withdraw", ("applicant", "clerk"), "withdrawn"),
)  # fmt: skip

OWNERS: dict[State, Role | None] = {
    "draft": "applicant", "submitted": "system", "reviewing": "system", "review_failed": "system",
    "awaiting_clerk": "clerk", "correction_requested": "applicant", "acceptance_drafted": "clerk",
    "refusal_drafted": "senior", "not_accepted": "clerk", "accepted": "clerk", "accepted_with_gap": "applicant",
    "gap_passed": "senior", "deemed_accepted": "clerk", "examining": "clerk", "special_procedure": "clerk",
    "awaiting_final": "senior", "granted": "clerk", "not_granted": "clerk", "closed": "clerk", "delivered": "clerk",
    "withdrawn": "clerk", "ended": "clerk", "archived": None,
}  # fmt: skip
"""State -> who must act next; None: nobody, the case is at rest."""

STATES: tuple[State, ...] = get_args(State)
EVENTS: tuple[Event, ...] = get_args(Event)
PROPOSALS = {"propose_grant": "grant", "propose_refusal": "refuse"}


def rows_from(state: State) -> Iterator[Row]:
    """What can happen in a state, in the order of the table."""
    return (row for row in TRANSITIONS if state in row.states)


def check(row: Row, case: CaseSnapshot, act: Act) -> str | None:
    """The code of the first thing that keeps `act` from happening by `row`; None where it may happen."""
    if not set(row.roles) & act.actor.roles:
        return "wrong_role"
    return next((name for name in row.guards if not GUARDS[name](case, act)), None)


def move(case: CaseSnapshot, event: Event, act: Act, table: tuple[Row, ...] = TRANSITIONS) -> Moved:
    """The case after `event`. Raises NotAllowed."""
    row = next((row for row in table if row.event == event and case.state in row.states), None)
    if row is None:
        raise NotAllowed("wrong_state", case.state, event)
    if code := check(row, case, act):
        raise NotAllowed(code, case.state, event)
    return Moved(_after(case, row, act), row)


def _after(case: CaseSnapshot, row: Row, act: Act) -> CaseSnapshot:
    after = replace(case, state=row.to)
    if row.first:
        after = replace(after, first_by=case.first_by | act.actor.persons)
    if "new_round" in row.effects:
        after = replace(after, round=case.round + 1, correction_approved_by=None)
    if row.event in PROPOSALS:
        after = replace(after, proposed=PROPOSALS[row.event])
    if row.event == "approve_second_correction":
        after = replace(after, correction_approved_by=act.actor.id)
    if row.event == "extend":
        after = replace(after, extended=True)
    return after


def open_to(case: CaseSnapshot, act: Act) -> dict[Event, str | None]:
    """Event -> None where `act.actor` may do it now, else the code of what is in the way; roles aside are left out."""
    checked: list[tuple[Event, str | None]] = [(row.event, check(row, case, act)) for row in rows_from(case.state)]
    return {event: code for event, code in checked if code != "wrong_role"}
