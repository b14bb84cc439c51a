"""Scoring of pre-reviews: a verdict that is made by hand gets the marks that it deserves."""

from dataclasses import replace
from datetime import date

import pytest

from evals.bench_figures import settings_in
from evals.case import Case
from evals.reviewing import ReviewDesk, case_of, handed_in
from evals.sample import DEVELOPMENT, PARTS, TEST, BadRow, ReviewRow, load
from evals.specimens.application import Application, application
from evals.specimens.degrade import DEGRADATIONS
from evals.specimens.faults import FAULTS, planted
from evals.specimens.plan import applications
from evals.tasks.reviewing import cases_of, made_of, same
from knowledge.handbook import bundled_handbook, load_handbook
from preapproval.case import (
    Evidence,
    FieldValue,
    Finding,
    Material,
    PageRef,
    RulesetRef,
    Verdict,
    VerdictKind,
)

QUAD = ((0, 0), (1, 0), (1, 1), (0, 1))
ITEM = "flexible-employment-insurance"


def handed(fault: str | None = None) -> Application:
    made = application(ITEM, 1, fault=fault)
    assert made is not None
    return made


def row(fault: str | None = None) -> ReviewRow:
    return ReviewRow("r-1", fault or "clean", "", ITEM, "1", fault)


def material(made: Application, kind: str, at: int, /, **values: str) -> Material:
    pages = tuple(PageRef(file=file.sha256) for file in made.files if file.kind == kind)
    fields = tuple(
        FieldValue(
            material=kind, name=name, value=value, raw=value, page=pages[0], quad=QUAD, method="anchor", confidence=1
        )
        for name, value in values.items()
    )
    return Material(id=f"m{at}", kind=kind, pages=pages, margin=1, fields=fields)


def finding(rule: str, status: str, slot: str | None = None, files: tuple[str, ...] = ()) -> Finding:
    return Finding.model_validate(
        {
            "rule": rule, "version": "1", "status": status, "severity": "must", "title": rule, "detail": "",
            "basis": "", "citizen_text": "", "action": "", "slot": slot,
            "evidence": [Evidence(file=file) for file in files],
        }
    )  # fmt: skip


def verdict(kind: VerdictKind, *findings: Finding, materials: tuple[Material, ...] = ()) -> Verdict:
    return Verdict(
        verdict=kind, item=ITEM, item_name="参保", findings=findings, checks_passed=(), checks_not_applicable=(),
        materials=materials, fields=(), quality=(), files=(), engine={}, reviewed_on=date(2026, 6, 1), took_ms=5,
        ruleset=RulesetRef(version="1", sha256="0" * 64),
    )  # fmt: skip


def scored(made: Application, given: Verdict, fault: str | None = None) -> list[Case]:
    return list(cases_of(row(fault), made, given))


def test_a_clean_application_that_is_let_through_earns_every_mark():
    first, left, *_ = scored(handed(), verdict("ready"))
    assert first.marks == {"no_false_alarm": True, "not_sent_back": True}
    assert left.marks == {"determined": True}
    assert (first.expected, first.got, first.took_ms) == ("clean", "ready", 5)


def test_a_complaint_about_a_clean_application_is_a_false_alarm():
    first, left, *_ = scored(handed(), verdict("correct_first", finding("id-card-in-term", "fail", "id-card")))
    assert first.marks == {"no_false_alarm": False, "not_sent_back": False}
    assert first.counts == {"strange": 1}
    assert left.marks == {"determined": True}


def test_what_is_left_to_a_person_is_no_alarm_but_is_counted():
    first, left, *_ = scored(handed(), verdict("ask_a_person", finding("form-signed", "undetermined")))
    assert first.marks == {"no_false_alarm": True, "not_sent_back": True}
    assert left.marks == {"determined": False}


@pytest.mark.parametrize(
    ("rule", "status", "slot", "found"),
    [
        ("id-card-in-term", "fail", "id-card", True),
        ("id-card-in-term", "undetermined", "id-card", False),
        ("id-card-in-term", "fail", "insurance-registration-form", False),
        ("form-signed", "fail", "id-card", False),
    ],
)
def test_a_fault_is_found_by_its_rule_at_its_paper_only(rule: str, status: str, slot: str, found: bool):
    first, *_ = scored(handed("id-expired"), verdict("correct_first", finding(rule, status, slot)), "id-expired")
    assert first.marks["fault_found"] is found
    assert first.counts == {"said": int(found), "lacking": int(not found)}


def test_a_comparison_may_stand_at_the_other_paper_if_it_shows_the_faulty_one():
    made = handed("id-expired")
    faulty = next(file.sha256 for file in made.files if file.faulty)
    shown = finding("id-card-in-term", "fail", "insurance-registration-form", (faulty,))
    assert scored(made, verdict("correct_first", shown), "id-expired")[0].marks["fault_found"]


def test_a_faulty_application_that_is_let_through_loses_both_marks():
    first, *_ = scored(handed("unsigned"), verdict("ready"), "unsigned")
    assert first.marks == {"fault_found": False, "not_let_through": False}


def test_a_harmless_peculiarity_must_not_be_held_against_the_applicant():
    made = handed("x-number")
    assert scored(made, verdict("ready"), "x-number")[0].marks["no_false_alarm"]
    wrong = verdict("correct_first", finding("id-number-valid", "fail", "id-card"))
    assert not scored(made, wrong, "x-number")[0].marks["no_false_alarm"]


def test_papers_and_values_are_scored_one_by_one():
    made = handed()
    name, number = made.applicant["name"], made.applicant["number"]
    card = material(made, "id-card", 1, name=name, number=number[:-1] + "?")
    form = material(made, "application-form", 2, phone=made.applicant["phone"])
    cases = {case.id: case for case in scored(made, verdict("ready", materials=(card, form)))}
    assert cases["r-1-p0"].marks == {"kind": True}
    assert cases["r-1-p0-name"].marks == {"field": True, "not_misread": True}
    assert cases["r-1-p0-number"].marks == {"field": False, "not_misread": False}
    assert cases["r-1-p0-address"].marks == {"field": False, "not_misread": True}
    assert cases["r-1-p1-phone"].marks == {"handwritten_field": True}
    assert cases["r-1-p1-name"].marks == {"handwritten_field": False}


def test_a_paper_taken_for_something_else_is_a_wrong_kind():
    made = handed()
    card = material(made, "id-card", 1).model_copy(update={"kind": "residence-permit"})
    cases = {case.id: case for case in scored(made, verdict("ready", materials=(card,)))}
    assert (cases["r-1-p0"].got, cases["r-1-p0"].marks) == ("residence-permit", {"kind": False})
    assert (cases["r-1-p1"].got, cases["r-1-p1"].marks) == ("nothing", {"kind": False})


def test_values_are_compared_as_what_they_are():
    assert same("lease", "rent", "2600.00", "2600")
    assert not same("lease", "rent", "260", "2600")
    assert same("id-card", "name", "样 本（甲）", "样本(甲)")
    assert not same("id-card", "number", "32049919900101123X", "320499199001011230")


# rows ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", PARTS)
def test_every_item_is_reviewed_clean_and_every_fault_and_degradation_is_tried(part: str):
    rows = load("reviewing", PARTS[part])
    assert {one.item for one in rows if one.fault is None and one.degradation is None} == set(applications())
    assert {one.fault for one in rows if one.fault} == set(FAULTS)
    assert len({one.degradation for one in rows if one.degradation}) >= 14
    assert {one.degradation for one in rows if one.degradation} <= set(DEGRADATIONS)
    assert all(one.category == (one.fault or "clean") for one in rows)
    assert all(planted(one.item, one.seed, one.fault) is not None for one in rows)


def test_the_two_parts_have_no_person_in_common():
    seeds = [{one.seed for one in load("reviewing", folder)} for folder in (DEVELOPMENT, TEST)]
    assert not seeds[0] & seeds[1]


# the real reader -----------------------------------------------------------------------------------------------


@pytest.mark.real_model
def test_the_products_own_reader_reviews_a_rendered_application_and_reads_each_file_once(tmp_path):
    handbook = load_handbook(bundled_handbook())
    items = {ITEM: handbook.resolved(handbook.items[ITEM])}
    desk = ReviewDesk(settings_in(tmp_path, ocr_workers=1), items, handbook.hall.materials)
    made = handed()
    try:
        given = desk.review(made, say_slots=False)
        again = desk.read([(handed_in(file), file.data) for file in made.files])
    finally:
        desk.close()
    cases = scored(made, given)
    printed = [case for case in cases if "field" in case.marks]
    assert all(case.marks["kind"] for case in cases if "kind" in case.marks)
    assert len(printed) == 9
    assert sum(case.right for case in printed) >= 8
    assert [one.file.slot for one in again] == [file.slot for file in made.files]
    assert case_of(made).received_at.isoformat() == "2026-06-01T09:30:00+08:00"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"item": "no-such-item"}, "applications have no item no-such-item"),
        ({"fault": "no-such-fault"}, "applications have no fault no-such-fault"),
        ({"degradation": "eaten"}, "applications have no degradation eaten"),
        ({"item": "elderly-card", "fault": "tenant-other"}, "elderly-card cannot have the fault tenant-other"),
    ],
)
def test_tester_is_told_of_an_application_that_cannot_be_made(given: dict[str, str], said: str):
    with pytest.raises(BadRow, match=f"r-1: {said}"):
        made_of(replace(row(), **given))  # pyright: ignore[reportArgumentType]
