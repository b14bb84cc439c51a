"""The only way to write to cases: each write and its audit entry are one transaction, and entries are chained by hash.

`entry` hands out the one object that can write; what `reading` hands out the database keeps from writing.
Details hold ids, hashes and codes, never what is personal.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from preapproval.case_tables import audit
from preapproval.sign_off_guards import Actor

WRITER = 7_201_936
"""The advisory lock of PostgreSQL that one writer of the ledger holds at a time."""
BEGINNING = "0" * 64
"""Before the first entry."""
CODE = re.compile(r"[A-Za-z0-9_.:,/@+-]{0,260}")
HASH_OR_ID = re.compile(
    r"[0-9a-f]{64}|[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\d-[0-9a-f]{12}"
)
LONG_NUMBER = re.compile(r"\d{9,}")
"""Identity, phone and account numbers."""

Detail = str | int | bool | None | Sequence[str]


class PersonalDetail(ValueError):
    """A detail that is no id, hash or code."""


def now_utc() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Entry:
    """One line of the audit, without its hashes."""

    seq: int
    at: str
    """ISO, UTC, microseconds."""
    actor: str
    role: str
    action: str
    case_id: str | None
    details: str
    """Canonical JSON."""

    def hash(self, prev_hash: str) -> str:
        return hashlib.sha256((prev_hash + canonical(vars(self))).encode()).hexdigest()


@dataclass
class Write:
    """Writes within one entry."""

    connection: sa.Connection
    at: datetime
    """The instant of the entry, UTC, as tables keep it: without zone."""
    actor: Actor
    case: str | None = None
    """Which case it is about."""
    details: dict[str, Detail] = field(default_factory=dict)

    def execute(self, statement: Any, rows: Any = None) -> sa.CursorResult[Any]:
        return self.connection.execute(statement, rows) if rows is not None else self.connection.execute(statement)

    def note(self, **details: Detail) -> None:
        """Add to what the entry says. Raises PersonalDetail."""
        for name, value in details.items():
            _check_detail(name, value)
        self.details.update(details)


class Ledger:
    def __init__(self, engine: sa.Engine, now: Callable[[], datetime] = now_utc) -> None:
        self.engine, self.now = engine, now

    @contextmanager
    def entry(self, actor: Actor, action: str, case: str | None = None, **details: Detail) -> Iterator[Write]:
        """One transaction, one entry; an exception inside leaves neither. Raises PersonalDetail."""
        with self.engine.connect() as connection:
            _begin_alone(connection)
            write = Write(connection, self.now().astimezone(UTC).replace(tzinfo=None), actor, case)
            write.note(**details)
            yield write
            _append(write, action)
            connection.commit()

    def record(self, actor: Actor, action: str, case: str | None = None, **details: Detail) -> None:
        """An entry about something that writes nothing else: a field unmasked, an act refused, a sign-in."""
        with self.entry(actor, action, case, **details):
            pass

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """One state of the database, in which nothing can be written."""
        with self.engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                read = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
                yield read
                return
            connection.exec_driver_sql("PRAGMA query_only=ON")
            try:
                connection.exec_driver_sql("BEGIN")
                yield connection
            finally:
                connection.rollback()
                connection.exec_driver_sql("PRAGMA query_only=OFF")

    def entries(self, case: str | None = None, since: int = 0, limit: int = 200) -> tuple[sa.RowMapping, ...]:
        """The newest first, of one case or of all, after entry number `since`."""
        query = sa.select(audit).where(audit.c.seq > since).order_by(audit.c.seq.desc()).limit(limit)
        if case is not None:
            query = query.where(audit.c.case_id == case)
        with self.reading() as connection:
            return tuple(connection.execute(query).mappings())


def canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def _begin_alone(connection: sa.Connection) -> None:
    """Waits until nobody else appends. SQLite then also survives a power cut: `synchronous` is FULL."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA synchronous=FULL")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(WRITER)))


def _append(write: Write, action: str) -> None:
    _check_detail("action", action)
    last = write.execute(sa.select(audit.c.seq, audit.c.hash).order_by(audit.c.seq.desc()).limit(1)).first()
    seq, prev_hash = (last.seq + 1, last.hash) if last else (1, BEGINNING)
    entry = Entry(
        seq, write.at.isoformat(timespec="microseconds"), write.actor.id, ",".join(sorted(write.actor.roles)), action,
        write.case, canonical(_said(write)),
    )  # fmt: skip
    write.execute(sa.insert(audit), {**vars(entry), "prev_hash": prev_hash, "hash": entry.hash(prev_hash)})


def _said(write: Write) -> dict[str, Detail]:
    """A delegate is always named together with whose place was taken."""
    lent = {"acting_for": write.actor.acting_for} if write.actor.acting_for else {}
    return {**write.details, **lent}


def _check_detail(name: str, value: object) -> None:
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, int):
        value = str(value)
    if isinstance(value, list | tuple):
        for one in value:
            _check_detail(name, one)
        return
    if not isinstance(value, str):
        raise PersonalDetail(f"{name} is no id, hash or code")
    if HASH_OR_ID.fullmatch(value):
        return
    if not CODE.fullmatch(value) or LONG_NUMBER.search(value):
        raise PersonalDetail(f"{name} is no id, hash or code")
