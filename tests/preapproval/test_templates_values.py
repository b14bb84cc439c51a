"""Checks of numbers, dates, amounts and words: each passes, fails, cannot be judged, or does not apply."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from preapproval.rules import TEMPLATES
from tests.preapproval.known_facts import (
    SEEN_BEFORE,
    TODAY,
    Read,
    check,
    facts_of,
    number_born,
    outcome,
    written,
)  # fmt: skip

CODE = "91350100M000100Y43"
"""The example that GB 32100 itself prints."""


def day(text: str) -> date:
    return date.fromisoformat(text)


# identity numbers and codes ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "outcome_expected"),
    [
        (SEEN_BEFORE, "pass"), (SEEN_BEFORE.lower(), "pass"), ("110105 19491231 002X", "pass"),
        (number_born("20000229", region="999999"), "pass"),
        ("110105194912310021", "undetermined"), ("11010519491231002", "undetermined"),
        (Read("110105194912310021", method="text_layer"), "fail"),
        (Read("110105194912310021", validated=True), "fail"),
        (Read("110105194912310021", twice=True), "fail"),
        (Read("110105194912310021", twice=True, confidence=0.97), "undetermined"),
        (Read("110105194912310021", twice=True, handwritten=True), "undetermined"),
        ("1101051949", "fail"), ("110105491231002", "undetermined"), (written(SEEN_BEFORE), "undetermined"),
        (number_born("20270101"), "fail"), (number_born("20010229"), "fail"), (number_born("17000101"), "fail"),
        ("", "fail"), ("证" * 5000, "fail"), ("１１０１０５１９４９１２３１００２Ｘ", "undetermined"),
        (None, "undetermined"), (..., "not_applicable"),
    ],
)  # fmt: skip
def test_an_identity_number_proves_itself_or_is_looked_at(value: Any, outcome_expected: str):
    assert outcome("id_checksum", {"id_card.number": value}, field="id_card.number") == outcome_expected


def test_a_typed_number_that_is_wrong_fails_and_an_old_one_is_explained():
    assert outcome("id_checksum", {"applicant.number": "110105194912310021"}, field="applicant.number") == "fail"
    assert outcome("id_checksum", {}, field="applicant.number") == "undetermined"
    old = check("id_checksum", facts_of({"id_card.number": "110105491231002"}), field="id_card.number")
    assert "换领" in old.detail


def test_whoever_handed_in_a_number_that_may_be_misread_is_told_which_line_and_what_to_do():
    number = check("id_checksum", facts_of({"id_card.number": "110105194912310021"}), field="id_card.number")
    code = check(
        "uscc_valid",
        facts_of({"business_licence.credit_code": "91350100M000100Y44"}),
        field="business_licence.credit_code",
    )
    assert number.ask.startswith("居民身份证上的“公民身份号码”这一行看不准：读到的是110105********0021，")
    assert code.ask.startswith("营业执照上的“统一社会信用代码”这一行看不准：读到的是91350100M000100Y44，")
    assert all("重拍一张" in one.ask and one.evidence for one in (number, code))
    sure = check("id_checksum", facts_of({"id_card.number": SEEN_BEFORE}), field="id_card.number")
    assert not sure.ask


def test_no_detail_shows_a_whole_identity_number():
    for value in (
        SEEN_BEFORE,
        "110105194912310021",
        "110105491231002",
        Read("110105194912310021", method="text_layer"),
    ):
        detail = check("id_checksum", facts_of({"id_card.number": value}), field="id_card.number").detail
        assert "19491231" not in detail
        assert "491231" not in detail


@pytest.mark.parametrize(
    ("value", "outcome_expected"),
    [
        (CODE, "pass"), (CODE.lower(), "pass"), ("91350100M000100Y44", "undetermined"),
        ("91350100M000100Y4", "undetermined"), (Read("91350100M000100Y44", method="text_layer"), "fail"),
        (Read("91350100M000100Y44", twice=True), "fail"),
        (Read("91350100M000100Y44", twice=True, confidence=0.97), "undetermined"), ("913501", "fail"),
        ("350100100012345", "undetermined"), (written(CODE), "undetermined"), ("", "fail"), (None, "undetermined"),
        (..., "not_applicable"),
    ],
)  # fmt: skip
def test_a_credit_code_proves_itself_or_is_looked_at(value: Any, outcome_expected: str):
    path = "business_licence.credit_code"
    assert outcome("uscc_valid", {path: value}, field=path) == outcome_expected


@pytest.mark.parametrize(
    ("long", "number", "outcome_expected"),
    [
        (SEEN_BEFORE + "43", SEEN_BEFORE, "pass"), (SEEN_BEFORE + "43B1", SEEN_BEFORE, "pass"),
        (SEEN_BEFORE + "43", written(SEEN_BEFORE), "pass"),
        (SEEN_BEFORE + "43", number_born("19500101"), "fail"),
        ("11010519491231003X43", SEEN_BEFORE, "undetermined"),
        (SEEN_BEFORE + "93", SEEN_BEFORE, "undetermined"), (SEEN_BEFORE, SEEN_BEFORE, "undetermined"),
        ("", SEEN_BEFORE, "undetermined"), (None, SEEN_BEFORE, "undetermined"), (..., SEEN_BEFORE, "not_applicable"),
    ],
)  # fmt: skip
def test_a_disability_certificate_carries_the_identity_number(long: Any, number: Any, outcome_expected: str):
    values = {"disability_certificate.number": long, "id_card.number": number}
    given = {"long": "disability_certificate.number", "number": "id_card.number"}
    assert outcome("number_matches", values, **given) == outcome_expected


def test_the_last_digit_of_a_disability_certificate_is_its_level():
    given = {
        "long": "disability_certificate.number",
        "number": "id_card.number",
        "level": "disability_certificate.level",
    }
    values = {"disability_certificate.number": SEEN_BEFORE + "43", "id_card.number": SEEN_BEFORE}
    assert outcome("number_matches", values | {"disability_certificate.level": "肢体三级"}, **given) == "pass"
    assert outcome("number_matches", values | {"disability_certificate.level": "二级"}, **given) == "undetermined"


# dates ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("until", "min_days", "outcome_expected"),
    [
        ("2026-06-01", 0, "pass"), ("2026-05-31", 0, "fail"), ("2026-05-29", 0, "fail"), ("9999-12-31", 3660, "pass"),
        ("2026-07-01", 30, "pass"), ("2026-06-30", 30, "fail"), ("0001-01-01", 0, "undetermined"),
        ("1899-12-31", 0, "undetermined"), ("2201-01-01", 0, "undetermined"), ("1999-01-01", 0, "fail"),
    ],
)  # fmt: skip
def test_a_paper_holds_through_its_last_day(until: str, min_days: int, outcome_expected: str):
    values = {"id_card.valid_until": day(until)}
    assert outcome("not_expired", values, field="id_card.valid_until", min_days=min_days) == outcome_expected


def test_an_expired_paper_says_for_how_long():
    result = check("not_expired", facts_of({"id_card.valid_until": day("2026-05-29")}), field="id_card.valid_until")
    assert result.values == {"until": "2026-05-29", "days": -3, "over": 3, "min_days": 0}
    assert "已过期3天" in result.detail
    assert result.evidence[0].field == "valid_until"


@pytest.mark.parametrize("value", [None, written(day("2020-01-01")), written(day("2030-01-01")), "长期", 20300101.0])
def test_a_day_that_is_not_read_or_handwritten_is_looked_at(value: Any):
    assert outcome("not_expired", {"id_card.valid_until": value}, field="id_card.valid_until") == "undetermined"


def test_a_paper_that_nobody_handed_in_has_no_day():
    assert outcome("not_expired", {"id_card.valid_until": ...}, field="id_card.valid_until") == "not_applicable"
    assert outcome("date_in", {"lease.signed_on": ...}, field="lease.signed_on", latest="today") == "not_applicable"


@pytest.mark.parametrize(
    ("value", "given", "outcome_expected"),
    [
        ("2026-06-01", {"latest": "today"}, "pass"), ("2026-06-02", {"latest": "today"}, "fail"),
        ("2026-03-03", {"earliest": "-90d"}, "pass"), ("2026-03-02", {"earliest": "-90d"}, "fail"),
        ("2025-12-01", {"earliest": "-6m"}, "pass"), ("2025-11-30", {"earliest": "-6m"}, "fail"),
        ("2027-06-01", {"latest": "+1y"}, "pass"), ("2027-06-02", {"latest": "+1y"}, "fail"),
        ("2026-01-01", {"earliest": "2026-01-01", "latest": "2026-01-01"}, "pass"),
        ("2025-12-31", {"earliest": "2026-01-01"}, "fail"), ("0001-01-01", {"latest": "today"}, "undetermined"),
        ("9999-12-31", {"latest": "today"}, "fail"),
    ],
)  # fmt: skip
def test_a_day_lies_between_two_others(value: str, given: dict[str, str], outcome_expected: str):
    assert outcome("date_in", {"lease.signed_on": day(value)}, field="lease.signed_on", **given) == outcome_expected


@pytest.mark.parametrize(
    ("start", "end", "given", "outcome_expected"),
    [
        ("2025-01-01", "2025-12-31", {"months": 12}, "pass"), ("2025-01-01", "2025-12-30", {"months": 12}, "fail"),
        ("2025-08-31", "2026-02-28", {"months": 6}, "pass"), ("2026-01-01", "2026-01-30", {"days": 30}, "pass"),
        ("2026-01-01", "2026-01-29", {"days": 30}, "fail"), ("2026-01-01", "9999-12-31", {"months": 1200}, "pass"),
        ("2026-06-01", "2025-06-01", {"months": 1}, "fail"),
        ("9999-12-31", "2026-01-01", {"days": 1}, "undetermined"),
        ("0001-01-01", "2026-01-01", {"days": 1}, "undetermined"),
    ],
)  # fmt: skip
def test_a_term_is_long_enough(start: str, end: str, given: dict[str, int], outcome_expected: str):
    values = {"lease.start": day(start), "lease.end": day(end)}
    assert outcome("duration_at_least", values, start="lease.start", end="lease.end", **given) == outcome_expected


@pytest.mark.parametrize(
    ("born", "now", "given", "outcome_expected"),
    [
        ("2026-05-01", "2026-06-01", {"months": 1}, "pass"),
        ("2026-04-30", "2026-06-01", {"months": 1}, "pass"),  # 30 May is a Saturday, so until 1 June
        ("2026-04-30", "2026-06-02", {"months": 1}, "fail"),
        ("2025-09-01", "2025-10-09", {"months": 1}, "pass"),  # the National Day holiday runs through 8 October
        ("2025-09-01", "2025-10-10", {"months": 1}, "fail"),
        ("2026-05-02", "2026-06-01", {"days": 30}, "pass"), ("2026-05-01", "2026-06-01", {"days": 30}, "pass"),
        ("2026-04-01", "2026-06-01", {"days": 30}, "fail"),
        ("2039-12-28", "2040-01-31", {"months": 1}, "undetermined"),
        ("2039-12-28", "2040-03-01", {"months": 1}, "fail"),
        ("2026-06-02", "2026-06-01", {"months": 1}, "undetermined"),
    ],
)  # fmt: skip
def test_a_limit_that_ends_in_a_holiday_ends_after_it(
    born: str, now: str, given: dict[str, int], outcome_expected: str
):
    facts = facts_of({"birth_certificate.born_on": day(born)}, today=day(now))
    assert check("in_time", facts, since="birth_certificate.born_on", **given).outcome == outcome_expected


@pytest.mark.parametrize(
    ("value", "given", "outcome_expected"),
    [
        (day("1966-06-01"), {"min": 60}, "pass"), (day("1966-06-02"), {"min": 60}, "fail"),
        (day("2010-06-02"), {"max": 15}, "pass"), (day("2010-06-01"), {"max": 15}, "fail"),
        (number_born("19660601"), {"min": 60}, "pass"), (number_born("19660602"), {"min": 60}, "fail"),
        (SEEN_BEFORE, {"min": 70, "max": 80}, "pass"),
        ("110105194912310021", {"min": 60}, "undetermined"), ("110105491231002", {"min": 60}, "undetermined"),
        (written(SEEN_BEFORE), {"min": 60}, "undetermined"), (day("2026-06-02"), {"min": 0}, "undetermined"),
        (day("0001-01-01"), {"min": 60}, "undetermined"), (None, {"min": 60}, "undetermined"),
        (..., {"min": 60}, "not_applicable"),
    ],
)  # fmt: skip
def test_an_age_is_reckoned_in_full_years(value: Any, given: dict[str, int], outcome_expected: str):
    assert outcome("age_between", {"id_card.number": value}, field="id_card.number", **given) == outcome_expected


def test_an_age_may_be_asked_of_another_day():
    facts = facts_of({"id_card.birth": day("2008-02-29"), "declared.on": "2026-02-28"})
    result = check("age_between", facts, field="id_card.birth", min=18, on="declared.on")
    assert (result.outcome, result.detail.count("18周岁")) == ("pass", 1)
    assert "2008" not in result.detail


# amounts -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "given", "outcome_expected"),
    [
        (1500.0, {"min": 1500, "max": 1500}, "pass"), (1499.99, {"min": 1500}, "fail"),
        (1500.01, {"max": 1500}, "fail"),
        (float("nan"), {"min": 0}, "undetermined"), (float("inf"), {"min": 0}, "undetermined"),
        (-1.0, {"min": 0}, "fail"), (1e300, {"min": 0}, "undetermined"),
        (written(1500.0), {"min": 0}, "undetermined"),
        (True, {"min": 0}, "undetermined"), ("很多", {"min": 0}, "undetermined"), (None, {"min": 0}, "undetermined"),
        (..., {"min": 0}, "not_applicable"),
    ],
)  # fmt: skip
def test_an_amount_lies_between_two_others(value: Any, given: dict[str, int], outcome_expected: str):
    assert outcome("amount_between", {"lease.rent": value}, field="lease.rent", **given) == outcome_expected


def test_all_invoices_together_make_the_claimed_amount():
    given = {"parts": ["rent_receipt.amount"], "total": "declared.amount"}
    right = facts_of({"rent_receipt.amount": [0.1, 0.2, 1200.5], "declared.amount": 1200.8})
    result = check("amount_total", right, **given)
    assert result.outcome == "pass"
    assert "0.1 + 0.2 + 1200.5 = 1200.8" in result.detail
    wrong = check("amount_total", facts_of({"rent_receipt.amount": [100.0], "declared.amount": 120}), **given)
    assert (wrong.outcome, wrong.values["sum"], wrong.values["total"]) == ("fail", "100", "120")
    assert (
        outcome("amount_total", {"rent_receipt.amount": [written(100.0)], "declared.amount": 100}, **given)
        == "undetermined"
    )
    assert outcome("amount_total", {"rent_receipt.amount": ..., "declared.amount": 100}, **given) == "not_applicable"
    assert outcome("amount_total", {"rent_receipt.amount": [1.0]}, **given) == "undetermined"


def test_a_claim_stays_below_rent_times_months_and_below_the_cap():
    given = {"claimed": "declared.amount", "unit": "lease.rent", "count_of": "declared.months"}
    values = {"lease.rent": 1500.0, "declared.months": 6, "declared.amount": 9000}
    assert outcome("amount_within", values, **given) == "pass"
    over = check("amount_within", facts_of(values | {"declared.amount": 9000.01}), **given)
    assert (over.outcome, over.values["most"], over.values["formula"]) == ("fail", "9000", "1500 × 6 = 9000")
    assert outcome("amount_within", values, cap=7200, **given) == "fail"
    assert outcome("amount_within", values | {"declared.months": -6}, **given) == "undetermined"
    assert outcome("amount_within", values | {"declared.months": "nan"}, **given) == "undetermined"
    assert outcome("amount_within", values | {"lease.rent": ...}, **given) == "not_applicable"


@pytest.mark.parametrize(
    ("value", "outcome_expected"),
    [
        ("一级", "pass"), ("肢体贰级", "pass"), ("2级", "pass"), ("Ⅰ级", "pass"), ("１级", "pass"), ("2", "pass"),
        ("三级", "fail"), ("IV级", "fail"), ("12级", "fail"), ("重度", "undetermined"),
        ("一级、三级", "undetermined"),
        ("", "undetermined"), (written("一级"), "undetermined"), (None, "undetermined"), (..., "not_applicable"),
    ],
)  # fmt: skip
def test_a_level_is_one_of_those_allowed(value: Any, outcome_expected: str):
    path = "disability_certificate.level"
    assert outcome("level_in", {path: value}, field=path, levels=[1, 2]) == outcome_expected


# words ---------------------------------------------------------------------------------------------------------

SCOPE = "许可项目：食品销售；一般项目：日用百货销售、文具用品零售（不含危险化学品）。"


@pytest.mark.parametrize(
    ("scope", "word", "outcome_expected"),
    [
        (SCOPE, "食品销售", "pass"), (SCOPE, "食 品 销 售", "pass"), ("許可項目：食品銷售", "食品销售", "pass"),
        (SCOPE, "烟草制品零售", "fail"), (SCOPE, "药品零售", "undetermined"),
        ("许可项目：食品销告", "食品销售", "undetermined"),
        ("许可项目：食品销", "食品销售", "undetermined"),
        (Read("许可项目：食品销告", method="text_layer"), "食品销售", "fail"),
        ("一般项目：销售（不含食品销售）", "食品销售", "undetermined"),
        ("不得从事食品销售", "食品销售", "undetermined"),
        ("餐饮", "餐饮", "pass"), ("药品", "食品", "fail"), ("", "食品销售", "fail"),
        ("空" * 20000, "食品销售", "fail"),
        (written("食品销售"), "食品销售", "undetermined"), (None, "食品销售", "undetermined"),
        (..., "食品销售", "not_applicable"),
    ],
)  # fmt: skip
def test_a_scope_names_what_is_asked_for(scope: Any, word: str, outcome_expected: str):
    path = "business_licence.scope"
    assert outcome("scope_contains", {path: scope}, field=path, any=[word]) == outcome_expected


def test_one_word_of_any_and_every_word_of_all():
    path = "business_licence.scope"
    given = {"field": path, "any": ["餐饮服务", "食品销售"], "all": ["日用百货"]}
    assert outcome("scope_contains", {path: SCOPE}, **given) == "pass"
    lacking = check("scope_contains", facts_of({path: "食品销售"}), **given)
    assert (lacking.outcome, lacking.values) == ("fail", {"missing": "日用百货"})


@pytest.mark.parametrize(
    ("value", "outcome_expected"),
    [
        ("样本市公安局样本分局", "pass"), ("样本市公安厅", "undetermined"), ("样本市行政审批局", "fail"),
        (Read("样本市公安厅", method="text_layer"), "fail"), (written("样本市公安局"), "undetermined"),
        ("", "undetermined"),
        (None, "undetermined"), (..., "not_applicable"),
    ],
)  # fmt: skip
def test_a_paper_is_issued_by_the_right_authority(value: Any, outcome_expected: str):
    assert (
        outcome("issued_by", {"id_card.authority": value}, field="id_card.authority", words=["公安局"])
        == outcome_expected
    )


# parameters ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("not_expired", {"field": "valid_until"}), ("not_expired", {"field": "a.b", "min_days": -1}),
        ("not_expired", {"field": "a.b", "extra": 1}), ("age_between", {"field": "a.b"}),
        ("age_between", {"field": "a.b", "min": 60, "max": 16}), ("date_in", {"field": "a.b"}),
        ("date_in", {"field": "a.b", "latest": "soon"}), ("date_in", {"field": "a.b", "latest": "2026-02-30"}),
        ("duration_at_least", {"start": "a.b", "end": "a.c"}), ("in_time", {"since": "a.b", "days": 1, "months": 1}),
        ("amount_between", {"field": "a.b"}), ("amount_between", {"field": "a.b", "min": "nan"}),
        ("level_in", {"field": "a.b", "levels": []}), ("scope_contains", {"field": "a.b"}),
        ("scope_contains", {"field": "a.b", "any": [""]}),
        ("same_person", {"name_a": "a.b", "name_b": "a.c", "number_a": "a.d"}),
        ("compare", {"left": "a.b", "op": "=="}), ("compare", {"left": "a.b", "op": "~", "value": 1}),
        ("seal_present", {"slot": "lease", "region": [0, 0, 2, 1]}), ("consent_ticked", {"slot": "lease"}),
        ("green_area", {"site": "a.b", "areas": {"lawn": "a.c"}, "ratio": 0.3}),
        ("eia_category", {"project": "x", "given": {"a": "a.b"}}),
        ("eia_category", {"project": "hospital", "given": {"rooms": "a.b"}}),
    ],
)  # fmt: skip
def test_parameters_that_mean_nothing_are_refused(name: str, given: dict[str, Any]):
    with pytest.raises(ValidationError):
        TEMPLATES[name].parameters.model_validate(given)


def test_today_is_the_day_of_handing_in():
    facts = facts_of({"lease.signed_on": TODAY}, today=day("2020-01-01"))
    assert check("date_in", facts, field="lease.signed_on", latest="today").outcome == "fail"
