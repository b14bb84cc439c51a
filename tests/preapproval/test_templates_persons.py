"""Checks that compare two papers: persons, addresses, companies, household members; and checks that reckon."""

from typing import Any

import pytest

from preapproval.rules import TEMPLATES
from preapproval.rules.formula import compiled
from tests.preapproval.known_facts import (
    SEEN_BEFORE,
    SEEN_BEFORE_TOO,
    TODAY,
    Read,
    check,
    doubted,
    facts_of,
    number_born,
    outcome,
    paths_of,
    written,
)  # fmt: skip

NAMES = {"a": "lease.tenant", "b": "id_card.name"}


@pytest.mark.parametrize(
    ("tenant", "name", "outcome_expected"),
    [
        ("王样本", "王样本", "pass"),
        ("王 样本", "王样本", "pass"),
        ("阿依古丽·买买提", "阿依古丽买买提", "pass"),
        (written("王样本"), "王样本", "pass"),
        (written("王样本"), written("王样本"), "undetermined"),
        (written("李另人"), "王样本", "undetermined"),
        ("李另人", "王样本", "fail"),
        ("王样品", "王样本", "fail"),
        (doubted("王样品"), "王样本", "undetermined"),
        (Read("王样品", confidence=0.5, method="text_layer"), "王样本", "fail"),
        ("王样木", "王样本", "undetermined"),
        ("", "王样本", "undetermined"),
        (None, "王样本", "undetermined"),
        (..., "王样本", "not_applicable"),
    ],
)
def test_a_name_matches_differs_or_is_looked_at(tenant: Any, name: Any, outcome_expected: str):
    assert outcome("same_name", {"lease.tenant": tenant, "id_card.name": name}, **NAMES) == outcome_expected


def test_the_detail_and_the_evidence_show_both_names():
    result = check("same_name", facts_of({"lease.tenant": "李另人", "id_card.name": "王样本"}), **NAMES)
    assert result.detail == "房屋租赁合同上的“承租方”（李另人）与居民身份证上的“姓名”（王样本）不一致。"
    assert result.values == {"a": "李另人", "b": "王样本"}
    assert [one.field for one in result.evidence] == ["tenant", "name"]


def test_what_the_applicant_did_not_type_is_never_passed_over():
    assert outcome("same_name", {"lease.tenant": "王样本"}, a="lease.tenant", b="applicant.name") == "undetermined"


PERSON = {
    "name_a": "lease.tenant", "number_a": "lease.tenant_number", "name_b": "id_card.name", "number_b": "id_card.number",
}  # fmt: skip
OTHER = number_born("19500101")


@pytest.mark.parametrize(
    ("tenant", "tenant_number", "outcome_expected"),
    [
        ("王样本", SEEN_BEFORE, "pass"),
        ("王样本", OTHER, "fail"),
        ("王样本", "11010519491231003X", "undetermined"),
        ("王样本", "110105194912310121", "fail"),
        ("王样本", written(OTHER), "undetermined"),
        ("王样本", written(SEEN_BEFORE), "pass"),
        ("李另人", SEEN_BEFORE, "undetermined"),
        ("王样本", None, "undetermined"),
        ("李另人", None, "fail"),
        (None, SEEN_BEFORE, "undetermined"),
        (None, OTHER, "fail"),
        ("王样本", "110105491231002", "undetermined"),
        ("王样本", "", "undetermined"),
        (..., ..., "not_applicable"),
    ],
)
def test_a_person_is_known_by_the_number_before_the_name(tenant: Any, tenant_number: Any, outcome_expected: str):
    values = {
        "lease.tenant": tenant, "lease.tenant_number": tenant_number,
        "id_card.name": "王样本", "id_card.number": SEEN_BEFORE,
    }  # fmt: skip
    result = check("same_person", facts_of(values), **PERSON)
    assert result.outcome == outcome_expected
    assert "19491231" not in result.detail


def test_a_person_without_a_number_is_known_by_the_name():
    values = {"lease.tenant": "王样本", "id_card.name": "王样本"}
    assert outcome("same_person", values, name_a="lease.tenant", name_b="id_card.name") == "pass"
    other = values | {"lease.tenant": "李另人"}
    assert outcome("same_person", other, name_a="lease.tenant", name_b="id_card.name") == "fail"


HOME = "江苏省样本市样本区样本路12号3幢402室"


@pytest.mark.parametrize(
    ("address", "outcome_expected"),
    [
        (HOME, "pass"),
        ("样本市样本区样本路12号3幢402室", "pass"),
        ("江苏省样本市样本区样本路13号3幢402室", "fail"),
        (doubted("江苏省样本市样本区样本路13号3幢402室"), "undetermined"),
        (written("江苏省样本市样本区样本路99号"), "undetermined"),
        ("江苏省样本市样本区样本路12号3幢", "undetermined"),
        ("江苏省样本市别处区样本路12号3幢402室", "fail"),
        ("", "undetermined"),
        (None, "undetermined"),
        (..., "not_applicable"),
    ],
)
def test_an_address_is_compared_part_by_part(address: Any, outcome_expected: str):
    facts = facts_of({"lease.address": address, "applicant.address": HOME})
    result = check("address_same", facts, a="lease.address", b="applicant.address")
    assert result.outcome == outcome_expected
    assert "402" not in result.detail


@pytest.mark.parametrize(
    ("company", "outcome_expected"),
    [
        ("样本（常州）商贸有限公司", "pass"),
        ("样本(常州)商贸有限公司", "pass"),
        ("样本常州商贸有限公司", "undetermined"),
        ("样本（常州）商货有限公司", "undetermined"),
        ("另一家食品店", "fail"),
        (written("另一家食品店"), "undetermined"),
        (None, "undetermined"),
        (..., "not_applicable"),
    ],
)
def test_a_company_is_called_as_on_its_licence(company: Any, outcome_expected: str):
    values = {"elderly_card_form.company": company, "business_licence.name": "样本（常州）商贸有限公司"}
    facts = facts_of(values)
    assert check("name_matches_licence", facts, **{"name": "elderly_card_form.company"}).outcome == outcome_expected


MEMBER = {
    "numbers": "household_register.number", "names": "household_register.member_name",
    "number": "id_card.number", "name": "id_card.name",
}  # fmt: skip


@pytest.mark.parametrize(
    ("numbers", "names", "outcome_expected"),
    [
        ([OTHER, SEEN_BEFORE], ["李另人", "王样本"], "pass"),
        ([OTHER, SEEN_BEFORE_TOO], ["李另人", "赵别人"], "fail"),
        ([OTHER], ["李另人"], "fail"),
        ([OTHER], ["李另人", "赵别人"], "undetermined"),
        ([OTHER], ["王样本"], "undetermined"),
        (["11010519491231003X"], ["李另人"], "undetermined"),
        ([written(SEEN_BEFORE)], ["李另人"], "undetermined"),
        (None, ["王样本"], "undetermined"),
        (..., ..., "not_applicable"),
    ],
)
def test_the_register_holds_the_page_of_the_applicant(numbers: Any, names: Any, outcome_expected: str):
    values = {
        "household_register.number": numbers, "household_register.member_name": names,
        "id_card.number": SEEN_BEFORE, "id_card.name": "王样本",
    }  # fmt: skip
    assert check("one_of_members", facts_of(values), **MEMBER).outcome == outcome_expected


RELATION = {
    "relation": "household_register.relation", "allowed": ["子", "女"],
    "numbers": "household_register.number", "number": "id_card.number",
}  # fmt: skip


@pytest.mark.parametrize(
    ("relations", "outcome_expected"),
    [
        ([Read("户主", on=1), Read("子", on=2)], "pass"),
        ([Read("子", on=1), Read("户主", on=2)], "fail"),
        ([Read("子", on=1)], "undetermined"),
        ([Read("子", on=1), Read("子", on=2, handwritten=True)], "undetermined"),
        ([Read("户主", on=1), Read("孑", on=2, confidence=0.8)], "undetermined"),
        (None, "undetermined"),
    ],
)
def test_the_relation_is_read_on_the_page_of_the_person(relations: Any, outcome_expected: str):
    values = {
        "household_register.relation": relations,
        "household_register.number": [Read(OTHER, on=1), Read(SEEN_BEFORE, on=2)],
        "id_card.number": SEEN_BEFORE,
    }
    assert check("relation_is", facts_of(values), **RELATION).outcome == outcome_expected


def test_without_a_number_there_must_be_one_relation_only():
    given = {"relation": "household_register.relation", "allowed": ["户主"]}
    assert outcome("relation_is", {"household_register.relation": ["户主"]}, **given) == "pass"
    assert outcome("relation_is", {"household_register.relation": ["户主", "子"]}, **given) == "undetermined"
    assert outcome("relation_is", {"household_register.relation": ...}, **given) == "not_applicable"


# two values ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "op", "value", "outcome_expected"),
    [
        (TODAY, "==", "2026-06-01", "pass"),
        (TODAY, "<", "2026-06-02", "pass"),
        (TODAY, ">=", "2026-06-02", "fail"),
        (TODAY, ">", 5, "undetermined"),
        (1500.0, "<=", 1500, "pass"),
        (1500.0, "!=", "1500", "fail"),
        (float("nan"), "==", 1, "undetermined"),
        (True, "==", True, "pass"),
        (True, "==", 1, "undetermined"),
        ("住 宅", "==", "住宅", "pass"),
        ("商业", "==", "住宅", "fail"),
        ("住宅", "<", "商业", "undetermined"),
        (doubted("往宅"), "==", "住宅", "undetermined"),
        (doubted("孙永康"), "!=", "郑永康", "pass"),
        (doubted("孙永康"), "!=", "孜永康", "undetermined"),
        (doubted("孙永康"), "!=", "孙永康", "fail"),
        (written("住宅"), "==", "住宅", "pass"),
        (written("商业"), "==", "住宅", "undetermined"),
        (written("商业"), "!=", "住宅", "undetermined"),
        (None, "==", "住宅", "undetermined"),
        (..., "==", "住宅", "not_applicable"),
    ],
)
def test_two_values_of_one_type_are_compared(left: Any, op: str, value: Any, outcome_expected: str):
    values = {"property_certificate.use": left}
    assert outcome("compare", values, left="property_certificate.use", op=op, value=value) == outcome_expected


# formulas and calculators --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rent", "holds", "outcome_expected"),
    [
        (1500.0, "lease.rent * 12.0 <= 18000.0", "pass"),
        (1500.1, "lease.rent * 12.0 <= 18000.0", "fail"),
        (1500.0, "房屋租赁合同.月租金 大于 1000", "pass"),
        (None, "lease.rent > 0.0", "undetermined"),
        (written(1500.0), "lease.rent > 0.0", "undetermined"),
        (..., "lease.rent > 0.0", "not_applicable"),
        (1500.0, "lease.rnet > 0.0", "undetermined"),
        (1500.0, "lease.rent", "undetermined"),
        (1500.0, "lease.rent > '5'", "undetermined"),
    ],
)
def test_a_condition_holds_fails_or_cannot_be_told(rent: Any, holds: str, outcome_expected: str):
    assert outcome("formula", {"lease.rent": rent}, holds=holds) == outcome_expected


@pytest.mark.parametrize(
    ("values", "outcome_expected"),
    [
        ({"lease.rent": None, "property_certificate.area": ...}, "undetermined"),
        ({"lease.rent": written(1500.0), "property_certificate.area": ...}, "undetermined"),
        ({"lease.rent": 1500.0, "property_certificate.area": ...}, "not_applicable"),
        ({"lease.rent": ..., "property_certificate.area": ...}, "not_applicable"),
    ],
)
def test_what_was_handed_in_and_not_read_is_looked_at_although_something_else_was_not_handed_in(
    values: dict[str, Any], outcome_expected: str
):
    assert outcome("formula", values, holds="lease.rent < property_certificate.area") == outcome_expected


def test_a_formula_is_built_once_for_cases_of_the_same_requirements():
    one, other = facts_of({"lease.rent": 1500.0}), facts_of({"lease.rent": 900.0})
    assert compiled(one, "lease.rent > 1000.0") is compiled(other, "lease.rent > 1000.0")
    assert [compiled(facts, "lease.rent > 1000.0").holds(facts) for facts in (one, other)] == [True, False]


GREEN = {"site": "declared.site", "areas": {"ground": "declared.green"}}


def test_green_area_passes_or_fails_by_the_ratio_that_the_hall_states():
    values = {"declared.site": 10000, "declared.green": 3000}
    assert outcome("green_area", values, ratio=0.3, **GREEN) == "pass"
    short = check("green_area", facts_of(values | {"declared.green": "2700"}), ratio=0.3, rate=850.5, **GREEN)
    assert short.outcome == "fail"
    assert (short.values["shortfall"], short.values["amount"]) == ("300", "255150")
    assert "10000 × 30% = 3000" in short.detail


def test_green_area_by_unconfirmed_parameters_goes_to_a_person():
    values = {"declared.site": 10000, "declared.green": 2700, "declared.old": True}
    result = check("green_area", facts_of(values), project="residential", **GREEN)
    assert (result.outcome, result.values["shortfall"]) == ("undetermined", "300")
    old = check("green_area", facts_of(values), project="residential", old_town="declared.old", **GREEN)
    assert (old.outcome, old.values["required"], old.values["shortfall"]) == ("undetermined", "2500", "0")


@pytest.mark.parametrize(
    "values",
    [
        {"declared.site": 0, "declared.green": 0}, {"declared.site": -1, "declared.green": 0},
        {"declared.site": 100, "declared.green": 101}, {"declared.site": "nan", "declared.green": 1},
        {"declared.site": 100}, {"declared.site": 100, "declared.green": "许多"},
    ],
)  # fmt: skip
def test_impossible_areas_are_never_judged(values: dict[str, Any]):
    assert outcome("green_area", values, ratio=0.3, **GREEN) == "undetermined"


def test_a_kind_of_green_without_coefficient_is_never_judged():
    values = {"declared.site": 1000, "declared.roof": 500}
    given = {"site": "declared.site", "areas": {"roof": "declared.roof"}, "ratio": 0.3}
    assert outcome("green_area", values, **given) == "undetermined"


BEDS = {"project": "hospital", "given": {"beds": "declared.beds"}, "claimed": "declared.eia"}


@pytest.mark.parametrize(
    ("beds", "claimed", "outcome_expected"),
    [
        (520, "环境影响报告书", "pass"),
        (499, "报告表", "pass"),
        (520, "环境影响报告表", "fail"),
        (19, "报告表", "fail"),
        (520, "不知道", "undetermined"),
        (520, "报告书或者报告表", "undetermined"),
        ("很多", "报告书", "undetermined"),
        (-5, "报告书", "undetermined"),
    ],
)
def test_the_claimed_category_is_held_against_the_directory(beds: Any, claimed: str, outcome_expected: str):
    values = {"declared.beds": beds, "declared.eia": claimed}
    assert outcome("eia_category", values, checked=True, **BEDS) == outcome_expected
    assert outcome("eia_category", values, **BEDS) == "undetermined"


def test_the_category_alone_may_be_asked_for():
    given = {"project": "hospital", "given": {"beds": "declared.beds"}}
    result = check("eia_category", facts_of({"declared.beds": 520}), checked=True, **given)
    assert result.outcome == "pass"
    assert "→ 报告书" in result.detail
    unconfirmed = check("eia_category", facts_of({"declared.beds": 520}), **given)
    assert unconfirmed.values["category"] == "报告书"
    assert outcome("eia_category", {}, **given) == "undetermined"


def test_the_paths_of_a_calculator_are_known_when_a_rule_set_is_loaded():
    given = TEMPLATES["eia_category"].parameters.model_validate(BEDS)
    assert [path for _, path, _ in paths_of(given)] == ["declared.beds", "declared.eia"]
