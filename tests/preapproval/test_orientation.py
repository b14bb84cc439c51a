"""Which way up a picture is."""

import cv2
import numpy as np
import pytest
from drawn_pages import card_front, desk, form, jpeg, lease, tilted

from preapproval.reading.orientation import upright

TURNS = ((90, cv2.ROTATE_90_CLOCKWISE), (180, cv2.ROTATE_180), (270, cv2.ROTATE_90_COUNTERCLOCKWISE))


@pytest.mark.parametrize("page", [card_front(), lease(), form(), jpeg(tilted(lease(), 4))])
def test_a_turned_page_is_turned_back_and_the_turn_is_told(page):
    for turned, how in TURNS:
        picture, by = upright(np.asarray(cv2.rotate(page, how), np.uint8))
        assert by == 360 - turned
        assert np.array_equal(picture, page)


def test_an_upright_page_stays_as_it_is():
    picture, by = upright(lease())
    assert by == 0
    assert picture.shape == lease().shape


@pytest.mark.parametrize("shape", [(1, 1), (1, 4000), (4000, 1), (3, 9)])
def test_a_picture_of_odd_shape_is_left_alone(shape):
    assert upright(np.full((*shape, 3), 255, np.uint8))[1] == 0


def test_a_picture_without_text_is_not_turned():
    assert upright(desk(900, 600))[1] == 0
