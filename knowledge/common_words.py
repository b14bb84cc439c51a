"""Dialect, and papers called by their looks, in the words of the handbook. Data: common_words.yaml."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files

import yaml


@lru_cache(maxsize=1024)
def in_common_words(text: str) -> str:
    """`text` with what dialects and elders say put in common words; common speech comes out as it went in."""
    for said, common in _wordings():
        text = said.sub(common, text)
    return text


@cache
def _wordings() -> tuple[tuple[re.Pattern[str], str], ...]:
    data = yaml.load((files("knowledge") / "common_words.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    return tuple(
        (re.compile("|".join(said.split())), common) for group in data.values() for common, said in group.items()
    )
