"""Choose the retrieval weights and the answer threshold on the development set: `python -m evals.tune`.

Prints the best settings and where they stand; nothing is changed by itself. The test set is never read here.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.cleaning import clean
from channels.cli_output import product
from channels.settings import Settings
from evals.sample import AnsweringRow, RefuseRow, load
from knowledge.retrieve import Fusion, Retriever

STEP = 0.05


@dataclass(frozen=True)
class Scored:
    """One question with the parts of every passage's score, shape (4, passages)."""

    question: str
    item: str | None
    parts: np.ndarray


def scored(retriever: Retriever, rows: Sequence[AnsweringRow | RefuseRow]) -> list[Scored]:
    return [
        Scored(row.question, getattr(row, "item", None), retriever.parts(clean(row.question)).astype(np.float16))
        for row in rows
    ]


def simplex() -> Iterator[tuple[float, float, float, float]]:
    """All weights in steps that add up to 1, meaning at least a quarter."""
    steps = np.round(np.arange(0, 1 + STEP, STEP), 2)
    for meaning, words, sound in itertools.product(steps, repeat=3):
        name = round(1 - meaning - words - sound, 2)
        if meaning >= 0.25 and 0 <= name <= 0.5 and sound <= 0.3:
            yield float(meaning), float(words), float(sound), name


def top_items(
    questions: Sequence[Scored], weights: Sequence[float], owners: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Item and score of the best passage of each question."""
    best = np.stack([np.array(weights, np.float32) @ one.parts.astype(np.float32) for one in questions])
    rows = best.argmax(axis=1)
    return owners[rows], best[np.arange(len(rows)), rows]


def main() -> int:
    settings = Settings()  # type: ignore[call-arg]
    with product(settings) as built:
        retriever = built.retriever()
        owners = np.array([passage.item or "" for passage in retriever.library.passages])
        answerable = [row for row in load("answering") if isinstance(row, AnsweringRow)]
        outside = [row for row in load("refuse") if isinstance(row, RefuseRow) and row.from_retrieval]
        inside, beyond = scored(retriever, answerable), scored(retriever, outside)
    expected = np.array([one.item for one in inside])
    ranking = sorted(
        ((float((top_items(inside, weights, owners)[0] == expected).mean()), weights) for weights in simplex()),
        reverse=True,
    )
    print("top-1   meaning words sound name")
    for accuracy, weights in ranking[:10]:
        print(f"{accuracy:.4f}  {weights}")
    now = Fusion()
    report((now.meaning, now.words, now.sound, now.name), inside, beyond, owners, expected)
    report(ranking[0][1], inside, beyond, owners, expected)
    return 0


def report(
    weights: Sequence[float], inside: list[Scored], beyond: list[Scored], owners: np.ndarray, expected: np.ndarray
) -> None:
    """Accuracy with these weights, and what each threshold lets in and keeps out."""
    items, scores = top_items(inside, weights, owners)
    _, outer = top_items(beyond, weights, owners)
    right = items == expected
    print(f"\nweights {tuple(weights)}: top-1 {right.mean():.4f} of {len(inside)}")
    print("threshold  answered right  answered wrong  not answered  outside kept out")
    for threshold in np.arange(0.3, 0.75, 0.025):
        taken = scores >= threshold
        kept_out = (outer < threshold).mean()
        print(
            f"{threshold:.3f}      {(right & taken).mean():.3f}           {(~right & taken).mean():.3f}"
            f"           {(~taken).mean():.3f}         {kept_out:.3f}"
        )


if __name__ == "__main__":
    sys.exit(main())
