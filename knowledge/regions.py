"""District > town > village: which entries hold where, and which places lie elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from knowledge.catalogue import Region


@dataclass(frozen=True)
class RegionWord:
    """A region named in a question: the code of a known one, or None with the name of a place elsewhere."""

    code: str | None
    word: str


class Regions:
    def __init__(self, regions: Iterable[Region], elsewhere: Iterable[str] = ()) -> None:
        self._by_code = {region.code: region for region in regions}
        words = {word: region.code for region in self._by_code.values() for word in (region.name, *region.aliases)}
        self._words: dict[str, str | None] = {**dict.fromkeys(elsewhere), **words}
        self._longest_first = sorted(self._words, key=len, reverse=True)

    def chain(self, code: str | None) -> tuple[str, ...]:
        """The region and everything above it, nearest first; () for None or an unknown code."""
        found: list[str] = []
        while code in self._by_code and code not in found:
            found.append(code)
            code = self._by_code[code].parent
        return tuple(found)

    def name(self, code: str) -> str:
        """The region's name, or the code itself where no region has it."""
        return self._by_code[code].name if code in self._by_code else code

    def mentioned(self, text: str) -> tuple[RegionWord, ...]:
        """Regions named in `text`, longest names first, each stretch of text used once."""
        found: list[RegionWord] = []
        for word in self._longest_first:
            if word in text:
                found.append(RegionWord(self._words[word], word))
                text = text.replace(word, "\x1f")
        return tuple(found)
