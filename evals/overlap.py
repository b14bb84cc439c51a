"""Questions of two sets that are nearly one: what was tuned on one set must not be asked by the other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz, process

from evals.sample import ROWS, files_of, load, questions

ALIKE = 90.0
"""Similarity (0 to 100) from which two questions are one."""
SHORT = 8
"""Below so many characters only equal ones are: 护照多少钱 and 护照要多少钱 may both be asked by anybody."""
MARKS = re.compile(r"[\W_]+")
BLOCK = 500


@dataclass(frozen=True)
class Pair:
    one: str
    """Id of the row."""
    other: str
    text: str
    other_text: str
    alike: float


def near_duplicates(one: Path, other: Path) -> tuple[Pair, ...]:
    """Pairs of questions, one of each set, that differ by little more than a particle or a mark. Raises BadRow."""
    mine, theirs = list(_questions(one)), list(_questions(other))
    plain, other_plain = [_plain(text) for _, text in mine], [_plain(text) for _, text in theirs]
    return tuple(
        Pair(mine[row][0], theirs[column][0], mine[row][1], theirs[column][1], alike)
        for row, column, alike in _alike(plain, other_plain)
        if plain[row] == other_plain[column] or min(len(plain[row]), len(other_plain[column])) >= SHORT
    )


def _alike(plain: list[str], other: list[str]) -> Iterator[tuple[int, int, float]]:
    """Block by block: all pairs at once would fill the memory."""
    for first in range(0, len(plain), BLOCK):
        scores = process.cdist(plain[first : first + BLOCK], other, scorer=fuzz.ratio, score_cutoff=ALIKE, workers=2)
        for row, column in np.argwhere(scores):
            yield first + int(row), int(column), float(scores[row, column])


def _questions(folder: Path) -> Iterator[tuple[str, str]]:
    for name in ROWS:
        if files_of(name, folder)[0].is_file():
            for row in load(name, folder):
                yield from ((row.id, question) for question in _without_empty(questions(row)))


def _without_empty(texts: Iterable[str]) -> Iterator[str]:
    return (text for text in texts if _plain(text))


def _plain(text: str) -> str:
    return MARKS.sub("", text).lower()
