"""What counts as a number in Chinese text, and which two ways of writing mean the same."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.numbers import amounts, chinese_number, unsupported

READ = [
    ("居住满半年", [("6", "月")]),
    ("三个月内", [("3", "月")]),
    ("每年3月至6月", [("3", "月份"), ("6", "月份")]),
    ("18月", [("18", "月")]),
    ("俩月", [("2", "月")]),
    ("一年半", [("1.5", "年")]),
    ("两周", [("2", "周")]),
    ("十五日内", [("15", "日")]),
    ("三五天", [("3", "日"), ("5", "日")]),
    ("20来个工作日", [("20", "工作日")]),
    ("三至五个工作日", [("3", "工作日"), ("5", "工作日")]),
    ("16至25周岁", [("16", "岁"), ("25", "岁")]),
    ("十六周岁", [("16", "岁")]),
    ("满一周年", [("1", "周年")]),
    ("一年级", [("1", "年级")]),
    ("120块钱", [("120", "元")]),
    ("１２０元", [("120", "元")]),
    ("1,200元", [("1200", "元")]),
    ("一万二块", [("12000", "元")]),
    ("10-20万元", [("100000", "元"), ("200000", "元")]),
    ("￥50", [("50", "元")]),
    ("百分之三十", [("30", "%")]),
    ("30％", [("30", "%")]),
    ("两寸照片2张", [("2", "寸"), ("2", "张")]),
    ("33mm×48mm", [("33", "毫米"), ("48", "毫米")]),
    ("24小时", [("24", "小时")]),
    ("十分钟", [("10", "分钟")]),
    ("60㎡", [("60", "平方米")]),
    ("一百平的店", [("100", "平方米")]),
    ("记满12分", [("12", "分")]),
    ("2025年5月10日", [("20250510", "date")]),
    ("2025-05-10", [("20250510", "date")]),
    ("二〇二五年五月十日", [("20250510", "date")]),
    ("2025年起", [("2025", "date")]),
    ("5月10日前", [("510", "date")]),
    ("周一至周五9:00-17:00", [("900", "time"), ("1700", "time")]),
    ("上午9点半到下午5点", [("930", "time"), ("1700", "time")]),
    ("9：00—12：00", [("900", "time"), ("1200", "time")]),
    ("25年5月", [("202505", "date")]),
    ("两块五毛", [("2.5", "元")]),
    ("一块五", [("1.5", "元")]),
    ("零元", [("0", "元")]),
    ("第3个工作日", [("3", "第工作日")]),
    ("（0519）85127000", [("51985127000", "phone")]),
    ("一二三四五热线", [("12345", "phone")]),
    ("拨打12345", [("12345", "phone")]),
    ("0519-85127000", [("51985127000", "phone")]),
    ("打110", [("110", "phone")]),
    ("110元", [("110", "元")]),
    ("第九条第二款", [("9", "第条"), ("2", "第款")]),
    ("国务院令第663号", [("663", "号")]),
    ("需要2个", [("2", "个")]),
    ("满16", [("16", "")]),
    ("三孩", [("3", "孩")]),
]

NO_NUMBER = [
    "一次性告知", "统一办理", "一般情况", "第三方机构", "万一天气不好", "一件事一次办", "十分方便", "三井街道",
    "二手房过户", "一站式服务", "唯一住房", "周五天晴", "上半年", "两个孩子，一位老人", "第二年", "A4纸", "C1驾照",
    "一块办", "一元旦", "初三学生", "四川", "五险一金", "https://example.cn/a/2025/30", "几天", "数十元",
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), READ)
def test_a_number_is_read_with_its_unit(text, expected):
    assert [(amount.value, amount.unit) for amount in amounts(text)] == [(Decimal(v), u) for v, u in expected]


@pytest.mark.parametrize("text", NO_NUMBER)
def test_a_word_that_merely_contains_a_numeral_is_no_number(text):
    assert amounts(text) == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("一年", "12个月"),
        ("半年", "6个月"),
        ("两周", "14天"),
        ("一天", "1日"),
        ("半小时", "30分钟"),
        ("三周年", "三年"),
    ],
)
def test_two_ways_of_writing_one_amount_are_equal(one, other):
    assert amounts(one)[0].key == amounts(other)[0].key


@pytest.mark.parametrize(
    ("one", "other"), [("10年", "10岁"), ("3月", "3个月"), ("5日", "5个工作日"), ("2寸", "2张"), ("第9条", "9条")]
)
def test_like_numbers_with_other_units_are_not_equal(one, other):
    assert amounts(one)[0].key != amounts(other)[0].key


def test_an_amount_says_where_it_stands():
    (amount,) = amounts("居住满 六个月 的人")
    assert amount.raw == "六个月"
    assert "居住满 六个月 的人"[slice(*amount.span)] == "六个月"


def test_a_number_that_no_source_holds_is_found():
    found = unsupported("15日内办结，收费20元", ["应当自受理之日起十五日内制作"])
    assert [amount.raw for amount in found] == ["20元"]


@pytest.mark.parametrize(
    ("text", "value"),
    [("三十", 30), ("一百零五", 105), ("一百五", 150), ("两万五千", 25000), ("二〇二五", 2025), ("3万5", 35000)],
)
def test_chinese_numerals_have_their_value(text, value):
    assert chinese_number(text) == value


def _written(number: int) -> str:
    """`number` below ten thousand as Chinese numerals, by the school rule."""
    digits, places = "零一二三四五六七八九", ("千", "百", "十", "")
    written, gap = "", False
    for digit, place in zip(f"{number:04d}", places, strict=True):
        if digit == "0":
            gap = bool(written)
            continue
        written += ("零" if gap else "") + digits[int(digit)] + place
        gap = False
    return written


@given(st.integers(1, 9999))
def test_every_number_is_the_same_in_chinese_and_in_digits(number):
    assert amounts(f"{_written(number)}元")[0].key == amounts(f"{number}元")[0].key


@given(st.text(alphabet="一二三十百万半第年月日天元个工作岁周0123456789.-:，至点分之上下午", max_size=30))
def test_any_text_can_be_read_and_every_amount_stands_in_it(text):
    for amount in amounts(text):
        assert text[slice(*amount.span)] == amount.raw
        assert amount.raw
