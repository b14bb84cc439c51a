"""Choose how retrieval fuses its parts, and the score from which is answered: `python -m evals.tune`.

Goes from the settings in use, one of them a step up or down at a time, on the development set. Prints what each step
would give; nothing is changed by itself. The test set is never read here.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from assistant.cleaning import clean
from channels.cli_output import product
from channels.settings import Settings
from evals.sample import AnsweringRow, RefuseRow, load
from knowledge.common_words import in_common_words
from knowledge.library import Library
from knowledge.retrieve import Fusion, Retriever, fuse

STEPS = {"meaning": 0.05, "words": 0.05, "sound": 0.05, "name": 0.05, "item": 0.15, "lacking": 0.1}
FOREIGN_KINDS = ("english", "japanese", "german", "pinyin")
"""Questions that are fused otherwise, or are read as Chinese before they are searched."""
COVERED = 0.96
"""Share of the answerable questions that the threshold lets in by which settings are compared."""
NOTHING = np.empty(0, np.int64)


@dataclass(frozen=True)
class Asked:
    """One question with what it has in common with every passage: parts (4, passages), lacking (passages,)."""

    item: str | None
    parts: np.ndarray
    lacking: np.ndarray


@dataclass(frozen=True)
class Outcome:
    """What settings give."""

    right: np.ndarray
    """Whether the best passage is of the expected item, for each answerable question."""
    inside: np.ndarray
    """Best score of each answerable question."""
    outside: np.ndarray
    """Best score of each question that only a low score keeps from an answer; 0 where another service is best."""

    def __str__(self) -> str:
        threshold = np.quantile(self.inside, 1 - COVERED)
        return f"{self.right.mean():.4f}       {threshold:.3f}          {(self.outside < threshold).mean():.3f}"


def asked(retriever: Retriever, rows: Sequence[AnsweringRow | RefuseRow]) -> list[Asked]:
    found: list[Asked] = []
    for row in rows:
        meant = in_common_words(clean(row.question))
        parts, lacking = retriever.parts_of_letter(meant), retriever.lacking(meant, NOTHING)
        found.append(Asked(getattr(row, "item", None), parts.astype(np.float16), lacking.astype(np.float16)))
    return found


def neighbours(fusion: Fusion) -> Iterator[tuple[str, Fusion]]:
    """The settings with one of them a step up or down, and which."""
    for name, step in STEPS.items():
        for value in (getattr(fusion, name) - step, getattr(fusion, name) + step):
            value = round(value, 3)
            if 0 <= value <= 1:
                yield f"{name} {value}", replace(fusion, **{name: value})


def outcome(library: Library, fusion: Fusion, inside: Sequence[Asked], outside: Sequence[Asked]) -> Outcome:
    best = [_best(library, fusion, one) for one in inside]
    others = [_best(library, fusion, one) for one in outside]
    return Outcome(
        np.array([library.passages[row].item == one.item for (row, _), one in zip(best, inside, strict=True)]),
        np.array([score for _, score in best]),
        np.array([0.0 if library.passages[row].is_other_service else score for row, score in others]),
    )


def _best(library: Library, fusion: Fusion, one: Asked) -> tuple[int, float]:
    score, _ = fuse(library, fusion, one.parts.astype(np.float32), one.lacking.astype(np.float32))
    row = int(score.argmax())
    return row, float(score[row])


def main() -> int:
    with product(Settings()) as built:  # type: ignore[call-arg]
        retriever = built.retriever()
        library, now = retriever.library, retriever.fusion
        answerable = [row for row in load("answering") if row.kind not in FOREIGN_KINDS]
        inside = asked(retriever, answerable)
        outside = asked(retriever, [row for row in load("refuse") if row.from_retrieval])
    print(f"{len(inside)} answerable questions, {len(outside)} that are to be kept out")
    print(f"right first  at {COVERED:.0%} let in  then kept out")
    here = outcome(library, now, inside, outside)
    print(f"{here}  as it is: {now}")
    for changed, fusion in neighbours(now):
        print(f"{outcome(library, fusion, inside, outside)}  {changed}", flush=True)
    report(here)
    return 0


def report(here: Outcome) -> None:
    """What each threshold lets in and keeps out."""
    print("\nthreshold  answered right  answered wrong  not answered  outside kept out")
    for threshold in np.arange(0.3, 0.5, 0.02):
        taken = here.inside >= threshold
        print(
            f"{threshold:.3f}      {(here.right & taken).mean():.3f}           {(~here.right & taken).mean():.3f}"
            f"           {(~taken).mean():.3f}         {(here.outside < threshold).mean():.3f}"
        )


if __name__ == "__main__":
    sys.exit(main())
