"""What was heard, read back: in groups, in words, and never a whole citizen number where others listen."""

from decimal import Decimal

import pytest

from knowledge.check_digits import valid_id_number
from speech.read_back import Slot, in_capitals, read_back, spot

NUMBER = "11010519491231002X"
"""The example that GB 11643 itself prints."""


def test_a_citizen_number_is_hidden_unless_all_of_it_is_asked_for():
    told = read_back("id_number", NUMBER)
    assert told.shown == "身份证号码：110***********002X，对吗？"
    assert told.spoken == "身份证号码是幺幺零，中间隐去，尾号零零二X，对吗？"
    for said in (told.shown, told.spoken):
        assert "1949" not in said
        assert "幺九四九" not in said


def test_a_citizen_number_is_read_as_region_birthday_and_rest():
    told = read_back("id_number", "110105 19491231 002x", hidden=False)
    assert told.shown == "身份证号码：110105 19491231 002X，对吗？"
    assert told.spoken == "身份证号码是幺幺零幺零五，幺九四九幺二三幺，零零二X，对吗？"


def test_a_phone_number_is_read_in_three_groups():
    told = read_back("phone", "138-0013-8000")
    assert told.shown == "电话号码：138 0013 8000，对吗？"
    assert told.spoken == "电话号码是幺三八，零零幺三，八零零零，对吗？"


def test_a_phone_number_can_be_hidden():
    told = read_back("phone", "13800138000", hidden=True)
    assert told.shown == "电话号码：138****8000，对吗？"
    assert told.spoken == "电话号码是幺三八，中间隐去，尾号八零零零，对吗？"


def test_a_name_is_told_by_its_characters():
    told = read_back("name", "章立")
    assert told.shown == "姓名：章立，对吗？"
    assert told.spoken == "姓名是章立。章，立早章；立，站立的立，对吗？"


def test_a_character_that_nobody_described_is_said_in_the_name_only():
    assert read_back("name", "张骉").spoken == "姓名是张骉。张，弓长张，对吗？"
    assert read_back("name", "骉").spoken == "姓名是骉，对吗？"


@pytest.mark.parametrize(
    ("value", "shown", "spoken"),
    [
        ("1200", "1,200.00 元（壹仟贰佰元整）", "一千二百元"),
        ("0.05", "0.05 元（伍分）", "五分"),
        ("100.05", "100.05 元（壹佰元零伍分）", "一百元零五分"),
        ("1,234.5", "1,234.50 元（壹仟贰佰叁拾肆元伍角）", "一千二百三十四元五角"),
        ("20000", "20,000.00 元（贰万元整）", "两万元"),
        ("2", "2.00 元（贰元整）", "两元"),
        ("0", "0.00 元（零元整）", "零元"),
    ],
)
def test_an_amount_is_shown_in_capitals_and_said_in_words(value: str, shown: str, spoken: str):
    told = read_back("amount", value)
    assert told.shown == f"金额：{shown}，对吗？"
    assert told.spoken == f"金额是{spoken}，对吗？"


def test_a_day_is_said_digit_by_digit_for_its_year():
    told = read_back("date", "2026-05-03")
    assert told.shown == "日期：2026年5月3日，对吗？"
    assert told.spoken == "日期是二零二六年五月三日，对吗？"


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("id_number", "1234"),
        ("id_number", ""),
        ("phone", "12345"),
        ("phone", "1380013800O"),
        ("name", "Zhang"),
        ("name", ""),
        ("amount", "很多"),
        ("amount", "-5"),
        ("amount", "1.005"),
        ("amount", "NaN"),
        ("date", "2026-02-30"),
    ],
)
def test_a_value_that_is_none_of_its_kind_is_refused(kind, value: str):
    with pytest.raises(ValueError):  # noqa: PT011
        read_back(kind, value)


def test_an_error_never_repeats_a_citizen_number():
    with pytest.raises(ValueError, match="19 characters are no id_number"):
        read_back("id_number", "1101051949123100213")


def test_capitals_go_up_to_a_billion_and_no_further():
    assert in_capitals(Decimal("100005")) == "壹拾万零伍元整"
    with pytest.raises(ValueError, match="no amount"):
        in_capitals(Decimal("1000000000000"))


# numbers in a sentence ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "slot"),
    [
        ("我的身份证号是一一零一零五一九四九一二三一零零二叉", Slot("id_number", NUMBER, (7, 25))),
        ("身份证110105，19491231，002X。", Slot("id_number", NUMBER, (3, 23))),
        ("幺三八零零幺三八零零零", Slot("phone", "13800138000", (0, 11))),
        ("手机 138 0013 8000 是我的", Slot("phone", "13800138000", (3, 16))),
        ("0519-85127000", Slot("phone", "051985127000", (0, 13))),
        ("一共一千二百块五", Slot("amount", "1200.5", (2, 8))),
        ("我交了三千元", Slot("amount", "3000", (3, 6))),
        ("二零二六年五月三号出生", Slot("date", "2026-05-03", (0, 9))),
    ],
)
def test_a_number_is_found_however_it_is_written(text: str, slot: Slot):
    assert spot(text) == slot


def test_a_citizen_number_with_a_wrong_digit_is_found_and_marked():
    found = spot("身份证110105194912310021")
    assert found is not None
    assert (found.kind, found.valid) == ("id_number", False)


@pytest.mark.parametrize("text", ["居住证怎么办", "打12345", "一二三", "2026年", "二月三十号", "", "第一百二十号窗口"])
def test_a_sentence_without_one_gives_none(text: str):
    assert spot(text) is None


def test_the_check_digit_follows_the_standard():
    assert valid_id_number(NUMBER)
    assert not valid_id_number("110105194912310021")
    assert not valid_id_number("一一零一零五一九四九一二三一零零二叉")
