"""Dates, amounts and numbers as documents write them. What is cut off or contradicts itself is nothing."""

import pytest

from preapproval.extract.dates import find_range, parse_date
from preapproval.extract.numbers import find_bank_cards, find_credit_codes, find_phones, valid_vin
from preapproval.extract.shapes import amount, person, plate
from preapproval.folding import folded, plain


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026年3月5日", "2026-03-05"), ("2026 年 03 月 05 日", "2026-03-05"), ("二〇二六年三月五日", "2026-03-05"),
        ("二○二六年十二月三十一日", "2026-12-31"), ("二零二六年十月二十日", "2026-10-20"), ("2026.03.05", "2026-03-05"),
        ("2026-3-5", "2026-03-05"), ("2026/03/05", "2026-03-05"), ("20260305", "2026-03-05"),
        ("2026·03·05", "2026-03-05"),
        ("２０２６年３月５日", "2026-03-05"),
        ("2026年2月30日", None), ("2026年13月1日", None), ("2026年3月1", None), ("2026.03.0", None), ("2026.03", None),
        ("320499199808132188", None), ("2026.03.05 2026.03.06", None),
    ],
)  # fmt: skip
def test_a_date_is_read_in_every_way_it_is_written_and_never_half(written: str, day: str | None):
    found = parse_date(folded(written))
    assert (found.isoformat() if found else None) == day


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2016.05.01-2036.05.01", "2016-05-01", "2036-05-01"),
        ("2016.05.01-长期", "2016-05-01", None),
        ("自2026年1月1日起至2027年12月31日止", "2026-01-01", "2027-12-31"),
        ("2019-09-15 至 2029-09-15", "2019-09-15", "2029-09-15"),
    ],
)
def test_a_period_has_a_first_day_and_a_last_or_none(written: str, first: str, last: str | None):
    found = find_range(folded(written))
    assert found is not None
    assert found.first.day.isoformat() == first
    assert (found.last.day.isoformat() if found.last else None) == last


def test_a_period_that_ends_before_it_begins_is_none():
    assert find_range("2026.01.01-2025.01.01") is None


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("¥1,800.00元", "1800.00"), ("人民币壹仟捌佰元整", "1800"), ("1800元/月", "1800"), ("￥1800", "1800"),
        ("100万元", "1000000"),
        ("壹佰万元整", "1000000"), ("每季度首月5日前支付", None), ("1800元（大写：壹仟捌佰元整）", "1800"),
        ("1800元（大写：壹仟玖佰元整）", None),
    ],
)  # fmt: skip
def test_an_amount_needs_its_currency_and_agrees_with_its_capitals(written: str, value: str | None):
    found = amount(written)
    assert (found.value if found else None) == value


def test_a_credit_code_is_repaired_where_a_letter_cannot_be_and_only_then():
    (right,) = find_credit_codes("9232O499MAH3HPY6QP")
    assert (right.value, right.proved) == ("92320499MAH3HPY6QP", True)
    (wrong,) = find_credit_codes("92320499MAH3HPY6Q1")
    assert (wrong.value, wrong.proved) == ("92320499MAH3HPY6Q1", False)
    assert not list(find_credit_codes("320499199808132188"))


def test_a_bank_card_is_proved_by_its_last_digit_and_an_identity_number_is_none():
    (card,) = find_bank_cards("6222 0000 0000 0005")
    assert card.value == "6222000000000005"
    assert not list(find_bank_cards("320499199808132188"))


def test_telephone_numbers_are_found_with_their_gaps():
    assert [one.value for one in find_phones("电话 138 0000 0000 或 0519-85000000")] == ["13800000000", "0519-85000000"]


def test_a_vehicle_number_is_checked_by_its_ninth_character():
    assert valid_vin("1M8GDM9AXKP042788")
    assert not valid_vin("1M8GDM9A1KP042788")


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("王小样", "王小样"), ("王 小 样", "王小样"), ("买买提•艾力", "买买提·艾力"), ("黃小样", "黄小样"),
        ("於小样", "於小样"),
        ("王小样（签字）", "王小样"), ("性别", None), ("1998年", None), ("王", None), ("承租该房屋用于居住", None),
    ],
)  # fmt: skip
def test_a_name_looks_like_a_name(written: str, name: str | None):
    found = person(written)
    assert (found.value if found else None) == name


def test_a_plate_has_its_province_and_no_letter_o():
    assert plate("苏D·12345") is not None
    assert plate("苏DO2345") is None


def test_folding_keeps_the_length_and_plain_text_its_chinese_marks():
    assert folded("（ＡＢ）㎡證") == "(AB)㎡证"
    assert plain("常州样本(新北)商贸 有限公司") == "常州样本（新北）商贸有限公司"
    assert plain("食品销售;日用百货") == "食品销售；日用百货"
