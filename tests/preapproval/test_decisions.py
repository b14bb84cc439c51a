"""One finding at a time: a reason for every no, a look at what could not be judged, and the reading stays."""

import inspect
from datetime import UTC, datetime
from typing import Any, get_args

import pytest

from preapproval import decisions
from preapproval.case import Finding
from preapproval.decisions import (
    Added,
    Decision,
    DecisionRefused,
    DismissReason,
    Opened,
    check_decision,
    latest,
    standing,
)  # fmt: skip
from preapproval.reasons import load_reasons

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)


def finding(rule: str, status: Any = "fail", slot: str | None = "lease") -> Finding:
    return Finding(
        rule=rule, version="2026-03-01-abc", status=status, severity="must", title="样本", detail="样本",
        citizen_text="请重新提交租赁合同。", basis="样本", action="重新提交", slot=slot,
    )  # fmt: skip


FOUND = (finding("tenant"), finding("legible", "undetermined"))


def said(kind: Any, finding: str = "tenant:lease", **more: Any) -> Decision:
    return Decision(finding=finding, kind=kind, by="clerk-1", at=NOW, **more)


def refused(decision: Decision, opened: tuple[Opened, ...] = ()) -> str:
    with pytest.raises(DecisionRefused) as refusal:
        check_decision(decision, FOUND, opened)
    return refusal.value.code


@pytest.mark.parametrize(
    ("decision", "code"),
    [
        (said("dismiss"), "reason_missing"),
        (said("dismiss", reason="special_case"), "basis_missing"),
        (said("dismiss", reason="other", text="写得太短了"), "reason_too_short"),
        (said("amend", text="  "), "text_missing"),
        (said("accept", reason="ocr_misread"), "reason_not_wanted"),
        (said("accept", finding="tenant:photo"), "no_such_finding"),
        (said("accept", finding="legible:lease"), "not_opened"),
    ],
)
def test_what_is_said_badly_is_refused_with_its_code(decision: Decision, code: str):
    assert refused(decision) == code
    assert code in load_reasons()["refusals"]


@pytest.mark.parametrize("reason", get_args(DismissReason))
def test_every_reason_of_the_list_has_words_and_can_be_given(reason: DismissReason):
    assert load_reasons()["dismiss"][reason]
    one = said("dismiss", reason=reason, text="依据《样本办法》第三条，合同已备案")
    assert check_decision(one, FOUND, ()) == FOUND[0]


def test_what_cannot_be_judged_is_opened_by_the_same_officer_first():
    by_another = Opened(finding="legible:lease", by="clerk-2", at=NOW)
    assert refused(said("accept", "legible:lease"), (by_another,)) == "not_opened"
    by_me = Opened(finding="legible:lease", by="clerk-1", at=NOW)
    assert check_decision(said("accept", "legible:lease"), FOUND, (by_another, by_me)) == FOUND[1]


def test_there_is_no_way_to_approve_all_at_once():
    deciding = [value for name, value in vars(decisions).items() if inspect.isfunction(value) and "check" in name]
    assert deciding == [check_decision]
    with pytest.raises(ValueError, match="finding"):
        Decision(finding=["tenant:lease", "legible:lease"], kind="accept", by="clerk-1", at=NOW)  # type: ignore[arg-type]


def test_the_last_word_on_a_finding_counts():
    words = (said("accept"), said("dismiss", reason="ocr_misread"))
    assert {key: one.kind for key, one in latest(words).items()} == {"tenant:lease": "dismiss"}


def test_a_notice_holds_what_was_accepted_amended_and_added_only():
    added = Added(
        id="added-1",
        title="缺签字",
        citizen_text="请在申请表末页签字。",
        action="签字",
        by="clerk-1",
        at=NOW,
        slot="application-form",
    )
    words = (
        said("amend", text="请提交以您本人名义签订的合同。"),
        said("dismiss", "legible:lease", reason="material_is_right"),
    )
    kept = standing(FOUND, words, (added,))
    assert [one.citizen_text for one in kept] == ["请提交以您本人名义签订的合同。", "请在申请表末页签字。"]
    assert [one.key for one in kept] == ["tenant:lease", "added-1:application-form"] == ["tenant:lease", added.key]
    assert standing(FOUND, (), ()) == ()
