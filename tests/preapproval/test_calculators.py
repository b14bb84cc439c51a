"""Calculators against values reckoned by hand."""

from datetime import date
from decimal import Decimal

import pytest

from preapproval.calculators.ages import birthday, full_years
from preapproval.calculators.amounts import most_of, to_fen, total
from preapproval.calculators.eia import directory_on, load_directories, screen
from preapproval.calculators.greening import GreenRates, NoCoefficient, green_account, load_green_rates, rates_on
from preapproval.calculators.terms import add_months, days_of, full_months, last_day


def day(text: str) -> date:
    return date.fromisoformat(text)


# months --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-01-31", 1, "2026-02-28"), ("2024-01-31", 1, "2024-02-29"), ("2026-03-31", -1, "2026-02-28"),
        ("2024-02-29", 12, "2025-02-28"), ("2024-02-29", 48, "2028-02-29"), ("2025-12-15", 1, "2026-01-15"),
        ("2026-01-15", -1, "2025-12-15"), ("2026-08-31", 6, "2027-02-28"), ("2026-05-05", 0, "2026-05-05"),
        ("2000-01-01", 1200, "2100-01-01"), ("9999-12-31", 1, "9999-12-31"), ("9999-12-15", 1, "9999-12-31"),
        ("0001-01-01", -1, "0001-01-01"),
    ],
)  # fmt: skip
def test_a_month_later_is_the_corresponding_day_or_the_last_of_the_month(start: str, months: int, end: str):
    assert add_months(day(start), months) == day(end)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2025-01-01", 12, "2025-12-31"), ("2025-03-15", 6, "2025-09-14"), ("2025-08-31", 6, "2026-02-28"),
        ("2025-08-29", 6, "2026-02-28"), ("2025-08-28", 6, "2026-02-27"), ("2023-08-29", 6, "2024-02-28"),
        ("2024-02-29", 12, "2025-02-28"), ("2025-03-01", 12, "2026-02-28"),
    ],
)  # fmt: skip
def test_a_term_ends_on_the_day_before_the_corresponding_one(start: str, months: int, end: str):
    assert last_day(day(start), months) == day(end)


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        ("2025-01-01", "2025-12-31", 12), ("2025-01-01", "2025-12-30", 11), ("2025-01-01", "2026-01-01", 12),
        ("2025-01-15", "2025-02-13", 0), ("2025-01-15", "2025-02-14", 1), ("2025-08-31", "2026-02-28", 6),
        ("2025-08-31", "2026-02-27", 5), ("2026-02-01", "2026-02-28", 1), ("2024-02-01", "2024-02-28", 0),
        ("2026-06-01", "2026-05-31", 0), ("2026-06-01", "2026-06-01", 0),
    ],
)  # fmt: skip
def test_full_months_count_both_days_of_a_term(start: str, end: str, months: int):
    assert full_months(day(start), day(end)) == months


def test_days_of_a_term_count_both_its_days():
    assert days_of(day("2024-02-28"), day("2024-03-01")) == 3
    assert days_of(day("2025-02-28"), day("2025-03-01")) == 2
    assert days_of(day("2026-06-01"), day("2026-06-01")) == 1
    assert days_of(day("2026-06-02"), day("2026-06-01")) == 0


# ages ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        ("1966-06-01", "2026-06-01", 60), ("1966-06-02", "2026-06-01", 59), ("1966-05-31", "2026-06-01", 60),
        ("2008-02-29", "2026-02-27", 17), ("2008-02-29", "2026-02-28", 18), ("2008-02-29", "2026-03-01", 18),
        ("2008-02-29", "2024-02-28", 15), ("2008-02-29", "2024-02-29", 16), ("2026-06-01", "2026-06-01", 0),
        ("2026-06-02", "2026-06-01", -1), ("1900-12-31", "2000-12-30", 99),
    ],
)  # fmt: skip
def test_a_person_is_a_year_older_on_the_birthday(born: str, on: str, age: int):
    assert full_years(day(born), day(on)) == age


def test_the_birthday_of_a_leap_day_is_28_february_in_a_common_year():
    assert birthday(day("2008-02-29"), 18) == day("2026-02-28")
    assert birthday(day("2008-02-29"), 16) == day("2024-02-29")


# amounts -------------------------------------------------------------------------------------------------------


def test_a_total_is_written_out_part_by_part():
    reckoned = total([Decimal("1200.50"), Decimal("0.1"), Decimal("0.2"), Decimal(-1)])
    assert reckoned.result == Decimal("1199.80")
    assert reckoned.formula == "1200.5 + 0.1 + 0.2 + (-1) = 1199.8"


def test_half_a_fen_is_rounded_up():
    assert to_fen(Decimal("2.345")) == Decimal("2.35")
    assert to_fen(Decimal("2.344999")) == Decimal("2.34")


def test_the_upper_limit_is_the_smaller_of_product_and_cap():
    assert most_of(Decimal(1500), Decimal(6)).result == Decimal(9000)
    capped = most_of(Decimal(1500), Decimal(6), Decimal(7200))
    assert capped.result == Decimal(7200)
    assert capped.formula == "min(1500 × 6 = 9000, 7200) = 7200"


# green area ----------------------------------------------------------------------------------------------------

OWN = GreenRates.model_validate(
    {
        "effective_from": "2025-01-01", "effective_to": "2025-12-31", "basis": "样本办法", "local": "confirmed",
        "projects": {"residential": {"name": "新建居住区", "ratio": "0.30"}},
        "green": {"ground": {"name": "地面", "coefficient": "1"}, "roof": {"name": "屋顶", "coefficient": "0.3"},
                  "water": {"name": "水面"}},
        "old_town_less": "0.05", "compensation": "850.50",
    }
)  # fmt: skip


def test_green_area_is_accounted_kind_by_kind_and_what_lacks_is_paid_for():
    # 10000 × 30 % = 3000; 2400 × 1 + 1000 × 0.3 = 2700; 300 are lacking, 300 × 850.50 = 255150
    account = green_account(
        Decimal(10000), {"ground": Decimal(2400), "roof": Decimal(1000)}, OWN, Decimal("0.30"), OWN.compensation
    )
    assert (account.counted, account.required, account.shortfall) == (2700, 3000, 300)
    assert account.compensation == Decimal(255150)
    assert "地面2400×1 + 屋顶1000×0.3 = 2700" in account.formula
    assert "2700 ÷ 10000 = 27%" in account.formula
    assert "300 × 850.5" in account.formula
    assert "255150" in account.formula


def test_nothing_is_paid_where_enough_is_green():
    account = green_account(Decimal(10000), {"ground": Decimal(3000)}, OWN, Decimal("0.30"), OWN.compensation)
    assert (account.shortfall, account.compensation) == (0, 0)


def test_without_a_rate_the_shortfall_is_told_and_no_amount():
    account = green_account(Decimal(1000), {"ground": Decimal("299.99")}, OWN, Decimal("0.30"), None)
    assert account.shortfall == Decimal("0.01")
    assert account.compensation is None


def test_a_kind_without_coefficient_counts_only_while_its_area_is_nothing():
    assert green_account(Decimal(100), {"water": Decimal(0)}, OWN, Decimal("0.3")).counted == 0
    with pytest.raises(NoCoefficient, match="水面"):
        green_account(Decimal(100), {"water": Decimal(1)}, OWN, Decimal("0.3"))


def test_rates_hold_from_their_first_day_to_their_last():
    assert rates_on([OWN], day("2024-12-31")) is None
    assert rates_on([OWN], day("2025-01-01")) == OWN
    assert rates_on([OWN], day("2025-12-31")) == OWN
    assert rates_on([OWN], day("2026-01-01")) is None


def test_no_bundled_greening_parameter_passes_for_confirmed():
    (bundled,) = load_green_rates()
    assert not bundled.confirmed
    assert bundled.compensation is None
    assert bundled.projects["institution"].ratio == Decimal("0.35")


# environmental assessment --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("project", "given", "category"),
    [
        ("hospital", {"beds": 500}, "report"), ("hospital", {"beds": 499}, "form"), ("hospital", {"beds": 20}, "form"),
        ("hospital", {"beds": 19}, "registration"), ("hospital", {}, None),
        ("power_line", {"voltage": 500}, "report"), ("power_line", {"voltage": 330, "sensitive": True}, "report"),
        ("power_line", {"voltage": 330, "sensitive": False}, "form"), ("power_line", {"voltage": 330}, None),
        ("power_line", {"voltage": 220, "sensitive": True}, "form"), ("power_line", {"voltage": 100}, "form"),
        ("power_line", {"voltage": 35}, "none"),
        ("sewage", {"daily": 10}, "report"), ("sewage", {"daily": "0.05"}, "form"),
        ("sewage", {"daily": "0.049"}, "registration"),
        ("slaughter", {"pigs": 10}, "report"),
        ("slaughter", {"pigs": 9, "cattle": 0, "sheep": 0, "poultry": 0, "slaughters": True}, "form"),
        ("slaughter", {"pigs": 9, "slaughters": True}, None),
        ("printing", {"solvent_ink": 0, "low_voc_ink": 9, "laser": False}, "none"),
        ("printing", {"solvent_ink": 0, "low_voc_ink": 10, "laser": False}, "form"),
        ("printing", {"solvent_ink": 3, "low_voc_ink": 0, "laser": False}, "form"),
        ("printing", {"solvent_ink": 10}, "report"),
        ("solar_power", {"ground": True, "capacity": 6000, "voltage": 10}, "registration"),
        ("solar_power", {"ground": True, "capacity": 6001, "voltage": 10}, "form"),
        ("solar_power", {"ground": False}, "registration"),
        ("livestock", {"large_scale": True, "pigs_sold": 5000}, "report"),
        ("livestock", {"large_scale": True, "pigs_sold": 4999, "pigs_kept": 0, "sensitive": False}, "registration"),
        ("livestock", {"large_scale": False}, "none"),
        ("laboratory", {"biosafety": False, "transgenic": False, "emits": True}, "form"),
        ("real_estate", {"sensitive": True}, "form"), ("real_estate", {"sensitive": False}, "none"),
        ("fuel_station", {"petrol_in_town": False, "sensitive": True}, "form"),
        ("vehicle_repair", {"area": 4999}, "none"),
        ("vehicle_repair", {"area": 5000, "solvent_paint": False, "water_paint": 9}, "none"),
        ("convenience_food", {"only_packing": False}, "form"),
        ("furniture", {"plating": False, "solvent_paint": 0, "water_paint": 5, "only_assembly": False}, "none"),
    ],
)  # fmt: skip
def test_the_directory_decides_by_kind_and_scale(project: str, given: dict[str, object], category: str | None):
    directory = load_directories()[0]
    values = {name: value if isinstance(value, bool) else Decimal(str(value)) for name, value in given.items()}
    screened = screen(directory, project, values)
    assert screened.category == category
    assert bool(screened.missing) == (category is None)


def test_the_formula_names_the_row_the_numbers_and_the_words():
    screened = screen(load_directories()[0], "hospital", {"beds": Decimal(520)})
    assert screened.formula.startswith("108 医院")
    assert "住院床位（张） 520" in screened.formula
    assert "报告书（新建、扩建住院床位500张及以上的）" in screened.formula
    assert "分类管理名录（2021年版）" in screened.basis
    assert not screened.confirmed


def test_a_project_before_the_directory_finds_none():
    assert directory_on(load_directories(), day("2020-12-31")) is None
    assert directory_on(load_directories(), day("2021-01-01")) is not None
