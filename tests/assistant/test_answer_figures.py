"""The estimate of how right answers are, against numbers worked out by hand."""

from datetime import date
from typing import Any

import pytest

from assistant.answer_figures import agreement, estimate, wilson
from assistant.answer_labels import Counted

WEEK = date(2026, 3, 2)


def rows(number: int, status: str, weight: float, label: Any = None, **more: Any) -> list[Counted]:
    return [Counted(WEEK, more.pop("terminal", "web"), status, None, weight, label, **more)] * number


SAMPLE = [
    *rows(1, "answered", 50, "right"),
    *rows(1, "answered", 50, "wrong"),
    *rows(2, "answered", 50),
    *rows(1, "no_basis", 12.5, "right"),
    *rows(2, "clarify", 12.5, "wrong"),
    *rows(1, "handoff", 12.5, "should_have_refused"),
]
"""Four of 200 answered turns, two of them judged; four of 50 others, all judged."""


def test_what_is_taken_more_often_weighs_less():
    """
    By hand: a judged row of the answered ones counts 50 * 200 / 100 = 100, one of the others 12.5 * 50 / 50 = 12.5;
    all of them 250. Right: (100 + 12.5) / 250 = 0.45; wrong: (100 + 25) / 250 = 0.5; the last: 12.5 / 250 = 0.05.
    They tell as much as 250² / (2 * 100² + 4 * 12.5²) = 62500 / 20625 = 3.0303 rows that count alike, of which Wilson's
    middle is (0.45 + 3.8415 / 6.0606) / (1 + 3.8415 / 3.0303) = 1.08385 / 2.26768 = 0.47795, and half of its width
    1.95996 * √(0.45 * 0.55 / 3.0303 + 3.8415 / 36.7309) / 2.26768 = 1.95996 * 0.43158 / 2.26768 = 0.37301.
    """
    found = estimate(SAMPLE)
    assert (found.sampled, found.judged, found.gone, found.turns, found.covered) == (8, 6, 0, 250, 1)
    assert found.shares is not None
    assert {label: one.share for label, one in found.shares.items()} == pytest.approx(
        {"right": 0.45, "partly": 0, "wrong": 0.5, "should_have_refused": 0.05}
    )
    right = found.shares["right"]
    assert (right.low, right.high) == pytest.approx((0.10494, 0.85096), abs=1e-4)
    assert found.shares["partly"].low == 0


def test_judging_only_what_is_quickly_judged_does_not_shift_the_estimate():
    """All others judged and half of the answered ones is the same sample as all of both."""
    whole = [*rows(2, "answered", 50, "right"), *rows(2, "answered", 50, "wrong"), *SAMPLE[4:]]
    half, full = estimate(SAMPLE).shares, estimate(whole).shares
    assert half
    assert full
    assert half["right"].share == pytest.approx(full["right"].share)
    assert full["right"].low > half["right"].low, "more rows tell more"


def test_deleted_rows_count_for_their_cell_and_are_told():
    """Two more answered rows, deleted: the cell now stands for 300 of 350 turns. Right: (150 + 12.5) / 350."""
    found = estimate([*SAMPLE, *rows(1, "answered", 100, rows=2, gone=True)])
    assert (found.sampled, found.gone, found.turns) == (10, 2, 350)
    assert found.shares
    assert found.shares["right"].share == pytest.approx(162.5 / 350)


def test_a_kind_of_terminal_of_which_nothing_was_judged_is_not_covered():
    found = estimate([*SAMPLE, *rows(1, "answered", 250, terminal="kiosk", rows=5, gone=True)])
    assert found.covered == 0.5
    assert found.shares
    assert found.shares["right"].share == pytest.approx(0.45), "it is told of the rest alone"


def test_nothing_is_told_where_nothing_was_judged():
    assert estimate([]).shares is None
    found = estimate(rows(3, "answered", 50))
    assert (found.sampled, found.judged, found.covered, found.shares) == (3, 0, 0, None)


@pytest.mark.parametrize(
    ("right", "of", "low", "high"),
    [(8, 10, 0.4902, 0.9433), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (50, 100, 0.4038, 0.5962)],
)
def test_rows_that_count_alike_get_the_plain_wilson_interval(right: int, of: int, low: float, high: float):
    found = wilson(right / of, of)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-4)
    shares = estimate([*rows(right, "answered", 50, "right"), *rows(of - right, "answered", 50, "wrong")]).shares
    assert shares
    assert (shares["right"].low, shares["right"].high) == pytest.approx((low, high), abs=1e-4)


def test_agreement_is_told_beyond_chance():
    """
    By hand: of 10 pairs 8 agree. The first says right 6 and wrong 4 times, the other right 6 and wrong 4 times:
    by chance (6 * 6 + 4 * 4) / 100 = 0.52 agree. Kappa = (0.8 - 0.52) / (1 - 0.52) = 0.58333.
    """
    pairs = [
        *rows(5, "answered", 50, "right", second="right"),
        *rows(1, "answered", 50, "right", second="wrong"),
        *rows(1, "answered", 50, "wrong", second="right"),
        *rows(3, "answered", 50, "wrong", second="wrong"),
    ]
    found = agreement([*pairs, *rows(4, "answered", 50, "wrong")])
    assert (found.pairs, found.same) == (10, 0.8)
    assert found.kappa == pytest.approx(0.28 / 0.48)


def test_agreement_of_people_who_always_say_the_same_is_not_told_apart_from_chance():
    assert agreement(rows(3, "answered", 50, "right", second="right")).kappa is None
    assert agreement(SAMPLE).pairs == 0
