"""Checks of what is handed in and seen on the pages: each passes, fails, cannot be judged, or does not apply."""

from typing import Any

import pytest

from preapproval.case import Page, QualityFinding
from tests.preapproval.known_facts import blurred, check, facts_of, line, mark, material, outcome, page, written

UNSURE = material("id-card", kind="unknown")


def test_any_of_several_papers_is_enough():
    given = {"slots": ["lease", "property-certificate"]}
    assert check("present", facts_of(materials=(material("lease"),)), **given).outcome == "pass"
    missing = check("present", facts_of(), **given)
    assert missing.outcome == "fail"
    assert missing.values == {"missing": "房屋租赁合同、不动产权证书"}
    unknown = check("present", facts_of(materials=(material("lease", kind="unknown"),)), **given)
    assert unknown.outcome == "undetermined"
    assert unknown.evidence


def test_a_paper_of_another_kind_is_named():
    given = {"slot": "premises-proof", "kinds": ["lease", "property-certificate"]}
    right = facts_of(materials=(material("premises-proof", kind="lease"),))
    wrong = check("doc_type_is", facts_of(materials=(material("premises-proof", kind="invoice"),)), **given)
    unknown = facts_of(materials=(material("premises-proof", kind="unknown"),))
    assert check("doc_type_is", right, **given).outcome == "pass"
    assert wrong.outcome == "fail"
    assert wrong.values == {"found": "发票", "allowed": "房屋租赁合同、不动产权证书"}
    assert check("doc_type_is", unknown, **given).outcome == "undetermined"
    assert check("doc_type_is", facts_of(), **given).outcome == "not_applicable"


BOTH = {"slot": "id-card", "sides": ["front", "back"]}


@pytest.mark.parametrize(
    ("sides", "outcome_expected"),
    [
        ([("front", "back")], "pass"),
        ([("front",), ("back",)], "pass"),
        ([("front", "back"), ("front", "back")], "pass"),
        ([("front",)], "fail"),
        ([("front", "back"), ("front",)], "fail"),
        ([()], "undetermined"),
        ([], "not_applicable"),
    ],
)
def test_every_person_needs_every_side(sides: list[tuple[str, ...]], outcome_expected: str):
    materials = tuple(material("id-card", sides=one, pages=(n,)) for n, one in enumerate(sides, 1))
    assert check("side_complete", facts_of(materials=materials), **BOTH).outcome == outcome_expected


def test_a_missing_side_may_be_among_what_is_not_recognised_or_not_clear():
    front = (material("id-card", sides=("front",)),)
    missing = check("side_complete", facts_of(materials=front), **BOTH)
    assert missing.values == {"missing": "国徽面"}
    assert "国徽面" in missing.detail
    assert check("side_complete", facts_of(materials=front, spare=(UNSURE,)), **BOTH).outcome == "undetermined"
    assert (
        check("side_complete", facts_of(materials=front, pages=(blurred("id-card"),)), **BOTH).outcome == "undetermined"
    )


def test_copies_and_pages_are_counted():
    two = facts_of(materials=(material("photo", pages=(1,)), material("photo", pages=(2, 3))))
    assert check("count_at_least", two, slot="photo", count=2).outcome == "pass"
    few = check("count_at_least", two, slot="photo", count=3)
    assert (few.outcome, few.values) == ("fail", {"found": 2, "count": 3})
    assert check("count_at_least", two, slot="photo", count=3, unit="pages").outcome == "pass"
    assert check("count_at_least", facts_of(), slot="photo", count=1).outcome == "not_applicable"
    unsure = facts_of(materials=(material("photo"),), spare=(UNSURE,))
    assert check("count_at_least", unsure, slot="photo", count=2).outcome == "undetermined"
    assert check("count_at_least", unsure, slot="photo", count=3).outcome == "fail"


def test_only_a_picture_that_loses_text_is_taken_again():
    slot = material("lease")
    shadow = QualityFinding(problem="shadow", retake=False, measure=0.4)
    slight = facts_of(materials=(slot,), pages=(page("lease", quality=(shadow,)),))
    lost = facts_of(materials=(slot,), pages=(blurred("lease"),))
    assert check("quality_ok", facts_of(materials=(slot,)), slot="lease").outcome == "pass"
    assert check("quality_ok", slight, slot="lease").outcome == "pass"
    retake = check("quality_ok", lost, slot="lease")
    assert (retake.outcome, retake.values) == ("fail", {"problems": "拖影", "count": 1})
    assert check("quality_ok", lost, slot="lease", problems=["glare"]).outcome == "pass"
    assert check("quality_ok", facts_of(), slot="lease").outcome == "not_applicable"


def test_something_written_is_enough_and_an_empty_box_cannot_be_told_from_an_unread_one():
    given = {"fields": ["elderly_card_form.phone", "elderly_card_form.name"]}
    form = {"elderly_card_form.phone": written("13800000000"), "elderly_card_form.name": "王样本"}
    assert outcome_of(form, **given) == "pass"
    assert outcome_of(form | {"elderly_card_form.phone": None}, **given) == "undetermined"
    assert outcome_of({"elderly_card_form.phone": ..., "elderly_card_form.name": ...}, **given) == "not_applicable"
    assert outcome_of({"declared.purpose": "经营"}, fields=["declared.purpose"]) == "pass"
    assert outcome_of({}, fields=["declared.purpose"]) == "fail"
    assert outcome_of({"declared.purpose": "  "}, fields=["declared.purpose"]) == "fail"


def outcome_of(values: dict[str, Any], **given: Any) -> str:
    return outcome("field_present", values, **given)


# marks ---------------------------------------------------------------------------------------------------------


def with_page(slot: str, *pages: Page) -> Any:
    return facts_of(materials=(material(slot, pages=tuple(one.ref.number for one in pages)),), pages=pages)


@pytest.mark.parametrize(
    ("shown", "given", "outcome_expected"),
    [
        (page("lease", marks=(mark("seal"),)), {}, "pass"),
        (page("lease", marks=(mark("face"),)), {}, "fail"),
        (page("lease"), {}, "fail"),
        (blurred("lease"), {}, "undetermined"),
        (page("lease", marks=(mark("seal"),)), {"region": [0.5, 0.5, 1, 1]}, "pass"),
        (page("lease", marks=(mark("seal"),)), {"region": [0, 0, 0.5, 0.5]}, "undetermined"),
        (page("lease", marks=(mark("seal", text="样本市样本中介有限公司"),)), {"words": ["样本中介"]}, "pass"),
        (page("lease", marks=(mark("seal", text="样木市"),)), {"words": ["样本中介"]}, "undetermined"),
        (page("lease", marks=(mark("seal"),)), {"words": ["样本中介"]}, "undetermined"),
    ],
)
def test_a_seal_is_seen_or_missing_and_never_proved(shown: Page, given: dict[str, Any], outcome_expected: str):
    result = check("seal_present", with_page("lease", shown), slot="lease", **given)
    assert result.outcome == outcome_expected
    assert result.evidence


@pytest.mark.parametrize(
    ("shown", "outcome_expected"),
    [
        (page("lease", marks=(mark("signature"),)), "pass"),
        (page("lease", lines=(line("申请人签名："),)), "fail"),
        (page("lease", lines=(line("申请人签名："), line("王样本", x=300, handwritten=True))), "pass"),
        (page("lease", lines=(line("申请人签名："), line("王样本", x=300, y=400, handwritten=True))), "fail"),
        (page("lease", lines=(line("签字 王样本", handwritten=True),)), "pass"),
        (page("lease", lines=(line("申请人签名：王样本"),)), "undetermined"),
        (page("lease", lines=(line("申请人（签字）: 阿里·样"),)), "undetermined"),
        (page("lease", lines=(line("申请人签名：年月日"),)), "fail"),
        (page("lease", lines=(line("乙方"),)), "undetermined"),
        (blurred("lease", lines=(line("签 名"),)), "undetermined"),
    ],
)
def test_a_signature_is_ink_in_its_box(shown: Page, outcome_expected: str):
    assert check("signature_present", with_page("lease", shown), slot="lease").outcome == outcome_expected


def test_seals_signatures_and_faces_of_nothing_do_not_apply():
    for name in ("seal_present", "signature_present", "photo_has_face"):
        assert check(name, facts_of(), slot="photo").outcome == "not_applicable"


def test_a_photo_holds_one_face():
    one, two = (mark("face"),), (mark("face"), mark("face", x=100))
    assert check("photo_has_face", with_page("photo", page("photo", marks=one)), slot="photo").outcome == "pass"
    assert check("photo_has_face", with_page("photo", page("photo", marks=two)), slot="photo").outcome == "undetermined"
    assert check("photo_has_face", with_page("photo", page("photo")), slot="photo").outcome == "fail"
    assert check("photo_has_face", with_page("photo", blurred("photo")), slot="photo").outcome == "undetermined"
    second_without = with_page("photo", page("photo", marks=one), page("photo", 2))
    assert check("photo_has_face", second_without, slot="photo").outcome == "fail"


@pytest.mark.parametrize(
    ("text", "outcome_expected"),
    [
        ("☑ 本人已阅读并同意", "pass"),
        ("[√] 本人已阅读并同意", "pass"),
        ("□ 本人已阅读并同意", "undetermined"),
        ("☑同意 □不同意 本人已阅读并同意", "undetermined"),
        ("本人已阅读并同意", "undetermined"),
        ("别的话", "undetermined"),
    ],
)
def test_a_ticked_box_passes_and_an_empty_one_is_looked_at(text: str, outcome_expected: str):
    facts = with_page("lease", page("lease", lines=(line(text),)))
    assert check("consent_ticked", facts, slot="lease", words=["已阅读并同意"]).outcome == outcome_expected


def test_consent_given_online_is_taken_as_it_is():
    assert outcome("consent_ticked", {"declared.consent": True}, field="declared.consent") == "pass"
    assert outcome("consent_ticked", {"declared.consent": False}, field="declared.consent") == "fail"
    assert outcome("consent_ticked", {"declared.consent": "是"}, field="declared.consent") == "undetermined"
    assert outcome("consent_ticked", {}, field="declared.consent") == "undetermined"
    assert check("consent_ticked", facts_of(), slot="lease", words=["同意"]).outcome == "not_applicable"


def test_what_only_a_person_can_see_always_goes_to_a_person():
    facts = facts_of(materials=(material("lease"),))
    assert check("no_alteration", facts, slot="lease").outcome == "undetermined"
    assert check("no_alteration", facts, slot="lease").evidence
    assert check("no_alteration", facts_of(), slot="lease").outcome == "not_applicable"
    asked = check("manual_check", facts, text="实地查看距离")
    assert (asked.outcome, asked.values) == ("undetermined", {"text": "实地查看距离"})
    assert check("manual_check", facts, text="看", slot="lease").outcome == "undetermined"
    assert check("manual_check", facts_of(), text="看", slot="lease").outcome == "not_applicable"
