"""All that is sealed, as a whole: brought under a new key, tried whether it opens, compared with what cases name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from preapproval.case_tables import case_files, metadata, notices, readings
from preapproval.file_vault import HEAD, FileMissing, FileVault, file_context
from preapproval.ledger import Ledger
from preapproval.sign_off_guards import Actor
from preapproval.vault import key_of
from preapproval.vault_keys import VaultError

AT_ONCE = 100
"""Blobs that are brought under the new key in one entry of the ledger, for which others wait."""
NAMED_BY = {"review_file.name": ("case_id", "sha256")}
"""Columns whose context names other columns than the primary key: the same file has one name in all rounds."""


@dataclass(frozen=True)
class Place:
    """Where one blob stands in a table."""

    column: sa.Column[Any]
    key: tuple[Any, ...]
    context: str

    @property
    def here(self) -> sa.ColumnElement[bool]:
        return sa.and_(
            *(one == value for one, value in zip(self.column.table.primary_key, self.key, strict=True))
        )  # fmt: skip


@dataclass(frozen=True)
class Broken:
    """What does not open, and why."""

    where: str
    why: str


@dataclass(frozen=True)
class SealsReport:
    opened: int
    broken: tuple[Broken, ...]
    orphans: tuple[tuple[str, str], ...]
    """Files that no case names."""
    by_key: dict[str, int]
    """Key id -> how much it seals."""


class CaseSeals:
    def __init__(self, ledger: Ledger, files: FileVault) -> None:
        self.ledger, self.files, self.vault = ledger, files, files.vault

    def rewrap(self, actor: Actor) -> int:
        """Bring everything under the newest key; returns how much was not there yet. May be stopped, and run again.

        Raises VaultDamaged, KeyMissing, StorageFull.
        """
        newest = self.vault.key_ids()[-1]
        with self.ledger.reading() as connection:
            old = [place for place, head in _places(connection) if key_of(head) != newest]
        done = 0
        for some in (old[at : at + AT_ONCE] for at in range(0, len(old), AT_ONCE)):
            with self.ledger.entry(actor, "vault.rewrap", key=newest, blobs=len(some)) as write:
                done += sum(self._rewrap_one(write.connection, place) for place in some)
        files = sum(self._rewrap_file(*one) for one in self.files.files())
        self.ledger.record(actor, "vault.rewrap_files", key=newest, files=files)
        return done + files

    def check(self) -> SealsReport:
        """Open everything once, and keep nothing of it."""
        broken: list[Broken] = []
        by_key: Counter[str] = Counter()
        for where, context, blob in self._blobs():
            try:
                self.vault.open(blob, context)
                by_key[key_of(blob)] += 1
            except VaultError as problem:
                broken.append(Broken(where, str(problem)))
        return SealsReport(by_key.total(), tuple(broken), self.files.orphans(self.named_files()), dict(by_key))

    def named_files(self) -> frozenset[tuple[str, str]]:
        """Case and name of every file that a case knows: as handed in, as a picture of a page, as a notice."""
        with self.ledger.reading() as connection:
            handed_in = connection.execute(sa.select(case_files.c.case_id, case_files.c.ref)).all()
            made = [
                (row.case_id, ref)
                for table, column in ((readings, readings.c.pictures), (notices, notices.c.refs))
                for row in connection.execute(sa.select(table.c.case_id, column.label("refs")))
                for ref in row.refs.values()
            ]
        return frozenset((*((row.case_id, row.ref) for row in handed_in), *made))

    def _rewrap_one(self, connection: sa.Connection, place: Place) -> bool:
        blob = connection.execute(sa.select(place.column).where(place.here)).scalar()
        moved = self.vault.rewrap(blob, place.context) if blob else None
        if moved is None:
            return False
        connection.execute(sa.update(place.column.table).where(place.here).values({place.column.name: moved}))
        return True

    def _rewrap_file(self, case_id: str, ref: str) -> bool:
        try:
            return self.files.rewrap(case_id, ref)
        except FileMissing:  # deleted meanwhile
            return False

    def _blobs(self) -> Iterator[tuple[str, str, bytes]]:
        """Where it is, its context, and the blob."""
        with self.ledger.reading() as connection:
            for place, _ in _places(connection):
                blob = connection.execute(sa.select(place.column).where(place.here)).scalar_one()
                yield place.context, place.context, blob
        for case_id, ref in self.files.files():
            with suppress(FileMissing):
                yield f"{case_id}/{ref}", file_context(case_id, ref), self.files.sealed(case_id, ref)


def _places(connection: sa.Connection) -> list[tuple[Place, bytes]]:
    """Every blob of every table with its first bytes, in which the id of its key stands."""
    found: list[tuple[Place, bytes]] = []
    for table in metadata.sorted_tables:
        keys = list(table.primary_key)
        for column in (one for one in table.columns if isinstance(one.type, sa.LargeBinary)):
            head = sa.func.substr(column, 1, HEAD).label("head")
            named = [table.c[name] for name in NAMED_BY.get(f"{table}.{column.name}", [one.name for one in keys])]
            query = sa.select(*keys, *(one.label(f"name_{at}") for at, one in enumerate(named)), head)
            for row in connection.execute(query.where(column.is_not(None))):
                key, names = tuple(row[: len(keys)]), row[len(keys) : -1]
                found.append((Place(column, key, f"{table}.{column.name}:{':'.join(map(str, names))}"), row.head))
    return found
