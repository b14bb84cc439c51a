"""What was heard beside what was said: wrong characters and wrong syllables, and their rates over many sentences."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import opencc
from pypinyin import lazy_pinyin
from rapidfuzz.distance import Levenshtein

from evals.case import Case
from speech.reading import read_aloud

SEED, RESAMPLES = 6, 1000
_OTHERWISE = str.maketrans("幺两〇", "一二零")
_NOT_SPOKEN = re.compile(r"[^\u3400-\u9fffA-Z]")


@dataclass(frozen=True)
class Errors:
    """Of one sentence."""

    wrong: int
    of: int

    @classmethod
    def between(cls, said: Sequence[str], heard: Sequence[str]) -> Errors:
        return cls(Levenshtein.distance(said, heard), len(said))


def in_characters(said: str, heard: str) -> Errors:
    return Errors.between(plain(said), plain(heard))


def in_syllables(said: str, heard: str) -> Errors:
    """Syllables without tones: homophones are right."""
    return Errors.between(lazy_pinyin(plain(said)), lazy_pinyin(plain(heard)))


@cache
def plain(text: str) -> str:
    """As it is read aloud, so that 360个月 and 三百六十个月 are the same: simplified characters and capitals only."""
    simplified = _converter().convert(unicodedata.normalize("NFKC", text))
    said = "".join(one.spoken for one in read_aloud(simplified))
    return _NOT_SPOKEN.sub("", said.upper().translate(_OTHERWISE))


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


# rates ---------------------------------------------------------------------------------------------------------


def rates_by(cases: Iterable[Case], key: Callable[[Case], str | None], names: Sequence[str]) -> dict[str, Any]:
    """Group -> name -> rate of its cases, of which `counts` tells `<name>_wrong` and `of`; in order of first sight."""
    groups: dict[str, list[Case]] = {}
    for case in cases:
        group = key(case)
        if group is not None and case.counts.get("of"):
            groups.setdefault(group, []).append(case)
    return {
        group: {
            name: rate([Errors(case.counts[f"{name}_wrong"], case.counts["of"]) for case in found]) for name in names
        }
        for group, found in groups.items()
    }


def rate(errors: Sequence[Errors]) -> dict[str, Any]:
    """Wrong of all, with an interval (95 %) by drawing the sentences anew; the same sentences give the same."""
    wrong = np.array([one.wrong for one in errors])
    of = np.array([one.of for one in errors])
    draws = np.random.default_rng(SEED).integers(len(errors), size=(RESAMPLES, len(errors)))
    low, high = np.percentile(wrong[draws].sum(axis=1) / of[draws].sum(axis=1), (2.5, 97.5))
    return {
        "wrong": int(wrong.sum()),
        "of": int(of.sum()),
        "rows": len(errors),
        "rate": round(float(wrong.sum() / of.sum()), 6),
        "low": round(float(low), 6),
        "high": round(float(high), 6),
    }
