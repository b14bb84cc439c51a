"""Personal values in part."""

import pytest

from preapproval.conclude import conclude
from preapproval.kinds import load_kinds
from preapproval.masking import (
    mask_address,
    mask_card,
    mask_field,
    mask_name,
    mask_number,
    mask_phone,
    mask_text,
    masked,
)
from preapproval.rules.result import failed
from preapproval.rules.sought import proof
from preapproval.ruleset import Rule
from preapproval.run_rules import RuleResult
from tests.preapproval.known_facts import SEEN_BEFORE, facts_of


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("11010519491231002X", "110105********002X"), ("11010519491231002X43", "110105********002X**"),
        ("110105491231002", "110105******002"), ("E12345678", "*****5678"), ("123", "***"), ("", ""),
    ],
)  # fmt: skip
def test_an_identity_number_keeps_its_region_and_its_end(number: str, shown: str):
    assert mask_number(number) == shown


def test_phones_cards_and_names_keep_a_few_characters():
    assert mask_phone("13800000000") == "138****0000"
    assert mask_phone("0519-8512345") == "********2345"
    assert mask_card("6222 0200 0000 0000 000") == "6222***********0000"
    assert mask_card("1234") == "****"
    assert [mask_name(name) for name in ("王样本", "阿依古丽·买买提", "")] == ["王*", "阿*", ""]


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("江苏省样本市样本区样本街道样本东路9号2幢301室", "江苏省样本市样本区样本街道样本东路***"),
        ("样本市样本区样本村12号", "样本市样本区样本村***"), ("样本市样本区某大厦", "样本市样本区***"),
        ("样本", "样本"), ("", ""),
    ],
)  # fmt: skip
def test_an_address_is_shown_to_the_street(address: str, shown: str):
    assert mask_address(address) == shown


def test_numbers_in_running_text_are_hidden_and_others_are_not():
    text = "身份证11010519491231002X，电话13800000000，卡6222020000000000000，租金1500元，2026-06-01"
    assert mask_text(text) == "身份证110105********002X，电话138****0000，卡6222***********0000，租金1500元，2026-06-01"


def test_a_field_is_masked_by_its_type_and_its_kind():
    assert mask_field("11010519491231002X", "id_number", False) == "110105********002X"
    assert mask_field("样本市样本路8号", "text", True) == "样本市样本路***"
    assert mask_field("食品销售", "text", False) == "食品销售"
    assert masked("11010519491231002X43") == "110105********002X**"
    assert masked("13800000000", "phone") == "138****0000"
    assert masked("6222020000000000000", "bank_card") == "6222***********0000"


def test_a_finding_quotes_no_number_in_full_whatever_field_it_was_read_for():
    facts = facts_of({"lease.tenant": "样本甲 110105194912310029", "lease.tenant_number": SEEN_BEFORE})
    proofs = proof(*facts.every("lease.tenant"), *facts.every("lease.tenant_number"))
    rule = Rule.model_validate({"id": "sample", "title": "样本", "check": "compare", "citizen_text": "", "action": ""})
    result = RuleResult(rule, "lease", failed("样本", proofs))
    (finding,) = conclude((), (result,), facts, {}, load_kinds(), "1").findings
    quotes = [one.quote for one in finding.evidence]
    assert quotes == ["样本甲 110105********0029", "110105********002X"]
