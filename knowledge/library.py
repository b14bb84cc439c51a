"""Everything that retrieval reads, built once for one version of the handbook and never changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from knowledge.foreign_names import ForeignNames
from knowledge.foreign_words import foreign_words
from knowledge.handbook import Hall
from knowledge.index import Index
from knowledge.item import Facet, OtherService, ServiceItem
from knowledge.keys import embedding_keys, key_id
from knowledge.keywords import Keywords, document_text, sound_tokens, word_tokens
from knowledge.passage import Passage
from knowledge.store import HandbookStore

MATRIX_LIMIT = 150_000
"""Keys up to which vectors are held in memory (384 floats: 1.5 kB each); above, the vector store is asked."""


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

    def not_in_force(self, at: date) -> list[int]:
        return [row for row in self.dated if not self.passages[row].in_force(at)]


def load_library(store: HandbookStore, index: Index) -> Library:
    """Read the live handbook. Vectors come from the index; a key that it lacks scores nothing until a rebuild."""
    version, hall, items = store.version(), store.hall(), store.items()
    passages = tuple(store.passages())
    keys = [(key_id(key), row) for row, passage in enumerate(passages) for key in embedding_keys(passage)]
    ids = tuple(key for key, _ in keys)
    texts = [document_text(passage.title, passage.questions, passage.text) for passage in passages]
    names = _names(passages)
    return Library(
        version=version,
        hall=hall,
        items=items,
        passages=passages,
        keys=ids,
        owners=np.array([row for _, row in keys], np.int64),
        matrix=_matrix(index, ids) if len(ids) <= MATRIX_LIMIT else None,
        words=Keywords(texts, word_tokens),
        sound=Keywords(texts, sound_tokens),
        other_services={service.name: service for service in hall.other_services},
        names=tuple(names),
        name_owners=tuple(names.values()),
        subject_rows=_subject_rows(passages),
        foreign={language: ForeignNames(items.values(), language) for language in foreign_words()},
        facet_rows={(p.item, p.facet): i for i, p in enumerate(passages) if p.item and p.facet and not p.is_faq},
        dated=np.array([i for i, p in enumerate(passages) if p.effective_from or p.effective_to], np.int64),
        regional=np.array([i for i, p in enumerate(passages) if p.region], np.int64),
    )


def _matrix(index: Index, ids: tuple[str, ...]) -> np.ndarray | None:
    """Vectors in the order of `ids`; zeros for a key that the index lacks, None where it has none of them."""
    found = index.get(list(dict.fromkeys(ids)))
    if not found.ids:
        return None
    rows = {key: row for row, key in enumerate(found.ids)}
    matrix = np.zeros((len(ids), found.matrix.shape[1]), np.float32)
    for position, key in enumerate(ids):
        if key in rows:
            matrix[position] = found.matrix[rows[key]]
    return matrix


def _subject(passage: Passage) -> str | None:
    return passage.item or (passage.id if passage.is_other_service else None)


def _names(passages: tuple[Passage, ...]) -> dict[str, str]:
    """Name in lower case -> subject; where two share a name, an item comes before another service."""
    named = [passage for passage in passages if passage.facet == "overview" or passage.is_other_service]
    named.sort(key=lambda passage: passage.item is not None)
    return {name.lower(): subject for passage in named if (subject := _subject(passage)) for name in passage.questions}


def _subject_rows(passages: tuple[Passage, ...]) -> dict[str, np.ndarray]:
    rows: dict[str, list[int]] = {}
    for row, passage in enumerate(passages):
        if subject := _subject(passage):
            rows.setdefault(subject, []).append(row)
    return {subject: np.array(found, np.int64) for subject, found in rows.items()}
