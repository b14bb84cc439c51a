"""Conditions as clerks write them: what they mean, what is refused and how that is told, what a missing value does."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rule_parts import paths

from preapproval.aliases import BadCondition, translate
from preapproval.cel import months_between, years_between
from preapproval.facts import Absent
from preapproval.rule_examples import facts_of_example


def holds(source: str, **said: Any) -> bool | None:
    """`lease_end=…` stands for the path lease.end."""
    facts = facts_of_example({path.replace("__", "."): value for path, value in said.items()}, paths())
    return paths().compile(source).holds(facts)


def refused(source: str) -> str:
    with pytest.raises(BadCondition) as problem:
        paths().compile(source)
    return str(problem.value)


# what a condition means ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        "id_card.name == lease.tenant && lease.end > case.now",
        "身份证.姓名 == 租赁合同.承租人 且 租赁合同.到期日 > 当前日期",
        "身份证.姓名等于租赁合同.承租人且租赁合同.到期日晚于今天",
        "身份证.姓名＝租赁合同.承租人　并且　（租赁合同.到期日＞当前日期）",
        "居民身份证.姓名 = 租房合同.承租人 ＆＆ 非（租赁合同.到期日 不晚于 当前日期）",
        "不是 (身份证.姓名 不是 租赁合同.承租人) 且 租赁合同.到期日 ＞ 当前日期",
    ],
)
def test_a_condition_means_the_same_in_cel_and_in_chinese(source: str):
    assert holds(source, id_card__name="赵样本", lease__tenant="赵样本", lease__end="2027-01-01") is True
    assert holds(source, id_card__name="赵样本", lease__tenant="钱样本", lease__end="2027-01-01") is False
    assert holds(source, id_card__name="赵样本", lease__tenant="赵样本", lease__end="2026-06-01") is False


def test_whole_numbers_may_be_compared_with_amounts():
    assert holds("租赁合同.租金 > 3000", lease__rent=3000.5) is True
    assert holds("3000 <= lease.rent 且 lease.rent >= -5", lease__rent=2999) is False
    assert holds("size(id_card.name) > 1 && declared.area >= 10", id_card__name="赵样本", declared__area=10) is True


def test_choices_are_compared_by_label_by_what_visitors_say_and_by_value():
    for label in ("家人代办", "代办", "agent"):
        assert holds(f"情形.办理人 == '{label}'", choices__applicant="agent") is True
        assert holds(f"choices.applicant in ['{label}', '本人']", choices__applicant="agent") is True
    assert holds("情形.办理人 != “代办”", choices__applicant="agent") is False


def test_a_question_that_does_not_arise_is_answered_by_nothing_and_an_open_one_is_unknown():
    assert holds("choices.has_kinship == '是近亲属'", choices__applicant="self") is False
    assert holds("choices.has_kinship == '是近亲属'", choices__applicant="agent") is None
    assert holds("choices.has_kinship == '是近亲属'", choices__applicant="agent", choices__has_kinship="yes") is True


def test_presence_can_be_asked_of_materials_and_fields():
    assert holds("有(租赁合同)", lease=True) is True
    assert holds("has(lease)", id_card=True) is False
    assert holds("有(租赁合同.到期日)", lease__end="2027-01-01") is True
    assert holds("有(租赁合同.到期日)", id_card=True) is False
    assert holds("has(lease.end)", lease__end=None) is None, "handed in and not read: nobody can tell"


def test_several_values_of_a_field_can_be_searched():
    owners = {"property_certificate__owner": ["孙样本", "赵样本"], "applicant__name": "赵样本"}
    assert holds("申请人.姓名 属于 房产证.权利人", **owners) is True
    assert holds("property_certificate.owner.exists(one, one == applicant.name)", **owners) is True
    assert holds("property_certificate.owner.all(one, one == applicant.name)", **owners) is False


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [("2010-06-02", "2026-06-01", 15), ("2010-06-01", "2026-06-01", 16), ("2008-02-29", "2026-02-28", 18)],
)
def test_ages_are_counted_in_full_years(birth: str, day: str, age: int):
    said = {"id_card__birth": birth, "case__now": day}
    assert holds(f"年龄(身份证.出生) == {age}", **said) is True
    assert holds(f"age(id_card.birth) > {age}", **said) is False
    assert (
        holds(f"years_between(id_card.birth, case.now) == {age} 且 相差天数(case.now, case.now) == 0", **said) is True
    )


def test_months_end_on_the_corresponding_day_or_the_last_of_the_month():
    def month(year: int, number: int, day: int) -> datetime:
        return datetime(year, number, day, tzinfo=UTC)

    assert months_between(month(2026, 1, 31), month(2026, 2, 28)) == 1
    assert months_between(month(2026, 1, 15), month(2026, 2, 14)) == 0
    assert months_between(month(2026, 2, 15), month(2026, 1, 15)) == -1
    assert years_between(month(2026, 6, 1), month(2024, 6, 1)) == -2


# what a missing value does -------------------------------------------------------------------------------------


def test_a_missing_value_makes_nothing_true_and_nothing_false():
    for source in ("lease.end > case.now", "lease.end <= case.now", "lease.rent != 5", "!(lease.tenant == 'a')"):
        assert holds(source, lease=True) is None


def test_a_value_that_decides_nothing_may_be_missing():
    assert holds("有(租赁合同) || lease.rent > 5", lease=True) is True
    assert holds("lease.rent > 5 || 有(租赁合同)", lease=True) is True
    assert holds("有(租赁合同) && lease.rent > 5", id_card=True) is False
    assert holds("有(租赁合同) ? true : lease.rent > 5", lease=True) is True


def test_an_error_while_evaluating_is_neither_true_nor_false():
    assert holds("id_card.name.matches('(')", id_card__name="赵样本") is None
    assert holds("1.0 / lease.rent > 0 && [1][int(lease.rent)] == 1", lease__rent=7) is None


@given(
    end=st.none() | st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    rent=st.none() | st.floats(0, 1e6),
    there=st.booleans(),
)
def test_conditions_are_three_valued_logic(end: date | None, rent: float | None, there: bool):
    """As Kleene has it, over values of which some are not known."""
    said = {"lease__end": end and end.isoformat(), "lease__rent": rent} if there else {"id_card": True}
    late = None if end is None or not there else end > date(2026, 6, 1)
    dear = None if rent is None or not there else rent > 3000
    assert holds("lease.end > case.now && lease.rent > 3000", **said) is both(late, dear)
    assert holds("lease.end > case.now || lease.rent > 3000", **said) is either(late, dear)


def both(one: bool | None, other: bool | None) -> bool | None:
    return False if one is False or other is False else None if one is None or other is None else True


def either(one: bool | None, other: bool | None) -> bool | None:
    return True if one is True or other is True else None if one is None or other is None else False


# what is refused -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("租赁合同.到期曰 > 当前日期", "第1个字符：没有“租赁合同.到期曰”，是不是“租赁合同.到期日”？"),
        ("身份证.姓名 == 租赁台同.承租人", "第11个字符：没有“租赁台同.承租人”，是不是“租赁合同.承租人”？"),
        ("lease.rent > 1 && lease.edn > case.now", "第19个字符：没有“lease.edn”，是不是“lease.end”？"),
        ("有(租赁合同.到期曰)", "第3个字符：没有“租赁合同.到期曰”，是不是“租赁合同.到期日”？"),
        ("情形.办理人 == '代办人'", "第11个字符：“情形.办理人”没有“代办人”这个选项，可选的有：家人代办、本人办理。"),
        ("lease.rent > '5'", "第12个字符：“>”两边不能这样用：数、文字。"),
        ("租赁合同.到期日 > “2026-01-01”", "第10个字符：“>”两边不能这样用：日期、文字。"),
        ("lease.rent", "结果应该是“是”或“否”，现在是数。"),
        ("lease.rent >", "没有写完。"),
        ("", "没有写完。"),
        ("身份证.姓名 == '赵样本", "第11个字符：引号没有配对。"),
        ("lease.rent > 5；", "第15个字符：认不出“;”。"),
        ("dyn(lease.rent) == 'x'", "第1个字符：不能用“dyn”。"),
        ("now() > lease.end", "第1个字符：没有“now”。"),
    ],
)
def test_a_mistake_is_told_in_chinese_with_its_column(source: str, told: str):
    assert refused(source) == told


def test_several_values_compared_with_one_are_told_how_to_write_it():
    assert "属于" in refused("property_certificate.owner == applicant.name")


BOMBS = {
    "nested loops": "[1,2,3].all(a, [1,2,3].all(b, [1,2,3].all(c, a + b + c > 0)))",
    "many loops": " && ".join("[1].all(a, a > 0)" for _ in range(9)),
    "parentheses": "(" * 900 + "true" + ")" * 900,
    "negations": "!" * 1999 + "(",
    "length": "true || " * 300 + "true",
    "ternaries": "true ? " * 250 + "true" + " : true" * 40,
    "quotes": "'" * 1999,
    "name": "租" * 1999,
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_before_anybody_notices(name: str):
    begun = time.perf_counter()
    refused(BOMBS[name])
    assert time.perf_counter() - begun < 1


def test_a_loop_that_runs_too_long_ends_without_an_answer():
    numbers = ",".join(["1"] * 300)
    source = f"[{numbers}].all(a, [{numbers}].all(b, a == b))"
    begun = time.perf_counter()
    assert holds(source) is None
    assert time.perf_counter() - begun < 1


# quotes --------------------------------------------------------------------------------------------------------


@given(st.text(st.characters(exclude_characters="'\\\n\r", exclude_categories=("Cs", "Cc")), max_size=40))
def test_nothing_inside_quotes_is_changed(text: str):
    """Neither names nor signs; CEL itself sees the same characters."""
    source = f"'且{text}或（＝' == applicant.name"
    assert translate(source, paths().names).tokens[0].cel == f"'且{text}或（＝'"
    assert holds(source, applicant__name=f"且{text}或（＝") is True


@given(st.text(st.characters(exclude_characters="”", exclude_categories=("Cs", "Cc")), max_size=40))
def test_chinese_quotes_hold_any_text(text: str):
    assert holds(f"申请人.姓名 == “甲{text}'\\乙”", applicant__name=f"甲{text}'\\乙") is True


@given(st.text(max_size=60))
def test_any_text_is_a_condition_or_is_refused_in_chinese(text: str):
    condition, told = None, ""
    try:
        condition = paths().compile(text)
    except BadCondition as problem:
        told = problem.problem
    assert condition is not None or any("一" <= character <= "龥" for character in told)


@pytest.mark.parametrize(
    "source", ["read(lease.end) && lease.end > case.now", "读到(租赁合同.到期日) 且 租赁合同.到期日 晚于 今天"]
)
def test_what_a_paper_does_not_print_can_be_left_alone(source: str):
    assert holds(source, lease__end="2027-01-01") is True
    assert holds(source, lease__end="2026-01-01") is False
    assert holds(source, lease__end=None) is False
    assert holds(source, lease=False) is False


def test_of_a_picture_to_be_taken_again_nobody_can_tell_what_it_prints():
    facts = facts_of_example({"lease.end": None}, paths())
    poor = replace(facts, values={**facts.values, "lease.end": Absent("lease.end", "poor_quality")})
    assert paths().compile("read(lease.end)").holds(poor) is None
    assert paths().compile("!read(lease.end)").holds(poor) is None


def test_only_a_field_can_be_asked_whether_it_was_read():
    assert refused("read(lease.edn)") == "第6个字符：没有“lease.edn”，是不是“lease.end”？"
    assert refused("read lease.end")
