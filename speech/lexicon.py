"""What was heard, put into the words that the hall knows: homophones first, then its terms by their rough sound."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from itertools import accumulate, groupby, pairwise
from pathlib import Path

import yaml

from knowledge.library import Library
from knowledge.misheard import Mended, Misheard
from speech.lattice import Lattice, mine
from speech.mend import Change, NearTerms
from speech.word_table import load_words, write_whole

FORMAT = 1
"""Of the counts that are kept in a file."""

_LONE_DIGIT = re.compile(r"(?<![\d.])[0-9](?![\d.])")
_KANA = re.compile(r"[\u3041-\u30fa]")
_SPOKEN = "零一二三四五六七八九"
"""A recogniser writes a digit for its syllable: 1秒接种 is 疫苗接种."""


class Lexicon:
    """Mends recognised text; shared by all conversations, safe for several threads."""

    def __init__(self, lattice: Lattice, terms: Iterable[str], known: Callable[[str], bool] = lambda _: False) -> None:
        every = list(terms)
        self._lattice = lattice
        self._known = lambda word: lattice.knows(word) or known(word)
        self._terms = Misheard(every, self._known)
        self._near = NearTerms(every, self._known)

    @classmethod
    def from_terms(cls, terms: Sequence[str], texts: Iterable[str], cache: Path) -> Lexicon:
        """`texts` tell how often words are used; `cache` is a folder that keeps what takes long to build."""
        every = [*terms, *general_terms()]
        return cls(_lattice(every, list(texts), cache), every)

    @classmethod
    def from_library(cls, library: Library, cache: Path) -> Lexicon:
        """Terms are names, aliases, materials and regions; texts are the wordings of the questions."""
        terms = [*_terms_of(library), *general_terms()]
        texts = [text for passage in library.passages for text in (passage.title, *passage.questions)]
        return cls(_lattice(terms, texts, cache), terms, library.words.knows)

    def mend(self, raw: str) -> Mended:
        """The text as it was meant, and each stretch that was changed: what was heard, what it was taken for."""
        if _KANA.search(raw):
            return Mended(raw)
        said = _LONE_DIGIT.sub(lambda digit: _SPOKEN[int(digit[0])], raw)
        words = self._lattice.decode(said)
        text = "".join(word.meant for word in words)
        bounds = frozenset(accumulate((len(word.meant) for word in words), initial=0))
        for find in (self._same_sound, self._near.changes):
            for change in tuple(find(text, bounds)):
                text = text[: change.start] + change.term + text[change.end :]
                bounds -= frozenset(range(change.start + 1, change.end))
        text = "".join(old if spoken == new else new for old, spoken, new in zip(raw, said, text, strict=True))
        return Mended(text, tuple(_corrections(raw, text, sorted(bounds))))

    def _same_sound(self, text: str, bounds: frozenset[int]) -> Iterator[Change]:
        """Terms that sound the same to an accent; not where they would cut a word in two, nor for Latin letters."""
        end = 0
        for heard, term in self._terms.mend(text).corrections:
            start = text.index(heard, end)
            end = start + len(heard)
            if len(heard) == len(term) and {start, end} <= bounds:
                yield Change(start, term)


def general_terms() -> tuple[str, ...]:
    """Words of any service hall."""
    data = yaml.load((files("speech") / "lexicon_terms.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    return tuple(term for group in data.values() for term in group.split())


def _lattice(terms: Sequence[str], texts: Sequence[str], cache: Path) -> Lattice:
    """Its counts are kept in `cache` under a name that changes with the texts; those of older texts are removed."""
    words = load_words(cache)
    told = sha256("\n".join((str(FORMAT), version("jieba"), *terms, "", *texts)).encode()).hexdigest()
    path = cache / f"word-counts-{told[:24]}.json"
    try:
        counts = Counter[str](json.loads(path.read_text("utf-8")))
    except (OSError, ValueError):  # not there, or not whole
        counts = mine(texts, words, terms)
        write_whole(path, lambda file: file.write(json.dumps(counts, ensure_ascii=False).encode()))
        for older in cache.glob("word-counts-*.json"):
            if older != path:
                older.unlink(missing_ok=True)
    return Lattice(words, counts)


def _terms_of(library: Library) -> list[str]:
    names = [name for item in library.items.values() for name in (item.name, *item.aliases)]
    materials = [name for material in library.hall.materials for name in (material.name, *material.aliases)]
    places = [name for region in library.hall.regions for name in (region.name, *region.aliases)]
    return [*names, *materials, *places]


def _corrections(raw: str, text: str, bounds: Sequence[int]) -> Iterator[tuple[str, str]]:
    """Neighbouring words that were changed are one correction."""
    words = [(raw[start:end], text[start:end]) for start, end in pairwise(bounds)]
    for changed, group in groupby(words, key=lambda pair: pair[0] != pair[1]):
        if changed:
            heard, meant = zip(*group, strict=True)
            yield "".join(heard), "".join(meant)
