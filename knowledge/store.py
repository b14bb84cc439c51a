"""What has been ingested, in SQL: entries, their passages, vectors by content hash, and the version that is live."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from knowledge.handbook import Hall, merge_halls
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
    sa.Column("hall", sa.Text, nullable=False),  # JSON: origin -> what it says of the hall
)

INSERTS: dict[str, Callable[[sa.Table], Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
"""INSERT with ON CONFLICT, which SQL has no common words for, by database."""
WRITER = 7_201_934
"""The advisory lock of PostgreSQL that one writer of the handbook holds at a time."""

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

    def halls(self) -> dict[str, Hall]:
        """What each origin says of the hall, in the order in which the origins came in."""
        with self.engine.connect() as connection:
            words = connection.execute(sa.select(versions.c.hall)).scalar()
        return {origin: Hall.model_validate(hall) for origin, hall in json.loads(words or "{}").items()}

    def hall(self) -> Hall:
        return merge_halls(self.halls().values())

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
        """By id; of an id that two origins have, the item of the later origin."""
        owners = self._owners()
        with self.engine.connect() as connection:
            rows = connection.execute(sa.select(entries).where(entries.c.item.is_not(None)).order_by(entries.c.entry))
            mine = [row for row in rows if owners[row.entry] == row.origin]
        return {row.entry: ServiceItem.model_validate_json(row.item) for row in mine}

    def passages(self) -> list[Passage]:
        """What may be answered: everything but items that a later origin has too."""
        owners = self._owners()
        return [passage for (origin, entry), passage in self._passages() if owners.get(entry, origin) == origin]

    def every_passage(self) -> list[Passage]:
        """Those that stand behind a later origin's too; they answer again when that one is forgotten."""
        return [passage for _, passage in self._passages()]

    def passage_ids(self) -> frozenset[str]:
        with self.engine.connect() as connection:
            return frozenset(connection.execute(sa.select(passages.c.passage_id)).scalars())

    def apply(
        self, changed: Sequence[Entry], removed: Iterable[EntryKey], halls: Mapping[str, Hall | None] | None = None
    ) -> int:
        """Replace and remove entries and raise the version, all or nothing. Returns the new number.

        `halls` says of origins what they now say of the hall; None forgets an origin.
        """
        with self.engine.begin() as connection:
            number = _raise_version(connection, halls or {})
            for key in [*removed, *(entry.key for entry in changed)]:
                _forget(connection, key)
            for entry in changed:
                _write(connection, entry)
            return number

    def _owners(self) -> dict[str, str]:
        """Item id -> the origin whose item answers."""
        order = {origin: place for place, origin in enumerate(self.halls())}
        owners: dict[str, str] = {}
        with self.engine.connect() as connection:
            rows = connection.execute(sa.select(entries.c.origin, entries.c.entry).where(entries.c.item.is_not(None)))
            for row in sorted(rows, key=lambda row: order.get(row.origin, -1)):
                owners[row.entry] = row.origin
        return owners

    def _passages(self) -> list[tuple[EntryKey, Passage]]:
        query = sa.select(passages).order_by(passages.c.origin, passages.c.entry, passages.c.position)
        with self.engine.connect() as connection:
            rows = connection.execute(query)
            return [((row.origin, row.entry), passage_from_json(row.passage)) for row in rows]

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
            insert = INSERTS[connection.dialect.name](vectors).on_conflict_do_nothing()
            connection.execute(insert, rows)  # another process may have embedded the same

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


def _raise_version(connection: sa.Connection, halls: Mapping[str, Hall | None]) -> int:
    """The first write of a change: from here on other writers wait."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(WRITER)))
    first = INSERTS[connection.dialect.name](versions).values(id=1, number=0, hall="{}")
    connection.execute(first.on_conflict_do_nothing())
    row = connection.execute(sa.select(versions)).one()
    known = json.loads(row.hall)
    for origin, hall in halls.items():
        if hall is None:
            known.pop(origin, None)
        else:
            known[origin] = hall.model_dump(mode="json", exclude_defaults=True)
    words = json.dumps(known, ensure_ascii=False)
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
