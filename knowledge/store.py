"""What has been ingested, in SQL: entries, their passages, vectors by content hash, and the version that is live."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date

import numpy as np
import sqlalchemy as sa

from knowledge.handbook import Hall
from knowledge.item import ServiceItem
from knowledge.passage import Passage

metadata = sa.MetaData()

entries = sa.Table(
    "handbook_entry",
    metadata,
    sa.Column("origin", sa.String(1024), primary_key=True),
    sa.Column("entry", sa.String(512), primary_key=True),
    sa.Column("source", sa.String(1024), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
    sa.Column("item", sa.Text),
)
passages = sa.Table(
    "handbook_passage",
    metadata,
    sa.Column("origin", sa.String(1024), primary_key=True),
    sa.Column("entry", sa.String(512), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("passage_id", sa.String(24), nullable=False, index=True),
    sa.Column("passage", sa.Text, nullable=False),
)
vectors = sa.Table(
    "handbook_vector",
    metadata,
    sa.Column("fingerprint", sa.String(64), primary_key=True),
    sa.Column("key", sa.String(32), primary_key=True),
    sa.Column("vector", sa.LargeBinary, nullable=False),
)
versions = sa.Table(
    "handbook_version",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("hall", sa.Text, nullable=False),
)

EntryKey = tuple[str, str]
"""(origin, entry): the folder or file that was ingested, and the item id or file within it."""


@dataclass(frozen=True)
class Entry:
    """One item, or one document, with its passages; the unit of a re-ingest."""

    origin: str
    entry: str
    source: str
    """The file within the origin."""
    hash: str
    passages: tuple[Passage, ...]
    item: ServiceItem | None = None

    @property
    def key(self) -> EntryKey:
        return self.origin, self.entry


class HandbookStore:
    """Reads and writes the tables. A change of entries and the new version number are one transaction."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine

    def version(self) -> int:
        """The number of the last change; 0 where nothing was ever ingested."""
        with self.engine.connect() as connection:
            return connection.execute(sa.select(versions.c.number)).scalar() or 0

    def hall(self) -> Hall:
        with self.engine.connect() as connection:
            words = connection.execute(sa.select(versions.c.hall)).scalar()
        return Hall.model_validate_json(words) if words else Hall()

    def hashes(self) -> dict[EntryKey, str]:
        with self.engine.connect() as connection:
            rows = connection.execute(sa.select(entries.c.origin, entries.c.entry, entries.c.hash))
            return {(row.origin, row.entry): row.hash for row in rows}

    def sources(self, origin: str) -> dict[EntryKey, str]:
        """The file that each entry of an origin came from."""
        mine = sa.select(entries.c.entry, entries.c.source).where(entries.c.origin == origin)
        with self.engine.connect() as connection:
            return {(origin, row.entry): row.source for row in connection.execute(mine)}

    def items(self) -> dict[str, ServiceItem]:
        with self.engine.connect() as connection:
            rows = connection.execute(sa.select(entries.c.item).where(entries.c.item.is_not(None)))
            loaded = [ServiceItem.model_validate_json(row.item) for row in rows]
        return {item.id: item for item in loaded}

    def passages(self) -> list[Passage]:
        with self.engine.connect() as connection:
            query = sa.select(passages.c.passage).order_by(passages.c.origin, passages.c.entry, passages.c.position)
            return [passage_from_json(row.passage) for row in connection.execute(query)]

    def passage_ids(self) -> frozenset[str]:
        with self.engine.connect() as connection:
            return frozenset(connection.execute(sa.select(passages.c.passage_id)).scalars())

    def apply(self, changed: Sequence[Entry], removed: Iterable[EntryKey], hall: Hall | None) -> int:
        """Replace and remove entries and raise the version, all or nothing. Returns the new number."""
        with self.engine.begin() as connection:
            for key in [*removed, *(entry.key for entry in changed)]:
                _forget(connection, key)
            for entry in changed:
                _write(connection, entry)
            return _raise_version(connection, hall)

    def known_vectors(self, fingerprint: str) -> set[str]:
        with self.engine.connect() as connection:
            mine = sa.select(vectors.c.key).where(vectors.c.fingerprint == fingerprint)
            return set(connection.execute(mine).scalars())

    def save_vectors(self, fingerprint: str, keys: Sequence[str], matrix: np.ndarray) -> None:
        """Keep vectors, shape (len(keys), dimensions); an interrupted ingest finds them again."""
        if not keys:
            return
        rows = [
            {"fingerprint": fingerprint, "key": key, "vector": row.tobytes()}
            for key, row in zip(keys, matrix.astype("<f4"), strict=True)
        ]
        with self.engine.begin() as connection:
            connection.execute(sa.insert(vectors), rows)

    def load_vectors(self, fingerprint: str, keys: Iterable[str]) -> dict[str, np.ndarray]:
        wanted = set(keys)
        with self.engine.connect() as connection:
            mine = vectors.c.fingerprint == fingerprint
            rows = connection.execute(sa.select(vectors.c.key, vectors.c.vector).where(mine))
            return {row.key: np.frombuffer(row.vector, "<f4") for row in rows if row.key in wanted}

    def drop_vectors(self, fingerprint: str, keys: Iterable[str]) -> None:
        with self.engine.begin() as connection:
            for key in keys:
                mine = (vectors.c.fingerprint == fingerprint) & (vectors.c.key == key)
                connection.execute(sa.delete(vectors).where(mine))


def _forget(connection: sa.Connection, key: EntryKey) -> None:
    origin, entry = key
    for table in (passages, entries):
        connection.execute(sa.delete(table).where((table.c.origin == origin) & (table.c.entry == entry)))


def _write(connection: sa.Connection, entry: Entry) -> None:
    item = entry.item.model_dump_json(exclude_defaults=True) if entry.item else None
    row = {"origin": entry.origin, "entry": entry.entry, "source": entry.source, "hash": entry.hash, "item": item}
    connection.execute(sa.insert(entries), row)
    if not entry.passages:
        return
    rows = [
        {
            "origin": entry.origin, "entry": entry.entry, "position": position,
            "passage_id": passage.id, "passage": passage_to_json(passage),
        }
        for position, passage in enumerate(entry.passages)
    ]  # fmt: skip
    connection.execute(sa.insert(passages), rows)


def _raise_version(connection: sa.Connection, hall: Hall | None) -> int:
    row = connection.execute(sa.select(versions).with_for_update()).one_or_none()
    if row is None:
        words = (hall or Hall()).model_dump_json(exclude_defaults=True)
        connection.execute(sa.insert(versions), {"id": 1, "number": 1, "hall": words})
        return 1
    words = hall.model_dump_json(exclude_defaults=True) if hall is not None else row.hall
    connection.execute(sa.update(versions).values(number=row.number + 1, hall=words))
    return row.number + 1


def passage_to_json(passage: Passage) -> str:
    given = {name: value for name, value in asdict(passage).items() if value not in (None, ())}
    return json.dumps(given, ensure_ascii=False, default=str)


def passage_from_json(text: str) -> Passage:
    data = json.loads(text)
    passage = Passage(**{**data, "questions": tuple(data.get("questions", ()))})
    dates = {name: date.fromisoformat(data[name]) for name in ("effective_from", "effective_to") if name in data}
    return replace(passage, **dates) if dates else passage
