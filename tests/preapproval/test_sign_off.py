"""The way of a case: two persons for a decision, no machine that decides, one notice that is complete."""

from collections import deque
from dataclasses import replace
from datetime import date
from itertools import product
from typing import get_args

import pytest

from preapproval.reasons import load_reasons
from preapproval.sign_off import (
    BEFORE_ACCEPTANCE,
    EVENTS,
    OWNERS,
    PERSON_ONLY,
    REVIEWED_TWICE,
    STATES,
    TRANSITIONS,
    Event,
    NotAllowed,
    Row,
    move,
    open_to,
    rows_from,
)  # fmt: skip
from preapproval.sign_off_guards import (
    GUARDS,
    SYSTEM,
    Act,
    Actor,
    CaseSnapshot,
    FindingWork,
    Procedure,
    RepeatReason,
    Role,
    State,
)  # fmt: skip

CLERK = Actor("clerk-1", frozenset({"clerk"}))
SENIOR = Actor("senior-1", frozenset({"senior"}))
APPLICANT = Actor("applicant", frozenset({"applicant"}))
MIGHTY = Actor("mighty", frozenset({"clerk", "senior", "editor", "auditor", "admin"}))
OTHER = Actor("other", frozenset({"clerk", "senior", "admin"}))
STANDS = FindingWork("tenant:lease", "fail", "must", "accept", "clerk-1")
FINE = FindingWork("tenant:lease", "fail", "must", "dismiss", "clerk-1")


def case(state: State, **changed: object) -> CaseSnapshot:
    return replace(CaseSnapshot(state, files=3, verdict_round=1), **changed)


def refusal(one: CaseSnapshot, event: Event, act: Act) -> str:
    with pytest.raises(NotAllowed) as refused:
        move(one, event, act)
    return refused.value.code


# every path ----------------------------------------------------------------------------------------------------


def most_helpful(actor: Actor) -> Act:
    """An act that lacks nothing an actor could bring."""
    return Act(
        actor, reason="依据充分", commitment=True, credit_checked=True, gap_until=date(2026, 6, 5), procedure="hearing"
    )


def reachable(actors: list[Actor], table: tuple[Row, ...] = TRANSITIONS) -> dict[State, set[frozenset[str]]]:
    """State -> with which sets of persons it is reached, over every path of the table, whatever was found or passed."""
    found: dict[State, set[frozenset[str]]] = {}
    for findings in ((), (STANDS,), (FINE,), (replace(STANDS, may_follow=True),)):
        start = case(
            "draft", findings=findings, changed=True, promised_until=date(2026, 6, 30),
            tell_time_passed=True, gap_time_passed=True, correction_time_passed=True,
        )  # fmt: skip
        queue, seen = deque([(start, frozenset[str]())]), set()
        while queue:
            one, persons = queue.popleft()
            one = replace(one, round=1, verdict_round=1)
            if (one, persons) in seen:
                continue
            seen.add((one, persons))
            found.setdefault(one.state, set()).add(persons)
            for actor, row in product(actors, list(table)):
                if one.state in row.states:
                    try:
                        after = move(one, row.event, most_helpful(actor), table).case
                    except NotAllowed:
                        continue
                    acted = persons if actor in (SYSTEM, APPLICANT) else persons | {actor.id}
                    queue.append((after, acted))
    return found


def test_no_path_leads_to_a_decision_without_two_persons():
    alone = reachable([SYSTEM, APPLICANT, MIGHTY])
    assert not REVIEWED_TWICE & set(alone)
    together = reachable([SYSTEM, APPLICANT, MIGHTY, OTHER])
    assert set(together) == set(STATES)
    for state in REVIEWED_TWICE:
        assert all(len(persons) == 2 for persons in together[state])


def test_without_the_guard_one_person_would_do():
    """The walk above can fail: it finds the hole as soon as there is one."""
    holed = tuple(replace(row, guards=tuple(name for name in row.guards if name != "four_eyes")) for row in TRANSITIONS)
    assert set(reachable([SYSTEM, APPLICANT, MIGHTY], holed)) >= REVIEWED_TWICE


def test_machine_and_applicant_alone_never_decide():
    assert not PERSON_ONLY & set(reachable([SYSTEM, APPLICANT]))
    assert "deemed_accepted" in reachable([SYSTEM, APPLICANT])


@pytest.mark.parametrize("state", sorted(PERSON_ONLY))
@pytest.mark.parametrize("role", ["system", "applicant"])
def test_a_row_that_lets_a_machine_decide_cannot_be_written(state: State, role: Role):
    with pytest.raises(ValueError, match="only an officer"):
        Row(("awaiting_final",), "grant", ("senior", role), state)


def test_a_row_with_a_misspelt_guard_cannot_be_written():
    with pytest.raises(ValueError, match="no such guards"):
        Row(("awaiting_final",), "close", ("senior",), "closed", ("fore_eyes",))


def test_the_machine_takes_no_persons_role():
    with pytest.raises(ValueError, match="machine"):
        Actor("system", frozenset({"system", "senior"}))


# the tables ----------------------------------------------------------------------------------------------------


def test_every_state_has_an_owner_who_can_act():
    assert set(OWNERS) == set(STATES)
    for state, owner in OWNERS.items():
        able = {role for row in rows_from(state) for role in row.roles}
        assert owner in able if owner else not able, state


def test_one_state_and_event_have_one_row():
    pairs = [(state, row.event) for row in TRANSITIONS for state in row.states]
    assert len(pairs) == len(set(pairs))
    assert {event for _, event in pairs} == set(EVENTS)


def test_every_guard_is_used_and_every_code_has_words():
    used = {name for row in TRANSITIONS for name in row.guards}
    assert used == set(GUARDS)
    reasons = load_reasons()
    assert set(reasons["states"]) == set(STATES)
    assert set(reasons["events"]) == set(EVENTS)
    assert set(reasons["roles"]) >= set(get_args(Role))
    assert set(reasons["procedures"]) == set(get_args(Procedure))
    assert set(reasons["repeat"]) == set(get_args(RepeatReason))
    assert set(reasons["refusals"]) >= {*GUARDS, "wrong_state", "wrong_role"}


def test_a_failed_review_always_reaches_a_clerk():
    failed = move(case("reviewing"), "fail_review", Act(SYSTEM)).case
    assert failed.state == "review_failed"
    assert move(failed, "hand_to_clerk", Act(SYSTEM)).case.state == "awaiting_clerk"


def test_the_five_days_run_wherever_nothing_was_told():
    for state in BEFORE_ACCEPTANCE:
        assert move(case(state, tell_time_passed=True), "deem_accepted", Act(SYSTEM)).case.state == "deemed_accepted"
        assert refusal(case(state), "deem_accepted", Act(SYSTEM)) == "tell_time_passed"
    assert refusal(case("correction_requested", tell_time_passed=True), "deem_accepted", Act(SYSTEM)) == "wrong_state"


# guards --------------------------------------------------------------------------------------------------------


def test_a_result_of_an_earlier_round_does_not_move_the_case():
    assert refusal(case("reviewing", round=2, verdict_round=1), "finish_review", Act(SYSTEM)) == "result_of_this_round"


def test_every_finding_needs_a_decision_but_hints_do_not():
    open_one = FindingWork("expiry:id-card", "fail", "must")
    assert refusal(case("awaiting_clerk", findings=(open_one,)), "draft_acceptance", Act(CLERK)) == "all_decided"
    hint = FindingWork("size:photo", "hint", "hint")
    assert move(case("awaiting_clerk", findings=(hint, FINE)), "draft_acceptance", Act(CLERK)).case.first_by == {
        "clerk-1"
    }


def test_what_cannot_be_judged_must_be_opened_by_who_decides_it():
    unread = FindingWork("read:lease", "undetermined", "must", "dismiss", "clerk-1", frozenset({"other"}))
    one = case("awaiting_clerk", findings=(unread,))
    assert refusal(one, "draft_acceptance", Act(CLERK)) == "undetermined_opened"
    opened = replace(unread, opened_by=frozenset({"clerk-1"}))
    assert move(replace(one, findings=(opened,)), "draft_acceptance", Act(CLERK)).case.state == "acceptance_drafted"


def test_a_standing_problem_keeps_a_case_from_acceptance():
    assert refusal(case("awaiting_clerk", findings=(STANDS,)), "draft_acceptance", Act(CLERK)) == "nothing_stands"
    assert refusal(case("awaiting_clerk", findings=(FINE,)), "request_correction", Act(CLERK)) == "something_to_correct"


def test_a_second_demand_for_what_could_be_seen_needs_a_reason_and_a_senior():
    late = replace(STANDS, seen_before=True)
    asked = Act(CLERK)
    one = case("awaiting_clerk", round=2, verdict_round=2, findings=(late,), first_by=frozenset({"clerk-1"}))
    assert refusal(one, "request_correction", asked) == "told_once"
    reasoned = replace(one, findings=(replace(late, repeat_reason="new_material"),))
    assert refusal(reasoned, "request_correction", asked) == "told_once"
    approved = move(reasoned, "approve_second_correction", Act(SENIOR, "新租赁合同引发")).case
    assert move(approved, "request_correction", asked).case.state == "correction_requested"
    unreasoned = replace(approved, findings=(late,))
    assert refusal(unreasoned, "request_correction", asked) == "told_once"


def test_nobody_approves_a_second_demand_of_ones_own():
    one = case("awaiting_clerk", first_by=frozenset({"mighty"}))
    assert refusal(one, "approve_second_correction", Act(MIGHTY, "同意")) == "reviewed_by_another"
    late = replace(STANDS, seen_before=True, repeat_reason="applicant_changed")
    approved = case("awaiting_clerk", findings=(late,), correction_approved_by="mighty")
    assert refusal(approved, "request_correction", Act(MIGHTY)) == "told_once"


def test_an_approval_does_not_outlive_its_round():
    one = case("correction_requested", correction_approved_by="senior-1")
    assert move(one, "submit", Act(APPLICANT)).case.correction_approved_by is None


def test_what_may_follow_is_accepted_with_a_commitment_in_time():
    promised = date(2026, 6, 30)
    may = replace(STANDS, may_follow=True)
    one = case("awaiting_clerk", findings=(may,), promised_until=promised)
    act = Act(CLERK, commitment=True, credit_checked=True, gap_until=promised)
    assert move(one, "accept_with_gap", act).row.effects == ("gap_notice",)
    assert refusal(one, "accept_with_gap", replace(act, commitment=False)) == "commitment_signed"
    assert refusal(one, "accept_with_gap", replace(act, credit_checked=False)) == "credit_checked"
    assert refusal(one, "accept_with_gap", replace(act, gap_until=date(2026, 7, 1))) == "gap_within_promise"
    both = replace(one, findings=(may, STANDS))
    assert refusal(both, "accept_with_gap", act) == "only_what_may_follow"


def test_who_reviewed_first_does_not_decide_in_any_role_or_name():
    one = case("awaiting_final", findings=(FINE,), first_by=frozenset({"mighty"}), proposed="grant")
    assert refusal(one, "grant", Act(MIGHTY)) == "four_eyes"
    delegate = Actor("other", frozenset({"senior"}), acting_for="mighty")
    assert refusal(one, "grant", Act(delegate)) == "four_eyes"
    assert refusal(replace(one, first_by=frozenset()), "grant", Act(SENIOR)) == "four_eyes"
    assert refusal(replace(one, barred=frozenset({"senior-1"})), "grant", Act(SENIOR)) == "four_eyes"
    assert move(one, "grant", Act(SENIOR)).case.state == "granted"


def test_a_delegates_first_review_binds_both():
    stand_in = Actor("clerk-2", frozenset({"clerk"}), acting_for="clerk-1")
    assert move(case("examining"), "propose_grant", Act(stand_in)).case.first_by == {"clerk-1", "clerk-2"}


def test_a_decision_is_the_one_that_was_proposed():
    one = case("awaiting_final", findings=(FINE,), first_by=frozenset({"clerk-1"}), proposed="refuse")
    assert refusal(one, "grant", Act(SENIOR)) == "grant_is_proposed"
    assert refusal(one, "refuse", Act(SENIOR)) == "reason_given"
    assert move(one, "refuse", Act(SENIOR, "不符合条件")).case.state == "not_granted"


def test_an_applicant_mends_alone_until_an_officer_has_looked():
    one = case("awaiting_clerk", changed=True)
    assert move(one, "submit", Act(APPLICANT)).row.effects == ("new_round", "receipt")
    assert refusal(replace(one, changed=False), "submit", Act(APPLICANT)) == "something_changed"
    assert refusal(replace(one, first_by=frozenset({"clerk-1"})), "submit", Act(APPLICANT)) == "not_taken_up"


def test_time_is_extended_only_once():
    longer = move(case("examining"), "extend", Act(SENIOR, "案情复杂")).case
    assert refusal(longer, "extend", Act(SENIOR, "案情复杂")) == "not_extended_yet"


def test_the_desk_sees_what_is_open_and_what_is_in_the_way():
    one = case("awaiting_clerk", findings=(STANDS,))
    seen = open_to(one, Act(CLERK))
    assert seen["request_correction"] is None
    assert seen["draft_acceptance"] == "nothing_stands"
    assert "sign_refusal" not in seen
    assert "deem_accepted" not in seen
    assert open_to(one, Act(Actor("auditor", frozenset({"auditor"})))) == {}
