"""Faults of pictures are seen, and clean pictures are not blamed."""

import numpy as np
import pytest
from drawn_pages import (
    blurred,
    card_back,
    card_front,
    form,
    glared,
    jpeg,
    lease,
    moved,
    sealed,
    shadowed,
    shrunk,
    tilted,
)

from preapproval.reading.quality import judge


def problems(page):
    return {finding.problem: finding.retake for finding in judge(page)}


@pytest.mark.parametrize(
    "worsen", [lambda page: page, jpeg, lambda page: tilted(page, 3), lambda page: blurred(page, 1)]
)
@pytest.mark.parametrize("page", [card_front(), card_back(), lease(), form(), sealed(lease(), (900, 1500))])
def test_a_clean_page_has_no_findings(page, worsen):
    assert problems(worsen(page)) == {}


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (moved(card_front(), 15), {"motion_blur": True}),
        (moved(lease(), 15), {"motion_blur": True}),
        (blurred(lease(), 4), {"defocus": True}),
        (blurred(card_front(), 4), {"defocus": False}),
        (blurred(card_front(), 8), {"defocus": True}),
        (shadowed(lease()), {"shadow": False}),
        (glared(card_front()), {"glare": True}),
        ((card_front() * 0.3).astype(np.uint8), {"dark": False}),
        ((lease() * 0.15).astype(np.uint8), {"dark": True}),
        (shrunk(lease(), 330), {"low_resolution": False}),
        (shrunk(card_front(), 60), {"low_resolution": True}),
        (lease()[:, 250:], {"cut_edge": True}),
        (np.full((1754, 1240, 3), 255, np.uint8), {"blank": False}),
    ],
)
def test_a_fault_is_named_and_another_picture_asked_for_only_where_text_is_lost(page, expected):
    assert problems(page) == expected


def test_glare_is_shown_where_it_lies():
    (finding,) = judge(glared(card_front()))
    assert finding.quad is not None
    x, y = np.array(finding.quad).mean(axis=0)
    assert (x, y) == (pytest.approx(0.4 * 856, abs=25), pytest.approx(0.45 * 540, abs=25))


@pytest.mark.parametrize("shape", [(1, 1), (1, 4000), (4000, 70), (63, 63)])
def test_a_picture_of_odd_shape_is_judged_without_an_error(shape):
    assert judge(np.zeros((*shape, 3), np.uint8)) != ()
