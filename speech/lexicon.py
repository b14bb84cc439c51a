"""What was heard, put into the words that the hall knows: homophones first, then its terms by their rough sound."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from importlib.resources import files
from itertools import groupby
from pathlib import Path

import yaml

from knowledge.library import Library
from knowledge.misheard import Mended, Misheard
from speech.lattice import Decoded, Lattice, mine
from speech.word_table import load_words


class Lexicon:
    """Mends recognised text; shared by all conversations, safe for several threads."""

    def __init__(self, lattice: Lattice, terms: Iterable[str], known: Callable[[str], bool] = lambda _: False) -> None:
        self._lattice = lattice
        self._terms = Misheard(terms, lambda word: lattice.knows(word) or known(word))

    @classmethod
    def from_terms(cls, terms: Sequence[str], texts: Iterable[str], cache: Path) -> Lexicon:
        """`texts` tell how often words are used; `cache` is a folder that keeps what takes long to build."""
        words = load_words(cache)
        every = [*terms, *general_terms()]
        return cls(Lattice(words, mine(texts, words, every)), every)

    @classmethod
    def from_library(cls, library: Library, cache: Path) -> Lexicon:
        """Terms are names, aliases, materials and regions; texts are the wordings of the questions."""
        words = load_words(cache)
        terms = [*_terms_of(library), *general_terms()]
        texts = [text for passage in library.passages for text in (passage.title, *passage.questions)]
        return cls(Lattice(words, mine(texts, words, terms)), terms, library.words.knows)

    def mend(self, raw: str) -> Mended:
        """The text as it was meant, and each stretch that was changed: what was heard, what it was taken for."""
        words = self._lattice.decode(raw)
        by_sound = "".join(word.meant for word in words)
        by_term = self._terms.mend(by_sound).text
        if len(by_term) != len(raw):  # a word in Latin letters was taken for pinyin
            by_term = by_sound
        return Mended(by_term, tuple(_corrections(words, by_term)))


def general_terms() -> tuple[str, ...]:
    """Words of any service hall."""
    data = yaml.load((files("speech") / "lexicon_terms.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    return tuple(term for group in data.values() for term in group.split())


def _terms_of(library: Library) -> list[str]:
    names = [name for item in library.items.values() for name in (item.name, *item.aliases)]
    materials = [name for material in library.hall.materials for name in (material.name, *material.aliases)]
    places = [name for region in library.hall.regions for name in (region.name, *region.aliases)]
    return [*names, *materials, *places]


def _corrections(words: Sequence[Decoded], text: str) -> Iterable[tuple[str, str]]:
    """Neighbouring words that were changed are one correction."""
    at, compared = 0, list[tuple[str, str]]()
    for word in words:
        compared.append((word.heard, text[at : at + len(word.heard)]))
        at += len(word.heard)
    for changed, group in groupby(compared, key=lambda pair: pair[0] != pair[1]):
        if changed:
            heard, meant = zip(*group, strict=True)
            yield "".join(heard), "".join(meant)
