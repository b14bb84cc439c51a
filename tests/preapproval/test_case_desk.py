"""What officers may do with a case, in which order, and what their words say of the rules."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from kept_cases import APPLICANT, CLERK, MIGHTY, SECOND, SENIOR, Hall, found, handed_in, own_finding, verdict

from preapproval.case_rows import CaseRow, in_blind_sample
from preapproval.deadlines import ItemTerms
from preapproval.decisions import DecisionRefused
from preapproval.rule_figures import demoted, demoted_in, officer_figures, rule_figures
from preapproval.sign_off import STATES, NotAllowed

TENANT = found("tenant", "lease")


def refused(hall: Hall, case: CaseRow, event: Any, actor: Any = CLERK, reason: str = "", **more: Any) -> str:
    with pytest.raises(NotAllowed) as why:
        hall.act(case, event, actor, reason, **more)
    return why.value.code


def names(hall: Hall, case: CaseRow, round_: int | None = None) -> list[str]:
    return [one.file.name for one in hall.files.of(case, round_)]


# the desk ------------------------------------------------------------------------------------------------------


def test_every_finding_is_decided_before_the_applicant_is_told(hall: Hall):
    unread = found("legible", "card", status="undetermined", slot="id-card")
    case = hall.on_the_desk(verdict(TENANT, unread))
    assert refused(hall, case, "request_correction") == "all_decided"
    case = hall.decide(case, "tenant:lease")
    with pytest.raises(DecisionRefused, match="not_opened"):
        hall.decide(case, "legible:id-card")
    hall.desk.open_finding(CLERK, case.id, "legible:id-card")
    case = hall.decide(case, "legible:id-card", "amend", text="请重拍身份证人像面")
    case = hall.act(case, "request_correction", CLERK)
    assert [one.citizen_text for one in hall.notices.told(case, 1)] == ["请更正：tenant", "请重拍身份证人像面"]


def test_two_findings_of_one_rule_are_two_decisions(hall: Hall):
    unreadable = [found("readable", name, slot=None) for name in ("lease", "card")]
    case = hall.on_the_desk(verdict(*unreadable))
    first, second = hall.desk.look(case).findings
    case = hall.decide(case, first, "dismiss", reason="material_is_right")
    assert refused(hall, case, "draft_acceptance") == "all_decided"
    case = hall.decide(case, second)
    assert [one.evidence for one in hall.desk.look(case).standing] == [unreadable[1].evidence]


def test_only_clerks_write_at_the_desk_and_only_during_the_review(hall: Hall):
    case = hall.on_the_desk(verdict(TENANT))
    with pytest.raises(NotAllowed, match="wrong_role"):
        hall.decide(case, "tenant:lease", actor=SENIOR)
    case = hall.act(hall.decide(case, "tenant:lease"), "request_correction", CLERK)
    with pytest.raises(NotAllowed, match="wrong_state"):
        hall.decide(case, "tenant:lease")


def test_a_second_demand_for_what_could_be_seen_is_stopped(hall: Hall):
    case = hall.act(hall.decide(hall.on_the_desk(verdict(TENANT)), "tenant:lease"), "request_correction", CLERK)
    case, _ = hall.files.remove(APPLICANT, case.id, case.version, handed_in("lease").file.sha256)
    case = hall.reviewed(hall.submit(hall.hand_in(case, "lease-2")), verdict(found("expired", "card", slot="id-card")))
    kinds = [(one.finding.rule, one.standing, one.seen_before) for one in hall.desk.changes(case)]
    assert kinds == [("tenant", "fixed", False), ("expired", "new", True)]
    case = hall.decide(case, "expired:id-card")
    assert refused(hall, case, "request_correction") == "told_once"
    case = hall.decide(case, "expired:id-card", repeat_reason="applicant_changed")
    case = hall.act(case, "approve_second_correction", SENIOR, "换了申请人")
    assert hall.act(case, "request_correction", CLERK).state == "correction_requested"


def test_what_is_new_with_a_new_file_may_be_asked_for(hall: Hall):
    case = hall.act(hall.decide(hall.on_the_desk(verdict(TENANT)), "tenant:lease"), "request_correction", CLERK)
    case = hall.reviewed(hall.submit(hall.hand_in(case, "lease-2")), verdict(found("seal", "lease-2")))
    case = hall.decide(case, "seal:lease")
    assert hall.act(case, "request_correction", CLERK).state == "correction_requested"


def test_who_decided_a_finding_does_not_sign_even_with_every_role(hall: Hall):
    case = hall.decide(hall.on_the_desk(verdict(TENANT)), "tenant:lease", "dismiss", actor=MIGHTY, reason="ocr_misread")
    for event in ("draft_acceptance", "sign_acceptance", "start_examination", "propose_grant"):
        case = hall.act(case, event, CLERK)
    assert refused(hall, case, "grant", MIGHTY) == "four_eyes"
    newest = hall.ledger.entries(case.id)[0]
    assert (newest.action, newest.actor) == ("refused", "mighty")
    case = hall.act(case, "grant", SENIOR)
    assert (case.state, case.proposed_by, case.signed_by) == ("granted", "clerk-1", "senior-1")


def test_a_returned_proposal_is_proposed_anew(hall: Hall):
    case = hall.on_the_desk()
    for event in ("draft_acceptance", "sign_acceptance", "start_examination", "propose_grant"):
        case = hall.act(case, event, CLERK)
    case = hall.act(case, "return_to_examination", SENIOR, "请核实地址")
    assert (case.proposed, case.proposed_by) == (None, None)
    case = hall.act(case, "propose_refusal", SECOND, "地址不符")
    assert hall.act(case, "refuse", SENIOR, "地址不符").signed_by == "senior-1"


def test_what_may_follow_is_accepted_and_ends_when_it_does_not_come(hall: Hall):
    hall.terms = ItemTerms(may_follow=frozenset({"photo"}))
    missing = found("present", slot="photo")
    case = hall.decide(hall.on_the_desk(verdict(missing)), "present:photo")
    given: dict[str, Any] = {"commitment": True, "credit_checked": True}
    assert refused(hall, case, "accept_with_gap", gap_until=date(2026, 5, 1), **given) == "gap_within_promise"
    case = hall.act(case, "accept_with_gap", CLERK, gap_until=date(2026, 3, 9), **given)
    assert case.gap_until == date(2026, 3, 9)
    assert [one.rule for one in hall.notices.told(case)] == ["present"]
    assert hall.moves.let_time_pass([case]) == ()
    hall.later(days=8)
    (case,) = hall.moves.let_time_pass([case])
    assert case.state == "gap_passed"
    case = hall.act(case, "end", SENIOR, "逾期未补齐")
    assert case.state == "ended"


def test_nobody_told_in_five_days_counts_as_accepted(hall: Hall):
    waiting, told = hall.on_the_desk(), hall.act(hall.on_the_desk(), "draft_acceptance", CLERK)
    told = hall.act(told, "sign_acceptance", CLERK)
    hall.later(days=7)
    assert hall.moves.let_time_pass(hall.store.queue(set(STATES))) == ()  # Monday the 9th is the fifth day
    assert [one.standing for one in hall.moves.deadlines(waiting.id)] == ["alarm"]
    hall.later(days=1)
    (moved,) = hall.moves.let_time_pass(hall.store.queue(set(STATES)))
    assert (moved.id, moved.state) == (waiting.id, "deemed_accepted")
    assert {one.kind: one.since for one in hall.moves.deadlines(waiting.id)}["decide"] == date(2026, 3, 2)
    assert hall.store.get(told.id).state == "accepted"


def test_the_desk_is_told_what_it_may_do(hall: Hall):
    case = hall.on_the_desk(verdict(TENANT))
    assert hall.moves.open_to(case.id, CLERK)["request_correction"] == "all_decided"
    case = hall.decide(case, "tenant:lease")
    assert hall.moves.open_to(case.id, CLERK)["request_correction"] is None


# blind sample --------------------------------------------------------------------------------------------------


def test_a_fixed_share_is_reviewed_blind(hall: Hall):
    picked = [number for number in range(5000) if in_blind_sample(hall.vault, f"case-{number}", 0.04)]
    assert 150 <= len(picked) <= 250
    assert picked == [number for number in range(5000) if in_blind_sample(hall.vault, f"case-{number}", 0.04)]
    assert not any(in_blind_sample(hall.vault, f"case-{number}", 0.0) for number in range(100))
    assert all(in_blind_sample(hall.vault, f"case-{number}", 1.0) for number in range(100))


def test_a_blind_officer_writes_a_list_before_seeing_the_machines(hall: Hall):
    hall = Hall(hall.engine, hall.folder, blind_share=1.0)
    case = hall.on_the_desk(verdict(TENANT, found("seal", "lease")))
    assert hall.desk.look(case).verdict is None
    assert hall.desk.changes(case) == ()
    with pytest.raises(DecisionRefused, match="blind_hidden"):
        hall.decide(case, "tenant:lease")
    with pytest.raises(DecisionRefused, match="blind_hidden"):
        hall.desk.open_finding(CLERK, case.id, "tenant:lease")
    assert refused(hall, case, "draft_acceptance") in ("all_decided", "blind_list_entered")
    own = (own_finding("承租人不符", slot="lease"), own_finding("缺骑缝章", slot="lease"))
    case = hall.desk.enter_blind_list(CLERK, case.id, case.version, own)
    with pytest.raises(DecisionRefused, match="not_blind"):
        hall.desk.enter_blind_list(CLERK, case.id, case.version, ())
    seen = hall.desk.look(case)
    assert list(seen.findings) == ["tenant:lease", "seal:lease"]
    by_title = {one.title: one.id for one in seen.added}
    case = hall.desk.match(MIGHTY, case.id, case.version, by_title["承租人不符"], "tenant:lease", "")
    assert case.first_by == {CLERK.id, MIGHTY.id}, "whoever says what stands reviews, and signs it no more"
    case = hall.desk.match(CLERK, case.id, case.version, by_title["缺骑缝章"], None, "cross-page-seal")
    case = hall.decide(hall.decide(case, "tenant:lease"), "seal:lease", "dismiss", reason="wrong_rule")
    assert [one.title for one in hall.desk.look(case).standing] == ["样本", "缺骑缝章"]  # the matched one only once
    figures = {one.rule: one for one in rule_figures(hall.ledger)}
    assert (figures["tenant"].blind_found, figures["tenant"].blind_recall, figures["tenant"].missed) == (1, 1.0, 0)
    assert (figures["cross-page-seal"].blind_missed, figures["cross-page-seal"].blind_recall) == (1, 0.0)


# figures -------------------------------------------------------------------------------------------------------


def test_a_rule_that_is_often_wrong_becomes_a_hint(hall: Hall):
    said: list[tuple[str, Any]] = (
        [("accept", None)] * 2 + [("dismiss", "ocr_misread")] * 1 + [("dismiss", "special_case")]
    )
    for kind, reason in said:
        case = hall.on_the_desk(verdict(TENANT))
        hall.decide(case, "tenant:lease", kind, reason=reason, text="依据备案" if reason else "")
    (tenant,) = [one for one in rule_figures(hall.ledger) if one.rule == "tenant"]
    assert (tenant.checked, tenant.firings, tenant.accepted, tenant.dismissed) == (4, 3, 2, 1)
    assert tenant.precision == pytest.approx(2 / 3)
    assert demoted([replace(tenant, accepted=23, dismissed=7)]) == {("tenant", tenant.version)}
    assert demoted([replace(tenant, accepted=24, dismissed=6)]) == frozenset()  # 0.8 is good enough
    assert demoted([replace(tenant, accepted=0, dismissed=29)]) == frozenset()  # too few to tell
    halves = [replace(tenant, item=item, accepted=8, dismissed=7) for item in ("a", "b")]
    assert demoted(halves) == {("tenant", tenant.version)}
    assert demoted_in(hall.ledger, tenant.version) == frozenset()


def test_figures_know_what_was_missed_and_what_could_not_be_judged(hall: Hall):
    unread = found("legible", "lease", status="undetermined")
    case = hall.on_the_desk(verdict(TENANT, unread))
    hall.desk.open_finding(CLERK, case.id, "legible:lease")
    case = hall.decide(hall.decide(case, "legible:lease"), "tenant:lease", actor=SECOND)
    case = hall.decide(case, "tenant:lease", "amend", text="请更正承租人", actor=SECOND)  # a second thought counts once
    hall.desk.add(SECOND, case.id, case.version, own_finding(rule="tenant", slot="lease"))
    figures = {one.rule: one for one in rule_figures(hall.ledger, "residence-permit")}
    assert (figures["legible"].undetermined_rate, figures["legible"].precision) == (1.0, None)
    assert (figures["tenant"].precision, figures["tenant"].recall) == (1.0, 0.5)
    assert (figures["age"].checked, figures["age"].firings) == (1, 0)
    assert rule_figures(hall.ledger, "another-item") == ()
    officers = {one.officer: (one.decided, one.overruled, one.added) for one in officer_figures(hall.ledger)}
    assert officers == {"clerk-1": (1, 0, 0), "clerk-2": (1, 1, 1)}
