"""What is found for every item, whatever its rules are."""

import pytest
from permit_case import PERMIT, case, material, page, read

from knowledge.checklist import build_checklist
from knowledge.item import ServiceItem
from preapproval.case import Checked, FileProblem, Finding, Material, QualityFinding, ReadFile
from preapproval.kinds import load_kinds
from preapproval.own_checks import Seen, own_checks
from preapproval.ruleset import SlotTerms
from preapproval.slots import fill, slots_of

BLUR = QualityFinding(problem="motion_blur", retake=True, measure=0.1)
SHADOW = QualityFinding(problem="shadow", retake=False, measure=0.3)


def judged(
    reads: tuple[ReadFile, ...], *materials: Material, terms: dict[str, SlotTerms] | None = None,
    choices: dict[str, str] | None = None, item: ServiceItem = PERMIT,
) -> list[Finding | Checked]:  # fmt: skip
    slots = slots_of(build_checklist(item, {"reason": "housing"} if choices is None else choices))
    files = {one.file.sha256: one.file for one in reads}
    filled = fill(slots, materials, files, case().applicant, load_kinds())
    return list(own_checks(Seen(reads, slots, filled, terms or {}, load_kinds(), "v1")))


def findings(judgements: list[Finding | Checked], rule: str) -> list[Finding]:
    return [one for one in judgements if isinstance(one, Finding) and one.rule == rule]


def test_every_missing_paper_is_named_at_once_and_alternatives_as_one():
    found = findings(judged(()), "present")
    assert [(one.slot, one.status, one.severity) for one in found] == [
        ("id-card", "fail", "must"),
        ("photo", "fail", "must"),
        ("lease", "fail", "must"),
    ]
    assert "租赁合同、不动产权证书" in found[2].citizen_text
    assert found[0].basis == "《居住证暂行条例》第9条"


def test_one_of_the_alternatives_is_enough():
    found = judged((read("a"),), material("m1", "property-certificate", "a"))
    assert [one.slot for one in findings(found, "present")] == ["id-card", "photo"]


def test_a_paper_shared_between_offices_is_never_asked_for():
    shared = [one for one in judged(()) if isinstance(one, Checked) and one.slot == "student-card"]
    assert shared[0].detail == "由部门之间共享取得，不用提交。"


def test_a_paper_that_may_follow_does_not_send_anybody_home():
    found = findings(judged((), terms={"photo": SlotTerms(may_follow=True)}), "present")
    photo = next(one for one in found if one.slot == "photo")
    assert (photo.status, photo.severity) == ("fail", "should")
    assert "承诺书" in photo.citizen_text


def test_an_open_situation_is_asked_instead_of_guessed():
    found = findings(judged((), choices={}), "present")
    contract = next(one for one in found if one.slot == "labour-contract")
    assert contract.status == "undetermined"
    assert "就业" in contract.citizen_text


def test_a_paper_is_not_called_missing_while_an_unrecognised_one_might_be_it():
    found = findings(judged((read("a"),), material("m1", "unknown", "a", likely=("lease",))), "present")
    by_slot = {one.slot: one.status for one in found}
    assert by_slot == {"id-card": "fail", "photo": "fail", "lease": "undetermined"}


@pytest.mark.parametrize("problem", ["empty", "unreadable", "unsupported", "encrypted", "too_large", "too_wide"])
def test_a_file_that_cannot_be_opened_must_be_handed_in_again(problem: FileProblem):
    broken = ReadFile(file=read("a").file, problem=problem)
    (found,) = findings(judged((broken,)), "readable")
    assert (found.status, found.severity) == ("fail", "must")
    assert "a.jpg" in found.citizen_text


@pytest.mark.parametrize("problem", ["reader_failed", "timed_out", "out_of_memory", "too_many_pages"])
def test_our_own_failure_is_left_to_a_person_and_nobody_uploads_again(problem: FileProblem):
    (found,) = findings(judged((ReadFile(file=read("a").file, problem=problem),)), "readable")
    assert (found.status, found.severity) == ("undetermined", "should")


def test_a_blurred_page_whose_fields_were_read_is_only_a_hint():
    lease = material(
        "m1", "lease", "a", tenant="样本甲", landlord="样本乙", address="样本路1号", start="2026-01-01",
        end="2027-01-01", rent="1800", signed_on="2026-01-01",
    )  # fmt: skip
    (found,) = findings(judged((read("a", None, BLUR),), lease), "picture")
    assert (found.status, found.severity) == ("hint", "hint")


def test_a_blurred_page_with_little_read_must_be_taken_again_with_advice():
    (found,) = findings(judged((read("a", None, BLUR),), material("m1", "lease", "a")), "picture")
    assert (found.status, found.severity) == ("fail", "must")
    assert "拿稳手机" in found.citizen_text
    assert found.evidence[0].file == page("a").ref.file


def test_a_shadow_is_mentioned_and_asks_for_nothing():
    (found,) = findings(judged((read("a", None, SHADOW),), material("m1", "lease", "a")), "picture")
    assert found.status == "hint"


def test_a_paper_for_another_line_is_named_for_what_it_is():
    found = findings(judged((read("a", "id-card"),), material("m1", "lease", "a")), "recognised")
    assert [(one.slot, one.status) for one in found] == [("id-card", "fail")]
    assert "居民身份证" in found[0].citizen_text
    assert "租赁合同" in found[0].citizen_text


def test_a_paper_that_nobody_asked_for_is_a_hint():
    (found,) = findings(judged((read("a"),), material("m1", "bank-card", "a")), "recognised")
    assert found.status == "hint"


def test_an_unrecognised_paper_names_what_it_may_be_and_goes_to_a_person():
    (found,) = findings(judged((read("a"),), material("m1", "unknown", "a", likely=("lease", "invoice"))), "recognised")
    assert found.status == "undetermined"
    assert "租赁合同、" in found.citizen_text


def test_a_paper_is_not_called_missing_where_our_reader_failed_on_it():
    failed = ReadFile(file=read("a", "photo").file, problem="timed_out")
    by_slot = {one.slot: one.status for one in findings(judged((failed,)), "present")}
    assert by_slot == {"id-card": "fail", "photo": "undetermined", "lease": "fail"}
