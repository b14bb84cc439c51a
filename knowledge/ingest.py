"""Read, split, diff against what is live, embed what is new, switch over. The old answers serve until then."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from knowledge.embedders import Embedder
from knowledge.handbook import CATALOGUES, Hall, Handbook, is_handbook, load_handbook
from knowledge.index import Index
from knowledge.item import ServiceItem
from knowledge.keys import keys_of
from knowledge.passage import Passage
from knowledge.split import split_item, split_other_service
from knowledge.store import Entry, EntryKey, HandbookStore, passage_to_json

if TYPE_CHECKING:
    from knowledge.readers import Reading

Progress = Callable[[int, int], None]
"""Called with (keys embedded, keys to embed)."""

BATCH = 256
"""Keys embedded between two saves; what an interrupted ingest may lose."""


@dataclass(frozen=True)
class IngestReport:
    """What an ingest did, counted in entries (items and documents)."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int
    embedded: int
    """Keys that had to be embedded."""
    unreadable: tuple[str, ...] = ()
    """One sentence per file that could not be read."""
    notes: tuple[str, ...] = ()
    version: int = 0


@dataclass(frozen=True)
class Gathered:
    """Everything found under one origin."""

    origin: str
    entries: tuple[Entry, ...]
    hall: Hall | None = None
    unreadable: dict[str, str] = field(default_factory=dict)
    """File -> one sentence on why it could not be read."""
    notes: tuple[str, ...] = ()
    hall_is_whole: bool = True
    """False where a file that tells of the hall could not be read, so that the hall stays as it was."""


def gather(path: Path, origin: str | None = None) -> Gathered:
    """Read a handbook folder, a folder of office files, or one file. Nothing is written."""
    origin = origin or path.resolve().as_posix()
    if path.is_dir() and is_handbook(path):
        return _gather_handbook(load_handbook(path), origin)
    from knowledge.readers import Unreadable, read_path  # office formats take half a second to import

    entries: list[Entry] = []
    unreadable: dict[str, str] = {}
    notes: list[str] = []
    for source, outcome in read_path(path):
        if isinstance(outcome, Unreadable):
            unreadable[source] = outcome.reason
            continue
        notes += [f"{source}: {note}" for note in outcome.notes]
        entries += _entries(origin, source, outcome)
    return Gathered(origin, tuple(_distinct(entries)), None, unreadable, tuple(notes))


class Ingester:
    """Brings gathered entries into the store and the vector index."""

    def __init__(self, store: HandbookStore, index: Index, embedder: Embedder) -> None:
        self.store, self.index, self.embedder = store, index, embedder
        self.fingerprint = embedder.fingerprint

    def ingest(self, gathered: Gathered, *, dry_run: bool = False, progress: Progress | None = None) -> IngestReport:
        """Make the live handbook equal to `gathered` within its origin. A second run changes nothing.

        What came earlier from a file that cannot be read now stays as it was.
        """
        live = {key: value for key, value in self.store.hashes().items() if key[0] == gathered.origin}
        changed = [entry for entry in gathered.entries if live.get(entry.key) != entry.hash]
        unread = {key for key, source in self.store.sources(gathered.origin).items() if source in gathered.unreadable}
        removed = sorted(live.keys() - {entry.key for entry in gathered.entries} - unread)
        hall = self._changed_hall(gathered)
        embedded = 0
        version = self.store.version()
        if not dry_run:
            fresh = [passage for entry in changed for passage in entry.passages]
            embedded = self._embed(fresh, progress)
            if changed or removed or hall:
                version = self.store.apply(changed, removed, {gathered.origin: hall} if hall else {})
                self.sweep()
                self._embed(fresh, None)  # another process may have swept them before they were live
        return IngestReport(
            added=tuple(entry.entry for entry in changed if entry.key not in live),
            changed=tuple(entry.entry for entry in changed if entry.key in live),
            removed=tuple(entry for _, entry in removed),
            unchanged=len(gathered.entries) - len(changed),
            embedded=embedded,
            unreadable=tuple(gathered.unreadable.values()),
            notes=gathered.notes,
            version=version,
        )

    def forget(self, origin: str) -> tuple[str, ...]:
        """Remove everything that came from `origin`; returns the entries."""
        removed: list[EntryKey] = [key for key in self.store.hashes() if key[0] == origin]
        if removed or origin in self.store.halls():
            self.store.apply([], removed, {origin: None})
            self.sweep()
        return tuple(entry for _, entry in removed)

    def behind(self) -> bool:
        """Whether a live passage has a key that the vector index lacks, as after a change of embedder."""
        return bool(keys_of(self.store.every_passage()).keys() - self.index.ids())

    def rebuild_index(self) -> int:
        """Refill the vector index from the vectors in SQL, embedding what is missing. Returns the number of keys."""
        passages = self.store.every_passage()
        self._embed(passages, None)
        return len(keys_of(passages))

    def sweep(self) -> None:
        """Drop the vectors that no live passage uses. Orphans do no harm, so an interruption here is mended later."""
        live = keys_of(self.store.every_passage()).keys()
        dead = self.store.known_vectors(self.fingerprint) - live
        if dead:
            self.index.remove(sorted(dead))
            self.store.drop_vectors(self.fingerprint, dead)

    def _changed_hall(self, gathered: Gathered) -> Hall | None:
        """What the origin now says of its hall, if that is not what it said."""
        known, hall = self.store.halls().get(gathered.origin), gathered.hall
        if known is None:
            return (hall or Hall()) if gathered.entries else None
        if hall is None or not gathered.hall_is_whole:
            return None
        return hall if hall.model_dump(exclude_defaults=True) != known.model_dump(exclude_defaults=True) else None

    def _embed(self, passages: Sequence[Passage], progress: Progress | None) -> int:
        keys = keys_of(passages)
        missing = sorted(keys.keys() - self.store.known_vectors(self.fingerprint), key=lambda key: len(keys[key]))
        self._restore(keys.keys() - set(missing))
        for start in range(0, len(missing), BATCH):
            batch = missing[start : start + BATCH]
            matrix = self.embedder.passage_vectors([keys[key] for key in batch])
            self.index.upsert(batch, matrix)
            self.store.save_vectors(self.fingerprint, batch, matrix)
            if progress:
                progress(start + len(batch), len(missing))
        return len(missing)

    def _restore(self, known: Iterable[str]) -> None:
        """Vectors that SQL has and the index lost."""
        absent = set(known) - self.index.ids()
        if absent:
            self._upsert(self.store.load_vectors(self.fingerprint, absent))

    def _upsert(self, vectors: dict[str, np.ndarray]) -> None:
        if vectors:
            self.index.upsert(list(vectors), np.stack(list(vectors.values())))


def _gather_handbook(handbook: Handbook, origin: str) -> Gathered:
    entries: list[Entry] = []
    unreadable = {problem.file: str(problem) for problem in handbook.problems}
    for item in handbook.items.values():
        path = handbook.sources[item.id].path.relative_to(handbook.root).as_posix()
        if lost := _lost_catalogue(item, handbook, unreadable):
            unreadable[path] = f"{path}: {item.id} needs {lost}, which has a mistake"
            continue
        entries.append(_item_entry(origin, path, handbook.resolved(item)))
    path = "other_services.yaml"
    for service in handbook.other_services.values():
        split = split_other_service(service, path)
        entries.append(Entry(origin, split[0].entry, path, _digest(split[0].id), split))
    whole = not unreadable.keys() & {f"{stem}.yaml" for stem in CATALOGUES}
    return Gathered(origin, tuple(entries), handbook.hall, unreadable, hall_is_whole=whole)


def _lost_catalogue(item: ServiceItem, handbook: Handbook, unreadable: Mapping[str, str]) -> str | None:
    """The catalogue that could not be read whole and that lacks an entry which `item` names."""
    named = {
        "materials.yaml": {line.material for line in item.materials} - handbook.materials.keys(),
        "places.yaml": {place.place for place in item.places} - handbook.places.keys(),
    }
    return next((file for file, lost in named.items() if file in unreadable and lost - {None}), None)


def _entries(origin: str, source: str, reading: Reading) -> list[Entry]:
    found = [_item_entry(origin, source, item) for item in reading.items]
    if reading.passages:
        content = "\n".join(passage_to_json(passage) for passage in reading.passages)
        found.append(Entry(origin, source, source, _digest(content), reading.passages))
    return found


def _item_entry(origin: str, source: str, item: ServiceItem) -> Entry:
    """The hash covers the passages too, so that a new way of splitting is a change."""
    split = split_item(item, source)
    content = "\n".join((item.model_dump_json(), *(passage.id for passage in split)))
    return Entry(origin, item.id, source, _digest(content), split, item)


def _digest(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def _distinct(entries: Iterable[Entry]) -> Iterable[Entry]:
    """Two files may describe items of the same name: the second keeps its words under a numbered id."""
    seen: dict[str, int] = {}
    for entry in entries:
        count = seen[entry.entry] = seen.get(entry.entry, 0) + 1
        if count == 1:
            yield entry
        elif entry.item is not None:
            item = entry.item.model_copy(update={"id": f"{entry.item.id}-{count}"})
            yield _item_entry(entry.origin, entry.source, item)
