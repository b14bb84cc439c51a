"""Seals, faces, signatures and handwriting: seen where they are, and not where they are not."""

import cv2
import numpy as np
import pytest
from drawn_pages import (
    BLUE,
    INK,
    SIGN_HERE,
    blurred,
    card_back,
    card_front,
    form,
    jpeg,
    lease,
    row_of_text,
    scribble,
    sealed,
    shadowed,
    shrunk,
)  # fmt: skip

from preapproval.case import Line
from preapproval.reading import faces, handwriting, seals, signature


def line(text, left, top, width, height):
    corners = ((left, top), (left + width, top), (left + width, top + height), (left, top + height))
    return Line(text=text, quad=corners, confidence=0.9)


def as_grey(page):
    return cv2.cvtColor(cv2.cvtColor(page, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)


# seals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("worsen", [lambda page: page, jpeg, lambda page: blurred(page, 2), shadowed, as_grey])
def test_a_seal_is_found_where_it_stands_also_on_a_grey_copy(worsen):
    (mark,) = seals.find(worsen(sealed(lease(), (900, 1500), 130)))
    assert np.array(mark.quad).mean(axis=0) == pytest.approx((904, 1504), abs=25)


def test_both_of_two_seals_are_found():
    page = sealed(sealed(lease(), (900, 1500), 130), (300, 1450), 130)
    assert len(seals.find(page)) == 2


@pytest.mark.parametrize("page", [card_front(), card_back(), lease(), form(), jpeg(card_back()), shrunk(lease(), 640)])
def test_a_page_without_seal_and_a_card_with_an_emblem_have_none(page):
    assert seals.find(page) == ()


def test_a_bare_red_ring_and_red_words_are_no_seal():
    page = lease()
    cv2.circle(page, (600, 700), 130, (30, 30, 210), 8)
    cv2.putText(page, "RED WORDS", (300, 1200), cv2.FONT_HERSHEY_SIMPLEX, 3, (30, 30, 210), 8)
    assert seals.find(page) == ()


def test_without_red_leaves_the_words_and_takes_the_seal_away():
    clean = lease()
    page = sealed(clean, (500, 700), 130)
    region = ((370.0, 570.0), (640.0, 570.0), (640.0, 840.0), (370.0, 840.0))
    seen = seals.without_red(page, region)
    assert seen.shape == (270, 270, 3)
    words = clean[570:840, 370:640, 1] < 100
    assert seen[words].mean() < 90
    red = (page[570:840, 370:640, 2] > 150) & (page[570:840, 370:640, 1] < 90)
    assert seen[red].mean() > 150


# faces ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", [card_front(), card_back(), lease(), form(), np.zeros((1, 900, 3), np.uint8)])
def test_a_page_without_a_face_has_none(page):
    assert faces.find(page) == ()


# signatures ----------------------------------------------------------------------------------------------------


def signing_lines(width=1240):
    size, height = width // 50, round(width * 1.414)
    words = ("甲方（签字）：", "乙方（签字）：")
    return tuple(
        line(text, width * x, height * y + size * 0.2, size * 6.8, size * 1.2)
        for text, (x, y) in zip(words, SIGN_HERE, strict=True)
    )


def test_a_blue_signature_is_found_beside_the_words_of_its_party():
    (mark,) = signature.find(lease(signed=True), signing_lines())
    assert mark.quad[0][0] > 1240 * 0.65
    assert mark.score == 0.9


def test_a_black_signature_counts_less_than_a_blue_one():
    page = scribble(lease(), (1240 * 0.70, lease().shape[0] * 0.868), 200, (30, 25, 25))
    (mark,) = signature.find(page, signing_lines())
    assert mark.score == 0.7


def test_a_large_signature_that_was_read_with_its_label_is_still_one():
    """The line then is as high as the signature, and its words end before the share of their letters."""
    page = scribble(lease(), (765, 1508), 165, (140, 50, 30))
    label = line("申请人签名：样本", 600, 1500, 326, 90)
    (mark,) = signature.find(page, (label,))
    assert mark.quad[0][0] > 600 + 6 * 26
    assert signature.find(lease(), (label,)) == ()


def test_an_empty_place_its_rule_and_a_seal_over_it_are_no_signature():
    page = lease()
    cv2.line(page, (860, 1580), (1120, 1580), (20, 20, 20), 2)
    assert signature.find(page, signing_lines()) == ()
    assert signature.find(sealed(page, (950, 1560), 110), signing_lines()) == ()


def test_a_sentence_about_signing_is_no_place_to_sign():
    sentence = line("本合同自双方签字之日起生效，一式两份。", 100, 500, 480, 30)
    assert signature.find(lease(), (sentence,)) == ()


# handwriting ---------------------------------------------------------------------------------------------------

WORDS = ("样本市样本区样本路十二号", "申请人样本甲", "二〇二六年一月一日")


def flagged(text, colour, jitter):
    picture = row_of_text(text, colour, jitter, seed=1)
    height, width = picture.shape[:2]
    (read,) = handwriting.flag(picture, (line(text, 10, 10, width - 20, height - 18),))
    return read.handwritten


@pytest.mark.parametrize("text", WORDS)
@pytest.mark.parametrize("colour", [INK, BLUE])
def test_print_is_not_taken_for_handwriting_even_when_it_is_blue(text, colour):
    assert not flagged(text, colour, 0)


@pytest.mark.parametrize("text", WORDS)
def test_uneven_characters_in_blue_ink_are_handwriting(text):
    assert flagged(text, BLUE, 0.25)


def test_lines_keep_their_order_and_words():
    lines = signing_lines()
    assert handwriting.flag(lease(), lines) == lines
