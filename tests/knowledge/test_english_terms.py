"""English words of the service hall and the handbook's own terms for them."""

import numpy as np
import pytest

from knowledge.english_search import ENGLISH, NAME, english_parts, english_scores
from knowledge.english_terms import chinese_terms


@pytest.mark.parametrize(
    ("question", "terms"),
    [
        ("I lost my driver's license and need a new one", ("丢失", "驾驶证", "补办")),
        ("our workers want an invoice", ("职工", "发票")),
        ("Is the cremation fee waived?", ("火化", "减免")),
        ("provident funds", ("公积金",)),
        ("HOUSING FUND", ("公积金",)),
        ("how check if a fapiao is real", ("查询", "发票查验")),
        ("I'd like to write a will", ("遗嘱",)),
        ("a new driver's license", ("驾驶证",)),
        ("I was sacked", ("失业保险金",)),
        ("hello there", ()),
        ("", ()),
    ],
)
def test_words_of_an_english_question_are_put_into_the_handbooks_terms(question: str, terms: tuple[str, ...]) -> None:
    found = chinese_terms(question).terms
    assert [term for term in terms if term not in found] == []
    assert bool(found) == bool(terms)


def test_the_longest_phrase_counts() -> None:
    assert "临时身份证" in chinese_terms("temporary ID card").terms
    assert "身份证" not in chinese_terms("temporary ID card").terms


def test_a_word_that_is_not_known_covers_nothing() -> None:
    whole, half = chinese_terms("passport"), chinese_terms("passport zebra")
    assert (whole.covered, half.covered) == (1.0, 0.5)


def test_a_word_without_a_matter_takes_nothing_from_what_is_covered() -> None:
    assert chinese_terms("I already need another new passport").covered == 1.0


def test_words_of_courtesy_make_no_term() -> None:
    assert chinese_terms("Do I need to pay?").terms == ("缴纳",)
    assert chinese_terms("Will I?").terms == ()


def test_what_other_offices_do_covers_nothing_of_the_handbook() -> None:
    found = chinese_terms("How do I register my dog?")
    assert "养犬" in found.terms
    assert found.covered < found.covered_elsewhere == 1.0


def test_terms_count_by_how_much_of_the_question_they_stand_for() -> None:
    parts = np.zeros((4, 2), np.float32)
    of_terms = np.ones((4, 2), np.float32)
    fused = english_parts(parts, of_terms, np.array([1.0, 0.5], np.float32))
    whole, half = english_scores(fused, parts[NAME], parts[0])
    assert whole == pytest.approx(ENGLISH.term_meaning + ENGLISH.term_words + ENGLISH.term_name)
    assert half == pytest.approx(whole / 2)


def test_an_english_name_that_is_said_is_enough_by_itself() -> None:
    parts = np.array([[0.9, 0.9], [0, 0], [0, 0], [1.0, 0.5]], np.float32)
    fused = english_parts(parts, np.zeros((4, 2), np.float32), np.zeros(2, np.float32))
    named, not_named = english_scores(fused, parts[NAME], np.array([0.95, 0.95], np.float32))
    assert named == pytest.approx(0.95)
    assert not_named < 0.4
