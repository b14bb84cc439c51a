"""Names of items in one language, found by pieces of words, so that inflected and compound words still meet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np

from knowledge.foreign_words import foreign_core
from knowledge.item import ServiceItem

PIECE = 4
"""Letters of a piece of a Latin word; a space stands before its first letter and after its last."""
_RUNS = re.compile(r"[\u3400-\u9fff々]+|[\u30a1-\u30fcー]+|[a-z0-9À-ɏ]+")
_SPELLINGS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def pieces(text: str) -> frozenset[str]:
    """What `text` is compared by. Hiragana carries grammar and is left out."""
    found: set[str] = set()
    for run in _RUNS.findall(text.lower().translate(_SPELLINGS)):
        if run[0] >= "\u3000":
            found.update(a + b for a, b in pairwise(run)) if len(run) > 1 else found.add(run)
            continue
        word = f" {run} "
        found.update(word[i : i + PIECE] for i in range(max(1, len(word) - PIECE + 1)))
    return frozenset(found)


class ForeignNames:
    """The names of all items in one language."""

    def __init__(self, items: Iterable[ServiceItem], language: str) -> None:
        self.language = language
        self.items: list[str] = []
        names: list[tuple[int, frozenset[str]]] = []
        for item in items:
            for name in foreign_names(item, language):
                if not self.items or self.items[-1] != item.id:
                    self.items.append(item.id)
                names.append((len(self.items) - 1, pieces(foreign_core(name, language) or name)))
        self._owners = np.array([owner for owner, _ in names], np.int64)
        self._index(names)

    def _index(self, names: Sequence[tuple[int, frozenset[str]]]) -> None:
        """Which names and which items hold a piece, and how telling it is among the items."""
        by_name: dict[str, list[int]] = {}
        by_item: dict[str, set[int]] = {}
        for row, (owner, own) in enumerate(names):
            for piece in own:
                by_name.setdefault(piece, []).append(row)
                by_item.setdefault(piece, set()).add(owner)
        size = len(self.items)
        self._unknown = float(np.log(1 + (size + 0.5) / 0.5))
        self._weight = {p: float(np.log(1 + (size - len(o) + 0.5) / (len(o) + 0.5))) for p, o in by_item.items()}
        self._names_of = {piece: np.array(rows, np.int64) for piece, rows in by_name.items()}
        self._items_of = {piece: np.array(sorted(rows), np.int64) for piece, rows in by_item.items()}
        self._whole = np.array([sum(self._weight[piece] for piece in own) or 1.0 for _, own in names], np.float32)

    def scores(self, question: str) -> dict[str, float]:
        """How far each item is named, 0 to 1: the share of the question that its names hold, and of a name in it."""
        asked = pieces(foreign_core(question, self.language))
        total = sum(self._weight.get(piece, self._unknown) for piece in asked)
        if not total or not self.items:
            return {}
        item_held = np.zeros(len(self.items), np.float32)
        name_held = np.zeros(len(self._owners), np.float32)
        for piece in asked & self._weight.keys():
            item_held[self._items_of[piece]] += self._weight[piece]
            name_held[self._names_of[piece]] += self._weight[piece]
        fullest = np.zeros(len(self.items), np.float32)
        np.maximum.at(fullest, self._owners, 0.5 * name_held / total + 0.5 * name_held / self._whole)
        score = 0.5 * item_held / total + 0.5 * fullest
        return {item: float(found) for item, found in zip(self.items, score, strict=True) if found > 0}

    def holds(self, item: str, text: str) -> bool:
        """Whether all that `text` names is in the names of `item`; so is nothing at all."""
        own = self.items.index(item) if item in self.items else -1
        return all(own in self._items_of.get(piece, ()) for piece in pieces(foreign_core(text, self.language)))


def foreign_names(item: ServiceItem, language: str) -> tuple[str, ...]:
    """The translated name of an item and what else it is called in a language."""
    translated = tuple(name for code, name in item.translations.items() if code == language)
    aliases = next((names for code, names in item.foreign_aliases.items() if code == language), ())
    return (*translated, *aliases)
