"""Pages seen from aside are made flat, tilted ones straight, and nothing is cut off."""

import cv2
import numpy as np
import pytest
from drawn_pages import blurred, card_front, desk, form, glared, jpeg, lease, placed, shadowed, tilted

from preapproval.reading.straighten import straighten, text_angle

CORNERS = [(300.0, 220.0), (1310.0, 260.0), (1270.0, 900.0), (340.0, 840.0)]


def corners_in_source(picture, home):
    height, width = picture.shape[:2]
    drawn = np.array([[(0, 0), (width, 0), (width, height), (0, height)]], np.float32)
    return cv2.perspectiveTransform(drawn, home)[0]


@pytest.mark.parametrize("worsen", [lambda page: page, jpeg, lambda page: shadowed(page, 0.5)])
def test_a_card_on_a_desk_is_cut_out_along_its_edges(worsen):
    picture, home = straighten(worsen(placed(desk(1600, 1200), card_front(), CORNERS)))
    assert np.abs(corners_in_source(picture, home) - np.array(CORNERS)).max() < 15
    assert picture.shape[1] / picture.shape[0] == pytest.approx(1.585, abs=0.1)


@pytest.mark.parametrize("angle", [-12, -4, 2, 9])
@pytest.mark.parametrize("page", [lease(), form()])
def test_a_tilted_scan_stands_straight_and_keeps_all_of_it(page, angle):
    scan = tilted(page, angle)
    picture, home = straighten(scan)
    assert abs(text_angle(picture)) < 0.5
    height, width = scan.shape[:2]
    inside = cv2.perspectiveTransform(np.array([[(0, 0), (width, height)]], np.float32), np.linalg.inv(home))[0]
    assert inside.min() >= -1
    assert (inside <= np.array([picture.shape[1], picture.shape[0]]) + 1).all()


@pytest.mark.parametrize("worsen", [lambda page: page, shadowed, jpeg, glared, lambda page: blurred(page, 2)])
@pytest.mark.parametrize("page", [card_front(), lease(), form()])
def test_a_straight_page_is_not_touched(page, worsen):
    picture, home = straighten(worsen(page))
    assert np.array_equal(home, np.eye(3))
    assert picture.shape == page.shape


@pytest.mark.parametrize("shape", [(1, 1), (1, 4000), (4000, 1), (3, 9)])
def test_a_picture_of_odd_shape_is_not_straightened(shape):
    assert np.array_equal(straighten(np.full((*shape, 3), 255, np.uint8))[1], np.eye(3))
