"""kinds.yaml: every kind names materials that the handbook knows, and fields as the rules name them."""

from importlib.resources import files

import pytest
import yaml

from preapproval.kinds import Kind, load_kinds

CATALOGUE = {
    one["id"]: one
    for one in yaml.safe_load((files("knowledge") / "handbook" / "materials.yaml").read_text("utf-8"))["materials"]
}
FIELDS = {
    "id-card": "name sex ethnicity birth address number authority valid_from valid_until",
    "household-register": "household_number head household_type member_name relation number birth sex",
    "residence-permit": "name number address valid_until",
    "business-licence": "credit_code name type operator address scope registered_on capital",
    "property-certificate": "number owner unit_number address area use right_type term_end",
    "lease": "landlord tenant tenant_number address start end rent signed_on",
    "marriage-certificate": "number name id_number registered_on",
    "divorce-certificate": "number name id_number registered_on",
    "birth-certificate": "number child_name sex born_on mother mother_number father father_number",
    "driving-licence": "number name class valid_from valid_until address",
    "vehicle-licence": "plate owner model vin registered_on",
    "social-security-card": "name number card_number bank_card",
    "disability-certificate": "number name level category issued_on valid_until",
    "bank-card": "number bank",
    "diploma": "number name school major graduated_on",
    "labour-contract": "employer employee employee_number start end signed_on",
    "power-of-attorney": "principal principal_number agent agent_number matter signed_on valid_until",
    "application-form": "name number phone address item signed_on company",
    "food-layout": "",
    "food-safety-rules": "company",
    "photo": "",
    "invoice": "number amount issued_on buyer seller",
    "licence": "name number company valid_until",
}
KINDS = list(load_kinds().values())


def test_every_kind_that_the_reviewer_promises_is_there():
    assert set(load_kinds()) == set(FIELDS)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
def test_a_kind_names_only_materials_of_the_handbook(kind: Kind):
    assert kind.materials
    assert set(kind.materials) <= set(CATALOGUE)
    assert len(set(kind.materials)) == len(kind.materials)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
def test_a_kind_has_the_fields_that_rules_name(kind: Kind):
    names = [field.name for field in kind.fields]
    assert set(FIELDS[kind.id].split()) <= set(names)
    assert len(set(names)) == len(names)
    assert {field.side for field in kind.fields} <= {None, *kind.sides}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
def test_a_field_has_one_label_of_its_own_so_that_rules_can_name_it(kind: Kind):
    labels = [field.label for field in kind.fields]
    assert len(set(labels)) == len(labels)


def test_every_form_of_the_handbook_may_be_handed_in_as_a_form():
    forms = {slug for slug, one in CATALOGUE.items() if one["kind"] == "form"}
    assert set(load_kinds()["application-form"].materials) == forms


def test_numbers_of_persons_and_accounts_are_shown_in_part_only():
    bare = [
        f"{kind.id}.{field.name}"
        for kind in KINDS
        for field in kind.fields
        if field.type in ("id_number", "phone", "bank_card") and not field.masked
    ]
    assert bare == []


def test_members_of_a_register_and_owners_of_a_property_may_be_several():
    kinds = load_kinds()
    assert all(kinds["household-register"].field(name).many for name in ("member_name", "relation", "number"))
    assert kinds["property-certificate"].field("owner").many
    assert kinds["marriage-certificate"].field("name").many
