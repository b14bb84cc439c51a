"""Personal values in part."""

import pytest

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
