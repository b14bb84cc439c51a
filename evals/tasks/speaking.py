"""Written answers read aloud: every date, amount and number as people say it, and heard back from the voice itself."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from typing import Any

from evals.asking import Asker
from evals.case import Case
from evals.heard_errors import in_syllables, plain, rates_by
from evals.spoken_rows import SpeakingRow
from speech.reading import read_aloud

FEW = 0.1
_MARKS = re.compile(r"[，。？！、；：]")


def judge(asker: Asker, row: SpeakingRow) -> Iterator[Case]:
    spoken = "".join(one.spoken for one in read_aloud(row.text))
    begun = time.perf_counter()
    _, heard = asker.booth.hear(asker.booth.say(row.text, row.voice))
    yield case_of(row, spoken, heard, (time.perf_counter() - begun) * 1000)


def case_of(row: SpeakingRow, spoken: str, heard: str, took_ms: float | None = None) -> Case:
    """`spoken` as the product reads the text; `heard` what was recognised of its own voice."""
    errors = in_syllables(row.spoken, heard)
    lost = [value for value in row.values if plain(value) not in plain(heard)]
    marks = {
        "reading": _MARKS.sub("", spoken) == _MARKS.sub("", row.spoken),
        "heard_back": errors.wrong <= FEW * errors.of,
    }
    if row.values:
        marks["values"] = not lost
    return Case(
        row.id,
        row.category,
        row.text,
        row.spoken,
        spoken,
        marks,
        row.voice,
        answer=heard,
        missed=tuple(f"-{value}" for value in lost),
        counts={
            "of": errors.of,
            "sound_wrong": errors.wrong,
            "said": len(row.values) - len(lost),
            "lacking": len(lost),
        },
        speaker=row.voice,
        took_ms=took_ms,
    )


def figures(cases: Sequence[Case]) -> dict[str, Any]:
    """Error rates by sound, by what is read and by voice."""
    by_category = sorted(cases, key=lambda case: case.category)
    return {
        "rates": {
            "all": rates_by(by_category, lambda _: "all", ("sound",)),
            "category": rates_by(by_category, lambda case: case.category, ("sound",)),
            "voice": rates_by(sorted(cases, key=lambda case: case.speaker), lambda case: case.speaker, ("sound",)),
        }
    }
