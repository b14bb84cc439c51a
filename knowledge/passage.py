"""Passages of the handbook, hits on them, and citations that cannot be false."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from knowledge.item import Facet

OTHER_SERVICE = "other_service"
"""The field of a passage that names a service which the handbook does not hold."""


@dataclass(frozen=True)
class Passage:
    """One retrievable piece of the handbook: a facet or FAQ of an item, or a section of a document."""

    title: str
    """The item's name, or the title path of a document section joined by " > "."""
    text: str
    """What a citation may quote."""
    source: str
    """The file it came from, relative to what was ingested."""
    item: str | None = None
    facet: Facet | None = None
    field: str | None = None
    """The field of the item that it shows, e.g. fee or faq[2]."""
    questions: tuple[str, ...] = ()
    """Wordings that this passage answers: the questions of an FAQ, the aliases of an overview."""
    region: str | None = None
    effective_from: date | None = None
    effective_to: date | None = None
    url: str | None = None

    @property
    def id(self) -> str:
        """Content hash: equal content has an equal id, changed content a new one."""
        parts = (
            self.title, self.text, self.source, self.item, self.facet, self.field, *self.questions,
            self.region, self.effective_from, self.effective_to,
        )  # fmt: skip
        return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:24]

    @property
    def is_other_service(self) -> bool:
        """Whether it only names a service that the handbook does not hold."""
        return self.field == OTHER_SERVICE

    @property
    def entry(self) -> str:
        """The item, other service or file that it belongs to, by which it is removed."""
        return self.item or (f"{self.source}#{self.title}" if self.is_other_service else self.source)

    @property
    def is_faq(self) -> bool:
        """Whether it is a frequent question of an item."""
        return bool(self.field and self.field.startswith("faq"))

    def in_force(self, at: date) -> bool:
        """Whether the passage holds on day `at` (both ends included)."""
        return (self.effective_from or at) <= at <= (self.effective_to or at)


@dataclass(frozen=True)
class Scores:
    """Parts of a hit's score, each from 0 to 1 after normalisation."""

    meaning: float
    words: float
    sound: float
    name: float
    item: float = 0.0
    """What the best passages of the item reach together, by the parts above."""
    lacking: float = 0.0
    """How much fewer words of the question the item has, all its passages together, than the one with most."""


@dataclass(frozen=True)
class Hit:
    passage: Passage
    score: float
    """Fused score, 0 to 1, comparable between questions."""
    parts: Scores


class FalseQuote(ValueError):
    """A quote that does not stand in its passage."""


@dataclass(frozen=True)
class Citation:
    """Words that stand in a passage. Build with `Citation.of`."""

    passage: Passage
    quote: str

    def __post_init__(self) -> None:
        if not self.quote or self.quote not in self.passage.text:
            raise FalseQuote(f"not in passage {self.passage.id}: {self.quote!r}")

    @classmethod
    def of(cls, passage: Passage, quote: str) -> Citation:
        """Raises FalseQuote if `quote` is not verbatim in `passage`."""
        return cls(passage, quote)
