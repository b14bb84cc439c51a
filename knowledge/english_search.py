"""English is searched twice: as it stands, and by the Chinese terms for its words, for as much of it as they cover."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class EnglishFusion:
    """Weights of both searches, chosen on English questions that have an answer here and on some that have none."""

    meaning: float = 0.2
    name: float = 0.15
    term_meaning: float = 0.35
    term_words: float = 0.2
    term_name: float = 0.1
    plain: float = 0.77
    """What the score of the first search alone is held to be worth, where no word has a Chinese term."""
    named: float = 0.8
    """Name score from which the first search alone is enough: the English name itself has been said."""


ENGLISH = EnglishFusion()
MEANING, WORDS, NAME = 0, 1, 3
"""Rows of the parts of a search, shape (4, passages): meaning, words, sound and name."""


def english_parts(parts: np.ndarray, of_terms: np.ndarray, covered: np.ndarray) -> np.ndarray:
    """The parts of both searches in one, from those of the question and of its Chinese terms.

    `covered`, of shape (passages,), is the share of the question that the terms stand for, 0 to 1.
    """
    fused, of_terms = parts.copy(), of_terms * covered
    for row, own, of_term in (
        (MEANING, ENGLISH.meaning, ENGLISH.term_meaning),
        (NAME, ENGLISH.name, ENGLISH.term_name),
    ):
        fused[row] = (own * parts[row] + of_term * of_terms[row]) / (own + of_term)
    fused[WORDS] = np.maximum(parts[WORDS], of_terms[WORDS])
    return fused


def english_scores(fused: np.ndarray, named: np.ndarray, plain: np.ndarray) -> np.ndarray:
    """One score per passage, from the fused parts; `plain` are the scores and `named` the names of the first search."""
    scores = (ENGLISH.meaning + ENGLISH.term_meaning) * fused[MEANING] + ENGLISH.term_words * fused[WORDS]
    scores += (ENGLISH.name + ENGLISH.term_name) * fused[NAME]
    return np.where(named >= ENGLISH.named, np.maximum(scores, plain), scores)
