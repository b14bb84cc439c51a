"""What a correction changed, and what may no longer be asked for."""

from collections.abc import Mapping

from preapproval.case import Evidence, Finding
from preapproval.rounds import Difference, Round, differences

CARD, LEASE, NEW_LEASE, FORM = "a" * 64, "b" * 64, "c" * 64, "d" * 64


def finding(rule: str, *files: str, slot: str | None = None) -> Finding:
    return Finding(
        rule=rule, version="1", status="fail", severity="must", title="样本", detail="", citizen_text="样本", basis="",
        action="重新提交", slot=slot, evidence=tuple(Evidence(file=one) for one in files),
    )  # fmt: skip


TENANT, SEAL = finding("tenant", LEASE, slot="lease"), finding("seal", LEASE, slot="lease")
FIRST = Round(1, {CARD: "id-card", LEASE: "lease"}, told=(TENANT, SEAL))


def test_fixed_remaining_and_new_are_told_apart():
    now = {CARD: "id-card", NEW_LEASE: "lease"}
    still = finding("seal", NEW_LEASE, slot="lease")
    end = finding("end", NEW_LEASE, slot="lease")
    assert differences([FIRST], now, [end, still]) == (
        Difference(TENANT, "fixed"), Difference(still, "remaining"), Difference(end, "new", seen_before=False),
    )  # fmt: skip


def seen_before(finding: Finding, now: Mapping[str, str | None], earlier: list[Round] | None = None) -> bool:
    (one,) = [one for one in differences(earlier or [FIRST], now, [finding]) if one.standing == "new"]
    return one.seen_before


def test_new_on_an_unchanged_file_could_have_been_told():
    assert seen_before(finding("expired", CARD, slot="id-card"), {CARD: "id-card", NEW_LEASE: "lease"})


def test_new_between_an_old_and_a_new_file_could_not():
    assert not seen_before(finding("same-name", CARD, NEW_LEASE), {CARD: "id-card", NEW_LEASE: "lease"})


def test_a_material_missing_all_along_could_have_been_told():
    now = {CARD: "id-card", NEW_LEASE: "lease"}
    assert seen_before(finding("present", slot="photo"), now)
    assert not seen_before(finding("present", slot="id-card"), {NEW_LEASE: "lease"})  # it was taken back


def test_without_evidence_and_requirement_nothing_excuses_the_authority():
    assert seen_before(finding("age"), {NEW_LEASE: "lease"})


def test_what_came_with_the_second_round_may_not_be_asked_for_in_the_third():
    second = Round(2, {CARD: "id-card", NEW_LEASE: "lease"}, told=(finding("seal", NEW_LEASE, slot="lease"),))
    now = {CARD: "id-card", NEW_LEASE: "lease", FORM: "application-form"}
    end = finding("end", NEW_LEASE, slot="lease")
    assert seen_before(end, now, [FIRST, second])
    assert not seen_before(finding("signed", FORM, slot="application-form"), now, [FIRST, second])


def test_what_was_fixed_long_ago_is_not_told_again():
    second = Round(2, {CARD: "id-card", NEW_LEASE: "lease"}, told=(finding("end", NEW_LEASE, slot="lease"),))
    fixed = [one.finding.rule for one in differences([FIRST, second], {CARD: "id-card", FORM: "lease"}, [])]
    assert fixed == ["end"]


def test_in_the_first_round_nothing_could_be_told_before():
    assert differences([], {CARD: "id-card"}, [TENANT]) == (Difference(TENANT, "new", seen_before=False),)
