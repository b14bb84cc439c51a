"""Everything that retrieval reads, built once for one version of the handbook and never changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from knowledge.catalogue import OtherService
from knowledge.facet_words import facet_words
from knowledge.foreign_names import ForeignNames
from knowledge.foreign_words import foreign_words
from knowledge.handbook import Hall
from knowledge.index import Index
from knowledge.item import Facet, ServiceItem
from knowledge.keys import embedding_keys, key_id
from knowledge.keywords import Keywords, document_text, sound_tokens, word_tokens
from knowledge.misheard import Misheard
from knowledge.passage import Passage
from knowledge.pinyin import PinyinReader
from knowledge.store import HandbookStore

MATRIX_LIMIT = 150_000
"""Keys up to which vectors are held in memory (384 floats: 1.5 kB each); above, the vector store is asked."""

EVIDENCE = 3
"""Passages of an item that together tell how likely it is meant."""


@dataclass(frozen=True)
class Library:
    version: int
    hall: Hall
    items: dict[str, ServiceItem]
    passages: tuple[Passage, ...]
    keys: tuple[str, ...]
    """Key ids, grouped by passage."""
    owners: np.ndarray
    """Position of the passage that each key belongs to, ascending, shape (keys,)."""
    matrix: np.ndarray | None
    """Key vectors, shape (keys, dimensions), float32; None above MATRIX_LIMIT."""
    words: Keywords
    sound: Keywords
    other_services: dict[str, OtherService]
    misheard: Misheard
    names: tuple[str, ...]
    """Names and aliases of items and other services, in lower case."""
    name_owners: tuple[str, ...]
    """The subject of each name: an item id, or the passage id of another service."""
    subject_rows: dict[str, np.ndarray]
    """Positions of the passages of each subject."""
    foreign: dict[str, ForeignNames]
    """The names of the items in each language that is not Chinese."""
    facet_rows: dict[tuple[str, Facet], int]
    """Position of the passage of each item and facet, frequent questions aside."""
    dated: np.ndarray
    """Positions of the passages that have an effective date."""
    regional: np.ndarray
    """Positions of the passages that hold in one region only."""

    def facet_passage(self, item: str, facet: Facet) -> Passage | None:
        """What the handbook says on one facet of an item; None where its field is empty."""
        row = self.facet_rows.get((item, facet))
        return None if row is None else self.passages[row]

    def not_in_force(self, at: date) -> np.ndarray:
        """Positions of the passages that do not hold on day `at`."""
        begins, ends = self._days
        return self.dated[(at.toordinal() < begins) | (at.toordinal() > ends)]

    def not_of(self, regions: Collection[str]) -> np.ndarray:
        """Positions of the passages that hold in one region only, and none of these."""
        elsewhere = [rows for region, rows in self._rows_of_region.items() if region not in regions]
        return np.concatenate([np.empty(0, np.int64), *elsewhere])

    def overridden(self, regions: Sequence[str], at: date) -> set[str]:
        """Items behind one of the same name for a nearer region; `regions` are the visitor's, nearest first."""
        behind: set[str] = set()
        for items in self._by_shared_name:
            valid = [item for item in items if (item.effective_from or at) <= at <= (item.effective_to or at)]
            ranks = {item.id: regions.index(item.region) for item in valid if item.region in regions}
            nearest = min(ranks.values(), default=None)
            behind |= {item.id for item in items if nearest is not None and ranks.get(item.id) != nearest}
        return behind

    def rows_of(self, entries: Collection[str]) -> np.ndarray:
        """Positions of the passages of entries: item ids, other services, or files of documents."""
        found = (self._rows_of_entry[entry] for entry in entries if entry in self._rows_of_entry)
        return np.concatenate([np.empty(0, np.int64), *found])

    def best_of_keys(self, scores: np.ndarray) -> np.ndarray:
        """The score of each passage's best key, 0 for one without keys; `scores` in the order of the keys."""
        best = np.zeros(len(self.passages), np.float32)
        if len(self.owners):
            starts = self._first_keys
            best[self.owners[starts]] = np.maximum.reduceat(scores, starts)
        return best

    def best_of_subjects(self, scores: np.ndarray) -> np.ndarray:
        """For each passage the mean of the best three `scores` of its item, its own where it belongs to none.

        `scores` from 0 to 1.
        """
        order = np.argsort(self._subjects - scores / 2)
        ranks = np.empty(len(order), np.int64)
        ranks[order] = np.arange(len(order)) - self._first_of_subject
        best = ranks < EVIDENCE
        totals = np.bincount(self._subjects[best], scores[best])
        return (totals / np.bincount(self._subjects[best]))[self._subjects].astype(np.float32)

    def any_of_subject(self, which: np.ndarray) -> np.ndarray:
        """Passages whose item has a passage among `which`, both as truth values, shape (passages,)."""
        return np.isin(self._subjects, self._subjects[which])

    def words_of_subjects(self, text: str) -> np.ndarray:
        """For each passage how many words of `text` its item has in all of its passages, shape (passages,), 0 to 1."""
        return np.clip(self._words_together.scores(text), 0, 1)[self._subjects]

    def names_within(self, text: str) -> list[int]:
        """Positions of the names that stand in `text` (lower case)."""
        known = self._name_positions
        pieces = {text[start : start + size] for size in self._name_sizes for start in range(len(text) - size + 1)}
        return sorted(position for piece in pieces & known.keys() for position in known[piece])

    @cached_property
    def pinyin(self) -> PinyinReader:
        """Reads pinyin with the names and wordings of the handbook, and what is asked of every item."""
        wordings = (text for passage in self.passages for text in (passage.title, *passage.questions))
        asked = (words.ask for words in facet_words().values())
        return PinyinReader([*wordings, *asked, *_terms(self.items, self.hall)])

    @cached_property
    def other_service_rows(self) -> np.ndarray:
        """Positions of the passages about services that the handbook does not hold."""
        return np.array([row for row, passage in enumerate(self.passages) if passage.is_other_service], np.int64)

    @cached_property
    def key_positions(self) -> dict[str, list[int]]:
        """Where each key stands among `keys`."""
        return _positions(self.keys)

    @cached_property
    def _subjects(self) -> np.ndarray:
        """A number for each passage, the same for all passages of an item."""
        numbers: dict[str, int] = {}
        subjects = (_subject(passage) or passage.id for passage in self.passages)
        return np.array([numbers.setdefault(subject, len(numbers)) for subject in subjects], np.int64)

    @cached_property
    def _words_together(self) -> Keywords:
        return self.words.together(self._subjects)

    @cached_property
    def _first_of_subject(self) -> np.ndarray:
        """Where the passages of each one's item begin when all are ordered by it, shape (passages,), ascending."""
        ordered = np.sort(self._subjects)
        return np.searchsorted(ordered, ordered)

    @cached_property
    def _by_shared_name(self) -> tuple[tuple[ServiceItem, ...], ...]:
        by_name: dict[str, list[ServiceItem]] = {}
        for item in self.items.values():
            by_name.setdefault(item.name, []).append(item)
        return tuple(tuple(items) for items in by_name.values() if len(items) > 1)

    @cached_property
    def _days(self) -> tuple[np.ndarray, np.ndarray]:
        dated = [self.passages[row] for row in self.dated]
        begins = [(passage.effective_from or date.min).toordinal() for passage in dated]
        ends = [(passage.effective_to or date.max).toordinal() for passage in dated]
        return np.array(begins, np.int64), np.array(ends, np.int64)

    @cached_property
    def _rows_of_region(self) -> dict[str, np.ndarray]:
        found = _positions([self.passages[row].region or "" for row in self.regional])
        return {region: self.regional[rows] for region, rows in found.items()}

    @cached_property
    def _rows_of_entry(self) -> dict[str, np.ndarray]:
        found = _positions([passage.entry for passage in self.passages])
        return {entry: np.array(rows, np.int64) for entry, rows in found.items()}

    @cached_property
    def _first_keys(self) -> np.ndarray:
        return np.flatnonzero(np.diff(self.owners, prepend=-1))

    @cached_property
    def _name_positions(self) -> dict[str, list[int]]:
        return _positions(self.names)

    @cached_property
    def _name_sizes(self) -> tuple[int, ...]:
        return tuple(sorted({len(name) for name in self._name_positions if name}))


def load_library(store: HandbookStore, index: Index, fingerprint: str) -> Library:
    """Read the live handbook. Vectors come from SQL, which hands them out ten times faster than the index."""
    while True:
        version, hall, items, passages = store.version(), store.hall(), store.items(), tuple(store.passages())
        if store.version() == version:  # nobody changed it while it was read
            break
    keys = [(key_id(key), row) for row, passage in enumerate(passages) for key in embedding_keys(passage)]
    ids = tuple(key for key, _ in keys)
    texts = [document_text(passage.title, passage.questions, passage.text) for passage in passages]
    names = _names(passages, items)
    words = Keywords(texts, word_tokens)
    return Library(
        version=version,
        hall=hall,
        items=items,
        passages=passages,
        keys=ids,
        owners=np.array([row for _, row in keys], np.int64),
        matrix=_matrix(store, index, fingerprint, ids) if len(ids) <= MATRIX_LIMIT else None,
        words=words,
        sound=Keywords(texts, sound_tokens),
        other_services={service.name: service for service in hall.other_services},
        misheard=Misheard(_terms(items, hall), words.knows),
        names=tuple(name for name, _ in names),
        name_owners=tuple(subject for _, subject in names),
        subject_rows=_subject_rows(passages),
        foreign={language: ForeignNames(items.values(), language) for language in foreign_words()},
        facet_rows={(p.item, p.facet): i for i, p in enumerate(passages) if p.item and p.facet and not p.is_faq},
        dated=np.array([i for i, p in enumerate(passages) if p.effective_from or p.effective_to], np.int64),
        regional=np.array([i for i, p in enumerate(passages) if p.region], np.int64),
    )


def _matrix(store: HandbookStore, index: Index, fingerprint: str, ids: tuple[str, ...]) -> np.ndarray | None:
    """Vectors in the order of `ids`; zeros for a key without one there or in the index, None where no key has one."""
    vectors = store.load_vectors(fingerprint, ids)
    if missing := sorted(set(ids) - vectors.keys()):
        found = index.get(missing)
        vectors |= dict(zip(found.ids, found.matrix, strict=True))
    if not vectors:
        return None
    matrix = np.zeros((len(ids), len(next(iter(vectors.values())))), np.float32)
    for position, key in enumerate(ids):
        if key in vectors:
            matrix[position] = vectors[key]
    return matrix


def _terms(items: dict[str, ServiceItem], hall: Hall) -> list[str]:
    """Words that visitors are likely to mean: names of items, materials and regions."""
    names = [name for item in items.values() for name in (item.name, *item.aliases)]
    materials = [name for material in hall.materials for name in (material.name, *material.aliases)]
    places = [name for region in hall.regions for name in (region.name, *region.aliases)]
    return [*names, *materials, *places]


def _positions(values: Iterable[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for position, value in enumerate(values):
        found.setdefault(value, []).append(position)
    return found


def _subject(passage: Passage) -> str | None:
    return passage.item or (passage.id if passage.is_other_service else None)


def _names(passages: tuple[Passage, ...], items: dict[str, ServiceItem]) -> list[tuple[str, str]]:
    """Name in lower case and its subject; two items may share a name, an item comes before another service."""
    subjects = {passage.item for passage in passages}
    named = [(name, item.id) for item in items.values() if item.id in subjects for name in names_of(item)]
    services = [passage for passage in passages if passage.is_other_service]
    taken = {name for name, _ in named}
    others = ((name.lower(), passage.id) for passage in services for name in passage.questions)
    return list(dict.fromkeys([*named, *((name, subject) for name, subject in others if name not in taken)]))


def names_of(item: ServiceItem) -> tuple[str, ...]:
    """Every name of an item in lower case, in Chinese and in other languages."""
    return tuple(name.lower() for name in (item.name, *item.aliases, *item.translations.values()))


def _subject_rows(passages: tuple[Passage, ...]) -> dict[str, np.ndarray]:
    rows: dict[str, list[int]] = {}
    for row, passage in enumerate(passages):
        if subject := _subject(passage):
            rows.setdefault(subject, []).append(row)
    return {subject: np.array(found, np.int64) for subject, found in rows.items()}
