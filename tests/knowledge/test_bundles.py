"""What a bundle asks for is computed from its members."""

from __future__ import annotations

from typing import Any

from knowledge.bundles import compiled_bundle, named_lines
from knowledge.checklist import build_checklist
from knowledge.item import ItemMaterial, Project, ServiceItem


def item(name: str, materials: list[dict[str, Any]], **fields: Any) -> ServiceItem:
    lines = [{"name": one["material"], **one} for one in materials]
    return ServiceItem.model_validate({"id": name, "name": name, "materials": lines, **fields})


def situation(name: str, *values: str, **fields: Any) -> dict[str, Any]:
    return {"id": name, "ask": f"{name}?", "options": [{"value": one, "label": one} for one in values], **fields}


LICENCE = item(
    "licence",
    [
        {"material": "licence-form"},
        {"material": "id-card", "copies": 1, "note": "经营者的"},
        {"material": "lease", "required_when": {"premises": ["shop"]}},
        {"material": "agent-card", "required_when": {"applicant": ["agent"]}},
    ],
    department="登记机关",
    situations=[situation("premises", "shop", "online"), situation("applicant", "self", "agent")],
)
FOOD = item(
    "food",
    [
        {"material": "food-form"},
        {"material": "business-licence"},
        {"material": "id-card", "copies": 2, "note": "负责人的"},
        {"material": "layout", "required_when": {"stage": ["new"]}},
        {"material": "old-permit", "required_when": {"stage": ["renew"]}},
        {"material": "agent-card", "required_when": {"applicant": ["agent"]}},
        {"material": "deed", "one_of": "场地证明"},
        {"material": "lease", "one_of": "场地证明"},
    ],
    department="许可机关",
    situations=[situation("stage", "new", "renew"), situation("applicant", "self", "agent")],
)
FORMS = frozenset({"licence-form", "food-form", "bundle-form"})
CASES = {"licence": {"given": {"premises": "shop"}, "gives": ["business-licence"]}, "food": {"given": {"stage": "new"}}}


def bundle(cases: dict[str, Any] = CASES, **fields: Any) -> ServiceItem:
    shop = item(
        "shop-bundle",
        fields.pop("materials", [{"material": "bundle-form"}]),
        bundle={"members": ["licence", "food"], "lead": "登记机关", "cases": cases},
        **fields,
    )
    return compiled_bundle(shop, [LICENCE, FOOD], FORMS)


def names(lines: tuple[Any, ...]) -> list[str]:
    return [line.material or line.name for line in lines]


def test_each_paper_is_asked_once_with_the_larger_number():
    checklist = build_checklist(bundle(), {"applicant": "self"})
    assert names(checklist.lines) == ["bundle-form", "id-card", "lease", "layout"]
    (card,) = [line for line in checklist.lines if line.material == "id-card"]
    assert (card.original, card.copies, card.note) == (1, 2, "经营者的；负责人的")


def test_the_one_form_stands_for_the_forms_of_the_members():
    asked = names(bundle().materials)
    assert "licence-form" not in asked
    assert "food-form" not in asked
    assert "licence-form" in names(bundle(materials=[]).materials)


def test_what_an_earlier_member_brings_forth_is_not_asked_of_the_visitor():
    assert "business-licence" not in names(bundle().materials)
    assert "business-licence" in names(bundle(cases={}).materials)


def test_a_paper_that_is_brought_anyway_satisfies_the_alternatives():
    assert not build_checklist(bundle(), {"applicant": "self"}).groups


def test_the_same_question_of_two_members_is_asked_once():
    built = bundle()
    assert [one.id for one in built.situations] == ["applicant"]
    assert "agent-card" in names(build_checklist(built, {"applicant": "agent"}).lines)
    assert "agent-card" not in names(build_checklist(built, {"applicant": "self"}).lines)


def test_a_question_with_other_answers_keeps_a_name_of_its_own():
    own = [situation("stage", "early", "late")]
    built = bundle(cases={}, situations=own)
    assert [one.id for one in built.situations] == ["stage", "premises", "applicant", "food-stage"]
    assert "layout" in names(build_checklist(built, {"food-stage": "new", "applicant": "self"}).lines)


def test_a_member_that_takes_part_in_some_cases_asks_only_then():
    own = [situation("goods", "none", "food")]
    built = bundle(cases={**CASES, "food": {"when": {"goods": ["food"]}, "given": {"stage": "new"}}}, situations=own)
    assert "layout" not in names(build_checklist(built, {"goods": "none", "applicant": "self"}).lines)
    assert "layout" in names(build_checklist(built, {"goods": "food", "applicant": "self"}).lines)


def test_papers_of_either_case_are_needed_in_any():
    own = [situation("kind", "one", "two")]
    cases = {"licence": {"when": {"kind": ["one"]}, "given": {"premises": "shop"}}, "food": {"when": {"kind": ["two"]}}}
    (card,) = [line for line in bundle(cases=cases, situations=own).materials if line.material == "id-card"]
    assert card.required_when == {}


def test_what_it_saves_is_counted():
    saving = bundle().bundle.saving  # pyright: ignore[reportOptionalMemberAccess]
    assert saving is not None
    # apart: form, card, lease, agent + form, licence, card, layout, agent, proof of premises
    assert (saving.apart, saving.together) == (4 + 6, 5)


def test_who_does_what_stands_in_order():
    built = bundle().bundle
    assert built is not None
    assert [(task.item, task.department) for task in built.tasks] == [("licence", "登记机关"), ("food", "许可机关")]


def test_the_lines_of_a_project_name_their_items():
    project = Project.model_validate({"lines": [{"name": "产业", "members": ["licence", "unknown"]}]})
    (line,) = named_lines(project, {"licence": LICENCE}).lines
    assert [(task.item, task.name, task.department) for task in line.tasks] == [("licence", "licence", "登记机关")]


def test_a_line_is_untouched_where_nothing_is_shared():
    built = bundle(cases={"food": {"when": {}, "given": {"stage": "renew"}}})
    assert "old-permit" in names(built.materials)
    assert isinstance(built.materials[0], ItemMaterial)
