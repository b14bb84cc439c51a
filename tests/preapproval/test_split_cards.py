"""Both sides of a card on one sheet become two pictures; one thing stays one."""

import cv2
import numpy as np
import pytest
from drawn_pages import card_back, card_front, desk, form, jpeg, lease, placed, shadowed

from preapproval.reading.split_cards import cards


def box(left, top, width):
    height = width / 1.585
    return [(left, top), (left + width, top), (left + width, top + height), (left, top + height)]


def sheet(ground, *places):
    for card, place in zip((card_front(), card_back()), places, strict=True):
        ground = placed(ground, card, place)
    return ground


A4 = np.full((1754, 1240, 3), 252, np.uint8)


def as_grey(page):
    return cv2.cvtColor(cv2.cvtColor(page, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)


@pytest.mark.parametrize("worsen", [lambda page: page, jpeg, as_grey, lambda page: shadowed(page, 0.6)])
def test_both_sides_on_one_scan_become_two_cards_from_top_to_bottom(worsen):
    found = cards(worsen(sheet(A4, box(300.0, 150.0, 640.0), box(280.0, 900.0, 640.0))))
    assert len(found) == 2
    tops = [home[1, 2] for _, home in found]
    assert tops == [pytest.approx(150, abs=12), pytest.approx(900, abs=12)]
    assert all(picture.shape[1] / picture.shape[0] == pytest.approx(1.585, rel=0.05) for picture, _ in found)


def test_cards_side_by_side_on_a_desk_are_told_apart_from_left_to_right():
    found = cards(sheet(desk(1700, 800), box(60.0, 150.0, 740.0), box(880.0, 170.0, 740.0)))
    assert [round(home[0, 2], -1) for _, home in found] == [pytest.approx(60, abs=10), pytest.approx(880, abs=10)]


@pytest.mark.parametrize("page", [card_front(), lease(), form(), form(2, 2), form(3, 4), form(5, 8, 900)])
def test_a_page_that_is_one_thing_is_not_split(page):
    assert cards(page) == ()


def test_cells_of_a_table_with_the_shape_of_cards_are_no_cards():
    table = np.full((900, 1200, 3), 255, np.uint8)
    for row in range(2):
        for column in range(2):
            at = (80 + 500 * column, 100 + 315 * row)
            cv2.rectangle(table, at, (at[0] + 500, at[1] + 315), (0, 0, 0), 3)
            cv2.putText(table, "0000", (at[0] + 60, at[1] + 160), cv2.FONT_HERSHEY_SIMPLEX, 2, (0, 0, 0), 4)
    assert cards(table) == ()


@pytest.mark.parametrize("shape", [(1, 1), (1, 4000), (4000, 1)])
def test_a_picture_of_odd_shape_holds_no_cards(shape):
    assert cards(np.full((*shape, 3), 200, np.uint8)) == ()
