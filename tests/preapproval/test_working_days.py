"""The calendar against a second source, and the periods of the law read off it."""

import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from preapproval.deadlines import CaseEvent, Clock, Deadline, ItemTerms
from preapproval.working_days import WorkingDay, load_working_days

DAYS = load_working_days()
BEIJING = timezone(timedelta(hours=8))
CLOCK = Clock(DAYS, BEIJING)


def every_day(year: int) -> Iterator[date]:
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += timedelta(days=1)


@pytest.mark.parametrize("year", [2025, 2026])
def test_every_day_agrees_with_a_second_calendar(year: int):
    wrong = [day for day in every_day(year) if DAYS.is_working(day) != chinese_calendar.is_workday(day)]
    assert wrong == []


def test_a_period_ends_after_the_spring_festival():
    # Friday 2026-02-13; Saturday the 14th is worked, 15th to 23rd are off
    assert DAYS.add(date(2026, 2, 13), 5) == WorkingDay(date(2026, 2, 27), calendar_known=True)
    assert DAYS.between(date(2026, 2, 13), date(2026, 2, 27)) == 5
    assert DAYS.between(date(2026, 2, 27), date(2026, 2, 13)) == 0


def test_a_year_without_a_notice_is_said_to_be_uncertain():
    over = DAYS.add(date(2026, 12, 30), 2)
    assert over == WorkingDay(date(2027, 1, 4), calendar_known=False)  # the 1st is off by law, then a weekend
    assert DAYS.add(date(2026, 12, 29), 2).calendar_known
    assert not DAYS.is_working(date(2027, 2, 8))
    assert not DAYS.is_working(date(2031, 10, 1))
    assert DAYS.is_working(date(2031, 10, 8))


def test_a_hall_adds_its_own_days(tmp_path: Path):
    own = tmp_path / "holidays.yaml"
    own.write_text(
        "years:\n  2027:\n    notice: 样本\n    worked: [2027-02-13]\n"
        "    free: [{name: 春节, from: 2027-02-05, to: 2027-02-11}]\n"
        "statutory:\n  dates: [2029-03-03]\n",
        "utf-8",
    )
    days = load_working_days(own)
    assert days.add(date(2027, 2, 4), 2) == WorkingDay(date(2027, 2, 13), calendar_known=True)
    assert not days.is_working(date(2026, 10, 1))
    assert DAYS.is_working(date(2027, 2, 11))


def test_a_misspelt_calendar_is_refused(tmp_path: Path):
    own = tmp_path / "holidays.yaml"
    own.write_text("years:\n  2027:\n    notiz: x\n    free: []\n", "utf-8")
    with pytest.raises(ValidationError):
        load_working_days(own)


@given(st.dates(date(2025, 1, 1), date(2027, 6, 1)), st.integers(1, 60))
def test_adding_and_counting_are_inverse(day: date, number: int):
    end = DAYS.add(day, number).day
    assert DAYS.is_working(end)
    assert DAYS.between(day, end) == number


def test_the_second_calendar_is_of_tests_only():
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))
    assert "chinesecalendar" in project["dependency-groups"]["dev"]
    assert not any("chinese" in name for name in project["project"]["dependencies"])


# deadlines -----------------------------------------------------------------------------------------------------


def at(month: int, day: int, hour: int = 10) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=BEIJING)


def only(kind: str, events: list[CaseEvent], now: datetime, terms: ItemTerms | None = None) -> Deadline:
    (found,) = [one for one in CLOCK.deadlines(events, terms or ItemTerms(), now) if one.kind == kind]
    return found


HANDED_IN = CaseEvent(at(3, 2), "submit")  # a Monday; five working days end on Monday the 9th


@pytest.mark.parametrize(
    ("now", "standing", "left"),
    [(at(3, 2), "running", 5), (at(3, 5), "running", 2), (at(3, 6), "alarm", 1), (at(3, 9, 23), "alarm", 0),
     (at(3, 10, 0), "passed", -1)],
)  # fmt: skip
def test_the_alarm_is_on_the_fourth_day_and_the_fifth_is_the_last(now: datetime, standing: str, left: int):
    told = only("tell", [HANDED_IN], now)
    assert (told.due, told.alarm_on) == (date(2026, 3, 9), date(2026, 3, 6))
    assert (told.standing, told.days_left) == (standing, left)


def test_days_are_those_of_the_hall_not_of_greenwich():
    late = CaseEvent(datetime(2026, 3, 1, 17, tzinfo=UTC), "submit")  # one o'clock on Monday morning in the hall
    assert only("tell", [late], at(3, 2)).since == date(2026, 3, 2)


def test_a_correction_begins_the_five_days_anew_and_one_on_the_spot_does_not():
    asked = CaseEvent(at(3, 4), "request_correction")
    assert only("tell", [HANDED_IN, asked], at(3, 20)).standing == "met"
    again = CaseEvent(at(3, 16), "submit")
    assert only("tell", [HANDED_IN, asked, again], at(3, 17)).due == date(2026, 3, 23)
    for unasked in ("correct_on_the_spot", "submit"):
        assert only("tell", [HANDED_IN, CaseEvent(at(3, 4), unasked)], at(3, 5)).due == date(2026, 3, 9)


def test_what_counts_as_accepted_is_decided_twenty_days_from_receipt():
    deemed = CaseEvent(at(3, 10), "deem_accepted")
    assert only("decide", [HANDED_IN, deemed], at(3, 10)).since == date(2026, 3, 2)
    accepted = CaseEvent(at(3, 4), "sign_acceptance")
    assert only("decide", [HANDED_IN, accepted], at(3, 4)).due == date(2026, 4, 1)


ACCEPTED = [HANDED_IN, CaseEvent(at(3, 4), "sign_acceptance"), CaseEvent(at(3, 5), "start_examination")]


def test_a_hearing_stops_the_clock_and_a_site_visit_only_by_the_items_terms():
    hearing = [
        *ACCEPTED,
        CaseEvent(at(3, 9), "stop_for_procedure", procedure="hearing"),
        CaseEvent(at(3, 16), "resume"),
    ]
    assert only("decide", hearing, at(3, 17)).due == date(2026, 4, 9)  # five working days later, Tomb-sweeping is off
    standing = only("decide", hearing[:-1], at(3, 11))
    assert (standing.standing, standing.due) == ("stopped", date(2026, 4, 3))
    visit = [
        *ACCEPTED,
        CaseEvent(at(3, 9), "stop_for_procedure", procedure="site_visit"),
        CaseEvent(at(3, 16), "resume"),
    ]
    assert only("decide", visit, at(3, 17)).due == date(2026, 4, 1)
    assert only("decide", visit, at(3, 17), ItemTerms(site_visit_stops=True)).due == date(2026, 4, 9)


def test_an_extension_adds_ten_days_and_an_item_may_promise_fewer():
    extended = [*ACCEPTED, CaseEvent(at(3, 20), "extend")]
    assert only("decide", extended, at(3, 21)).due == date(2026, 4, 16)
    assert only("decide", ACCEPTED, at(3, 5), ItemTerms(decide_days=3)).due == date(2026, 3, 9)


def test_delivery_follows_within_ten_days():
    granted = [*ACCEPTED, CaseEvent(at(3, 16), "grant")]
    assert only("deliver", granted, at(3, 17)).due == date(2026, 3, 30)
    assert only("decide", granted, at(6, 1)).standing == "met"
    assert only("deliver", [*granted, CaseEvent(at(3, 18), "deliver")], at(6, 1)).standing == "met"


def test_what_is_missing_must_come_by_the_day_that_was_set():
    gap = [HANDED_IN, CaseEvent(at(3, 4), "accept_with_gap", until=date(2026, 3, 11))]
    assert only("gap", gap, at(3, 9)).standing == "running"
    assert only("gap", gap, at(3, 10)).standing == "alarm"
    assert only("gap", gap, at(3, 12)).standing == "passed"
    assert only("gap", [*gap, CaseEvent(at(3, 11), "confirm_gap_filled")], at(3, 12)).standing == "met"
    assert CLOCK.promised(date(2026, 3, 4), ItemTerms()) == date(2026, 4, 1)


def test_nothing_runs_before_anything_is_handed_in():
    assert CLOCK.deadlines([], ItemTerms(), at(3, 2)) == ()
