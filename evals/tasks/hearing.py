"""Sentences at a microphone: the words of the service, amounts and dates, the whole text; and nothing out of noise.

Who speaks is the product's own synthesizer, so that the figures tell of noise and of changes, not of living voices.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any

from evals.asking import Asker
from evals.case import Case
from evals.heard_errors import in_characters, in_syllables, plain, rates_by
from evals.spoken_rows import HearingRow

FEW = 0.1
"""Share of wrong characters up to which a sentence is understood."""
SOFT_DB = -20.0
"""Level from which a speaker stands far away."""
RATES = ("raw", "mended", "sound")
"""Characters as recognised, characters as mended, syllables as mended."""


def judge(asker: Asker, row: HearingRow) -> Iterator[Case]:
    sound = asker.booth.sound_of(row, row.sentence)
    begun = time.perf_counter()
    raw, text = asker.booth.hear(sound)
    yield case_of(row, raw, text, (time.perf_counter() - begun) * 1000)


def case_of(row: HearingRow, raw: str, text: str, took_ms: float | None = None) -> Case:
    """`raw` as it was recognised, `text` as it was mended."""
    said, heard = plain(row.sentence), plain(text)
    missed = [word for word in (*row.terms, *row.values) if plain(word) not in heard]
    terms_heard = sum(term not in missed for term in row.terms)
    return Case(
        row.id,
        row.category,
        row.sentence or condition(row),
        row.sentence,
        text,
        _marks(row, said, heard, missed),
        condition(row),
        answer=raw,
        missed=tuple(f"-{word}" for word in missed),
        counts=_counts(row, raw, text) | {"said": terms_heard, "lacking": len(row.terms) - terms_heard},
        speaker=row.voice if row.sentence else "",
        took_ms=took_ms,
    )


def _marks(row: HearingRow, said: str, heard: str, missed: Sequence[str]) -> dict[str, bool]:
    if not row.sentence:
        return {"nothing_invented": not heard}
    errors = in_characters(row.sentence, heard)
    marks = {"few_errors": errors.wrong <= FEW * errors.of, "text": said == heard}
    if row.terms:
        marks["terms"] = not set(row.terms) & set(missed)
    if row.values:
        marks["values"] = not set(row.values) & set(missed)
    return marks


def _counts(row: HearingRow, raw: str, text: str) -> dict[str, int]:
    """Wrong characters and syllables; a syllable is a character, so that all three have one denominator."""
    if not row.sentence:
        return {}
    mended = in_characters(row.sentence, text)
    return {
        "of": mended.of,
        "raw_wrong": in_characters(row.sentence, raw).wrong,
        "mended_wrong": mended.wrong,
        "sound_wrong": in_syllables(row.sentence, text).wrong,
    }


def condition(row: HearingRow) -> str:
    """The noise and how loud it is: `babble 10`, `quiet`, `quiet soft`."""
    if not row.sentence:
        return f"alone {row.noise}"
    loudness = f" {row.snr:g}" if row.snr is not None else ""
    return f"{row.noise}{loudness}{' soft' if row.level <= SOFT_DB else ''}"


def figures(cases: Sequence[Case]) -> dict[str, Any]:
    """Error rates by noise and by voice."""
    ordered = sorted(cases, key=lambda case: _order(case.kind or ""))
    return {
        "rates": {
            "all": rates_by(ordered, lambda _: "all", RATES),
            "noise": rates_by(ordered, lambda case: case.kind, RATES),
            "voice": rates_by(sorted(cases, key=lambda case: case.speaker), lambda case: case.speaker, RATES),
        }
    }


def _order(kind: str) -> tuple[str, float, str]:
    """Kinds together, the loudest noise last."""
    name, _, rest = kind.partition(" ")
    return ("" if name == "quiet" else name), (-float(rest) if rest.isdigit() else 0.0), rest
