"""All check templates together: their manuals, their parameters, and what no value may do to them."""

import math
import re
from datetime import date
from typing import Any

import pytest

from preapproval.kinds import load_kinds
from preapproval.rules import TEMPLATES
from preapproval.rules.parameters import conditions_of, references, slot_of, slots_of
from preapproval.rules.wording import words
from tests.preapproval.known_facts import Read, check, facts_of, material, paths_of, written

PATH = re.compile(r"\b([a-z][a-z_]*)\.([a-z][a-z_]*)\b")
SAMPLES: dict[str, dict[str, Any]] = {
    "present": {"slots": ["lease"]},
    "doc_type_is": {"slot": "lease", "kinds": ["lease"]},
    "side_complete": {"slot": "id-card", "sides": ["front", "back"]},
    "count_at_least": {"slot": "lease", "count": 1},
    "quality_ok": {"slot": "lease"},
    "field_present": {"fields": ["lease.tenant"]},
    "id_checksum": {"field": "id_card.number"},
    "uscc_valid": {"field": "business_licence.credit_code"},
    "number_matches": {"long": "disability_certificate.number", "number": "id_card.number"},
    "not_expired": {"field": "id_card.valid_until"},
    "date_in": {"field": "lease.signed_on", "latest": "today"},
    "duration_at_least": {"start": "lease.start", "end": "lease.end", "months": 6},
    "in_time": {"since": "lease.start", "months": 1},
    "age_between": {"field": "id_card.birth", "min": 60},
    "same_person": {
        "name_a": "lease.tenant", "number_a": "lease.tenant_number", "name_b": "id_card.name",
        "number_b": "id_card.number",
    },
    "same_name": {"a": "lease.tenant", "b": "id_card.name"},
    "address_same": {"a": "lease.address", "b": "id_card.address"},
    "name_matches_licence": {"name": "elderly_card_form.company"},
    "one_of_members": {
        "numbers": "household_register.number", "names": "household_register.member_name", "number": "id_card.number",
        "name": "id_card.name",
    },
    "relation_is": {
        "relation": "household_register.relation", "allowed": ["户主"], "numbers": "household_register.number",
        "number": "id_card.number",
    },
    "amount_between": {"field": "lease.rent", "min": 1},
    "amount_total": {"parts": ["rent_receipt.amount"], "total": "lease.rent"},
    "amount_within": {"claimed": "lease.deposit", "unit": "lease.rent", "count": 6},
    "level_in": {"field": "disability_certificate.level", "levels": [1]},
    "compare": {"left": "lease.end", "op": ">", "right": "lease.start"},
    "scope_contains": {"field": "business_licence.scope", "any": ["食品销售"]},
    "issued_by": {"field": "id_card.authority", "words": ["公安局"]},
    "seal_present": {"slot": "lease"},
    "signature_present": {"slot": "lease"},
    "photo_has_face": {"slot": "photo"},
    "consent_ticked": {"slot": "lease", "words": ["同意"]},
    "green_area": {"site": "property_certificate.area", "areas": {"ground": "lease.area"}, "ratio": 0.3},
    "eia_category": {"project": "hospital", "given": {"beds": "lease.area"}},
    "formula": {"holds": "lease.rent > 0.0"},
    "no_alteration": {"slot": "lease"},
    "manual_check": {"text": "看一看", "slot": "lease"},
}  # fmt: skip
HOSTILE: list[Any] = [
    "", " ", "\0", "样" * 5000, "{0}{days}{", "%s%n", "<script>", "１２３", "9" * 400, "NaN", "-0", "\u202e反",
    True, False, 0.0, -1.0,
    math.nan, math.inf, -math.inf, 1e308, date.min, date.max, date(1, 1, 1), date(2024, 2, 29), date(9999, 12, 31),
    Read("王样本", confidence=0.0), written(""), written(math.nan), written(date.min),
]  # fmt: skip


def sample(name: str) -> Any:
    return TEMPLATES[name].parameters.model_validate(SAMPLES[name])


def kind_paths() -> dict[str, Any]:
    kinds = load_kinds().values()
    return {
        f"{slot.replace('-', '_')}.{field.name}": field.type
        for kind in kinds
        for slot in kind.materials
        for field in kind.fields
    }


def test_every_template_has_a_sample_here():
    assert set(SAMPLES) == set(TEMPLATES)


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_manual_tells_parameters_results_and_placeholders(name: str):
    template = TEMPLATES[name]
    assert template.name == name
    assert 2 <= len(template.label) <= 16
    assert template.manual.startswith(f"{template.label}。")
    parameters, _, results = template.manual.partition("\n结果\n")
    assert "\n参数\n" in parameters
    for parameter in template.parameters.model_fields:
        assert re.search(rf"\b{parameter}\b", parameters), parameter
    assert "不适用" in results or template.about_absence
    assert "无法判定" in results
    for placeholder in template.fills:
        assert f"{{{placeholder}}}" in results, placeholder


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_path_in_a_manual_and_in_its_sample_exists(name: str):
    known = kind_paths()
    named = [f"{head}.{field}" for head, field in PATH.findall(TEMPLATES[name].manual)]
    named += [path for _, path, _ in paths_of(sample(name))]
    for path in named:
        if not path.endswith(".yaml") and slot_of(path) is not None:
            assert path in known


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_paths_of_a_sample_are_of_the_wanted_types(name: str):
    known = kind_paths() | {"case.now": "date"}
    for parameter, path, types in paths_of(sample(name)):
        assert not types or known[path] in types, parameter


def test_references_are_found_in_maps_tuples_and_optional_fields():
    assert slots_of(sample("green_area")) == ("property-certificate", "lease")
    assert slots_of(sample("amount_total")) == ("rent-receipt", "lease")
    assert slots_of(sample("same_person")) == ("lease", "id-card")
    assert [one.named for one in references(sample("doc_type_is"))] == ["lease", "lease"]
    assert slots_of(sample("doc_type_is")) == ("lease",)
    assert conditions_of(sample("formula")) == (("holds", "lease.rent > 0.0"),)
    assert conditions_of(sample("same_name")) == ()


@pytest.mark.parametrize("name", [one for one in TEMPLATES if not TEMPLATES[one].about_absence])
def test_nothing_handed_in_is_not_applicable(name: str):
    facts = facts_of({"lease.rent": ...} | {path: ... for _, path, _ in paths_of(sample(name)) if slot_of(path)})
    result = check(name, facts, **SAMPLES[name])
    assert result.outcome == "not_applicable"
    assert result.detail


@pytest.mark.parametrize("name", [one for one in TEMPLATES if paths_of(sample(one))])
def test_handed_in_but_not_read_goes_to_a_person_with_the_page_to_look_at(name: str):
    paths = [path for _, path, _ in paths_of(sample(name)) if slot_of(path)]
    result = check(name, facts_of(dict.fromkeys(paths)), **SAMPLES[name])
    assert result.outcome == "undetermined"
    assert result.detail
    assert result.evidence or name == "eia_category"


@pytest.mark.parametrize("name", [one for one in TEMPLATES if TEMPLATES[one].always_a_person])
def test_a_check_for_a_person_never_passes_or_fails(name: str):
    assert check(name, facts_of(materials=(material("lease"),)), **SAMPLES[name]).outcome == "undetermined"


@pytest.mark.parametrize("name", [one for one in TEMPLATES if paths_of(sample(one))])
def test_no_value_makes_a_check_crash_or_pass_in_silence(name: str):
    paths = [path for _, path, _ in paths_of(sample(name)) if slot_of(path)]
    for value in HOSTILE:
        for hostile in (dict.fromkeys(paths, value), {paths[0]: value} | dict.fromkeys(paths[1:], "王样本")):
            result = check(name, facts_of(hostile), **SAMPLES[name])
            assert result.outcome in ("pass", "fail", "undetermined")
            assert result.detail
            assert result.evidence
            assert len(result.detail) < 1500


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_failing_check_fills_its_placeholders(name: str):
    """Whatever fails on hostile values gives every value that a sentence may name."""
    paths = [path for _, path, _ in paths_of(sample(name)) if slot_of(path)]
    facts = [facts_of(dict.fromkeys(paths, value), (material("lease"), material("photo"))) for value in HOSTILE]
    for one in (*facts, facts_of(materials=(material("lease", kind="invoice"), material("id-card", sides=("front",))))):
        result = check(name, one, **SAMPLES[name])
        if result.outcome == "fail":
            assert set(TEMPLATES[name].fills) <= set(result.values)


def test_every_sentence_has_balanced_braces():
    def texts(value: Any) -> list[str]:
        if isinstance(value, dict):
            return [one for many in value.values() for one in texts(many)]
        return [value] if isinstance(value, str) else []

    for text in texts(words()):
        if "{1,20}" not in text and "{0,12}" not in text:
            assert re.sub(r"\{[a-z_]+\}", "", text).count("{") == 0
